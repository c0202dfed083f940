package programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** {@link ReentrantLock} and {@link Condition}. */
public final class Locks {
    private final List<String> log = new ArrayList<>();
    private int value;
    private boolean ready;

    private Locks() {}

    private void increment(Lock lock) {
        lock.lock();
        try {
            int seen = value;
            Thread.yield();
            value = seen + 1;
        } finally {
            lock.unlock();
        }
    }

    /** An unfair lock excludes. */
    public static String unfair() throws InterruptedException {
        Locks p = new Locks();
        Lock lock = new ReentrantLock();
        Tasks.run(() -> p.increment(lock), () -> p.increment(lock), () -> p.increment(lock));
        return "" + p.value;
    }

    /** A fair lock excludes. */
    public static String fair() throws InterruptedException {
        Locks p = new Locks();
        Lock lock = new ReentrantLock(true);
        Tasks.run(() -> p.increment(lock), () -> p.increment(lock), () -> p.increment(lock));
        return "" + p.value;
    }

    /** A fair lock serves those who queue in their order. */
    public static String fairOrder() throws InterruptedException {
        Locks p = new Locks();
        ReentrantLock lock = new ReentrantLock(true);
        Thread[] threads = new Thread[3];
        lock.lock();
        for (int i = 0; i < 3; i++) {
            String name = "t" + i;
            threads[i] =
                    Tasks.start(
                            name,
                            () -> {
                                lock.lock();
                                p.log.add(name);
                                lock.unlock();
                            });
            while (!lock.hasQueuedThread(threads[i])) {
                Thread.yield();
            }
        }
        lock.unlock();
        for (Thread thread : threads) {
            thread.join();
        }
        return p.log.toString();
    }

