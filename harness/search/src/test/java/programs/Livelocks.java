package programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/** Programs that never end because they come back to a state in which they were. */
public final class Livelocks {
    private Livelocks() {}

    private static void both(Runnable first, Runnable second) throws InterruptedException {
        Thread a = new Thread(first, "a");
        Thread b = new Thread(second, "b");
        a.start();
        b.start();
        a.join();
        b.join();
    }

    private static void polite(ReentrantLock mine, ReentrantLock other) {
        while (true) {
            mine.lock();
            try {
                if (other.tryLock()) {
                    other.unlock();
                    return;
                }
            } finally {
                mine.unlock();
            }
            Thread.yield();
        }
    }

    /** Two tasks each take a lock, do not get the other's, and give way. */
    public static String polite() throws InterruptedException {
        ReentrantLock left = new ReentrantLock();
        ReentrantLock right = new ReentrantLock();
        both(() -> polite(left, right), () -> polite(right, left));
        return "";
    }

    /** A consumer spins on a flag that nobody will set, if it was taken first. */
    public static String missedFlag() throws InterruptedException {
        AtomicBoolean full = new AtomicBoolean(true);
        both(() -> take(full), () -> take(full));
        return "";
    }

    private static void take(AtomicBoolean full) {
        while (!full.compareAndSet(true, false)) {
            Thread.onSpinWait();
        }
    }

    /** Sleeps between two looks at a flag that nobody will set. */
    public static String sleepingPoll() throws InterruptedException {
        AtomicBoolean full = new AtomicBoolean(false);
        both(
                () -> {
                    while (!full.get()) {
                        try {
                            Thread.sleep(5);
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                },
                () -> {});
        return "";
    }

    private static final class Flags {
        volatile boolean a;
        volatile boolean b;
    }

    /** Each lets the other go first. */
    public static String afterYou() throws InterruptedException {
        Flags flags = new Flags();
        both(
                () -> {
                    flags.a = true;
                    while (flags.b) {
                        flags.a = false;
                        Thread.yield();
                        flags.a = true;
                    }
                    flags.a = false;
                },
                () -> {
                    flags.b = true;
                    while (flags.a) {
                        flags.b = false;
                        Thread.yield();
                        flags.b = true;
                    }
                    flags.b = false;
                });
        return "";
    }

    /** Compares with a value that was read once and has changed since. */
    public static String staleCompare() throws InterruptedException {
        AtomicInteger shared = new AtomicInteger();
        Runnable add =
                () -> {
                    int seen = shared.get();
                    while (!shared.compareAndSet(seen, seen + 1)) {
                        Thread.onSpinWait();
                    }
                };
        both(add, add);
        return "";
    }

    /** A loop over a list, whose iterator is an object that only the loop knows. */
    public static String allLocked() throws InterruptedException {
        List<ReentrantLock> locks =
                List.of(new ReentrantLock(), new ReentrantLock(), new ReentrantLock());
        locks.forEach(ReentrantLock::lock);
        Thread a =
                new Thread(
                        () -> {
                            while (true) {
                                for (ReentrantLock lock : new ArrayList<>(locks)) {
                                    if (lock.tryLock()) {
                                        lock.unlock();
                                        return;
                                    }
                                }
                            }
                        },
                        "a");
        a.start();
        a.join();
        return "";
    }

    /** A variable is null for as long as nothing is found, which is for ever. */
    public static String nothingFound() throws InterruptedException {
        AtomicReference<String> box = new AtomicReference<>("only");
        Runnable take =
                () -> {
                    String found = null;
                    while (found == null) {
                        found = box.getAndSet(null);
                        Thread.onSpinWait();
                    }
                };
        both(take, take);
        return "";
    }
}
