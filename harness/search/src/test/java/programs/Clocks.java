package programs;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Virtual time. */
public final class Clocks {
    private final List<Integer> log = new ArrayList<>();
    private volatile boolean flag;

    private Clocks() {}

    private synchronized void note(int number) {
        log.add(number);
    }

    /** Sleepers wake in the order of their times. */
    public static String sleepSort() throws InterruptedException {
        Clocks p = new Clocks();
        int[] numbers = {40, 10, 30, 20, 50};
        Tasks.Body[] bodies = new Tasks.Body[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            int number = numbers[i];
            bodies[i] =
                    () -> {
                        Thread.sleep(number);
                        p.note(number);
                    };
        }
        Tasks.run(bodies);
        return p.log.toString();
    }

    /** Every form of sleep takes its time. */
    public static String sleepForms() throws InterruptedException {
        long begin = System.nanoTime();
        Thread.sleep(1_000);
        Thread.sleep(1_000, 500_000);
        Thread.sleep(Duration.ofSeconds(1));
        TimeUnit.SECONDS.sleep(1);
        Thread.sleep(0);
        TimeUnit.SECONDS.sleep(-1);
        return "" + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
    }

    /** A loop that waits for a moment ends. */
    public static String nanoTimeLoop() {
        long end = System.nanoTime() + 1_000_000;
        int turns = 0;
        while (System.nanoTime() < end) {
            turns++;
        }
        return "" + (turns > 0);
    }

    /** All clocks tell the same time. */
    public static String allClocks() throws InterruptedException {
        long millis = System.currentTimeMillis();
        Thread.sleep(5_000);
        long instant = Instant.now().toEpochMilli();
        long clock = Clock.systemUTC().millis();
        long date = new Date().getTime();
        return (instant - millis) / 1_000
                + " "
                + (clock - millis) / 1_000
                + " "
                + (date - millis) / 1_000;
    }

    /** A task that sleeps wakes although two others only yield to each other. */
    public static String yieldersBesideSleeper() throws InterruptedException {
        Clocks p = new Clocks();
        Tasks.Body yielder =
                () -> {
                    while (!p.flag) {
                        Thread.yield();
                    }
                };
        Tasks.run(
                yielder,
                yielder,
                () -> {
                    Thread.sleep(10);
                    p.flag = true;
                });
        return "done";
    }

    /** A task that sleeps wakes although another one only reads. */
    public static String spinnerBesideSleeper() throws InterruptedException {
        Clocks p = new Clocks();
        Tasks.run(
                () -> {
                    while (!p.flag) {
                        // waits
                    }
                },
                () -> {
                    Thread.sleep(10);
                    p.flag = true;
                });
        return "done";
    }

    /** A spin lock whose owner sleeps. */
    public static String spinLockBesideSleeper() throws InterruptedException {
        java.util.concurrent.atomic.AtomicBoolean held =
                new java.util.concurrent.atomic.AtomicBoolean();
        Tasks.Body body =
                () -> {
                    while (!held.compareAndSet(false, true)) {
                        // waits
                    }
                    Thread.sleep(1);
                    held.set(false);
                };
        Tasks.run(body, body);
        return "done";
    }

    /** A time limit far longer than the work it guards never runs out. */
    public static String generousTimeout() throws InterruptedException {
        Clocks p = new Clocks();
        Tasks.run(
                () -> {
                    synchronized (p) {
                        long end = System.nanoTime() + 1_000_000_000L;
                        while (!p.flag) {
                            long left = end - System.nanoTime();
                            Tasks.check(left > 0, "timed out");
                            TimeUnit.NANOSECONDS.timedWait(p, left);
                        }
                    }
                },
                () -> {
                    for (int i = 0; i < 100; i++) {
                        p.note(i);
                    }
                    synchronized (p) {
                        p.flag = true;
                        p.notifyAll();
                    }
                });
        return "done";
    }
}
