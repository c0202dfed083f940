package org.selvage.benchmarks.programs;

import java.util.concurrent.locks.ReentrantLock;

/**
 * One operation, {@value #COUNT} times, while another task could run: which one says the system
 * property {@code selvage.operation}.
 */
public final class Operations {
    private static final int COUNT = 100_000;
    private static final String OPERATION = System.getProperty("selvage.operation", "nothing");

    private final ReentrantLock lock = new ReentrantLock();
    private volatile int shared = 1;
    private int own = 1;
    private int sum;

    private Operations() {}

    /** One execution. */
    public static void run() throws InterruptedException {
        Operations program = new Operations();
        Thread worker = new Thread(program::work);
        worker.start();
        new Thread(() -> {}).start();
        worker.join();
        if (program.sum < 0) {
            throw new AssertionError("sum=" + program.sum);
        }
    }

    private void work() {
        int seen = 0;
        switch (OPERATION) {
            case "lock" -> {
                for (int i = 0; i < COUNT; i++) {
                    lock.lock();
                    try {
                        seen++;
                    } finally {
                        lock.unlock();
                    }
                }
            }
            case "monitor" -> {
                for (int i = 0; i < COUNT; i++) {
                    synchronized (this) {
                        seen++;
                    }
                }
            }
            case "volatile read" -> {
                for (int i = 0; i < COUNT; i++) {
                    seen ^= shared;
                }
            }
            case "plain read" -> {
                for (int i = 0; i < COUNT; i++) {
                    seen ^= own;
                }
            }
            default -> {
                for (int i = 0; i < COUNT; i++) {
                    seen ^= i;
                }
            }
        }
        sum = seen;
    }
}
