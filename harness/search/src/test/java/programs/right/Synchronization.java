package programs.right;

import java.util.Date;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import programs.Tasks;

/** Locks, conditions, semaphores, latches, barriers, phasers and exchangers, used rightly. */
public final class Synchronization {
    private int value;
    private int other;

    private Synchronization() {}

    /**
     * Interrupted when it may take the lock, which its holder then takes once more and only gives
     * back when the interrupted thread has ended.
     */
    public static String interruptedBeforeItLocks() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        Thread waiter =
                new Thread(
                        () -> {
                            try {
                                lock.lockInterruptibly();
                                lock.unlock();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "waiter");
        Thread holder =
                Tasks.start(
                        "holder",
                        () -> {
                            lock.lock();
                            waiter.start();
                            lock.unlock();
                            lock.lock();
                            waiter.join();
                            lock.unlock();
                        });
        while (waiter.getState() == Thread.State.NEW) {
            Thread.onSpinWait();
        }
        waiter.interrupt();
        holder.join();
        return "";
    }

    /** A writer's two fields are seen together. */
    private static String readWrite(ReadWriteLock lock) throws InterruptedException {
        Synchronization p = new Synchronization();
        Tasks.Body writer =
                () -> {
                    lock.writeLock().lock();
                    try {
                        p.value++;
                        p.other++;
                    } finally {
                        lock.writeLock().unlock();
                    }
                };
        Tasks.run(
                writer,
                writer,
                () -> {
                    lock.readLock().lock();
                    try {
                        Tasks.check(p.value == p.other, "torn");
                    } finally {
                        lock.readLock().unlock();
                    }
                });
        Tasks.check(p.value == 2, "value=" + p.value);
        return "";
    }

    /** Readers may barge. */
    public static String readWriteLock() throws InterruptedException {
        return readWrite(new ReentrantReadWriteLock());
    }

    /** First come, first served. */
    public static String fairReadWriteLock() throws InterruptedException {
        return readWrite(new ReentrantReadWriteLock(true));
    }

    /** A stamped lock through its view. */
    public static String stampedView() throws InterruptedException {
        return readWrite(new StampedLock().asReadWriteLock());
    }

    /** A writer goes on as a reader without letting another writer in. */
    public static String downgrade() throws InterruptedException {
        Synchronization p = new Synchronization();
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        Tasks.Body body =
                () -> {
                    lock.writeLock().lock();
                    int mine = ++p.value;
                    lock.readLock().lock();
                    lock.writeLock().unlock();
                    Tasks.check(p.value == mine, "another writer came in between");
                    Tasks.check(lock.getReadHoldCount() == 1, "one hold");
                    lock.readLock().unlock();
                };
        Tasks.run(body, body);
        return "" + lock.getReadLockCount();
    }

    /** A condition of the write lock. */
    public static String writeCondition() throws InterruptedException {
        Synchronization p = new Synchronization();
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        Condition changed = lock.writeLock().newCondition();
        Tasks.run(
                () -> {
                    lock.writeLock().lock();
                    while (p.value == 0) {
                        changed.await();
                    }
                    lock.writeLock().unlock();
                },
                () -> {
                    lock.writeLock().lock();
                    p.value = 1;
                    changed.signal();
                    lock.writeLock().unlock();
                });
        return "";
    }

    /** Tries read and write locks, with and without time. */
    public static String readWriteTries() throws InterruptedException {
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        lock.readLock().lock();
        Tasks.run(
                () -> {
                    Tasks.check(!lock.writeLock().tryLock(), "a reader is there");
                    Tasks.check(!lock.writeLock().tryLock(1, TimeUnit.SECONDS), "it stays");
                    Tasks.check(lock.readLock().tryLock(), "readers share");
                    lock.readLock().unlock();
                },
                () -> {
                    Tasks.check(lock.readLock().tryLock(1, TimeUnit.DAYS), "readers share");
                    lock.readLock().unlock();
                });
        lock.readLock().unlock();
        Tasks.check(lock.writeLock().tryLock() && lock.isWriteLocked(), "free");
        return "";
    }

    /** Reads optimistically, and again under the lock if that was in vain. */
    public static String optimisticReads() throws InterruptedException {
        Synchronization p = new Synchronization();
        StampedLock lock = new StampedLock();
        Tasks.Body reader =
                () -> {
                    long stamp = lock.tryOptimisticRead();
                    int a = p.value;
                    int b = p.other;
                    if (!lock.validate(stamp)) {
                        stamp = lock.readLock();
                        a = p.value;
                        b = p.other;
                        lock.unlockRead(stamp);
                    }
                    Tasks.check(a == b, "torn");
                };
        Tasks.run(
                () -> {
                    long stamp = lock.writeLock();
                    p.value++;
                    p.other++;
                    lock.unlockWrite(stamp);
                },
                reader,
                reader);
        return "";
    }

    /** A reader becomes a writer, or starts again as one. */
    public static String conversion() throws InterruptedException {
        Synchronization p = new Synchronization();
        StampedLock lock = new StampedLock();
        Tasks.Body body =
                () -> {
                    long stamp = lock.readLock();
                    try {
                        while (p.value < 10) {
                            long write = lock.tryConvertToWriteLock(stamp);
                            if (write != 0L) {
                                stamp = write;
                                p.value += 10;
                                break;
                            }
                            lock.unlockRead(stamp);
                            stamp = lock.writeLock();
                        }
                    } finally {
                        lock.unlock(stamp);
                    }
                };
        Tasks.run(body, body);
        Tasks.check(p.value == 10 && !lock.isWriteLocked() && !lock.isReadLocked(), "once");
        return "";
    }

    /** Timed and interrupted forms of a stamped lock. */
    public static String stampedForms() throws InterruptedException {
        StampedLock lock = new StampedLock();
        long stamp = lock.writeLock();
        Thread waiter =
                Tasks.start(
                        "w",
                        () -> {
                            Tasks.check(lock.tryReadLock(1, TimeUnit.SECONDS) == 0, "timed out");
                            Tasks.check(lock.tryWriteLock() == 0, "held");
                            try {
                                lock.writeLockInterruptibly();
                                throw new AssertionError("locked");
                            } catch (InterruptedException e) {
                                Tasks.check(lock.isWriteLocked(), "still held");
                            }
                        });
        Thread.sleep(5_000);
        waiter.interrupt();
        waiter.join();
        lock.unlockWrite(stamp);
        Tasks.check(lock.tryWriteLock() != 0, "free");
        return "";
    }

    /** A buffer of one place with two conditions. */
    public static String twoConditions() throws InterruptedException {
        Synchronization p = new Synchronization();
        Lock lock = new ReentrantLock();
        Condition full = lock.newCondition();
        Condition empty = lock.newCondition();
        Tasks.Body producer =
                () -> {
                    lock.lock();
                    try {
                        while (p.value != 0) {
                            empty.await();
                        }
                        p.value = 1;
                        full.signal();
                    } finally {
                        lock.unlock();
                    }
                };
        Tasks.Body consumer =
                () -> {
                    lock.lock();
                    try {
                        while (p.value == 0) {
                            full.awaitUninterruptibly();
                        }
                        p.value = 0;
                        empty.signal();
                    } finally {
                        lock.unlock();
                    }
                };
        Tasks.run(producer, producer, consumer, consumer);
        return "" + p.value;
    }

    /** Every timed form of await ends after its time. */
    public static String timedAwaits() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        Condition never = lock.newCondition();
        lock.lock();
        long begin = System.nanoTime();
        Tasks.check(!never.await(1, TimeUnit.SECONDS), "await");
        Tasks.check(never.awaitNanos(1_000_000_000L) <= 0, "awaitNanos");
        Tasks.check(!never.awaitUntil(new Date(System.currentTimeMillis() + 1_000)), "awaitUntil");
        Tasks.check(System.nanoTime() - begin >= 3_000_000_000L - 1_000_000L, "too early");
        lock.unlock();
        return "";
    }

