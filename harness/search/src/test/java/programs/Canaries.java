package programs;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Small programs with a classic defect each, and beside it the same program without. */
public final class Canaries {
    private Canaries() {}

    private static void count(Runnable increment, AtomicInteger counter)
            throws InterruptedException {
        Tasks.run(increment::run, increment::run);
        Tasks.check(counter.get() == 2, "lost update");
    }

    /** Reads, then writes. */
    public static String lostUpdate() throws InterruptedException {
        AtomicInteger counter = new AtomicInteger();
        count(() -> counter.set(counter.get() + 1), counter);
        return "";
    }

    /** A lost update among tasks that have nothing to do with it. */
    public static String noisy() throws InterruptedException {
        AtomicInteger counter = new AtomicInteger();
        AtomicInteger noise = new AtomicInteger();
        Tasks.Body increment =
                () -> {
                    noise.set(1);
                    counter.set(counter.get() + 1);
                    noise.set(2);
                };
        Tasks.Body other =
                () -> {
                    for (int i = 0; i < 10; i++) {
                        noise.incrementAndGet();
                    }
                };
        Tasks.run(other, increment, other, increment, other);
        Tasks.check(counter.get() == 2, "lost update");
        return "";
    }

    /** Updates in one step. */
    public static String lostUpdateFixed() throws InterruptedException {
        AtomicInteger counter = new AtomicInteger();
        count(counter::incrementAndGet, counter);
        return "";
    }

    /** A buffer of one place. */
    private static final class Buffer {
        private final boolean all;
        private int item;
        private boolean full;

        Buffer(boolean all) {
            this.all = all;
        }

        private void wake() {
            if (all) {
                notifyAll();
            } else {
                notify();
            }
        }

        synchronized void put(int value) throws InterruptedException {
            while (full) {
                wait();
            }
            item = value;
            full = true;
            wake();
        }

        synchronized int take() throws InterruptedException {
            while (!full) {
                wait();
            }
            full = false;
            wake();
            return item;
        }
    }

    private static String buffer(boolean all) throws InterruptedException {
        Buffer buffer = new Buffer(all);
        Tasks.Body producer =
                () -> {
                    buffer.put(1);
                    buffer.put(2);
                };
        Tasks.Body consumer =
                () -> {
                    buffer.take();
                    buffer.take();
                };
        Tasks.run(producer, producer, consumer, consumer);
        return "";
    }

    /** Two producers and two consumers wait for two different things on one monitor. */
    public static String notifyBuffer() throws InterruptedException {
        return buffer(false);
    }

    /** Wakes all of them. */
    public static String notifyBufferFixed() throws InterruptedException {
        return buffer(true);
    }

    private static String locks(boolean ordered) throws InterruptedException {
        Lock a = new ReentrantLock();
        Lock b = new ReentrantLock();
        Tasks.run(
                () -> {
                    a.lock();
                    b.lock();
                    b.unlock();
                    a.unlock();
                },
                () -> {
                    Lock first = ordered ? a : b;
                    Lock second = ordered ? b : a;
                    first.lock();
                    second.lock();
                    second.unlock();
                    first.unlock();
                });
        return "";
    }

    /** Two locks in opposite orders. */
    public static String lockOrder() throws InterruptedException {
        return locks(false);
    }

    /** Two locks in one order. */
    public static String lockOrderFixed() throws InterruptedException {
        return locks(true);
    }

    private static final class Gate {
        private volatile boolean open;
        private volatile Thread waiter;

        void awaitLooking() {
            if (!open) {
                waiter = Thread.currentThread();
                LockSupport.park();
            }
        }

        void awaitAnnounced() {
            waiter = Thread.currentThread();
            while (!open) {
                LockSupport.park();
            }
        }

        void open() {
            open = true;
            LockSupport.unpark(waiter);
        }
    }

    /** Looks, then says that it waits: the wake-up falls in between. */
    public static String lostWakeUp() throws InterruptedException {
        Gate gate = new Gate();
        Tasks.run(gate::awaitLooking, gate::open);
        return "";
    }

    /** Says that it waits, then looks. */
    public static String lostWakeUpFixed() throws InterruptedException {
        Gate gate = new Gate();
        Tasks.run(gate::awaitAnnounced, gate::open);
        return "";
    }

    private static final class Registry {
        private final Map<String, Integer> entries = new HashMap<>();

        synchronized boolean has(String key) {
            return entries.containsKey(key);
        }

        synchronized void add(String key) {
            Tasks.check(entries.put(key, 1) == null, "added twice");
        }

        void addOnce(String key) {
            if (!has(key)) {
                add(key);
            }
        }

        synchronized void addOnceWhole(String key) {
            addOnce(key);
        }
    }

    /** Looks under the lock, gives it up, and acts under the lock. */
    public static String checkThenAct() throws InterruptedException {
        Registry registry = new Registry();
        Tasks.run(() -> registry.addOnce("k"), () -> registry.addOnce("k"));
        return "";
    }

    /** Looks and acts under one lock. */
    public static String checkThenActFixed() throws InterruptedException {
        Registry registry = new Registry();
        Tasks.run(() -> registry.addOnceWhole("k"), () -> registry.addOnceWhole("k"));
        return "";
    }
}
