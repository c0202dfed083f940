package programs;

import java.util.concurrent.atomic.AtomicInteger;

/** Programs whose outcomes tell schedules with one, two or more preemptions apart. */
public final class Bounded {
    private Bounded() {}

    /** What one task reads three times tells how often and where it was preempted. */
    public static String threeReads() throws InterruptedException {
        AtomicInteger shared = new AtomicInteger();
        AtomicInteger own = new AtomicInteger();
        StringBuilder seen = new StringBuilder();
        Tasks.run(
                () -> {
                    for (int i = 0; i < 3; i++) {
                        own.incrementAndGet();
                        seen.append(shared.get());
                        own.incrementAndGet();
                    }
                },
                () -> {
                    shared.set(1);
                    shared.set(2);
                });
        return seen.toString();
    }

    /** Two variables that twelve tasks set, one after the other. */
    public static String manyTasks() throws InterruptedException {
        AtomicInteger a = new AtomicInteger();
        AtomicInteger b = new AtomicInteger();
        Tasks.Body[] all = new Tasks.Body[12];
        java.util.Arrays.fill(
                all,
                (Tasks.Body)
                        () -> {
                            a.set(1);
                            b.set(1);
                        });
        Tasks.run(all);
        return "" + a.get() + b.get();
    }
}
