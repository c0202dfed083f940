package org.selvage.benchmarks.programs;

/** Four threads access a volatile field fifty times each. */
public final class Volatiles {
    private static final int ACCESSES = 50;

    private volatile int value;

    private Volatiles() {}

    /** One execution. */
    public static void run() throws InterruptedException {
        Volatiles shared = new Volatiles();
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            int id = t;
            threads[t] = new Thread(() -> shared.access(id));
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (shared.value > ACCESSES) {
            throw new AssertionError("value=" + shared.value);
        }
    }

    private void access(int id) {
        for (int i = 0; i < ACCESSES; i++) {
            if (i % 2 == 0) {
                value = id;
            } else if (value > ACCESSES) {
                throw new AssertionError("value=" + value);
            }
        }
    }
}
