package org.selvage.benchmarks.programs;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two threads read a counter and write it back: the executions that lose an update are part of the
 * work.
 */
public final class LostUpdate {
    private LostUpdate() {}

    /** One execution. */
    public static void run() throws InterruptedException {
        AtomicInteger counter = new AtomicInteger();
        Runnable increment =
                () -> {
                    int seen = counter.get();
                    counter.set(seen + 1);
                };
        Thread a = new Thread(increment);
        Thread b = new Thread(increment);
        a.start();
        b.start();
        a.join();
        b.join();
        if (counter.get() < 1) {
            throw new AssertionError("counter=" + counter.get());
        }
    }
}
