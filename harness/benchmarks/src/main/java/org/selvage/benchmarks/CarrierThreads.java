package org.selvage.benchmarks;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.selvage.hooks.Carrier;

/** Threads that controlled programs can run on, made by JMH where its executor is CUSTOM. */
public final class CarrierThreads extends ThreadPoolExecutor {
    private static final long STACK_BYTES = 16L << 20;

    /** As JMH calls it. */
    public CarrierThreads(int threads, String prefix) {
        super(
                threads,
                threads,
                0L,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                body -> new Carrier(body, prefix, STACK_BYTES));
    }
}
