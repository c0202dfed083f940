package org.selvage.benchmarks;

import java.io.PrintStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.search.Budget;
import org.selvage.search.Carriers;
import org.selvage.search.ParallelSearch;
import org.selvage.search.Search;
import org.selvage.search.Shard;
import org.selvage.search.Subject;
import org.selvage.weaver.Agent;

/**
 * Prints how many executions a second a whole search makes with one worker and with two, and what
 * that rests on: the CPU time of an execution, and how long workers waited for each other or for
 * the collector. On a machine with other work to do, twice the ratio of the CPU times is what two
 * workers would gain if they never waited.
 */
final class WorkersFork {
    private WorkersFork() {}

    private static final int ROUNDS = 3;

    /** What one search came to: a rate, seconds of CPU, and seconds of waiting. */
    private record Measured(double rate, double cpuMicros, double blockedShare, double gcShare) {}

    /** What one worker used. */
    private record Used(double cpuSeconds, double blockedSeconds) {}

    /** Arguments: program class, strategy, seconds for each of eight measurements. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) throws Exception {
        Agent.require();
        ManagementFactory.getThreadMXBean().setThreadContentionMonitoringEnabled(true);
        PrintStream out = System.out;
        Duration time = Duration.ofSeconds(Long.parseLong(arguments[2]));
        // The first two compile the code.
        measure(arguments[0], arguments[1], time, 1);
        measure(arguments[0], arguments[1], time, 2);
        List<Measured> one = new ArrayList<>();
        List<Measured> two = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            one.add(measure(arguments[0], arguments[1], time, 1));
            two.add(measure(arguments[0], arguments[1], time, 2));
        }
        double rate = median(one, Measured::rate);
        double both = median(two, Measured::rate);
        double cpu = median(one, Measured::cpuMicros);
        double cpuOfBoth = median(two, Measured::cpuMicros);
        out.printf(
                Locale.ROOT,
                "executions/s=%.0f with two workers, %.0f with one: ratio=%.2f; CPU/execution"
                        + "=%.3f us and %.3f us: %.2f; blocked=%.2f %%; collector=%.1f %% and %.1f"
                        + " %%%n",
                both,
                rate,
                both / rate,
                cpuOfBoth,
                cpu,
                2.0 * cpu / cpuOfBoth,
                100.0 * median(two, Measured::blockedShare),
                100.0 * median(two, Measured::gcShare),
                100.0 * median(one, Measured::gcShare));
    }

    private static double median(List<Measured> all, ToDoubleFunction<Measured> value) {
        double[] sorted = all.stream().mapToDouble(value).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static Measured measure(String program, String strategy, Duration time, int workers)
            throws Exception {
        ParallelSearch search =
                new ParallelSearch(
                        new ParallelSearch.Plan(strategy, 1L, Shard.ONLY, Budget.of(time)),
                        Search.Progress.SILENT);
        List<Callable<Used>> work = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            int worker = i;
            work.add(() -> work(search, program, worker, workers));
        }
        long collected = collectorMillis();
        double cpu = 0.0;
        double blocked = 0.0;
        try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
            for (Future<Used> done : threads.invokeAll(work)) {
                cpu += done.get().cpuSeconds();
                blocked += done.get().blockedSeconds();
            }
        }
        Search.Result result = search.result();
        double seconds = result.nanos() / 1e9;
        return new Measured(
                result.executionsPerSecond(),
                cpu * 1e6 / result.executions(),
                blocked / seconds / workers,
                (collectorMillis() - collected) / 1e3 / seconds);
    }

    private static long collectorMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }

    private static Used work(ParallelSearch search, String program, int worker, int workers)
            throws Exception {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Carriers.call(
                handover -> {
                    Subject subject = SelvageFork.subject(program);
                    handover.watch(subject.execution()::steps);
                    subject.execute(ChoiceSource.DEFAULT, null);
                    long cpu = threads.getCurrentThreadCpuTime();
                    search.work(subject, worker, workers);
                    cpu = threads.getCurrentThreadCpuTime() - cpu;
                    ThreadInfo info = threads.getThreadInfo(Thread.currentThread().threadId());
                    return new Used(cpu / 1e9, info.getBlockedTime() / 1e3);
                },
                Duration.ofSeconds(60));
    }
}
