package programs.right;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CountedCompleter;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import programs.Tasks;

/** Executors and pools of every kind, used rightly. */
public final class Pools {
    private Pools() {}

    private static String sum(ExecutorService pool) throws Exception {
        AtomicInteger sum = new AtomicInteger();
        try (pool) {
            List<Future<Integer>> futures = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                int n = i;
                futures.add(pool.submit(() -> sum.addAndGet(n) * 0 + n));
            }
            int got = 0;
            for (Future<Integer> future : futures) {
                got += future.get();
            }
            Tasks.check(got == 6 && sum.get() == 6, "got=" + got + " sum=" + sum);
        }
        Tasks.check(pool.isTerminated(), "closed");
        return "";
    }

    /** So many threads. */
    public static String fixed() throws Exception {
        return sum(Executors.newFixedThreadPool(2));
    }

    /** One thread. */
    public static String single() throws Exception {
        return sum(Executors.newSingleThreadExecutor());
    }

    /** As many threads as it takes. */
    public static String cached() throws Exception {
        return sum(Executors.newCachedThreadPool());
    }

    /** A virtual thread for each task. */
    public static String virtualPerTask() throws Exception {
        return sum(Executors.newVirtualThreadPerTaskExecutor());
    }

    /** A thread of the program's own making for each task. */
    public static String threadPerTask() throws Exception {
        return sum(Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("own").factory()));
    }

    /** Workers that steal. */
    public static String stealing() throws Exception {
        return sum(Executors.newWorkStealingPool(2));
    }

    /** A scheduled pool as a pool. */
    public static String scheduledAsPool() throws Exception {
        return sum(Executors.newScheduledThreadPool(2));
    }

    /** A pool of fork-join workers in order of submission. */
    public static String asyncForkJoin() throws Exception {
        return sum(
                new ForkJoinPool(2, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true));
    }

    /** A full pool lets the caller run the task. */
    public static String callerRuns() throws Exception {
        AtomicInteger sum = new AtomicInteger();
        try (ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        1,
                        1,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(1),
                        new ThreadPoolExecutor.CallerRunsPolicy())) {
            for (int i = 0; i < 4; i++) {
                pool.execute(sum::incrementAndGet);
            }
        }
        Tasks.check(sum.get() == 4, "sum=" + sum);
        return "";
    }

    /** Hooks before and after each task, on the worker. */
    public static String poolHooks() throws Exception {
        AtomicInteger hooks = new AtomicInteger();
        try (ThreadPoolExecutor pool =
                new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(4)) {
                    @Override
                    protected void beforeExecute(Thread worker, Runnable task) {
                        hooks.addAndGet(worker == Thread.currentThread() ? 1 : 100);
                    }

                    @Override
                    protected void afterExecute(Runnable task, Throwable thrown) {
                        hooks.addAndGet(10);
                    }

                    @Override
                    protected void terminated() {
                        hooks.addAndGet(1000);
                    }
                }) {
            pool.execute(() -> {});
            pool.execute(() -> {});
        }
        Tasks.check(hooks.get() == 1022, "hooks=" + hooks);
        return "";
    }

    /** A worker that an exception ends is replaced. */
    public static String replacedWorker() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        CountDownLatch handled = new CountDownLatch(1);
        ExecutorService pool =
                Executors.newFixedThreadPool(
                        1,
                        body -> {
                            Thread thread = new Thread(body);
                            thread.setUncaughtExceptionHandler((t, e) -> {
                                seen.addAndGet(1);
                                handled.countDown();
                            });
                            return thread;
                        });
        pool.execute(() -> {
            throw new IllegalStateException("inside");
        });
        pool.submit(() -> seen.addAndGet(10)).get();
        pool.shutdown();
        Tasks.check(pool.awaitTermination(1, TimeUnit.DAYS), "in time");
        handled.await();
        Tasks.check(seen.get() == 11, "seen=" + seen);
        return "";
    }

    /** Cancelled before, while and after it runs. */
    public static String cancel() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(1);
        AtomicInteger ran = new AtomicInteger();
        Future<?> future =
                pool.submit(() -> {
                    ran.incrementAndGet();
                    Thread.sleep(1_000_000_000L);
                    return 1;
                });
        boolean cancelled = future.cancel(true);
        Tasks.check(cancelled && future.isCancelled() && future.isDone(), "cancelled");
        Tasks.check(!future.cancel(true), "once");
        Tasks.check(pool.submit(() -> 2).get() == 2, "the worker goes on");
        pool.shutdownNow();
        Tasks.check(pool.awaitTermination(1, TimeUnit.DAYS), "in time");
        Tasks.check(ran.get() <= 1, "ran=" + ran);
        return "";
    }

    /** Results in the order in which they come. */
    public static String completionService() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(pool);
            service.submit(() -> 1);
            service.submit(() -> 2);
            Tasks.check(service.take().get() + service.take().get() == 3, "both");
            Tasks.check(service.poll() == null, "no more");
        }
        return "";
    }

    /** All, and any of them. */
    public static String invoke() throws Exception {
        try (ExecutorService pool = Executors.newCachedThreadPool()) {
            List<Callable<Integer>> tasks =
                    List.of(
                            () -> {
                                throw new IllegalStateException("inside");
                            },
                            () -> 7);
            int failed = 0;
            for (Future<Integer> future : pool.invokeAll(tasks, 1, TimeUnit.DAYS)) {
                try {
                    Tasks.check(future.get() == 7, "seven");
                } catch (ExecutionException e) {
                    failed++;
                }
            }
            Tasks.check(failed == 1, "failed=" + failed);
            Tasks.check(pool.invokeAny(tasks) == 7, "any");
        }
        return "";
    }

    /** Periods, delays, and a task that is cancelled before its time. */
    public static String scheduled() throws Exception {
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(2);
        pool.setRemoveOnCancelPolicy(true);
        AtomicInteger ticks = new AtomicInteger();
        ScheduledFuture<?> never = pool.schedule(() -> ticks.addAndGet(100), 1, TimeUnit.DAYS);
        ScheduledFuture<?> rate =
                pool.scheduleAtFixedRate(ticks::incrementAndGet, 0, 1, TimeUnit.SECONDS);
        while (ticks.get() < 3) {
            Thread.sleep(500);
        }
        rate.cancel(false);
        Tasks.check(never.cancel(false) && pool.getQueue().size() <= 1, "removed");
        Tasks.check(pool.schedule(() -> 5, 1, TimeUnit.SECONDS).get() == 5, "five");
        pool.shutdown();
        Tasks.check(pool.awaitTermination(1, TimeUnit.DAYS), "in time");
        Tasks.check(ticks.get() < 100, "ticks=" + ticks);
        return "";
    }

    /** A periodic task that throws is not run again. */
    public static String periodicFails() throws Exception {
        try (ScheduledExecutorService pool = Executors.newSingleThreadScheduledExecutor()) {
            AtomicInteger runs = new AtomicInteger();
            ScheduledFuture<?> future =
                    pool.scheduleWithFixedDelay(
                            () -> Tasks.check(runs.incrementAndGet() < 2, "the second"),
                            1,
                            1,
                            TimeUnit.SECONDS);
            try {
                future.get();
            } catch (ExecutionException e) {
                Tasks.check(e.getCause() instanceof AssertionError, "" + e.getCause());
            }
            Tasks.check(runs.get() == 2, "runs=" + runs);
        }
        return "";
    }

    private static final class Sum extends RecursiveTask<Integer> {
        private static final long serialVersionUID = 1L;
        private final int[] numbers;
        private final int from;
        private final int to;

        Sum(int[] numbers, int from, int to) {
            this.numbers = numbers;
            this.from = from;
            this.to = to;
        }

        @Override
        protected Integer compute() {
            if (to - from == 1) {
                return numbers[from];
            }
            int middle = (from + to) / 2;
            Sum left = new Sum(numbers, from, middle);
            Sum right = new Sum(numbers, middle, to);
            left.fork();
            return right.compute() + left.join();
        }
    }

    /** Divided and added up. */
    public static String recursiveTask() {
        try (ForkJoinPool pool = new ForkJoinPool(2)) {
            Tasks.check(pool.invoke(new Sum(new int[] {1, 2, 4, 8}, 0, 4)) == 15, "sum");
        }
        return "";
    }

    /** The same in the common pool. */
    public static String commonPool() throws Exception {
        int sum = ForkJoinPool.commonPool().submit(new Sum(new int[] {1, 2, 4, 8}, 0, 4)).get();
        Tasks.check(sum == 15, "sum=" + sum);
        Tasks.check(new Sum(new int[] {1, 2}, 0, 2).invoke() == 3, "invoked from outside");
        Tasks.check(ForkJoinPool.commonPool().awaitQuiescence(1, TimeUnit.DAYS), "nothing is left");
        return "";
    }

    private static final class Fill extends RecursiveAction {
        private static final long serialVersionUID = 1L;
        private final int[] array;
        private final int from;
        private final int to;

        Fill(int[] array, int from, int to) {
            this.array = array;
            this.from = from;
            this.to = to;
        }

        @Override
        protected void compute() {
            if (to - from == 1) {
                array[from] = from;
                return;
            }
            int middle = (from + to) / 2;
            invokeAll(new Fill(array, from, middle), new Fill(array, middle, to));
        }
    }

    /** Each writes its own part of an array. */
    public static String recursiveAction() {
        int[] array = new int[4];
        try (ForkJoinPool pool = new ForkJoinPool(3)) {
            pool.invoke(new Fill(array, 0, 4));
        }
        Tasks.check(array[1] + array[2] + array[3] == 6, "filled");
        return "";
    }

    private static final class Count extends CountedCompleter<Void> {
        private static final long serialVersionUID = 1L;
        private final AtomicInteger sum;
        private final int size;

        Count(CountedCompleter<?> parent, AtomicInteger sum, int size) {
            super(parent);
            this.sum = sum;
            this.size = size;
        }

        @Override
        public void compute() {
            if (size > 1) {
                setPendingCount(2);
                new Count(this, sum, size / 2).fork();
                new Count(this, sum, size - size / 2).fork();
            } else {
                sum.incrementAndGet();
            }
            tryComplete();
        }
    }

    /** Whoever is last completes the parent. */
    public static String countedCompleter() {
        AtomicInteger sum = new AtomicInteger();
        try (ForkJoinPool pool = new ForkJoinPool(2)) {
            pool.invoke(new Count(null, sum, 3));
        }
        Tasks.check(sum.get() == 3, "sum=" + sum);
        return "";
    }

    /** A worker that blocks is replaced while it does. */
    public static String managedBlocker() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        AtomicInteger sum = new AtomicInteger();
        try (ForkJoinPool pool = new ForkJoinPool(2)) {
            lock.lock();
            Future<?> blocked =
                    pool.submit(() -> {
                        try {
                            ForkJoinPool.managedBlock(
                                    new ForkJoinPool.ManagedBlocker() {
                                        private boolean mine;

                                        @Override
                                        public boolean block() {
                                            if (!mine) {
                                                lock.lock();
                                                mine = true;
                                            }
                                            return true;
                                        }

                                        @Override
                                        public boolean isReleasable() {
                                            mine = mine || lock.tryLock();
                                            return mine;
                                        }
                                    });
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        sum.incrementAndGet();
                        lock.unlock();
                    });
            pool.submit(sum::incrementAndGet).get();
            lock.unlock();
            blocked.get();
        }
        Tasks.check(sum.get() == 2, "sum=" + sum);
        return "";
    }

    /** A failure inside comes out where it is joined. */
    public static String failingTask() {
        try (ForkJoinPool pool = new ForkJoinPool(2)) {
            ForkJoinTask<?> task =
                    pool.submit(() -> {
                        throw new IllegalStateException("inside");
                    });
            try {
                task.join();
                throw new AssertionError("joined");
            } catch (IllegalStateException e) {
                Tasks.check(task.isCompletedAbnormally(), "abnormally");
            }
        }
        return "";
    }

    /** A delayed task of a fork-join pool. */
    public static String delayedForkJoin() throws Exception {
        try (ForkJoinPool pool = new ForkJoinPool(1)) {
            long begin = System.nanoTime();
            Tasks.check(pool.schedule(() -> 5, 2, TimeUnit.SECONDS).get() == 5, "five");
            Tasks.check(System.nanoTime() - begin >= 2_000_000_000L, "too early");
        }
        return "";
    }

    /** So many meet in a pool as it has threads. */
    public static String barrierInPool() throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(2);
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            Future<Integer> a = pool.submit(() -> barrier.await());
            Future<Integer> b = pool.submit(() -> barrier.await());
            Tasks.check(a.get() + b.get() == 1, "each index once");
        }
        return "";
    }
}
