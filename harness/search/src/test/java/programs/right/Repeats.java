package programs.right;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ListResourceBundle;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import programs.Tasks;

/** Time, chance and numbers that the JVM gives, used so that they do not matter. */
public final class Repeats {
    private Repeats() {}

    /** Every clock goes forward, and by what was slept. */
    public static String clocks() throws InterruptedException {
        long nanos = System.nanoTime();
        long millis = System.currentTimeMillis();
        Instant instant = Instant.now();
        Instant clock = Clock.systemUTC().instant();
        LocalDateTime local = LocalDateTime.now();
        Date date = new Date();
        Thread.sleep(5_000);
        Tasks.check(System.nanoTime() - nanos >= 5_000_000_000L, "nanoTime");
        Tasks.check(System.currentTimeMillis() - millis >= 5_000, "currentTimeMillis");
        Duration five = Duration.ofMillis(4_999);
        Tasks.check(Duration.between(instant, Instant.now()).compareTo(five) >= 0, "Instant");
        Tasks.check(
                Duration.between(clock, Clock.systemDefaultZone().instant()).compareTo(five) >= 0,
                "Clock");
        Tasks.check(local.isBefore(LocalDateTime.now()), "LocalDateTime");
        Tasks.check(new Date().after(date), "Date");
        return "";
    }

    /** A deadline that a loop waits for. */
    public static String busyDeadline() throws InterruptedException {
        long end = System.nanoTime() + 1_000_000L;
        AtomicInteger rounds = new AtomicInteger();
        Tasks.Body body =
                () -> {
                    while (System.nanoTime() < end) {
                        rounds.incrementAndGet();
                        Thread.onSpinWait();
                    }
                };
        Tasks.run(body);
        Tasks.check(System.nanoTime() >= end, "in time");
        return "";
    }

    /** Random numbers of every kind are in their ranges. */
    public static String random() throws InterruptedException {
        Tasks.Body body =
                () -> {
                    Tasks.check(new Random().nextInt(5) < 5, "Random");
                    Tasks.check(ThreadLocalRandom.current().nextInt(5) < 5, "ThreadLocalRandom");
                    Tasks.check(new SplittableRandom().nextInt(5) < 5, "SplittableRandom");
                    Tasks.check(new SecureRandom().nextInt(5) < 5, "SecureRandom");
                    Tasks.check(RandomGenerator.getDefault().nextInt(5) < 5, "RandomGenerator");
                    Tasks.check(Math.random() < 1, "Math.random");
                    Tasks.check(!UUID.randomUUID().equals(UUID.randomUUID()), "UUID");
                };
        Tasks.run(body, body);
        return "";
    }

    /** Sets and maps in whatever order. */
    public static String orders() throws InterruptedException {
        Set<String> seen = new LinkedHashSet<>();
        Tasks.run(
                () -> {
                    synchronized (seen) {
                        seen.addAll(Set.of("a", "b", "c"));
                    }
                },
                () -> {
                    synchronized (seen) {
                        seen.addAll(Map.of("d", 1, "e", 2).keySet());
                    }
                });
        Tasks.check(seen.containsAll(List.of("a", "b", "c", "d", "e")), "" + seen);
        return "";
    }

    /** Each thread has an identifier and an object a hash code that stay. */
    public static String identity() throws InterruptedException {
        Object object = new Object();
        int hash = System.identityHashCode(object);
        Set<Long> ids = new LinkedHashSet<>();
        Tasks.Body body =
                () -> {
                    Tasks.check(object.hashCode() == hash, "another hash code");
                    synchronized (ids) {
                        ids.add(Thread.currentThread().threadId());
                    }
                };
        Tasks.run(body, body);
        Tasks.check(ids.size() == 2, "" + ids);
        return "";
    }

    /** Work is divided among as many threads as there are processors. */
    public static String processors() throws InterruptedException {
        int processors = Runtime.getRuntime().availableProcessors();
        AtomicInteger sum = new AtomicInteger();
        Thread[] threads = new Thread[processors];
        for (int i = 0; i < processors; i++) {
            threads[i] = Tasks.start("worker", sum::incrementAndGet);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Tasks.check(sum.get() == processors, "sum=" + sum);
        return "";
    }

    /** Texts that know how often they were asked for. */
    public static final class Texts extends ListResourceBundle {
        private int asked;

        @Override
        protected Object[][] getContents() {
            return new Object[][] {{"key", "text"}};
        }
    }

    /** The JDK keeps bundles, but not from one execution to the next. */
    public static String bundle() throws Exception {
        Tasks.run(() -> texts().asked++);
        Tasks.check(texts().asked == 1, "a bundle of another execution");
        return "";
    }

    private static Texts texts() {
        ClassLoader loader = Texts.class.getClassLoader();
        return (Texts) ResourceBundle.getBundle(Texts.class.getName(), Locale.ROOT, loader);
    }
}
