package org.selvage.benchmarks.programs;

/** Two producers and two consumers over a buffer of one slot, with wait and notifyAll. */
public final class MonitorBuffer {
    private static final int ITEMS = 3;

    private int slot;
    private boolean full;

    private MonitorBuffer() {}

    private synchronized void put(int value) throws InterruptedException {
        while (full) {
            wait();
        }
        slot = value;
        full = true;
        notifyAll();
    }

    private synchronized int take() throws InterruptedException {
        while (!full) {
            wait();
        }
        full = false;
        notifyAll();
        return slot;
    }

    /** One execution. */
    public static void run() throws InterruptedException {
        MonitorBuffer buffer = new MonitorBuffer();
        int[] sums = new int[2];
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            int id = t;
            threads[t] = new Thread(() -> buffer.work(id, sums));
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (sums[0] + sums[1] != 11 * ITEMS) {
            throw new AssertionError("sum=" + (sums[0] + sums[1]));
        }
    }

    private void work(int id, int[] sums) {
        try {
            for (int i = 0; i < ITEMS; i++) {
                if (id < 2) {
                    put(id == 0 ? 1 : 10);
                } else {
                    sums[id - 2] += take();
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts", e);
        }
    }
}
