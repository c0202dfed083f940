package programs;

import java.util.concurrent.atomic.AtomicInteger;

/** One program before and after an edit that has nothing to do with its defect. */
public final class Edited {
    private Edited() {}

    private static void increment(AtomicInteger counter) {
        counter.set(counter.get() + 1);
    }

    private static void check(AtomicInteger counter) {
        Tasks.check(counter.get() == 2, "lost update");
    }

    /** Two tasks increment a counter in two steps. */
    public static String before() throws InterruptedException {
        AtomicInteger counter = new AtomicInteger();
        Tasks.run(() -> increment(counter), () -> increment(counter));
        check(counter);
        return "";
    }

    /** The same; each task also counts what it does. */
    public static String after() throws InterruptedException {
        AtomicInteger counter = new AtomicInteger();
        AtomicInteger[] calls = {new AtomicInteger(), new AtomicInteger()};
        Tasks.run(
                () -> {
                    calls[0].incrementAndGet();
                    increment(counter);
                },
                () -> {
                    calls[1].incrementAndGet();
                    increment(counter);
                    calls[1].incrementAndGet();
                });
        check(counter);
        return "";
    }

    /** Increments in one step. */
    public static String other() throws InterruptedException {
        AtomicInteger counter = new AtomicInteger();
        Tasks.run(counter::incrementAndGet, counter::incrementAndGet);
        check(counter);
        return "";
    }
}