    /** Threads that wait for an unfair lock are seen in its queue. */
    public static String queueLength() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        Thread a = Tasks.start("a", () -> lockAndUnlock(lock));
        Thread b = Tasks.start("b", () -> lockAndUnlock(lock));
        while (lock.getQueueLength() < 2) {
            Thread.yield();
        }
        String seen = lock.hasQueuedThreads() + " " + lock.hasQueuedThread(a) + " " + a.getState();
        lock.unlock();
        a.join();
        b.join();
        return seen + " " + lock.hasQueuedThreads() + lock.isLocked();
    }

    private static void lockAndUnlock(Lock lock) {
        lock.lock();
        lock.unlock();
    }

    /** Holds nest and are counted. */
    public static String reentrant() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        lock.lock();
        String seen = lock.getHoldCount() + " " + lock.isHeldByCurrentThread();
        Thread other = Tasks.start("other", () -> Tasks.check(!lock.tryLock(), "taken twice"));
        other.join();
        lock.unlock();
        other = Tasks.start("other", () -> Tasks.check(!lock.tryLock(), "taken twice"));
        other.join();
        lock.unlock();
        return seen + " " + lock.isLocked();
    }

    /** Only the owner may unlock. */
    public static String foreignUnlock() throws InterruptedException {
        Locks p = new Locks();
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        Tasks.run(() -> {
            try {
                lock.unlock();
            } catch (IllegalMonitorStateException e) {
                p.log.add("refused");
            }
        });
        lock.unlock();
        return p.log.toString();
    }

    /** tryLock takes the lock if it is free, and does not wait. */
    public static String tryLock() throws InterruptedException {
        Locks p = new Locks();
        ReentrantLock lock = new ReentrantLock();
        Tasks.run(
                () -> {
                    lock.lock();
                    lock.unlock();
                },
                () -> {
                    boolean taken = lock.tryLock();
                    if (taken) {
                        lock.unlock();
                    }
                    p.log.add("" + taken);
                });
        return p.log.toString();
    }

    /** A timed tryLock gives up after its time, in virtual time. */
    public static String tryLockTimesOut() throws InterruptedException {
        Locks p = new Locks();
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        Tasks.run(() -> {
            long begin = System.nanoTime();
            boolean taken = lock.tryLock(3, TimeUnit.SECONDS);
            long waited = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
            p.log.add(taken + " after " + waited);
        });
        lock.unlock();
        return p.log.toString();
    }

    /** A timed tryLock gets a lock that is given back in time. */
    public static String tryLockInTime() throws InterruptedException {
        Locks p = new Locks();
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        Thread taker =
                Tasks.start("taker", () -> p.log.add("" + lock.tryLock(3, TimeUnit.SECONDS)));
        Thread.sleep(1_000);
        lock.unlock();
        taker.join();
        return p.log.toString();
    }

    /** An interrupt ends lockInterruptibly though the lock is never given back. */
    public static String lockInterruptibly() throws InterruptedException {
        Locks p = new Locks();
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        Thread taker =
                Tasks.start(
                        "taker",
                        () -> {
                            try {
                                lock.lockInterruptibly();
                                p.log.add("taken");
                            } catch (InterruptedException e) {
                                p.log.add("interrupted " + Thread.currentThread().isInterrupted());
                            }
                        });
        taker.interrupt();
        taker.join();
        return p.log.toString();
    }

    /** Among several waiters, the interrupted one leaves and the others get the lock. */
    public static String interruptOneOfThree() throws InterruptedException {
        Locks p = new Locks();
        ReentrantLock lock = new ReentrantLock();
        Tasks.Body body =
                () -> {
                    try {
                        lock.lockInterruptibly();
                    } catch (InterruptedException e) {
                        return;
                    }
                    try {
                        p.value++;
                    } finally {
                        lock.unlock();
                    }
                };
        Thread a = Tasks.start("a", body);
        Thread b = Tasks.start("b", body);
        Thread c = Tasks.start("c", body);
        b.interrupt();
        a.join();
        b.join();
        c.join();
        return "" + p.value;
    }

    /** An interrupt does not end lock(), and the flag stays. */
    public static String lockIgnoresInterrupt() throws InterruptedException {
        Locks p = new Locks();
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        Thread taker =
                Tasks.start(
                        "taker",
                        () -> {
                            lock.lock();
                            p.log.add("" + Thread.currentThread().isInterrupted());
                            lock.unlock();
                        });
        taker.interrupt();
        Thread.yield();
        p.log.add("before");
        lock.unlock();
        taker.join();
        return p.log.toString();
    }

    /** Two locks in opposite orders. */
    public static String deadlock() throws InterruptedException {
        Lock a = new ReentrantLock();
        Lock b = new ReentrantLock(true);
        Tasks.run(
                () -> {
                    a.lock();
                    b.lock();
                    b.unlock();
                    a.unlock();
                },
                () -> {
                    b.lock();
                    a.lock();
                    a.unlock();
                    b.unlock();
                });
        return "";
    }

    /** A lock that is never given back. */
    public static String neverUnlocked() throws InterruptedException {
        Lock lock = new ReentrantLock();
        Tasks.run(lock::lock, lock::lock);
        return "";
    }

    /** A condition's waiter is signalled, whether it waits already or not. */
    public static String condition() throws InterruptedException {
        Locks p = new Locks();
        Lock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        Tasks.run(() -> p.await(lock, condition), () -> p.signal(lock, condition, false));
        return "" + p.value;
    }

    /** signalAll wakes every waiter. */
    public static String signalAll() throws InterruptedException {
        Locks p = new Locks();
        Lock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        Tasks.run(
                () -> p.await(lock, condition),
                () -> p.await(lock, condition),
                () -> p.signal(lock, condition, true));
        return "" + p.value;
    }

    /** signal wakes one. */
    public static String signalOneOfTwo() throws InterruptedException {
        Locks p = new Locks();
        Lock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        Tasks.run(
                () -> p.await(lock, condition),
                () -> p.await(lock, condition),
                () -> p.signal(lock, condition, false));
        return "" + p.value;
    }

    private void await(Lock lock, Condition condition) throws InterruptedException {
        lock.lock();
        try {
            while (!ready) {
                condition.await();
            }
            value++;
        } finally {
            lock.unlock();
        }
    }

    private void signal(Lock lock, Condition condition, boolean all) {
        lock.lock();
        try {
            ready = true;
            if (all) {
                condition.signalAll();
            } else {
                condition.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The timed forms of await give up in virtual time. */
    public static String timedAwait() throws InterruptedException {
        Lock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        long begin = System.nanoTime();
        lock.lock();
        boolean first = condition.await(2, TimeUnit.SECONDS);
        boolean second = condition.awaitNanos(1_000_000_000L) > 0;
        boolean third =
                condition.awaitUntil(new java.util.Date(System.currentTimeMillis() + 1_000));
        lock.unlock();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
        return first + " " + second + " " + third + " " + seconds;
    }

    /** A signal in time ends a timed await. */
    public static String timedAwaitSignalled() throws InterruptedException {
        Locks p = new Locks();
        Lock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        Tasks.run(
                () -> {
                    lock.lock();
                    boolean inTime = true;
                    while (!p.ready && inTime) {
                        inTime = condition.await(5, TimeUnit.SECONDS);
                    }
                    p.log.add("" + inTime);
                    lock.unlock();
                },
                () -> {
                    Thread.sleep(1_000);
                    p.signal(lock, condition, false);
                });
        return p.log.toString();
    }

    /** An interrupt ends await, not awaitUninterruptibly. */
    public static String interruptedAwait() throws InterruptedException {
        Locks p = new Locks();
        Lock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        Thread a =
                Tasks.start(
                        "a",
                        () -> {
                            lock.lock();
                            try {
                                condition.await();
                            } catch (InterruptedException e) {
                                p.value++;
                            } finally {
                                lock.unlock();
                            }
                        });
        Thread b =
                Tasks.start(
                        "b",
                        () -> {
                            lock.lock();
                            while (!p.ready) {
                                condition.awaitUninterruptibly();
                            }
                            p.value += Thread.currentThread().isInterrupted() ? 10 : 100;
                            lock.unlock();
                        });
        a.interrupt();
        b.interrupt();
        a.join();
        p.signal(lock, condition, true);
        b.join();
        return "" + p.value;
    }

    /** Conditions without their lock. */
    public static String illegalStates() throws InterruptedException {
        Condition condition = new ReentrantLock().newCondition();
        StringBuilder seen = new StringBuilder();
        try {
            condition.await();
        } catch (IllegalMonitorStateException e) {
            seen.append('a');
        }
        try {
            condition.signal();
        } catch (IllegalMonitorStateException e) {
            seen.append('s');
        }
        try {
            condition.signalAll();
        } catch (IllegalMonitorStateException e) {
            seen.append('S');
        }
        return seen.toString();
    }

    /** A lock wrapped in a class of the program. */
    public static String subclass() throws InterruptedException {
        Locks p = new Locks();
        CountingLock lock = new CountingLock();
        Tasks.run(() -> p.increment(lock), () -> p.increment(lock));
        return p.value + " " + lock.locked;
    }

    private static final class CountingLock extends ReentrantLock {
        private static final long serialVersionUID = 1L;
        private int locked;

        @Override
        public void lock() {
            super.lock();
            locked++;
        }
    }
}
