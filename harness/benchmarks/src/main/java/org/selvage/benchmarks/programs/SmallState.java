package org.selvage.benchmarks.programs;

/**
 * A little of all that a search keeps for an execution: plain fields, monitors, statics, arrays.
 */
public final class SmallState {
    private static int total;
    private static final Object LOCK = new Object();

    private int racing;
    private final int[] parts = new int[2];

    private SmallState() {}

    /** One execution. */
    public static void run() throws InterruptedException {
        total = 0;
        SmallState shared = new SmallState();
        Thread a = new Thread(() -> shared.work(0));
        Thread b = new Thread(() -> shared.work(1));
        a.start();
        b.start();
        a.join();
        b.join();
        if (total != 2 || shared.parts[0] + shared.parts[1] != 2) {
            throw new AssertionError("total=" + total);
        }
    }

    private void work(int id) {
        racing = id;
        parts[id] = racing < 0 ? 0 : 1;
        synchronized (LOCK) {
            total++;
        }
    }
}
