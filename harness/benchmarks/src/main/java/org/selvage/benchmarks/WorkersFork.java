package org.selvage.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.search.Budget;
import org.selvage.search.Carriers;
import org.selvage.search.ParallelSearch;
import org.selvage.search.Search;
import org.selvage.search.Shard;
import org.selvage.search.Subject;
import org.selvage.weaver.Agent;

/** Prints how many executions a second a whole search makes with one worker and with two. */
final class WorkersFork {
    private WorkersFork() {}

    private static final int ROUNDS = 3;

    /** Arguments: program class, strategy, seconds for each of eight measurements. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) throws Exception {
        Agent.require();
        PrintStream out = System.out;
        Duration time = Duration.ofSeconds(Long.parseLong(arguments[2]));
        // The first two compile the code.
        rate(arguments[0], arguments[1], time, 1);
        rate(arguments[0], arguments[1], time, 2);
        double[] one = new double[ROUNDS];
        double[] two = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            one[i] = rate(arguments[0], arguments[1], time, 1);
            two[i] = rate(arguments[0], arguments[1], time, 2);
        }
        Arrays.sort(one);
        Arrays.sort(two);
        out.printf(
                Locale.ROOT,
                "executions/s=%.0f with two workers, %.0f with one: ratio=%.2f%n",
                two[ROUNDS / 2],
                one[ROUNDS / 2],
                two[ROUNDS / 2] / one[ROUNDS / 2]);
    }

    private static double rate(String program, String strategy, Duration time, int workers)
            throws Exception {
        ParallelSearch search =
                new ParallelSearch(
                        new ParallelSearch.Plan(strategy, 1L, Shard.ONLY, Budget.of(time)),
                        Search.Progress.SILENT);
        List<Callable<Integer>> work = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            int worker = i;
            work.add(() -> work(search, program, worker, workers));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
            for (Future<Integer> done : threads.invokeAll(work)) {
                done.get();
            }
        }
        return search.result().executionsPerSecond();
    }

    private static int work(ParallelSearch search, String program, int worker, int workers)
            throws Exception {
        return Carriers.call(
                handover -> {
                    Subject subject = SelvageFork.subject(program);
                    handover.watch(subject.execution()::steps);
                    subject.execute(ChoiceSource.DEFAULT, null);
                    search.work(subject, worker, workers);
                    return worker;
                },
                Duration.ofSeconds(60));
    }
}
