package programs;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Programs that turn for long, longer than they are watched, but come to an end. */
public final class NoLivelocks {
    private static final int MANY = 100_000;

    private NoLivelocks() {}

    private static void alone(Runnable body) throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        Thread a =
                new Thread(
                        () -> {
                            body.run();
                            done.set(true);
                        },
                        "a");
        Thread b =
                new Thread(
                        () -> {
                            while (!done.get()) {
                                Thread.onSpinWait();
                            }
                        },
                        "b");
        a.start();
        b.start();
        a.join();
        b.join();
    }

    /** The count is a local variable. */
    public static String local() throws InterruptedException {
        alone(() -> {
            for (int i = 0; i < MANY; i++) {
                Thread.yield();
            }
        });
        return "";
    }

    private static final class Counter {
        int plain;
        static int shared;
        long[] cells = new long[3];
        String text = "";
    }

    /** The count is a field of an object that only one task knows. */
    public static String field() throws InterruptedException {
        alone(() -> {
            Counter counter = new Counter();
            while (counter.plain++ < MANY) {
                Thread.yield();
            }
        });
        return "";
    }

    /** The count is a static variable. */
    public static String staticField() throws InterruptedException {
        Counter.shared = 0;
        alone(() -> {
            while (Counter.shared++ < MANY) {
                Thread.yield();
            }
        });
        return "";
    }

    /** The count is an element of an array. */
    public static String element() throws InterruptedException {
        Counter counter = new Counter();
        alone(() -> {
            while (counter.cells[1]++ < MANY) {
                Thread.yield();
            }
        });
        return "";
    }

    /** The count is the depth of a recursion. */
    public static String depth() throws InterruptedException {
        alone(() -> deeper(0));
        return "";
    }

    private static int deeper(int depth) {
        Thread.yield();
        return depth > 1_500 ? 0 : deeper(depth + 1) + 1;
    }

    /** The count is boxed, in a variable or in an object that the compiler may dissolve. */
    public static String boxed() throws InterruptedException {
        alone(() -> {
            Integer count = 0;
            while (count < MANY) {
                Thread.yield();
                count = count + 1;
            }
        });
        return "";
    }

    /** The count is in an atomic variable. */
    public static String atomic() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        alone(() -> {
            while (tries.incrementAndGet() < MANY) {
                Thread.yield();
            }
        });
        return "";
    }

    /** The count goes through an exchange and is in no variable at some moments. */
    public static String exchanged() throws InterruptedException {
        AtomicReference<Integer> box = new AtomicReference<>(0);
        alone(() -> {
            while (box.get() < MANY) {
                box.set(box.get() + 1);
                Thread.yield();
            }
        });
        return "";
    }

    /** A list grows. */
    public static String list() throws InterruptedException {
        List<String> list = new ArrayList<>();
        alone(() -> {
            while (list.size() < MANY) {
                list.add("");
                Thread.yield();
            }
        });
        return "";
    }

    /** An iterator that only the loop knows moves on. */
    public static String iterator() throws InterruptedException {
        List<String> list = new ArrayList<>(java.util.Collections.nCopies(MANY, ""));
        alone(() -> {
            for (Iterator<String> each = list.iterator(); each.hasNext(); each.next()) {
                Thread.yield();
            }
        });
        return "";
    }

    /** The count is a variable of the thread. */
    public static String threadLocal() throws InterruptedException {
        ThreadLocal<Integer> tries = ThreadLocal.withInitial(() -> 0);
        alone(() -> {
            while (tries.get() < MANY) {
                tries.set(tries.get() + 1);
                Thread.yield();
            }
        });
        return "";
    }

    /** A deadline by the clock, which moves slowly. */
    public static String clock() throws InterruptedException {
        alone(() -> {
            long end = System.nanoTime() + 3_600_000_000_000L;
            while (System.nanoTime() < end) {
                Thread.yield();
            }
        });
        return "";
    }

    /** Who sleeps for an hour will end it. */
    public static String sleeper() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        Thread a = new Thread(() -> sleep(3_600_000L, done), "a");
        a.start();
        alone(() -> {
            while (!done.get()) {
                Thread.onSpinWait();
            }
        });
        a.join();
        return "";
    }

    /** Two sleepers, one of which sleeps often before the other wakes. */
    public static String sleepers() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        Thread a = new Thread(() -> sleep(3_600_000L, done), "a");
        a.start();
        while (!done.get()) {
            sleep(1L, null);
        }
        a.join();
        return "";
    }

    private static void sleep(long millis, AtomicBoolean done) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (done != null) {
            done.set(true);
        }
    }

    /** Until a draw says so. */
    public static String drawn() throws InterruptedException {
        alone(() -> {
            while (Math.random() < 0.99999) {
                Thread.yield();
            }
        });
        return "";
    }

    /** Until a generator that was seeded says so. */
    public static String seeded() throws InterruptedException {
        Random random = new Random(7L);
        alone(() -> {
            while (random.nextInt(MANY) != 5) {
                Thread.yield();
            }
        });
        return "";
    }

    /** Until the thread's own generator says so. */
    public static String threadRandom() throws InterruptedException {
        alone(() -> {
            while (ThreadLocalRandom.current().nextInt(MANY) != 5) {
                Thread.yield();
            }
        });
        return "";
    }

    /** The count is a property of the system. */
    public static String property() throws InterruptedException {
        System.setProperty("selvage.count", "0");
        alone(() -> {
            while (Integer.getInteger("selvage.count") < MANY) {
                int next = Integer.getInteger("selvage.count") + 1;
                System.setProperty("selvage.count", "" + next);
                Thread.yield();
            }
        });
        return "";
    }

    /** A third task ends it as soon as it gets the lock, which is mostly taken. */
    public static String starved() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        AtomicBoolean done = new AtomicBoolean();
        Runnable busy =
                () -> {
                    while (!done.get()) {
                        lock.lock();
                        try {
                            Thread.yield();
                        } finally {
                            lock.unlock();
                        }
                    }
                };
        Thread a = new Thread(busy, "a");
        Thread b = new Thread(busy, "b");
        a.start();
        b.start();
        Thread.yield();
        for (int i = 0; i < 10; i++) {
            Thread.yield();
        }
        lock.lock();
        try {
            done.set(true);
        } finally {
            lock.unlock();
        }
        a.join();
        b.join();
        return "";
    }

    /** The count is in an iterator that the compiler may dissolve, as its loop is run often. */
    public static String dissolved() throws InterruptedException {
        alone(() -> {
            for (int i = 0; i < 300; i++) {
                turns(1);
            }
            turns(MANY);
        });
        return "";
    }

    private static void turns(int count) {
        List<String> list = java.util.Collections.nCopies(count, "");
        for (Iterator<String> each = list.iterator(); each.hasNext(); each.next()) {
            Thread.yield();
        }
    }

    /** The count is an operand whenever another task can run. */
    public static String operand() throws InterruptedException {
        Counter counter = new Counter();
        alone(() -> {
            while (counter.plain < MANY) {
                counter.plain = taken(counter) + pause();
            }
        });
        return "";
    }

    private static int taken(Counter counter) {
        int plain = counter.plain;
        counter.plain = 0;
        return plain;
    }

    private static int pause() {
        Thread.yield();
        return 1;
    }

    /** The count is which of two calls each frame stands in. */
    public static String callSites() throws InterruptedException {
        alone(() -> twice(16));
        return "";
    }

    private static void twice(int depth) {
        if (depth == 0) {
            Thread.yield();
            return;
        }
        twice(depth - 1);
        twice(depth - 1);
    }

    /** The count is a text of always the same length. */
    public static String text() throws InterruptedException {
        Counter counter = new Counter();
        counter.text = "" + MANY;
        alone(() -> {
            while (Integer.parseInt(counter.text) < 2 * MANY) {
                counter.text = "" + (Integer.parseInt(counter.text) + 1);
                Thread.yield();
            }
        });
        return "";
    }

    /** The count is how many objects were asked for their hash code. */
    public static String hashCodes() throws InterruptedException {
        alone(() -> {
            while (new Object().hashCode() % MANY != 5) {
                Thread.yield();
            }
        });
        return "";
    }

    private static final class Link {
        Link next = this;
    }

    private static Link ring(int links) {
        Link last = new Link();
        for (int i = 0; i < links; i++) {
            Link link = new Link();
            link.next = last.next;
            last.next = link;
        }
        return last;
    }

    /** Goes round a ring to one of its links. */
    public static String ring() throws InterruptedException {
        Link end = ring(5_000);
        Link[] at = {end.next};
        alone(() -> {
            while (at[0] != end) {
                Thread.yield();
                at[0] = at[0].next;
            }
        });
        return "";
    }

    private static final class Handler implements Thread.UncaughtExceptionHandler {
        Handler next = this;

        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {}
    }

    /** Goes round a ring whose place is the default handler. */
    public static String handler() throws InterruptedException {
        Handler end = new Handler();
        for (int i = 0; i < 5_000; i++) {
            Handler handler = new Handler();
            handler.next = end.next;
            end.next = handler;
        }
        Thread.setDefaultUncaughtExceptionHandler(end.next);
        alone(() -> {
            while (Thread.getDefaultUncaughtExceptionHandler() != end) {
                Thread.setDefaultUncaughtExceptionHandler(
                        ((Handler) Thread.getDefaultUncaughtExceptionHandler()).next);
                Thread.yield();
            }
        });
        return "";
    }

    /** The count is in the name of the default locale. */
    public static String locale() throws InterruptedException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.of("en", "", "x" + MANY));
        alone(() -> {
            while (number(Locale.getDefault()) < 2 * MANY) {
                Locale.setDefault(Locale.of("en", "", "x" + (number(Locale.getDefault()) + 1)));
                Thread.yield();
            }
        });
        Locale.setDefault(before);
        return "";
    }

    private static int number(Locale locale) {
        return Integer.parseInt(locale.getVariant().substring(1));
    }

    private static final class CountingStream extends PrintStream {
        int count;

        CountingStream() {
            super(OutputStream.nullOutputStream());
        }
    }

    /** The count is in a stream that is known as the standard output alone. */
    public static String standardOutput() throws InterruptedException {
        PrintStream before = System.out;
        System.setOut(new CountingStream());
        alone(() -> {
            while (((CountingStream) System.out).count++ < MANY) {
                Thread.yield();
            }
        });
        System.setOut(before);
        return "";
    }

    /** The count is which shutdown hooks there are: each is a binary digit. */
    public static String shutdownHooks() throws InterruptedException {
        Thread[] digits = new Thread[14];
        Arrays.setAll(digits, i -> new Thread(() -> {}));
        alone(() -> {
            while (!isIncremented(digits)) {
                Thread.yield();
            }
        });
        return "";
    }

    /** Whether the number has become 0 again. */
    private static boolean isIncremented(Thread[] digits) {
        for (Thread digit : digits) {
            if (!Runtime.getRuntime().removeShutdownHook(digit)) {
                Runtime.getRuntime().addShutdownHook(digit);
                return false;
            }
        }
        return true;
    }

    /** Two sleep equally often, one a nanosecond longer, until they meet. */
    public static String drift() throws InterruptedException {
        AtomicBoolean near = new AtomicBoolean();
        AtomicBoolean done = new AtomicBoolean();
        Thread a =
                new Thread(
                        () -> {
                            while (!done.get()) {
                                sleep(4L, null);
                                near.set(true);
                                pause(1_000);
                                near.set(false);
                            }
                        },
                        "a");
        a.start();
        sleep(2L, null);
        while (!near.get()) {
            sleep(4L, null);
            pause(1_001);
        }
        done.set(true);
        a.join();
        return "";
    }

    private static void pause(int nanos) {
        try {
            Thread.sleep(0L, nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a park does depends on the permit: the first one takes it, the second one waits. */
    public static String permit() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        Thread a =
                new Thread(
                        () -> {
                            LockSupport.unpark(Thread.currentThread());
                            while (!done.get()) {
                                LockSupport.park();
                            }
                        },
                        "a");
        a.start();
        while (a.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        done.set(true);
        LockSupport.unpark(a);
        a.join();
        return "";
    }

    /** The program is cut off in here, so that what follows is looked at for long. */
    private static void warmUp() {
        for (int i = 0; i < 70; i++) {
            Thread.yield();
        }
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    /** A wait that was notified and then interrupted ends otherwise than one only interrupted. */
    public static String notified() throws InterruptedException {
        Object monitor = new Object();
        AtomicBoolean again = new AtomicBoolean();
        AtomicBoolean done = new AtomicBoolean();
        warmUp();
        Thread a =
                new Thread(
                        () -> {
                            while (!done.get()) {
                                waitOnce(monitor, again, done);
                            }
                        },
                        "a");
        a.start();
        while (!done.get()) {
            awaitWaiting(a);
            synchronized (monitor) {
                if (again.getAndSet(false)) {
                    monitor.notify();
                }
                a.interrupt();
                Thread.yield();
                Thread.yield();
            }
            Thread.yield();
        }
        a.join();
        return "";
    }

    private static void waitOnce(Object monitor, AtomicBoolean again, AtomicBoolean done) {
        synchronized (monitor) {
            try {
                monitor.wait();
                done.set(true);
            } catch (InterruptedException e) {
                again.set(true);
            }
        }
    }
}
