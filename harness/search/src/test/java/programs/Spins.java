package programs;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** Programs that wait in loops. */
public final class Spins {
    private Spins() {}

    private static volatile boolean flag;
    private static boolean plain;

    private static void all(Runnable... bodies) throws InterruptedException {
        Thread[] threads = new Thread[bodies.length];
        for (int i = 0; i < bodies.length; i++) {
            threads[i] = new Thread(bodies[i], "task" + i);
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** A loop that says that it spins. */
    public static String onSpinWait() throws InterruptedException {
        flag = false;
        all(
                () -> {
                    while (!flag) {
                        Thread.onSpinWait();
                    }
                },
                () -> flag = true);
        return "" + flag;
    }

    /** A loop that yields. */
    public static String yields() throws InterruptedException {
        flag = false;
        all(
                () -> {
                    while (!flag) {
                        Thread.yield();
                    }
                },
                () -> flag = true);
        return "" + flag;
    }

    /** A loop that says nothing. */
    public static String silent() throws InterruptedException {
        flag = false;
        all(
                () -> {
                    while (!flag) {}
                },
                () -> flag = true);
        return "" + flag;
    }

    /** A loop over a field that is not volatile. */
    public static String plainFlag() throws InterruptedException {
        plain = false;
        all(
                () -> {
                    while (!plain) {
                        Thread.onSpinWait();
                    }
                },
                () -> plain = true);
        return "" + plain;
    }

    /** Looks three times only. */
    public static String looksThreeTimes() throws InterruptedException {
        return looks(3);
    }

    /** Looks so often that it might be taken for a loop without end. */
    public static String looksTenTimes() throws InterruptedException {
        return looks(10);
    }

    private static String looks(int times) throws InterruptedException {
        flag = false;
        int[] looks = {0};
        all(
                () -> {
                    for (int i = 0; i < times && !flag; i++) {
                        looks[0]++;
                        Thread.onSpinWait();
                    }
                },
                () -> flag = true);
        return "" + looks[0];
    }

    private static String spinLock(int tasks) throws InterruptedException {
        AtomicBoolean lock = new AtomicBoolean();
        StringBuilder order = new StringBuilder();
        Runnable[] bodies = new Runnable[tasks];
        for (int i = 0; i < tasks; i++) {
            int task = i;
            bodies[i] =
                    () -> {
                        while (!lock.compareAndSet(false, true)) {
                            Thread.onSpinWait();
                        }
                        order.append(task);
                        lock.set(false);
                    };
        }
        all(bodies);
        return order.toString();
    }

    /** Two tasks take a spin lock, one after the other. */
    public static String spinLockOfTwo() throws InterruptedException {
        return spinLock(2);
    }

    /** Three tasks do. */
    public static String spinLockOfThree() throws InterruptedException {
        return spinLock(3);
    }

    /** Test and test-and-set. */
    public static String looksBeforeItTakes() throws InterruptedException {
        AtomicBoolean lock = new AtomicBoolean();
        StringBuilder order = new StringBuilder();
        Runnable[] bodies = new Runnable[2];
        for (int i = 0; i < bodies.length; i++) {
            int task = i;
            bodies[i] =
                    () -> {
                        while (true) {
                            while (lock.get()) {
                                Thread.yield();
                            }
                            if (lock.compareAndSet(false, true)) {
                                break;
                            }
                        }
                        order.append(task);
                        lock.set(false);
                    };
        }
        all(bodies);
        return order.toString();
    }

    /** Tries a lock until it gets it. */
    public static String tryLock() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        StringBuilder order = new StringBuilder();
        Runnable[] bodies = new Runnable[2];
        for (int i = 0; i < bodies.length; i++) {
            int task = i;
            bodies[i] =
                    () -> {
                        while (!lock.tryLock()) {
                            Thread.onSpinWait();
                        }
                        order.append(task);
                        lock.unlock();
                    };
        }
        all(bodies);
        return order.toString();
    }

    /** Adds with compare and set, and tries again where that fails. */
    public static String retries() throws InterruptedException {
        AtomicInteger sum = new AtomicInteger();
        Runnable add =
                () -> {
                    int seen = sum.get();
                    while (!sum.compareAndSet(seen, seen + 1)) {
                        seen = sum.get();
                    }
                };
        all(add, add);
        return sum.toString();
    }

    /** Looks at what a lock guards until another task has changed it. */
    public static String underALock() throws InterruptedException {
        boolean[] done = {false};
        all(
                () -> {
                    while (true) {
                        synchronized (done) {
                            if (done[0]) {
                                return;
                            }
                        }
                    }
                },
                () -> {
                    synchronized (done) {
                        done[0] = true;
                    }
                });
        return "" + done[0];
    }

    /** Two tasks that hand each other the turn. */
    public static String pingPong() throws InterruptedException {
        AtomicInteger turn = new AtomicInteger();
        StringBuilder order = new StringBuilder();
        Runnable[] bodies = new Runnable[2];
        for (int i = 0; i < bodies.length; i++) {
            int task = i;
            bodies[i] =
                    () -> {
                        for (int round = 0; round < 2; round++) {
                            while (turn.get() != task) {
                                Thread.yield();
                            }
                            order.append(task);
                            turn.set(1 - task);
                        }
                    };
        }
        all(bodies);
        return order.toString();
    }

    private static String works(int rounds) throws InterruptedException {
        AtomicInteger[] sums = {new AtomicInteger(), new AtomicInteger()};
        Runnable[] bodies = new Runnable[2];
        for (int i = 0; i < bodies.length; i++) {
            int task = i;
            bodies[i] =
                    () -> {
                        for (int round = 0; round < rounds; round++) {
                            sums[task].set(sums[task].get() + 1);
                        }
                    };
        }
        all(bodies);
        return sums[0] + " " + sums[1];
    }

    /** No round is like the one before it. */
    public static String looksHereAndThere() throws InterruptedException {
        AtomicInteger[] places = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
        all(() -> {
            for (int i = 0; i < 4; i++) {
                if (i % 2 == 0) {
                    places[0].get();
                } else {
                    places[1].get();
                }
                places[2].get();
            }
        });
        return "";
    }

    /** Two tasks work for themselves. */
    public static String worksForSixRounds() throws InterruptedException {
        return works(6);
    }

    /** They work for long. */
    public static String worksForAThousandRounds() throws InterruptedException {
        return works(1_000);
    }

    /** The first of two takes a token for good, and both wait for it. */
    public static String tokenLost() throws InterruptedException {
        AtomicBoolean token = new AtomicBoolean(true);
        Runnable take =
                () -> {
                    while (!token.compareAndSet(true, false)) {
                        Thread.onSpinWait();
                    }
                };
        all(take, take, take);
        return "";
    }

    /** Whoever waits sees that the other one waits too, by a flag that it sets in each round. */
    public static String givesWay() throws InterruptedException {
        AtomicInteger wants = new AtomicInteger();
        StringBuilder order = new StringBuilder();
        Runnable[] bodies = new Runnable[2];
        for (int i = 0; i < bodies.length; i++) {
            int task = i;
            bodies[i] =
                    () -> {
                        int mine = 1 << task;
                        wants.updateAndGet(w -> w | mine);
                        while ((wants.get() & 1 & ~mine) != 0) {
                            wants.updateAndGet(w -> w & ~mine);
                            Thread.yield();
                            wants.updateAndGet(w -> w | mine);
                        }
                        order.append(task);
                        wants.updateAndGet(w -> w & ~mine);
                    };
        }
        all(bodies);
        return order.toString();
    }
}
