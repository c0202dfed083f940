package programs;

import java.util.concurrent.locks.ReentrantLock;

/** Two locks, taken in one order and in the other. */
public final class LockOrders {
    private final Object left = new Object();
    private final Object right = new Object();
    private final Object gate = new Object();
    private final ReentrantLock first = new ReentrantLock();
    private final ReentrantLock second = new ReentrantLock();
    private int count;

    private LockOrders() {}

    private void leftRight() {
        synchronized (left) {
            synchronized (right) {
                count++;
            }
        }
    }

    private void rightLeft() {
        synchronized (right) {
            synchronized (left) {
                count++;
            }
        }
    }

    private void locked(ReentrantLock outer, ReentrantLock inner) {
        outer.lock();
        try {
            inner.lock();
            count++;
            inner.unlock();
        } finally {
            outer.unlock();
        }
    }

    private void tried(ReentrantLock outer, ReentrantLock inner) {
        outer.lock();
        try {
            if (inner.tryLock()) {
                count++;
                inner.unlock();
            }
        } finally {
            outer.unlock();
        }
    }

    /** Monitors, by two tasks. */
    public static String monitors() throws InterruptedException {
        LockOrders o = new LockOrders();
        Tasks.run(o::leftRight, o::rightLeft);
        return "done";
    }

    /** Locks, by two tasks. */
    public static String locks() throws InterruptedException {
        LockOrders o = new LockOrders();
        Tasks.run(() -> o.locked(o.first, o.second), () -> o.locked(o.second, o.first));
        return "done";
    }

    /** Three locks, by three tasks. */
    public static String three() throws InterruptedException {
        LockOrders o = new LockOrders();
        ReentrantLock third = new ReentrantLock();
        Tasks.run(
                () -> o.locked(o.first, o.second),
                () -> o.locked(o.second, third),
                () -> o.locked(third, o.first));
        return "done";
    }

    /** Both tasks hold a third lock meanwhile. */
    public static String gated() throws InterruptedException {
        LockOrders o = new LockOrders();
        Tasks.run(
                () -> {
                    synchronized (o.gate) {
                        o.leftRight();
                    }
                },
                () -> {
                    synchronized (o.gate) {
                        o.rightLeft();
                    }
                });
        return "done";
    }

    /** One task alone takes them both ways. */
    public static String alone() throws InterruptedException {
        LockOrders o = new LockOrders();
        Tasks.run(
                () -> {
                    o.leftRight();
                    o.rightLeft();
                },
                () -> {});
        return "done";
    }

    /** The first task has ended before the second one begins. */
    public static String oneAfterTheOther() throws InterruptedException {
        LockOrders o = new LockOrders();
        Tasks.run(o::leftRight);
        Tasks.run(o::rightLeft);
        return "done";
    }

    /** One of the tasks never waits for its second lock. */
    public static String triedOnly() throws InterruptedException {
        LockOrders o = new LockOrders();
        Tasks.run(() -> o.locked(o.first, o.second), () -> o.tried(o.second, o.first));
        return "done";
    }
}
