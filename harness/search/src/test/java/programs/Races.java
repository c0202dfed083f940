package programs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Small programs that fail under some orders, each with a defect of another shape. */
public final class Races {
    private Races() {}

    /** Money moves between two accounts, read and written one after the other. */
    public static String transfer() throws InterruptedException {
        AtomicInteger one = new AtomicInteger(10);
        AtomicInteger other = new AtomicInteger(10);
        Tasks.run(
                () -> {
                    one.set(one.get() - 3);
                    other.set(other.get() + 3);
                },
                () -> {
                    other.set(other.get() - 2);
                    one.set(one.get() + 2);
                });
        Tasks.check(one.get() + other.get() == 20, "money is lost or made");
        return "";
    }

    /** Three philosophers take the fork on their left first. */
    public static String philosophers() throws InterruptedException {
        Lock[] forks = {new ReentrantLock(), new ReentrantLock(), new ReentrantLock()};
        Tasks.Body[] bodies = new Tasks.Body[3];
        for (int i = 0; i < 3; i++) {
            Lock left = forks[i];
            Lock right = forks[(i + 1) % 3];
            bodies[i] =
                    () -> {
                        left.lock();
                        right.lock();
                        right.unlock();
                        left.unlock();
                    };
        }
        Tasks.run(bodies);
        return "";
    }

    /** Two tasks make the one instance. */
    public static String singleton() throws InterruptedException {
        AtomicReference<Object> instance = new AtomicReference<>();
        AtomicInteger made = new AtomicInteger();
        Tasks.Body get =
                () -> {
                    if (instance.get() == null) {
                        made.incrementAndGet();
                        instance.set(new Object());
                    }
                };
        Tasks.run(get, get, get);
        Tasks.check(made.get() == 1, "made more than once");
        return "";
    }

    /** Says that the data is there before it is. */
    public static String publication() throws InterruptedException {
        AtomicBoolean ready = new AtomicBoolean();
        AtomicInteger data = new AtomicInteger();
        Tasks.run(
                () -> {
                    ready.set(true);
                    data.set(42);
                },
                () -> {
                    if (ready.get()) {
                        Tasks.check(data.get() == 42, "the data is not there");
                    }
                });
        return "";
    }

    /** Looks whether there is an item, then takes it, each under the lock. */
    public static String emptyQueue() throws InterruptedException {
        Deque<Integer> items = new ArrayDeque<>();
        items.add(1);
        Tasks.Body taker =
                () -> {
                    boolean empty;
                    synchronized (items) {
                        empty = items.isEmpty();
                    }
                    if (!empty) {
                        synchronized (items) {
                            Tasks.check(items.poll() != null, "nothing to take");
                        }
                    }
                };
        Tasks.run(taker, taker);
        return "";
    }

    /** Waits once where it should wait in a loop. */
    public static String waitsOnce() throws InterruptedException {
        Lock lock = new ReentrantLock();
        Condition filled = lock.newCondition();
        int[] items = {0};
        Tasks.Body taker =
                () -> {
                    lock.lock();
                    try {
                        if (items[0] == 0) {
                            filled.await();
                        }
                        items[0]--;
                        Tasks.check(items[0] >= 0, "took what was not there");
                    } finally {
                        lock.unlock();
                    }
                };
        Tasks.run(
                taker,
                taker,
                () -> {
                    lock.lock();
                    try {
                        items[0]++;
                        filled.signalAll();
                        items[0]++;
                        items[0]--;
                    } finally {
                        lock.unlock();
                    }
                    lock.lock();
                    items[0]++;
                    filled.signal();
                    lock.unlock();
                });
        return "";
    }

    /** Two tasks take two of two permits one by one. */
    public static String permits() throws InterruptedException {
        Semaphore permits = new Semaphore(2);
        Tasks.Body both =
                () -> {
                    permits.acquire();
                    permits.acquire();
                    permits.release(2);
                };
        Tasks.run(both, both);
        return "";
    }

    /** Two variables that are always equal, read while one has changed. */
    public static String readSkew() throws InterruptedException {
        AtomicInteger x = new AtomicInteger();
        AtomicInteger y = new AtomicInteger();
        Tasks.run(
                () -> {
                    for (int i = 1; i <= 3; i++) {
                        x.set(i);
                        y.set(i);
                    }
                },
                () -> {
                    int seen = y.get();
                    Tasks.check(x.get() - seen < 2, "x and y are two rounds apart");
                });
        return "";
    }

    /** A stack on which a node comes back between a look at the top and the swap. */
    public static String stackAba() throws InterruptedException {
        int[] next = {-1, 0};
        AtomicInteger top = new AtomicInteger(1);
        AtomicInteger popped = new AtomicInteger(-1);
        Tasks.run(
                () -> {
                    int seen = top.get();
                    int below = next[seen];
                    if (top.compareAndSet(seen, below) && below >= 0) {
                        Tasks.check(popped.get() != below, "a popped node is on the stack");
                    }
                },
                () -> {
                    int first = top.getAndSet(0);
                    int second = top.getAndSet(-1);
                    popped.set(second);
                    next[first] = -1;
                    top.set(first);
                });
        return "";
    }

    /** The reader looks at the stop flag before the counter that the deleter waits for. */
    public static String dropProtocol() throws InterruptedException {
        AtomicBoolean stopping = new AtomicBoolean();
        AtomicInteger pending = new AtomicInteger();
        AtomicBoolean deleted = new AtomicBoolean();
        Tasks.run(
                () -> {
                    for (int page = 0; page < 3; page++) {
                        if (!stopping.get()) {
                            pending.incrementAndGet();
                            Tasks.check(!deleted.get(), "reads from what is deleted");
                            pending.decrementAndGet();
                        }
                    }
                },
                () -> {
                    stopping.set(true);
                    while (pending.get() > 0) {
                        Thread.sleep(20);
                    }
                    deleted.set(true);
                });
        return "";
    }

    /** Three tasks must come in one order for it to fail. */
    public static String relay() throws InterruptedException {
        AtomicInteger baton = new AtomicInteger();
        Tasks.run(
                () -> {
                    baton.compareAndSet(2, 3);
                    baton.compareAndSet(5, 6);
                },
                () -> baton.compareAndSet(1, 2),
                () -> {
                    baton.compareAndSet(0, 1);
                    baton.compareAndSet(3, 4);
                });
        Tasks.check(baton.get() != 4, "the baton came through");
        return "";
    }

    /** A lost update under the eyes of a task that yields again and again. */
    public static String yielding() throws InterruptedException {
        AtomicInteger counter = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        Tasks.Body increment =
                () -> {
                    int seen = counter.get();
                    Thread.yield();
                    counter.set(seen + 1);
                    done.set(true);
                };
        Tasks.run(
                increment,
                increment,
                () -> {
                    for (int i = 0; i < 4 && !done.get(); i++) {
                        Thread.yield();
                    }
                });
        Tasks.check(counter.get() == 2, "lost update");
        return "";
    }
}
