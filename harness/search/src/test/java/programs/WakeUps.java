package programs;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Waits that end otherwise than by a notification. */
public final class WakeUps {
    private volatile boolean ready;

    private WakeUps() {}

    /** Waits without a loop. */
    public static String waitWithoutLoop() throws InterruptedException {
        WakeUps w = new WakeUps();
        Object lock = new Object();
        Tasks.run(
                () -> {
                    synchronized (lock) {
                        if (!w.ready) {
                            lock.wait();
                        }
                        Tasks.check(w.ready, "not ready");
                    }
                },
                () -> {
                    synchronized (lock) {
                        w.ready = true;
                        lock.notifyAll();
                    }
                });
        return "ready";
    }

    /** Waits as it should be done. */
    public static String waitInLoop() throws InterruptedException {
        WakeUps w = new WakeUps();
        Object lock = new Object();
        ReentrantLock mutex = new ReentrantLock();
        Condition condition = mutex.newCondition();
        Tasks.run(
                () -> {
                    synchronized (lock) {
                        while (!w.ready) {
                            lock.wait();
                        }
                    }
                    mutex.lock();
                    try {
                        condition.await(1, TimeUnit.SECONDS);
                    } finally {
                        mutex.unlock();
                    }
                },
                () -> {
                    synchronized (lock) {
                        w.ready = true;
                        lock.notifyAll();
                    }
                    mutex.lock();
                    try {
                        condition.signalAll();
                    } finally {
                        mutex.unlock();
                    }
                });
        return "ready";
    }

    /** Parks without a loop. */
    public static String parkWithoutLoop() throws InterruptedException {
        WakeUps w = new WakeUps();
        Thread parked =
                Tasks.start(
                        "parked",
                        () -> {
                            LockSupport.park();
                            Tasks.check(w.ready, "not ready");
                        });
        w.ready = true;
        LockSupport.unpark(parked);
        parked.join();
        return "ready";
    }

    /** Takes a sleep for synchronisation. */
    public static String sleepIsNoSynchronisation() throws InterruptedException {
        WakeUps w = new WakeUps();
        Tasks.run(
                () -> {
                    Thread.sleep(1_000);
                    Tasks.check(w.ready, "not ready");
                },
                () -> {
                    CountDownLatch latch = new CountDownLatch(1);
                    latch.countDown();
                    latch.await();
                    w.ready = true;
                });
        return "ready";
    }

    /** Each way in which a timed wait can end. */
    public static String timedWaits() throws InterruptedException {
        Object lock = new Object();
        boolean[] notified = new boolean[1];
        String[] seen = new String[1];
        Tasks.run(
                () -> {
                    synchronized (lock) {
                        if (!notified[0]) {
                            lock.wait(10);
                        }
                        seen[0] = notified[0] ? "in time" : "too late";
                    }
                },
                () -> {
                    synchronized (lock) {
                        notified[0] = true;
                        lock.notifyAll();
                    }
                });
        return seen[0];
    }

    /** Two parks that end together. */
    public static String parksEndTogether() throws InterruptedException {
        StringBuffer order = new StringBuffer();
        Tasks.run(
                () -> {
                    LockSupport.parkNanos(1_000_000L);
                    order.append('a');
                },
                () -> {
                    LockSupport.parkNanos(1_000_000L);
                    order.append('b');
                });
        return order.toString();
    }
}
