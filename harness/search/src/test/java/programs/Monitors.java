package programs;

import java.util.ArrayList;
import java.util.List;

/** {@code synchronized}, wait and notify. */
public final class Monitors {
    private static final Object CLASS_MONITOR = Monitors.class;

    private final Object lock = new Object();
    private final List<String> log = new ArrayList<>();
    private int value;
    private boolean ready;

    private Monitors() {}

    private static void run(Runnable... bodies) throws InterruptedException {
        Thread[] threads = new Thread[bodies.length];
        for (int i = 0; i < bodies.length; i++) {
            threads[i] = new Thread(bodies[i], "t" + i);
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void incrementInBlock() {
        synchronized (lock) {
            int seen = value;
            Thread.yield();
            value = seen + 1;
        }
    }

    /** A block excludes other blocks on the same object. */
    public static String block() throws InterruptedException {
        Monitors m = new Monitors();
        run(m::incrementInBlock, m::incrementInBlock, m::incrementInBlock);
        return "" + m.value;
    }

    private synchronized void incrementInMethod() {
        int seen = value;
        Thread.yield();
        value = seen + 1;
    }

    private void incrementInBlockOnThis() {
        synchronized (this) {
            int seen = value;
            Thread.yield();
            value = seen + 1;
        }
    }

    /** A synchronized method excludes a block on {@code this}. */
    public static String instanceMethod() throws InterruptedException {
        Monitors m = new Monitors();
        run(m::incrementInMethod, m::incrementInBlockOnThis);
        return "" + m.value;
    }

    private static synchronized void incrementStatically(Monitors m) {
        int seen = m.value;
        Thread.yield();
        m.value = seen + 1;
    }

    /** A static synchronized method excludes a block on the class. */
    public static String staticMethod() throws InterruptedException {
        Monitors m = new Monitors();
        run(
                () -> incrementStatically(m),
                () -> {
                    synchronized (CLASS_MONITOR) {
                        int seen = m.value;
                        Thread.yield();
                        m.value = seen + 1;
                    }
                });
        return "" + m.value;
    }

    private synchronized int recurse(int depth) {
        Thread.yield();
        if (depth > 0) {
            synchronized (this) {
                return recurse(depth - 1) + 1;
            }
        }
        value++;
        return 0;
    }

    /** A monitor is held until its last exit. */
    public static String nested() throws InterruptedException {
        Monitors m = new Monitors();
        run(
                () -> {
                    synchronized (m) {
                        int seen = m.value;
                        m.recurse(3);
                        Thread.yield();
                        m.value = seen + 10;
                    }
                },
                () -> m.recurse(2));
        return "" + m.value;
    }

    private synchronized void failInMethod(boolean fail) {
        value++;
        if (fail) {
            throw new IllegalStateException("out");
        }
    }

    private void failInBlock() {
        synchronized (this) {
            value++;
            Object[] none = new Object[0];
            none[value] = lock;
        }
    }

    /** An exception gives the monitor up, from a method and from a block. */
    public static String exceptionExit() throws InterruptedException {
        Monitors m = new Monitors();
        StringBuilder seen = new StringBuilder();
        run(
                () -> {
                    try {
                        m.failInMethod(true);
                    } catch (IllegalStateException e) {
                        synchronized (m) {
                            seen.append('a');
                        }
                    }
                },
                () -> {
                    try {
                        m.failInBlock();
                    } catch (ArrayIndexOutOfBoundsException e) {
                        synchronized (m) {
                            seen.append('b');
                        }
                    }
                },
                () -> m.failInMethod(false));
        return seen.toString() + m.value + Thread.holdsLock(m);
    }

    /** {@code synchronized (null)} throws. */
    public static String nullMonitor() {
        Object none = null;
        try {
            synchronized (none) {
                return "entered";
            }
        } catch (NullPointerException e) {
            return "null";
        }
    }

    /** {@link Thread#holdsLock} is true inside only. */
    public static String holdsLock() {
        Object lock = new Object();
        boolean before = Thread.holdsLock(lock);
        boolean inside;
        synchronized (lock) {
            inside = Thread.holdsLock(lock);
        }
        return before + " " + inside + " " + Thread.holdsLock(lock);
    }

    /** Two threads take two monitors in opposite orders. */
    public static String deadlock() throws InterruptedException {
        Object a = new Object();
        Object b = new Object();
        run(
                () -> {
                    synchronized (a) {
                        synchronized (b) {
                            Thread.yield();
                        }
                    }
                },
                () -> {
                    synchronized (b) {
                        synchronized (a) {
                            Thread.yield();
                        }
                    }
                });
        return "";
    }

    /** The same deadlock while a third thread goes on for ever. */
    public static String deadlockBesideRunner() throws InterruptedException {
        Object a = new Object();
        Object b = new Object();
        Thread runner =
                new Thread(() -> {
                    while (true) {
                        Thread.yield();
                    }
                });
        runner.setDaemon(true);
        runner.start();
        run(
                () -> {
                    synchronized (a) {
                        Thread.yield();
                        synchronized (b) {
                            Thread.yield();
                        }
                    }
                },
                () -> {
                    synchronized (b) {
                        Thread.yield();
                        synchronized (a) {
                            Thread.yield();
                        }
                    }
                });
        return "";
    }

    private void await() {
        synchronized (lock) {
            while (!ready) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    log.add("interrupted");
                    return;
                }
            }
            value++;
        }
    }