    /** Tries two locks in any order and backs off. */
    public static String backOff() throws InterruptedException {
        Synchronization p = new Synchronization();
        ReentrantLock a = new ReentrantLock();
        ReentrantLock b = new ReentrantLock();
        Tasks.run(() -> p.underBoth(a, b), () -> p.underBoth(b, a));
        Tasks.check(p.value == 2, "value=" + p.value);
        return "";
    }

    private void underBoth(Lock first, Lock second) {
        while (true) {
            first.lock();
            try {
                if (second.tryLock()) {
                    try {
                        value++;
                        return;
                    } finally {
                        second.unlock();
                    }
                }
            } finally {
                first.unlock();
            }
            Thread.yield();
        }
    }

    /** A semaphore of one is a mutex, whoever releases it. */
    public static String mutexSemaphore() throws InterruptedException {
        Synchronization p = new Synchronization();
        Semaphore semaphore = new Semaphore(0, true);
        Tasks.Body body =
                () -> {
                    semaphore.acquire();
                    p.value++;
                    semaphore.release();
                };
        Tasks.run(body, body, semaphore::release);
        Tasks.check(p.value == 2 && semaphore.drainPermits() == 1, "value=" + p.value);
        return "";
    }

    /** Several permits at a time. */
    public static String manyPermits() throws InterruptedException {
        Synchronization p = new Synchronization();
        Semaphore semaphore = new Semaphore(3);
        Tasks.Body two =
                () -> {
                    semaphore.acquireUninterruptibly(2);
                    p.value++;
                    semaphore.release(2);
                };
        Tasks.run(two, two, () -> Tasks.check(semaphore.tryAcquire(1, 1, TimeUnit.DAYS), "one"));
        Tasks.check(p.value == 2 && semaphore.availablePermits() == 2, "value=" + p.value);
        return "";
    }

