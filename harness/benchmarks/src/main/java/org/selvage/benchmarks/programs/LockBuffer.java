package org.selvage.benchmarks.programs;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Two producers and a consumer over a buffer of one slot, with a lock and a condition. */
public final class LockBuffer {
    private static final int ITEMS = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int slot;
    private boolean full;

    private LockBuffer() {}

    private void put(int value) {
        lock.lock();
        try {
            while (full) {
                changed.awaitUninterruptibly();
            }
            slot = value;
            full = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private int take() {
        lock.lock();
        try {
            while (!full) {
                changed.awaitUninterruptibly();
            }
            full = false;
            changed.signalAll();
            return slot;
        } finally {
            lock.unlock();
        }
    }

    /** One execution. */
    public static void run() throws InterruptedException {
        LockBuffer buffer = new LockBuffer();
        int[] sum = new int[1];
        Thread a = new Thread(() -> buffer.putAll(1));
        Thread b = new Thread(() -> buffer.putAll(10));
        Thread c =
                new Thread(() -> {
                    for (int i = 0; i < 2 * ITEMS; i++) {
                        sum[0] += buffer.take();
                    }
                });
        a.start();
        b.start();
        c.start();
        a.join();
        b.join();
        c.join();
        if (sum[0] != 11 * ITEMS) {
            throw new AssertionError("sum=" + sum[0]);
        }
    }

    private void putAll(int value) {
        for (int i = 0; i < ITEMS; i++) {
            put(value);
        }
    }
}
