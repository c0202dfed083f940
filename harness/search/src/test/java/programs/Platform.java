package programs;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** What the JVM shares between executions, or makes different in each. */
public final class Platform {
    private Platform() {}

    private static final class Fibonacci extends RecursiveTask<Integer> {
        private static final long serialVersionUID = 1L;
        private final int n;

        Fibonacci(int n) {
            this.n = n;
        }

        @Override
        protected Integer compute() {
            if (n < 2) {
                return n;
            }
            Fibonacci left = new Fibonacci(n - 1);
            left.fork();
            return new Fibonacci(n - 2).compute() + left.join();
        }
    }

    /** A pool of its own. */
    public static String forkJoinPool() {
        try (ForkJoinPool pool = new ForkJoinPool(2)) {
            return "" + pool.invoke(new Fibonacci(5));
        }
    }

    /** The common pool, of which each execution has another. */
    public static String commonPool() throws Exception {
        Future<Integer> seven = ForkJoinPool.commonPool().submit(() -> 7);
        return seven.get() + " " + ForkJoinPool.getCommonPoolParallelism();
    }

    /** Stages without an executor. */
    public static String asyncStages() throws Exception {
        return ""
                + CompletableFuture.supplyAsync(() -> 3)
                        .thenApplyAsync(x -> x + 1)
                        .thenCombine(CompletableFuture.supplyAsync(() -> 5), Integer::sum)
                        .get();
    }

    /** Streams that the common pool works on. */
    public static String parallelStreams() {
        return IntStream.range(0, 100).parallel().sum()
                + " "
                + Arrays.asList(1, 2, 3, 4).parallelStream().map(x -> x * 2).toList();
    }

    /** A timer's thread waits for its tasks. */
    public static String timer() throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(3);
        Timer timer = new Timer();
        timer.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        latch.countDown();
                    }
                },
                100,
                100);
        latch.await();
        timer.cancel();
        return "done";
    }

    /** Virtual threads are tasks like others. */
    public static String virtualThreads() throws InterruptedException {
        int[] count = {0};
        Object lock = new Object();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            threads.add(
                    Thread.ofVirtual()
                            .name("v" + i)
                            .start(() -> {
                                synchronized (lock) {
                                    count[0]++;
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return count[0] + " " + threads.get(1).isVirtual() + threads.get(1).getName();
    }

    /** An update that virtual threads lose. */
    public static String virtualThreadsRace() throws InterruptedException {
        AtomicInteger count = new AtomicInteger();
        Runnable increment = () -> count.set(count.get() + 1);
        Thread a = Thread.startVirtualThread(increment);
        Thread b = Thread.startVirtualThread(increment);
        a.join();
        b.join();
        return "" + count;
    }

    /** An executor with a virtual thread for each task, whose end it waits for. */
    public static String virtualThreadPerTask() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        Future<Integer> five;
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            five = executor.submit(() -> 5 + ended.getAndIncrement() * 0);
            executor.submit(() -> {
                Thread.sleep(10);
                return ended.incrementAndGet();
            });
        }
        return five.get() + " " + ended;
    }

    /** Everything that is drawn at random or numbered. */
    public static String repeatable() throws InterruptedException {
        String[] seen = new String[1];
        Thread thread =
                new Thread(() ->
                        seen[0] =
                                ThreadLocalRandom.current().nextInt()
                                        + Thread.currentThread().getName()
                                        + Thread.currentThread().threadId());
        thread.start();
        thread.join();
        long before = ThreadLocalRandom.current().nextLong();
        return before
                + " "
                + UUID.randomUUID()
                + " "
                + new Random().nextLong()
                + new SplittableRandom().nextLong()
                + new SecureRandom().nextLong()
                + Math.random()
                + ThreadLocalRandom.current().nextLong()
                + seen[0]
                + Set.of("a", "b", "c", "d")
                + Map.of("x", 1, "y", 2, "z", 3)
                + Runtime.getRuntime().availableProcessors()
                + Executors.defaultThreadFactory().newThread(() -> {}).getName();
    }

    private static int lives;

    /** Does something else each time. */
    public static String differs() throws InterruptedException {
        AtomicInteger count = new AtomicInteger();
        Thread t = new Thread(count::incrementAndGet);
        t.start();
        for (int i = 0; i < lives; i++) {
            count.get();
        }
        lives++;
        t.join();
        return "done";
    }

    /** The end that the program asks for comes although another thread runs. */
    public static String exit() throws InterruptedException {
        Thread sleeper = new Thread(Platform::sleepLong);
        sleeper.start();
        System.exit(0);
        return "not reached";
    }

    private static void sleepLong() {
        try {
            Thread.sleep(1_000_000L);
            throw new AssertionError("the program ran on");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Another status than 0 is a failure. */
    public static String exitWithStatus() throws InterruptedException {
        Thread thread = new Thread(() -> System.exit(3));
        thread.start();
        thread.join();
        sleepLong();
        return "not reached";
    }

    /** A shutdown hook runs when the last thread has ended, and may fail. */
    public static String shutdownHook() {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            throw new IllegalStateException("the hook ran");
                        }));
        return "ended";
    }

    /** A hook that was taken back does not run. */
    public static String removedHook() {
        Thread hook =
                new Thread(() -> {
                    throw new IllegalStateException("the hook ran");
                });
        Runtime.getRuntime().addShutdownHook(hook);
        return "" + Runtime.getRuntime().removeShutdownHook(hook);
    }

    /** A group counts its threads. */
    public static String threadGroup() throws InterruptedException {
        ThreadGroup group = new ThreadGroup("group");
        int[] active = new int[1];
        Thread thread = new Thread(group, () -> active[0] = group.activeCount());
        thread.start();
        thread.join();
        return active[0] + " " + group.activeCount();
    }
}