    /** Two gates, as in a test of a program. */
    public static String startGate() throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(2);
        Synchronization p = new Synchronization();
        AtomicInteger sum = new AtomicInteger();
        Tasks.Body worker =
                () -> {
                    start.await();
                    sum.addAndGet(p.value);
                    end.countDown();
                };
        Tasks.start("a", worker);
        Tasks.start("b", worker);
        p.value = 5;
        start.countDown();
        Tasks.check(end.await(1, TimeUnit.DAYS), "in time");
        Tasks.check(sum.get() == 10, "sum=" + sum);
        return "";
    }

    /** The barrier's action sees what all have done, and all see what it did. */
    public static String barrierAction() throws InterruptedException {
        int[] parts = new int[3];
        int[] total = new int[1];
        CyclicBarrier barrier =
                new CyclicBarrier(3, () -> total[0] += parts[0] + parts[1] + parts[2]);
        Tasks.Body[] bodies = new Tasks.Body[3];
        for (int i = 0; i < bodies.length; i++) {
            int id = i;
            bodies[i] =
                    () -> {
                        parts[id] = id + 1;
                        barrier.await();
                        Tasks.check(total[0] == 6, "total=" + total[0]);
                    };
        }
        Tasks.run(bodies);
        return "";
    }

    /** An interrupted party breaks the barrier; a reset mends it. */
    public static String barrierMended() throws InterruptedException {
        CyclicBarrier barrier = new CyclicBarrier(2);
        AtomicInteger broken = new AtomicInteger();
        Tasks.Body party =
                () -> {
                    try {
                        barrier.await();
                    } catch (InterruptedException | BrokenBarrierException e) {
                        broken.incrementAndGet();
                    }
                };
        Thread a = Tasks.start("a", party);
        a.interrupt();
        a.join();
        Tasks.check(broken.get() == 1 && barrier.isBroken(), "broken");
        barrier.reset();
        Tasks.run(party, party);
        Tasks.check(broken.get() == 1 && barrier.getNumberWaiting() == 0, "mended");
        return "";
    }

    /** Parties come and go; the last one ends the phaser. */
    public static String phaserParties() throws InterruptedException {
        AtomicInteger done = new AtomicInteger();
        Phaser phaser = new Phaser(1);
        for (int i = 0; i < 2; i++) {
            phaser.register();
            Tasks.start(
                    "p" + i,
                    () -> {
                        done.incrementAndGet();
                        phaser.arriveAndAwaitAdvance();
                        Tasks.check(done.get() >= 2, "too early");
                        phaser.arriveAndDeregister();
                    });
        }
        phaser.arriveAndAwaitAdvance();
        Tasks.check(done.get() == 2, "done=" + done);
        phaser.arriveAndDeregister();
        phaser.awaitAdvance(1);
        Tasks.check(phaser.isTerminated(), "ended");
        return "";
    }

    /** Phases with an action, which ends the phaser. */
    public static String phaserAction() throws InterruptedException {
        Synchronization p = new Synchronization();
        Phaser phaser =
                new Phaser(2) {
                    @Override
                    protected boolean onAdvance(int phase, int parties) {
                        p.value += phase + 1;
                        return phase == 1;
                    }
                };
        Tasks.Body body =
                () -> {
                    while (!phaser.isTerminated()) {
                        phaser.arriveAndAwaitAdvance();
                    }
                };
        Tasks.run(body, body);
        Tasks.check(p.value == 3, "value=" + p.value);
        return "";
    }

    /** A tree of phasers. */
    public static String tieredPhaser() throws InterruptedException {
        Phaser root = new Phaser();
        Phaser left = new Phaser(root, 1);
        Phaser right = new Phaser(root, 1);
        AtomicInteger before = new AtomicInteger();
        Tasks.run(
                () -> {
                    before.incrementAndGet();
                    left.arriveAndAwaitAdvance();
                    Tasks.check(before.get() == 2, "too early");
                },
                () -> {
                    before.incrementAndGet();
                    right.arriveAndAwaitAdvance();
                    Tasks.check(before.get() == 2, "too early");
                });
        Tasks.check(root.getPhase() == 1, "phase=" + root.getPhase());
        return "";
    }

    /** A phase that nobody ends, waited for in time and interrupted. */
    public static String phaserForms() throws InterruptedException {
        Phaser phaser = new Phaser(2);
        int phase = phaser.arrive();
        try {
            phaser.awaitAdvanceInterruptibly(phase, 1, TimeUnit.SECONDS);
            throw new AssertionError("advanced");
        } catch (TimeoutException e) {
            Tasks.check(phaser.getUnarrivedParties() == 1, "one is missing");
        }
        Thread waiter =
                Tasks.start(
                        "w",
                        () -> {
                            try {
                                phaser.awaitAdvanceInterruptibly(phase);
                                throw new AssertionError("advanced");
                            } catch (InterruptedException e) {
                                Tasks.check(phaser.getPhase() == phase, "the same phase");
                            }
                        });
        waiter.interrupt();
        waiter.join();
        Tasks.check(phaser.arrive() == phase, "the last");
        Tasks.check(phaser.awaitAdvance(phase) == phase + 1, "advanced");
        phaser.forceTermination();
        return "";
    }

    /** Four swap in pairs: nothing is lost. */
    public static String exchangePairs() throws InterruptedException {
        Exchanger<Integer> exchanger = new Exchanger<>();
        AtomicInteger sum = new AtomicInteger();
        Tasks.Body[] bodies = new Tasks.Body[4];
        for (int i = 0; i < bodies.length; i++) {
            int mine = 1 << i;
            bodies[i] =
                    () -> {
                        int got = exchanger.exchange(mine);
                        Tasks.check(got != mine, "its own");
                        sum.addAndGet(got);
                    };
        }
        Tasks.run(bodies);
        Tasks.check(sum.get() == 15, "sum=" + sum);
        return "";
    }

    /** A swap that nobody comes to, by time and by interrupt; then one that works. */
    public static String exchangeForms() throws InterruptedException {
        Exchanger<String> exchanger = new Exchanger<>();
        try {
            exchanger.exchange("x", 1, TimeUnit.SECONDS);
            throw new AssertionError("exchanged");
        } catch (TimeoutException e) {
            Thread waiter =
                    Tasks.start(
                            "w",
                            () -> {
                                try {
                                    exchanger.exchange("y");
                                    throw new AssertionError("exchanged");
                                } catch (InterruptedException interrupted) {
                                    Tasks.check(!Thread.interrupted(), "cleared");
                                }
                            });
            waiter.interrupt();
            waiter.join();
        }
        String[] got = new String[2];
        Tasks.run(
                () -> got[0] = exchanger.exchange("a", 1, TimeUnit.DAYS),
                () -> got[1] = exchanger.exchange("b", 1, TimeUnit.DAYS));
        Tasks.check(got[0].equals("b") && got[1].equals("a"), "swapped");
        return "";
    }

    /** A permit that comes first is not lost, and two make one. */
    public static String permits() throws InterruptedException {
        Thread main = Thread.currentThread();
        Thread waker =
                Tasks.start(
                        "w",
                        () -> {
                            LockSupport.unpark(main);
                            LockSupport.unpark(main);
                        });
        LockSupport.park();
        waker.join();
        LockSupport.parkNanos(1_000_000L);
        LockSupport.parkUntil(System.currentTimeMillis() + 1);
        Tasks.check(!Thread.interrupted(), "no interrupt");
        return "";
    }

    /** A lock of the program's own that parks who waits: Doug Lea's first-in-first-out mutex. */
    public static String ownMutex() throws InterruptedException {
        Synchronization p = new Synchronization();
        FifoMutex mutex = new FifoMutex();
        Tasks.Body body =
                () -> {
                    mutex.lock();
                    p.value++;
                    mutex.unlock();
                };
        Tasks.run(body, body, body);
        Tasks.check(p.value == 3, "value=" + p.value);
        return "";
    }

    private static final class FifoMutex {
        private final java.util.concurrent.atomic.AtomicBoolean locked =
                new java.util.concurrent.atomic.AtomicBoolean();
        private final java.util.Queue<Thread> waiters =
                new java.util.concurrent.ConcurrentLinkedQueue<>();

        void lock() {
            Thread self = Thread.currentThread();
            waiters.add(self);
            while (waiters.peek() != self || !locked.compareAndSet(false, true)) {
                LockSupport.park(this);
            }
            waiters.remove();
        }

        void unlock() {
            locked.set(false);
            LockSupport.unpark(waiters.peek());
        }
    }
}
