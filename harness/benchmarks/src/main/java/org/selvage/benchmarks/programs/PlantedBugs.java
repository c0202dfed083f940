package org.selvage.benchmarks.programs;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Small programs with one planted defect each: an assertion fails at the end, or nobody can go on.
 * What is shared is atomic, volatile or locked, so that every tool sees the same operations.
 */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // planted, or short of what hides them
public final class PlantedBugs {
    private PlantedBugs() {}

    private static void together(Runnable... bodies) {
        Thread[] threads = new Thread[bodies.length];
        for (int i = 0; i < bodies.length; i++) {
            threads[i] = new Thread(bodies[i]);
        }
        for (Thread thread : threads) {
            thread.start();
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Runnable[] times(int count, Runnable body) {
        Runnable[] all = new Runnable[count];
        java.util.Arrays.fill(all, body);
        return all;
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    // ---- lost updates

    private static void lostUpdates(int tasks) {
        AtomicInteger x = new AtomicInteger();
        together(times(tasks, () -> x.set(x.get() + 1)));
        check(x.get() == tasks, "lost update");
    }

    /** Two tasks read, then write. */
    public static void lostUpdate2() {
        lostUpdates(2);
    }

    /** Five tasks read, then write. */
    public static void lostUpdate5() {
        lostUpdates(5);
    }

    /** All of four updates must be lost but one. */
    public static void lostUpdateAllButOne() {
        AtomicInteger x = new AtomicInteger();
        together(times(4, () -> x.set(x.get() + 1)));
        check(x.get() > 1, "only one update is left");
    }

    /** A lost update among tasks that do much else. */
    public static void lostUpdateNoisy() {
        AtomicInteger x = new AtomicInteger();
        AtomicInteger noise = new AtomicInteger();
        Runnable increment = () -> x.set(x.get() + 1);
        Runnable other =
                () -> {
                    for (int i = 0; i < 20; i++) {
                        noise.incrementAndGet();
                    }
                };
        together(other, increment, other, increment, other);
        check(x.get() == 2, "lost update");
    }

    /** Read under a lock, written under the same lock, which was given back in between. */
    public static void twoStageLocking() {
        ReentrantLock lock = new ReentrantLock();
        AtomicInteger x = new AtomicInteger();
        Runnable body =
                () -> {
                    lock.lock();
                    int seen = x.get();
                    lock.unlock();
                    lock.lock();
                    x.set(seen + 1);
                    lock.unlock();
                };
        together(body, body);
        check(x.get() == 2, "lost update");
    }

    /** One task takes another lock than the others. */
    public static void wrongLock() {
        Object right = new Object();
        Object wrong = new Object();
        AtomicInteger x = new AtomicInteger();
        Runnable good = () -> addUnder(right, x);
        together(good, good, () -> addUnder(wrong, x));
        check(x.get() == 3, "lost update");
    }

    private static void addUnder(Object lock, AtomicInteger x) {
        synchronized (lock) {
            x.set(x.get() + 1);
        }
    }

    // ---- ABA

    /** Takes from a stack whose top goes away and comes back in between. */
    public static void abaStack() {
        AtomicInteger top = new AtomicInteger(1);
        AtomicIntegerArray next = new AtomicIntegerArray(new int[] {0, 2, 3, 0});
        AtomicInteger taken = new AtomicInteger();
        together(
                () -> {
                    int head = top.get();
                    int after = next.get(head);
                    if (top.compareAndSet(head, after)) {
                        taken.addAndGet(head);
                    }
                },
                () -> {
                    top.set(2); // takes 1
                    top.set(3); // takes 2
                    next.set(1, 3);
                    top.set(1); // puts 1 back
                });
        check(top.get() != 2, "the stack has an element that was taken");
    }

    /** A value that changes and changes back is taken for unchanged. */
    public static void abaValue() {
        AtomicInteger balance = new AtomicInteger(10);
        AtomicInteger changes = new AtomicInteger();
        AtomicBoolean missed = new AtomicBoolean();
        together(
                () -> {
                    int seen = changes.get();
                    int old = balance.get();
                    if (balance.compareAndSet(old, old + 5) && changes.get() > seen + 1) {
                        missed.set(true);
                    }
                },
                () -> {
                    balance.addAndGet(-3);
                    changes.incrementAndGet();
                    balance.addAndGet(3);
                    changes.incrementAndGet();
                });
        check(!missed.get(), "changed twice in between");
    }

    // ---- notifications

    /** The flag is looked at before the monitor is taken. */
    public static void lostNotify() {
        Object monitor = new Object();
        AtomicBoolean ready = new AtomicBoolean();
        together(
                () -> {
                    if (!ready.get()) {
                        synchronized (monitor) {
                            await(monitor);
                        }
                    }
                },
                () -> {
                    ready.set(true);
                    synchronized (monitor) {
                        monitor.notifyAll();
                    }
                });
    }

    private static void await(Object monitor) {
        try {
            monitor.wait();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Place {
        private boolean full;

        synchronized void put() {
            while (full) {
                await(this);
            }
            full = true;
            notify();
        }

        synchronized void take() {
            while (!full) {
                await(this);
            }
            full = false;
            notify();
        }
    }

    /** A buffer of one place that notifies one where it should notify all. */
    public static void notifyOne() {
        Place place = new Place();
        together(place::put, place::put, place::take, place::take);
    }

    /** Waits without looking again: the wake-up was meant for another. */
    public static void ifInsteadOfWhile() {
        Object monitor = new Object();
        AtomicInteger items = new AtomicInteger();
        Runnable take =
                () -> {
                    synchronized (monitor) {
                        if (items.get() == 0) {
                            await(monitor);
                        }
                        items.decrementAndGet();
                    }
                };
        Runnable put =
                () -> {
                    synchronized (monitor) {
                        items.incrementAndGet();
                        monitor.notifyAll();
                    }
                };
        AtomicBoolean negative = new AtomicBoolean();
        together(
                take,
                take,
                put,
                () -> {
                    negative.set(items.get() < 0);
                    put.run();
                });
        check(!negative.get(), "took what is not there");
    }

    // ---- order violations

    private static void orderAmong(int tasks) {
        AtomicReference<String> value = new AtomicReference<>("");
        AtomicInteger early = new AtomicInteger();
        Runnable[] all = times(tasks, value::get);
        all[0] = () -> value.set("ready");
        all[tasks - 1] =
                () -> {
                    if (value.get().isEmpty()) {
                        early.incrementAndGet();
                    }
                };
        together(all);
        check(early.get() == 0, "used before it was there");
    }

    /** One task needs what another sets. */
    public static void order2() {
        orderAmong(2);
    }

    /** The same among twenty. */
    public static void order20() {
        orderAmong(20);
    }

    /** The last of twenty tasks must come before all others. */
    public static void lastOf20First() {
        AtomicInteger before = new AtomicInteger();
        AtomicBoolean first = new AtomicBoolean();
        Runnable[] all = times(20, before::incrementAndGet);
        all[19] = () -> first.set(before.get() == 0);
        together(all);
        check(!first.get(), "the last came first");
    }

    private static void reorder(int setters) {
        AtomicInteger a = new AtomicInteger();
        AtomicInteger b = new AtomicInteger();
        AtomicBoolean torn = new AtomicBoolean();
        Runnable[] all =
                times(
                        setters + 1,
                        () -> {
                            a.set(1);
                            b.set(-1);
                        });
        all[setters] = () -> torn.set(a.get() == 1 && b.get() == 0);
        together(all);
        check(!torn.get(), "one is set, the other is not");
    }

    /** Two tasks set two variables, one looks in between. */
    public static void reorder2() {
        reorder(2);
    }

    /** The same with five: all but those before the look must wait. */
    public static void reorder5() {
        reorder(5);
    }

    /** The same with ten. */
    public static void reorder10() {
        reorder(10);
    }

    /** Published before it is complete. */
    public static void earlyPublication() {
        AtomicReference<AtomicInteger> shared = new AtomicReference<>();
        AtomicBoolean incomplete = new AtomicBoolean();
        together(
                () -> {
                    AtomicInteger fresh = new AtomicInteger();
                    shared.set(fresh);
                    fresh.set(1);
                },
                () -> {
                    AtomicInteger seen = shared.get();
                    incomplete.set(seen != null && seen.get() == 0);
                });
        check(!incomplete.get(), "seen before it was complete");
    }

    private static void chain(int length) {
        AtomicInteger at = new AtomicInteger();
        AtomicInteger other = new AtomicInteger();
        together(
                () -> {
                    for (int i = 0; i < length; i++) {
                        at.compareAndSet(2 * i, 2 * i + 1);
                        other.incrementAndGet();
                    }
                },
                () -> {
                    for (int i = 0; i < length; i++) {
                        at.compareAndSet(2 * i + 1, 2 * i + 2);
                        other.incrementAndGet();
                    }
                });
        check(at.get() < 2 * length, "each step came right after the other's");
    }

    /** Two tasks must alternate twice. */
    public static void chain2() {
        chain(2);
    }

    /** Three times. */
    public static void chain3() {
        chain(3);
    }

    /** Four times. */
    public static void chain4() {
        chain(4);
    }

    // ---- deadlocks

    private static void philosophers(int count) {
        Object[] forks = new Object[count];
        for (int i = 0; i < count; i++) {
            forks[i] = new Object();
        }
        AtomicInteger meals = new AtomicInteger();
        Runnable[] all = new Runnable[count];
        for (int i = 0; i < count; i++) {
            Object left = forks[i];
            Object right = forks[(i + 1) % count];
            all[i] =
                    () -> {
                        synchronized (left) {
                            synchronized (right) {
                                meals.incrementAndGet();
                            }
                        }
                    };
        }
        together(all);
    }

    /** Two locks in both orders. */
    public static void deadlock2() {
        philosophers(2);
    }

    /** Three in a circle. */
    public static void deadlock3() {
        philosophers(3);
    }

    /** Four in a circle. */
    public static void deadlock4() {
        philosophers(4);
    }

    /** Five in a circle. */
    public static void deadlock5() {
        philosophers(5);
    }

    /** Reads under the read lock and writes under the write lock, which it takes later. */
    public static void readWriteUpgrade() {
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        AtomicInteger x = new AtomicInteger();
        Runnable body =
                () -> {
                    lock.readLock().lock();
                    int seen = x.get();
                    lock.readLock().unlock();
                    lock.writeLock().lock();
                    x.set(seen + 1);
                    lock.writeLock().unlock();
                };
        together(body, body);
        check(x.get() == 2, "the upgrade was not atomic");
    }

    // ---- semaphores, maps, queues

    /** Looks whether a permit is there, then takes it for granted. */
    public static void semaphoreBarging() {
        Semaphore permits = new Semaphore(1);
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean both = new AtomicBoolean();
        Runnable body =
                () -> {
                    if (permits.availablePermits() > 0) {
                        boolean mine = permits.tryAcquire();
                        if (inside.incrementAndGet() > 1) {
                            both.set(true);
                        }
                        inside.decrementAndGet();
                        if (mine) {
                            permits.release();
                        }
                    }
                };
        together(body, body);
        check(!both.get(), "two inside");
    }

    /** Looks whether a key is there, then puts it. */
    public static void checkThenPut() {
        ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();
        AtomicInteger made = new AtomicInteger();
        Runnable body =
                () -> {
                    if (!map.containsKey("key")) {
                        map.put("key", made.incrementAndGet());
                    }
                };
        together(body, body, body);
        check(made.get() == 1, "made twice");
    }

    /** All three tasks must look before any puts. */
    public static void checkThenPutThrice() {
        ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();
        AtomicInteger made = new AtomicInteger();
        Runnable body =
                () -> {
                    if (!map.containsKey("key")) {
                        map.put("key", made.incrementAndGet());
                    }
                };
        together(body, body, body);
        check(made.get() < 3, "made three times");
    }

    /** A queue with a counter of its own, which is changed later. */
    public static void queueCounter() {
        ConcurrentLinkedQueue<Integer> queue = new ConcurrentLinkedQueue<>();
        AtomicInteger size = new AtomicInteger();
        AtomicBoolean drifted = new AtomicBoolean();
        together(
                () -> {
                    queue.add(1);
                    size.incrementAndGet();
                },
                () -> {
                    if (queue.poll() != null) {
                        drifted.set(size.decrementAndGet() < 0);
                    }
                });
        check(!drifted.get(), "a negative size");
    }

    /** The owner and a thief both take the last element. */
    public static void workStealing() {
        AtomicInteger top = new AtomicInteger();
        AtomicInteger bottom = new AtomicInteger(1);
        AtomicInteger taken = new AtomicInteger();
        together(
                () -> {
                    int b = bottom.get() - 1;
                    int t = top.get(); // should come after the next line
                    bottom.set(b);
                    if (b > t) {
                        taken.incrementAndGet();
                    } else if (b == t) {
                        taken.incrementAndGet(); // should compete with the thief
                        top.set(t + 1);
                        bottom.set(t + 1);
                    }
                },
                () -> {
                    int t = top.get();
                    if (t < bottom.get() && top.compareAndSet(t, t + 1)) {
                        taken.incrementAndGet();
                    }
                });
        check(taken.get() == 1, "taken twice");
    }

    // ---- hand-made synchronization

    /** A spin lock that looks, then takes. */
    public static void testThenSet() {
        AtomicBoolean locked = new AtomicBoolean();
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean both = new AtomicBoolean();
        Runnable body =
                () -> {
                    if (!locked.get()) {
                        locked.set(true);
                        both.compareAndSet(false, inside.incrementAndGet() > 1);
                        inside.decrementAndGet();
                        locked.set(false);
                    }
                };
        together(body, body);
        check(!both.get(), "two inside");
    }

    /** Peterson's lock whose flag is set after the turn. */
    public static void peterson() {
        AtomicIntegerArray flag = new AtomicIntegerArray(2);
        AtomicInteger turn = new AtomicInteger();
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean both = new AtomicBoolean();
        together(
                () -> enter(0, flag, turn, inside, both), () -> enter(1, flag, turn, inside, both));
        check(!both.get(), "two inside");
    }

    private static void enter(
            int me,
            AtomicIntegerArray flag,
            AtomicInteger turn,
            AtomicInteger inside,
            AtomicBoolean both) {
        turn.set(1 - me);
        flag.set(me, 1);
        while (flag.get(1 - me) == 1 && turn.get() == 1 - me) {
            Thread.onSpinWait();
        }
        both.compareAndSet(false, inside.incrementAndGet() > 1);
        inside.decrementAndGet();
        flag.set(me, 0);
    }

    /** A sequence lock whose reader does not look at the number again. */
    public static void sequenceLock() {
        AtomicInteger sequence = new AtomicInteger();
        AtomicInteger a = new AtomicInteger();
        AtomicInteger b = new AtomicInteger();
        AtomicBoolean torn = new AtomicBoolean();
        together(
                () -> {
                    sequence.incrementAndGet();
                    a.set(1);
                    b.set(1);
                    sequence.incrementAndGet();
                },
                () -> {
                    if (sequence.get() % 2 == 0) {
                        torn.set(a.get() != b.get());
                    }
                });
        check(!torn.get(), "torn");
    }

    /** Made twice, as nobody looks again under the lock. */
    public static void initializedTwice() {
        AtomicReference<Object> instance = new AtomicReference<>();
        AtomicInteger made = new AtomicInteger();
        Object lock = new Object();
        Runnable body =
                () -> {
                    if (instance.get() == null) {
                        synchronized (lock) {
                            made.incrementAndGet();
                            instance.set(lock);
                        }
                    }
                };
        together(body, body);
        check(made.get() == 1, "made twice");
    }

    /** A count of references that reaches zero and rises again. */
    public static void referenceCount() {
        AtomicInteger count = new AtomicInteger(1);
        AtomicBoolean freed = new AtomicBoolean();
        AtomicBoolean used = new AtomicBoolean();
        together(
                () -> {
                    if (count.get() > 0) {
                        count.incrementAndGet();
                        used.set(freed.get());
                        count.decrementAndGet();
                    }
                },
                () -> {
                    if (count.decrementAndGet() == 0) {
                        freed.set(true);
                    }
                });
        check(!used.get(), "used after it was freed");
    }

    /** Money is on its way while the sum is taken. */
    public static void transfer() {
        AtomicInteger a = new AtomicInteger(100);
        AtomicInteger b = new AtomicInteger();
        AtomicInteger sum = new AtomicInteger();
        together(
                () -> {
                    a.addAndGet(-50);
                    b.addAndGet(50);
                },
                () -> sum.set(a.get() + b.get()));
        check(sum.get() == 100, "money is missing");
    }

    /** Says that it is done before it is. */
    public static void earlySignal() {
        AtomicInteger result = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        AtomicBoolean early = new AtomicBoolean();
        together(
                () -> {
                    done.set(true);
                    result.set(42);
                },
                () -> early.set(done.get() && result.get() == 0));
        check(!early.get(), "done without a result");
    }
}
