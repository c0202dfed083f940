package programs.right;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import programs.Tasks;

/** Futures, with an executor and without, used rightly. */
public final class Futures {
    private Futures() {}

    /** Two stages meet. */
    public static String combine() {
        int sum =
                CompletableFuture.supplyAsync(() -> 3)
                        .thenCombineAsync(CompletableFuture.supplyAsync(() -> 4), Integer::sum)
                        .thenCompose(x -> CompletableFuture.supplyAsync(() -> x * 2))
                        .join();
        Tasks.check(sum == 14, "sum=" + sum);
        return "";
    }

    /** The same on threads of the program. */
    public static String combineOnPool() {
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            int sum =
                    CompletableFuture.supplyAsync(() -> 3, pool)
                            .thenCombineAsync(
                                    CompletableFuture.supplyAsync(() -> 4, pool),
                                    Integer::sum,
                                    pool)
                            .join();
            Tasks.check(sum == 7, "sum=" + sum);
        }
        return "";
    }

    /** All of them, and either. */
    public static String allAndAny() {
        AtomicInteger seen = new AtomicInteger();
        CompletableFuture<Void> a = CompletableFuture.runAsync(() -> seen.addAndGet(1));
        CompletableFuture<Void> b = CompletableFuture.runAsync(() -> seen.addAndGet(2));
        CompletableFuture.anyOf(a, b).join();
        Tasks.check(seen.get() > 0, "one of them");
        CompletableFuture.allOf(a, b).join();
        Tasks.check(seen.get() == 3, "both");
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> "x");
        String either =
                CompletableFuture.supplyAsync(() -> "x")
                        .applyToEither(first, x -> x + "y")
                        .thenApply(x -> x + "z")
                        .join();
        Tasks.check(either.equals("xyz"), either);
        return "";
    }

    /** Failures go down the stages until somebody handles them. */
    public static String failures() {
        CompletableFuture<Integer> failing =
                CompletableFuture.supplyAsync(() -> {
                    throw new IllegalStateException("inside");
                });
        AtomicInteger seen = new AtomicInteger();
        int handled =
                failing.thenApply(x -> x + 1)
                        .whenComplete((x, e) -> seen.addAndGet(e == null ? 0 : 1))
                        .exceptionally(e -> -1)
                        .handle((x, e) -> x * 2)
                        .join();
        Tasks.check(handled == -2 && seen.get() == 1, "handled=" + handled);
        try {
            failing.join();
            throw new AssertionError("joined");
        } catch (CompletionException e) {
            Tasks.check(e.getCause() instanceof IllegalStateException, "the cause");
        }
        return "";
    }

    /** Timeouts of futures, which time itself completes. */
    public static String timeouts() throws Exception {
        CompletableFuture<Integer> never = new CompletableFuture<>();
        Tasks.check(never.copy().completeOnTimeout(5, 1, TimeUnit.SECONDS).get() == 5, "completed");
        try {
            never.copy().orTimeout(1, TimeUnit.SECONDS).join();
            throw new AssertionError("joined");
        } catch (CompletionException e) {
            Tasks.check(e.getCause() instanceof TimeoutException, "" + e.getCause());
        }
        try {
            never.get(1, TimeUnit.SECONDS);
            throw new AssertionError("got");
        } catch (TimeoutException e) {
            Tasks.check(!never.isDone(), "not done");
        }
        return "";
    }

    /** An executor that waits before it runs. */
    public static String delayedExecutor() {
        long begin = System.nanoTime();
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS))
                .join();
        Tasks.check(System.nanoTime() - begin >= 2_000_000_000L, "too early");
        return "";
    }

    /** Completed, failed and cancelled at the same time: one wins, and all agree. */
    public static String oneWins() throws InterruptedException {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        AtomicInteger winners = new AtomicInteger();
        AtomicInteger dependents = new AtomicInteger();
        Tasks.run(
                () -> winners.addAndGet(future.complete(1) ? 1 : 0),
                () -> winners.addAndGet(future.cancel(true) ? 1 : 0),
                () -> future.whenComplete((x, e) -> dependents.incrementAndGet()));
        Tasks.check(winners.get() == 1, "winners=" + winners);
        Tasks.check(dependents.get() == 1, "dependents=" + dependents);
        try {
            Tasks.check(future.join() == 1, "one");
        } catch (CancellationException e) {
            Tasks.check(future.isCancelled(), "cancelled");
        }
        return "";
    }

    /** Two wait for a future that a third completes. */
    public static String waiters() throws InterruptedException {
        CompletableFuture<String> future = new CompletableFuture<>();
        Tasks.Body waiter = () -> Tasks.check(future.get(1, TimeUnit.DAYS).equals("x"), "x");
        Tasks.run(waiter, waiter, () -> future.complete("x"));
        return "";
    }

    /** A cache that computes each value once (Goetz, Java Concurrency in Practice, 5.6). */
    public static String memoizer() throws InterruptedException {
        ConcurrentHashMap<Integer, FutureTask<Integer>> cache = new ConcurrentHashMap<>();
        AtomicInteger computed = new AtomicInteger();
        Tasks.Body reader =
                () -> {
                    FutureTask<Integer> mine = new FutureTask<>(computed::incrementAndGet);
                    FutureTask<Integer> first = cache.putIfAbsent(1, mine);
                    if (first == null) {
                        first = mine;
                        mine.run();
                    }
                    Tasks.check(first.get() == 1, "once");
                };
        Tasks.run(reader, reader, reader);
        Tasks.check(computed.get() == 1, "computed=" + computed);
        return "";
    }

    /** A future task is cancelled or has run, never both. */
    public static String cancelOrRun() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        FutureTask<Integer> task = new FutureTask<>(ran::incrementAndGet);
        Tasks.run(task::run, () -> task.cancel(false));
        try {
            Tasks.check(task.get() == 1 && ran.get() == 1, "ran");
        } catch (CancellationException e) {
            Tasks.check(ran.get() <= 1, "cancelled");
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
        return "";
    }

    /** A publisher's subscriber gets each item once, in order. */
    public static String publisher() throws InterruptedException {
        StringBuffer seen = new StringBuffer();
        CountDownLatch end = new CountDownLatch(1);
        try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>()) {
            publisher.subscribe(
                    new Flow.Subscriber<>() {
                        private Flow.Subscription subscription;

                        @Override
                        public void onSubscribe(Flow.Subscription s) {
                            subscription = s;
                            s.request(1);
                        }

                        @Override
                        public void onNext(Integer item) {
                            seen.append(item);
                            subscription.request(1);
                        }

                        @Override
                        public void onError(Throwable thrown) {
                            seen.append(thrown);
                            end.countDown();
                        }

                        @Override
                        public void onComplete() {
                            end.countDown();
                        }
                    });
            publisher.submit(1);
            publisher.submit(2);
        }
        end.await();
        Tasks.check(seen.toString().equals("12"), "seen=" + seen);
        return "";
    }
}
