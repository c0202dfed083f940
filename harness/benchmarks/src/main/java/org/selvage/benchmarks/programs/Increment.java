package org.selvage.benchmarks.programs;

import java.util.concurrent.atomic.AtomicInteger;

/** Two threads increment one counter. */
public final class Increment {
    private Increment() {}

    /** One execution. */
    public static void run() throws InterruptedException {
        AtomicInteger counter = new AtomicInteger();
        Thread a = new Thread(counter::incrementAndGet);
        Thread b = new Thread(counter::incrementAndGet);
        a.start();
        b.start();
        a.join();
        b.join();
        if (counter.get() != 2) {
            throw new AssertionError("counter=" + counter.get());
        }
    }
}