    /** The one waiter is notified, whether it waits already or not. */
    public static String waitNotify() throws InterruptedException {
        Monitors m = new Monitors();
        run(
                m::await,
                () -> {
                    synchronized (m.lock) {
                        m.ready = true;
                        m.lock.notify();
                    }
                });
        return "" + m.value;
    }

    /** All waiters are notified. */
    public static String waitNotifyAll() throws InterruptedException {
        Monitors m = new Monitors();
        run(
                m::await,
                m::await,
                m::await,
                () -> {
                    synchronized (m.lock) {
                        m.ready = true;
                        m.lock.notifyAll();
                    }
                });
        return "" + m.value;
    }

    /** One notification for two waiters leaves one waiting, if both wait already. */
    public static String notifyOneOfTwo() throws InterruptedException {
        Monitors m = new Monitors();
        run(
                m::await,
                m::await,
                () -> {
                    synchronized (m.lock) {
                        m.ready = true;
                        m.lock.notify();
                    }
                });
        return "" + m.value;
    }

    /** A thread that waits unconditionally misses a notification that comes first. */
    public static String lostWakeUp() throws InterruptedException {
        Object lock = new Object();
        run(
                () -> {
                    synchronized (lock) {
                        try {
                            lock.wait();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                },
                () -> {
                    synchronized (lock) {
                        lock.notify();
                    }
                });
        return "";
    }

    /** Which of three waiters a notification wakes: each of them, in some execution. */
    public static String whichWaiter() throws InterruptedException {
        Monitors m = new Monitors();
        Runnable waiter =
                () -> {
                    synchronized (m.lock) {
                        m.value++;
                        try {
                            m.lock.wait();
                        } catch (InterruptedException e) {
                            return;
                        }
                        m.log.add(Thread.currentThread().getName());
                    }
                };
        Thread[] threads = new Thread[3];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(waiter, "w" + i);
            threads[i].setDaemon(true);
            threads[i].start();
            while (true) {
                synchronized (m.lock) {
                    if (m.value > i) {
                        break;
                    }
                }
                Thread.yield();
            }
        }
        synchronized (m.lock) {
            m.lock.notify();
        }
        while (true) {
            synchronized (m.lock) {
                if (!m.log.isEmpty()) {
                    return m.log.toString();
                }
            }
            Thread.yield();
        }
    }

    /** A timed wait ends by itself, and only after its time. */
    public static String timedWait() throws InterruptedException {
        Object lock = new Object();
        long begin = System.nanoTime();
        synchronized (lock) {
            lock.wait(50);
            lock.wait(1, 500_000);
        }
        long millis = (System.nanoTime() - begin) / 1_000_000;
        return millis >= 51 && millis < 60 ? "in time" : "after " + millis;
    }

    /** A notification beats a long time limit. */
    public static String timedWaitNotified() throws InterruptedException {
        Monitors m = new Monitors();
        long begin = System.nanoTime();
        run(
                () -> {
                    synchronized (m.lock) {
                        while (!m.ready) {
                            try {
                                m.lock.wait(1_000_000);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        }
                    }
                },
                () -> {
                    synchronized (m.lock) {
                        m.ready = true;
                        m.lock.notifyAll();
                    }
                });
        return System.nanoTime() - begin < 1_000_000L ? "at once" : "late";
    }

    /** A notified thread cannot go on before the notifier has left the monitor. */
    public static String reentry() throws InterruptedException {
        Monitors m = new Monitors();
        run(
                m::await,
                () -> {
                    synchronized (m.lock) {
                        m.ready = true;
                        m.lock.notify();
                        Thread.yield();
                        m.log.add("before=" + m.value);
                    }
                });
        return m.log + " after=" + m.value;
    }

    /** Between a notification and the waiter's return, a third thread may enter. */
    public static String barging() throws InterruptedException {
        Monitors m = new Monitors();
        run(
                () -> {
                    synchronized (m.lock) {
                        while (!m.ready) {
                            try {
                                m.lock.wait();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        }
                        m.log.add("waiter");
                    }
                },
                () -> {
                    synchronized (m.lock) {
                        m.ready = true;
                        m.lock.notify();
                    }
                    synchronized (m.lock) {
                        m.log.add("barger");
                    }
                });
        return m.log.toString();
    }

    /** wait, notify and notifyAll without the monitor; bad time limits. */
    public static String illegalStates() throws InterruptedException {
        Object lock = new Object();
        StringBuilder seen = new StringBuilder();
        try {
            lock.wait();
        } catch (IllegalMonitorStateException e) {
            seen.append('w');
        }
        try {
            lock.wait(10);
        } catch (IllegalMonitorStateException e) {
            seen.append('t');
        }
        try {
            lock.notify();
        } catch (IllegalMonitorStateException e) {
            seen.append('n');
        }
        try {
            lock.notifyAll();
        } catch (IllegalMonitorStateException e) {
            seen.append('a');
        }
        synchronized (lock) {
            try {
                lock.wait(-1);
            } catch (IllegalArgumentException e) {
                seen.append('-');
            }
            try {
                lock.wait(0, 1_000_000);
            } catch (IllegalArgumentException e) {
                seen.append('+');
            }
        }
        return seen.toString();
    }

    /** An interrupt ends a wait, with the monitor held again, and clears the flag. */
    public static String interruptedWait() throws InterruptedException {
        Monitors m = new Monitors();
        StringBuilder seen = new StringBuilder();
        Thread waiter =
                new Thread(() -> {
                    synchronized (m.lock) {
                        try {
                            m.lock.wait();
                            seen.append("woken");
                        } catch (InterruptedException e) {
                            seen.append(Thread.holdsLock(m.lock));
                            seen.append(Thread.currentThread().isInterrupted());
                        }
                    }
                });
        waiter.start();
        waiter.interrupt();
        waiter.join();
        return seen.toString();
    }

    /**
     * A waiter that is both interrupted and notified takes either for the reason; in the first case
     * the notification must not be lost to the other waiter.
     */
    public static String interruptOrNotify() throws InterruptedException {
        Monitors m = new Monitors();
        Thread first = new Thread(m::awaitOnce, "first");
        Thread second = new Thread(m::awaitOnce, "second");
        first.start();
        second.start();
        while (true) {
            synchronized (m.lock) {
                if (m.value == 2) {
                    break;
                }
            }
            Thread.yield();
        }
        Thread interrupter = new Thread(first::interrupt);
        interrupter.start();
        synchronized (m.lock) {
            m.lock.notify();
        }
        first.join();
        if (m.log.contains("interrupted")) {
            second.join();
        } else {
            second.interrupt();
            second.join();
            return "first notified";
        }
        return "both";
    }

    private void awaitOnce() {
        synchronized (lock) {
            value++;
            try {
                lock.wait();
                log.add(Thread.currentThread().isInterrupted() ? "flagged" : "notified");
            } catch (InterruptedException e) {
                log.add("interrupted");
            }
        }
    }

    /** {@code wait} gives up all holds and takes them all back. */
    public static String waitGivesUpAllHolds() throws InterruptedException {
        Monitors m = new Monitors();
        run(
                () -> {
                    synchronized (m.lock) {
                        synchronized (m.lock) {
                            m.await();
                        }
                        m.value += Thread.holdsLock(m.lock) ? 10 : 100;
                    }
                },
                () -> {
                    synchronized (m.lock) {
                        m.ready = true;
                        m.lock.notify();
                    }
                });
        return "" + m.value;
    }

    /** A thread's end wakes those who wait on the thread object. */
    public static String waitForEndOfThread() throws InterruptedException {
        Thread thread = new Thread(Thread::yield);
        thread.start();
        synchronized (thread) {
            while (thread.isAlive()) {
                thread.wait();
            }
        }
        return "ended";
    }
}
