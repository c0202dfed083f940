package programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Executors and futures. */
public final class Executors {
    private volatile int value;

    private Executors() {}

    private static ExecutorService pool(int threads) {
        return java.util.concurrent.Executors.newFixedThreadPool(threads);
    }

    /** A pool runs all it is given, and ends. */
    public static String fixedPool() throws Exception {
        ExecutorService pool = pool(2);
        AtomicInteger sum = new AtomicInteger();
        List<Future<Integer>> futures = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            int n = i;
            futures.add(pool.submit(() -> sum.addAndGet(n)));
        }
        for (Future<Integer> future : futures) {
            future.get();
        }
        pool.shutdown();
        boolean ended = pool.awaitTermination(1, TimeUnit.SECONDS);
        return sum.get() + " " + ended + " " + pool.isTerminated();
    }

    /** Two workers of a pool race. */
    public static String poolRace() throws Exception {
        Executors p = new Executors();
        ExecutorService pool = pool(2);
        Runnable increment = () -> p.value = p.value + 1;
        Future<?> a = pool.submit(increment);
        Future<?> b = pool.submit(increment);
        a.get();
        b.get();
        pool.shutdown();
        return "" + p.value;
    }

    /** A pool that is never shut down keeps the program alive for ever. */
    public static String forgottenShutdown() throws Exception {
        pool(1).submit(() -> 1).get();
        return "";
    }

    /** Waiting inside a pool of one for a task of the same pool. */
    public static String starvation() throws Exception {
        ExecutorService pool = pool(1);
        pool.submit(() -> pool.submit(() -> 1).get()).get();
        return "";
    }

    /** Exceptions, cancelling, rejection, shutdownNow. */
    public static String poolForms() throws Exception {
        StringBuilder seen = new StringBuilder();
        ExecutorService pool = pool(1);
        try {
            pool.submit(
                            () -> {
                                throw new IllegalStateException("inside");
                            })
                    .get();
        } catch (ExecutionException e) {
            seen.append(e.getCause().getMessage()).append(' ');
        }
        Future<?> sleeper = pool.submit(() -> sleepLong(seen));
        Thread.sleep(10);
        Future<?> queued = pool.submit(() -> seen.append("never"));
        seen.append(queued.cancel(false)).append(' ');
        try {
            sleeper.get(1, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            seen.append("timeout ");
        }
        seen.append(pool.shutdownNow().size()).append(' ');
        pool.awaitTermination(1, TimeUnit.DAYS);
        try {
            pool.submit(() -> 1);
        } catch (RejectedExecutionException e) {
            seen.append("rejected");
        }
        return seen.toString();
    }

    private static void sleepLong(StringBuilder seen) {
        try {
            Thread.sleep(1_000_000);
        } catch (InterruptedException e) {
            seen.append("interrupted ");
        }
    }

    /** An idle worker beyond the core ends after its time. */
    public static String keepAlive() throws Exception {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(0, 2, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        pool.submit(() -> 1).get();
        int before = pool.getPoolSize();
        Thread.sleep(2_000);
        return before + " " + pool.getPoolSize();
    }

    /** invokeAll and invokeAny. */
    public static String invoke() throws Exception {
        try (ExecutorService pool = pool(2)) {
            int sum = 0;
            for (Future<Integer> f :
                    pool.invokeAll(List.<Callable<Integer>>of(() -> 1, () -> 2, () -> 4))) {
                sum += f.get();
            }
            return sum + " " + pool.invokeAny(List.<Callable<String>>of(() -> "x", () -> "x"));
        }
    }

    /** Delays, fixed rates and fixed delays run on the virtual clock. */
    public static String scheduled() throws Exception {
        ScheduledExecutorService pool = java.util.concurrent.Executors.newScheduledThreadPool(1);
        long begin = System.nanoTime();
        AtomicInteger ticks = new AtomicInteger();
        ScheduledFuture<?> rate =
                pool.scheduleAtFixedRate(ticks::incrementAndGet, 100, 100, TimeUnit.MILLISECONDS);
        ScheduledFuture<Integer> once = pool.schedule(() -> 5, 350, TimeUnit.MILLISECONDS);
        int five = once.get();
        rate.cancel(false);
        int seen = ticks.get();
        ScheduledFuture<?> delay =
                pool.scheduleWithFixedDelay(ticks::incrementAndGet, 1, 1, TimeUnit.SECONDS);
        Thread.sleep(2_500);
        delay.cancel(true);
        pool.shutdown();
        pool.awaitTermination(1, TimeUnit.DAYS);
        return five
                + " "
                + seen
                + " "
                + ticks.get()
                + " "
                + (System.nanoTime() - begin) / 100_000_000L;
    }

    /** A future's stages on an executor of the program. */
    public static String completableFuture() throws Exception {
        ExecutorService pool = pool(2);
        CompletableFuture<Integer> a = CompletableFuture.supplyAsync(() -> 1, pool);
        CompletableFuture<Integer> b = CompletableFuture.supplyAsync(() -> 2, pool);
        int sum = a.thenCombineAsync(b, Integer::sum, pool).thenApply(x -> x * 10).get();
        CompletableFuture<Object> failed =
                CompletableFuture.supplyAsync(
                        () -> {
                            throw new IllegalStateException("inside");
                        },
                        pool);
        String message;
        try {
            failed.join();
            message = "none";
        } catch (CompletionException e) {
            message = e.getCause().getMessage();
        }
        CompletableFuture.allOf(a, b).join();
        pool.shutdown();
        return sum + " " + message;
    }

    /** Whoever completes a future first wins. */
    public static String completeRace() throws Exception {
        CompletableFuture<String> future = new CompletableFuture<>();
        Tasks.run(() -> future.complete("a"), () -> future.complete("b"));
        return future.get();
    }

    /** Nobody completes the future. */
    public static String neverCompleted() throws Exception {
        CompletableFuture<String> future = new CompletableFuture<>();
        Tasks.run(future::get);
        return "";
    }

    /** A future task runs once. */
    public static String futureTask() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        FutureTask<Integer> task = new FutureTask<>(runs::incrementAndGet);
        Tasks.run(task::run, task::run);
        return task.get() + " " + runs.get();
    }
}
