package programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;

/** Read-write locks, semaphores, latches, barriers. */
public final class Synchronizers {
    private final List<String> log = new ArrayList<>();
    private int value;
    private int inside;
    private int most;

    private Synchronizers() {}

    private synchronized void enter() {
        inside++;
        most = Math.max(most, inside);
    }

    private synchronized void leave() {
        inside--;
    }

    private synchronized void note(String text) {
        log.add(text);
    }

    /** Writers exclude writers and readers. */
    public static String writersExclude() throws InterruptedException {
        Synchronizers p = new Synchronizers();
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        Tasks.Body writer =
                () -> {
                    lock.writeLock().lock();
                    int seen = p.value;
                    Thread.yield();
                    p.value = seen + 1;
                    lock.writeLock().unlock();
                };
        Tasks.run(
                writer,
                writer,
                () -> {
                    lock.readLock().lock();
                    int seen = p.value;
                    Thread.yield();
                    Tasks.check(seen == p.value, "read beside a writer");
                    lock.readLock().unlock();
                });
        return "" + p.value;
    }

    /** Two readers may be inside together. */
    public static String readersShare() throws InterruptedException {
        Synchronizers p = new Synchronizers();
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        Tasks.Body reader =
                () -> {
                    lock.readLock().lock();
                    p.enter();
                    p.leave();
                    lock.readLock().unlock();
                };
        Tasks.run(reader, reader);
        return "" + p.most;
    }

    /** A reader that wants to write as well waits for itself. */
    public static String upgrade() throws InterruptedException {
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        Tasks.run(() -> {
            lock.readLock().lock();
            lock.writeLock().lock();
        });
        return "";
    }

    /** A writer may read as well; timed and interruptible forms. */
    public static String readWriteForms() throws InterruptedException {
        Synchronizers p = new Synchronizers();
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
        lock.writeLock().lock();
        lock.readLock().lock();
        lock.readLock().unlock();
        Thread interrupted =
                Tasks.start(
                        "i",
                        () -> {
                            try {
                                lock.readLock().lockInterruptibly();
                            } catch (InterruptedException e) {
                                p.note("interrupted");
                            }
                        });
        interrupted.interrupt();
        interrupted.join();
        Tasks.run(() -> {
            p.note("" + lock.readLock().tryLock());
            p.note("" + lock.writeLock().tryLock(1, TimeUnit.SECONDS));
        });
        lock.writeLock().unlock();
        Tasks.run(() -> p.note("" + lock.writeLock().tryLock()));
        return p.log.toString();
    }

    /** At most so many are inside as there are permits. */
    public static String semaphore() throws InterruptedException {
        Synchronizers p = new Synchronizers();
        Semaphore permits = new Semaphore(2);
        Tasks.Body body =
                () -> {
                    permits.acquire();
                    p.enter();
                    p.leave();
                    permits.release();
                };
        Tasks.run(body, body, body);
        return p.most + " " + permits.availablePermits();
    }

    /** Timed, interruptible and fair forms of a semaphore. */
    public static String semaphoreForms() throws InterruptedException {
        Synchronizers p = new Synchronizers();
        Semaphore permits = new Semaphore(1, true);
        p.note("" + permits.tryAcquire());
        p.note("" + permits.tryAcquire());
        p.note("" + permits.tryAcquire(1, TimeUnit.SECONDS));
        Thread waiter =
                Tasks.start(
                        "w",
                        () -> {
                            try {
                                permits.acquire();
                            } catch (InterruptedException e) {
                                p.note("interrupted");
                            }
                        });
        waiter.interrupt();
        waiter.join();
        Thread stubborn =
                Tasks.start(
                        "s",
                        () -> {
                            permits.acquireUninterruptibly(2);
                            p.note("" + Thread.currentThread().isInterrupted());
                        });
        stubborn.interrupt();
        permits.release(2);
        stubborn.join();
        return p.log.toString();
    }

    /** Nobody gives a permit back. */
    public static String semaphoreDeadlock() throws InterruptedException {
        Semaphore permits = new Semaphore(1);
        Tasks.run(permits::acquireUninterruptibly, permits::acquireUninterruptibly);
        return "";
    }

