package org.selvage.benchmarks;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Locale;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Carriers;
import org.selvage.search.Subject;
import org.selvage.weaver.Agent;

/**
 * Prints what a scheduling point of {@link org.selvage.benchmarks.programs.Points} costs: the
 * carrier's CPU time, as the machine may have other things to do.
 */
final class FlatnessFork {
    private static final int ROUNDS = 5;

    private FlatnessFork() {}

    /**
     * Arguments: program class, {@code switch} at every point or {@code stay}, milliseconds for
     * each of five measurements, of which the best counts.
     */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) throws Exception {
        Agent.require();
        ChoiceSource source =
                arguments[1].equals("switch") ? choice -> choice.count() - 1 : ChoiceSource.DEFAULT;
        long millis = Long.parseLong(arguments[2]);
        double best =
                Carriers.call(
                        handover -> {
                            Subject subject = SelvageFork.subject(arguments[0]);
                            handover.watch(subject.execution()::steps);
                            nanosPerPoint(subject, source, 2 * millis); // compiles the code
                            double least = Double.MAX_VALUE;
                            for (int i = 0; i < ROUNDS; i++) {
                                double nanos = nanosPerPoint(subject, source, millis);
                                least = Math.min(least, nanos);
                            }
                            return least;
                        },
                        Duration.ofSeconds(60));
        PrintStream out = System.out;
        out.println(String.format(Locale.ROOT, "ns/point=%.1f", best));
    }

    private static double nanosPerPoint(Subject subject, ChoiceSource source, long millis) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        long nanos;
        long steps = 0;
        do {
            Verdict verdict = subject.execute(source, null);
            if (!(verdict instanceof Verdict.Passed)) {
                throw new IllegalStateException(verdict.summary());
            }
            steps += subject.execution().steps();
            nanos = threads.getCurrentThreadCpuTime() - begin;
        } while (nanos < millis * 1_000_000L);
        return (double) nanos / steps;
    }
}
