package org.selvage.benchmarks.programs;

/**
 * As many tasks and points as the system properties {@code selvage.tasks} and {@code
 * selvage.points} say: each task writes a volatile field in a loop.
 */
public final class Points {
    private static final int TASKS = Integer.getInteger("selvage.tasks", 2);
    private static final int POINTS = Integer.getInteger("selvage.points", 1_000);

    private volatile int value;

    private Points() {}

    /** One execution. */
    public static void run() throws InterruptedException {
        Points shared = new Points();
        Thread[] threads = new Thread[TASKS];
        for (int t = 0; t < TASKS; t++) {
            threads[t] = new Thread(shared::write);
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (shared.value < 0) {
            throw new AssertionError("value=" + shared.value);
        }
    }

    private void write() {
        for (int i = 0; i < POINTS / TASKS; i++) {
            value = i;
        }
    }
}
