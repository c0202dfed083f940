package programs;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** Programs whose failures are told. */
public final class Races {
    private Races() {}

    /** Two threads each add 1 in two steps. */
    public static void lostUpdate() throws InterruptedException {
        AtomicInteger counter = new AtomicInteger();
        Runnable add =
                () -> {
                    int value = counter.get();
                    counter.set(value + 1);
                };
        Thread one = new Thread(add, "one");
        Thread two = new Thread(add, "two");
        one.start();
        two.start();
        one.join();
        two.join();
        if (counter.get() != 2) {
            throw new IllegalStateException("lost update: value=" + counter.get());
        }
    }

    /** Two threads take two locks in opposite order. */
    public static void lockOrder() throws InterruptedException {
        ReentrantLock first = new ReentrantLock();
        ReentrantLock second = new ReentrantLock();
        Thread left = new Thread(() -> both(first, second), "left");
        Thread right = new Thread(() -> both(second, first), "right");
        left.start();
        right.start();
        left.join();
        right.join();
    }

    private static void both(ReentrantLock outer, ReentrantLock inner) {
        outer.lock();
        try {
            inner.lock();
            inner.unlock();
        } finally {
            outer.unlock();
        }
    }

    private static final Object FIRST = new Object();
    private static int plain;
    private static volatile String text = "";

    /** Two threads each change two static variables and an element of an array. */
    public static void statics() throws InterruptedException {
        plain = 0;
        text = "";
        int[] elements = new int[2];
        Runnable change =
                () -> {
                    plain++;
                    elements[1]++;
                    text = text + "x";
                };
        Thread one = new Thread(change, "one");
        Thread two = new Thread(change, "two");
        one.start();
        two.start();
        one.join();
        two.join();
        if (text.length() != 2) {
            throw new IllegalStateException("lost: " + text);
        }
    }

    /** Two threads enter two monitors, one of them a static variable's, in opposite order. */
    public static void monitors() throws InterruptedException {
        Object second = new Object();
        Thread left = new Thread(() -> enter(FIRST, second), "left");
        Thread right = new Thread(() -> enter(second, FIRST), "right");
        left.start();
        right.start();
        left.join();
        right.join();
    }

    private static void enter(Object outer, Object inner) {
        synchronized (outer) {
            synchronized (inner) {
                plain++;
            }
        }
    }
}
