package org.selvage.benchmarks;

import java.io.PrintStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Locale;
import org.selvage.benchmarks.programs.Traces;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.search.Budget;
import org.selvage.search.Carriers;
import org.selvage.search.Search;
import org.selvage.search.Strategies;
import org.selvage.search.Subject;
import org.selvage.weaver.Agent;

/** Prints how many traces a second the optimal search runs of a program, again and again. */
final class TracesFork {
    private TracesFork() {}

    /**
     * Arguments: {@code readers}, {@code lastZero} or {@code updates}, its size, how many searches.
     */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) throws Exception {
        Agent.require();
        PrintStream out = System.out;
        int size = Integer.parseInt(arguments[1]);
        MethodHandle run =
                MethodHandles.publicLookup()
                        .findStatic(
                                SelvageFork.woven(Traces.class.getName()),
                                arguments[0],
                                MethodType.methodType(void.class, int.class));
        int searches = Integer.parseInt(arguments[2]);
        Carriers.call(
                handover -> {
                    Subject subject =
                            Subject.of(
                                    () -> {
                                        run.invokeExact(size);
                                    },
                                    Long.MAX_VALUE - 1);
                    handover.watch(subject.execution()::steps);
                    subject.execute(ChoiceSource.DEFAULT, null);
                    for (int i = 0; i < searches; i++) {
                        out.println(search(subject));
                    }
                    return searches;
                },
                Duration.ofSeconds(60));
    }

    private static String search(Subject subject) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        Search.Result result =
                new Search(
                                subject,
                                Strategies.named("optimal", 1),
                                Budget.of(Duration.ofDays(1)),
                                Search.Progress.SILENT)
                        .run();
        double cpu = (threads.getCurrentThreadCpuTime() - begin) / 1e9;
        return String.format(
                Locale.ROOT,
                "traces=%d proven=%s seconds=%.2f CPU seconds=%.2f traces/CPU second=%.0f",
                result.traces(),
                result.proven(),
                result.nanos() / 1e9,
                cpu,
                result.executions() / cpu);
    }
}