    /** A latch opens when its count is zero. */
    public static String latch() throws InterruptedException {
        Synchronizers p = new Synchronizers();
        CountDownLatch latch = new CountDownLatch(2);
        Tasks.run(
                () -> {
                    p.enter();
                    latch.countDown();
                },
                () -> {
                    p.enter();
                    latch.countDown();
                },
                () -> {
                    latch.await();
                    p.note("" + p.inside);
                });
        return p.log.toString();
    }

    /** A latch that stays shut; timed and interrupted waits. */
    public static String latchForms() throws InterruptedException {
        Synchronizers p = new Synchronizers();
        CountDownLatch latch = new CountDownLatch(1);
        p.note("" + latch.await(1, TimeUnit.SECONDS));
        Thread waiter =
                Tasks.start(
                        "w",
                        () -> {
                            try {
                                latch.await();
                            } catch (InterruptedException e) {
                                p.note("interrupted");
                            }
                        });
        waiter.interrupt();
        waiter.join();
        latch.countDown();
        latch.await();
        return p.log + " " + latch.getCount();
    }

    /** Counted down once too seldom. */
    public static String latchDeadlock() throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(2);
        Tasks.run(latch::await, latch::countDown);
        return "";
    }

    /** A barrier lets all go when the last has come, twice. */
    public static String barrier() throws InterruptedException {
        Synchronizers p = new Synchronizers();
        CyclicBarrier barrier = new CyclicBarrier(2, () -> p.note("round"));
        Tasks.Body body =
                () -> {
                    for (int i = 0; i < 2; i++) {
                        p.enter();
                        barrier.await();
                        Tasks.check(p.inside >= 2 * (i + 1), "passed too early");
                    }
                };
        Tasks.run(body, body);
        return p.log.toString();
    }

    /** A timeout and an interrupt break a barrier for all. */
    public static String brokenBarrier() throws InterruptedException {
        Synchronizers p = new Synchronizers();
        CyclicBarrier barrier = new CyclicBarrier(2);
        try {
            barrier.await(1, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            p.note("timeout");
        } catch (BrokenBarrierException e) {
            p.note("broken");
        }
        try {
            barrier.await();
        } catch (BrokenBarrierException e) {
            p.note("broken");
        }
        barrier.reset();
        Thread waiter =
                Tasks.start(
                        "w",
                        () -> {
                            try {
                                barrier.await();
                            } catch (InterruptedException e) {
                                p.note("interrupted");
                            }
                        });
        waiter.interrupt();
        waiter.join();
        return p.log.toString() + barrier.isBroken();
    }

    /** Too few come to a barrier. */
    public static String barrierDeadlock() throws InterruptedException {
        CyclicBarrier barrier = new CyclicBarrier(3);
        Tasks.run(barrier::await, barrier::await);
        return "";
    }

    /** A phaser's parties advance together. */
    public static String phaser() throws InterruptedException {
        Synchronizers p = new Synchronizers();
        Phaser phaser = new Phaser(2);
        Tasks.Body body =
                () -> {
                    p.enter();
                    phaser.arriveAndAwaitAdvance();
                    Tasks.check(p.inside == 2, "advanced too early");
                };
        Tasks.run(body, body);
        return "" + phaser.getPhase();
    }

    /** Two threads swap. */
    public static String exchanger() throws InterruptedException {
        Synchronizers p = new Synchronizers();
        Exchanger<String> exchanger = new Exchanger<>();
        String[] got = new String[2];
        Tasks.run(() -> got[0] = exchanger.exchange("a"), () -> got[1] = exchanger.exchange("b"));
        return got[0] + got[1] + p.value;
    }

    /** Optimistic reads are valid or not; writers exclude. */
    public static String stampedLock() throws InterruptedException {
        Synchronizers p = new Synchronizers();
        StampedLock lock = new StampedLock();
        Tasks.run(
                () -> {
                    long stamp = lock.writeLock();
                    int seen = p.value;
                    Thread.yield();
                    p.value = seen + 1;
                    lock.unlockWrite(stamp);
                },
                () -> {
                    long stamp = lock.tryOptimisticRead();
                    boolean valid = stamp != 0 && lock.validate(stamp);
                    if (!valid) {
                        stamp = lock.readLock();
                        lock.unlockRead(stamp);
                    }
                    p.note("" + valid);
                },
                () -> {
                    long stamp = lock.writeLock();
                    int seen = p.value;
                    Thread.yield();
                    p.value = seen + 1;
                    lock.unlockWrite(stamp);
                });
        return p.log + " " + p.value;
    }
}
