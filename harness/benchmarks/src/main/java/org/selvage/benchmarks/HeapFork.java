package org.selvage.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Carriers;
import org.selvage.search.Strategies;
import org.selvage.search.Strategy;
import org.selvage.search.Subject;
import org.selvage.weaver.Agent;

/**
 * Prints how much of the heap is in use, after collection, in the course of many executions: it
 * must not grow with them. To be run with a small heap ({@code -Xmx64m}).
 */
final class HeapFork {
    private static final int ROWS = 10;

    private HeapFork() {}

    /** Arguments: program class, executions. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) throws Exception {
        Agent.require();
        long executions = Long.parseLong(arguments[1]);
        PrintStream out = System.out;
        long done =
                Carriers.call(
                        handover -> {
                            Subject subject = SelvageFork.subject(arguments[0]);
                            handover.watch(subject.execution()::steps);
                            Strategy strategy = Strategies.named(Strategies.DEFAULT, 1);
                            for (long i = 1; i <= executions; i++) {
                                strategy.begin(i - 1);
                                Verdict verdict = subject.execute(strategy, null);
                                strategy.end(subject.execution(), verdict);
                                if (i % (executions / ROWS) == 0) {
                                    out.printf(
                                            Locale.ROOT,
                                            "executions=%d heap=%d KiB%n",
                                            i,
                                            usedBytes() / 1024);
                                }
                            }
                            return executions;
                        },
                        Duration.ofSeconds(60));
        out.println("executions=" + done + ": done");
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
