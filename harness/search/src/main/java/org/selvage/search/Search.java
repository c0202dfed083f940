package org.selvage.search;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Verdict;

/** Executes a subject under a strategy until something is found or the budget is spent. */
public final class Search {
    /** How many executions pass between two looks at the wall clock. */
    private static final int CLOCK_INTERVAL = 16;

    private final Subject subject;
    private final Lane lane;
    private final Budget budget;
    private final Progress progress;
    private final Tally tally = new Tally();

    /** Is told now and then how far a search has come. */
    @FunctionalInterface
    public interface Progress {
        /** Says nothing. */
        Progress SILENT = result -> {};

        /** Called about twice a second, on the carrier. */
        void report(Result soFar);
    }

    /**
     * What a search found and how much it tried.
     *
     * @param failure what was found, or null
     * @param executions how many executions ran
     * @param steps how many operations they had together
     * @param switches how often another task was mounted in them
     * @param schedules how many different sequences of draws they took, counted up to {@value
     *     #MOST_SCHEDULES}
     * @param nanos how long they took, in wall-clock nanoseconds
     * @param unknown how many of them were cut off, so that nothing is known of their end
     * @param firstUnknown why the first of those was, or null
     * @param exhausted whether the strategy had nothing left to try
     * @param traces how many different traces they had, or 0 if that was not counted, and up to
     *     {@value #MOST_TRACES} unless the strategy runs each only once; two executions have the
     *     same trace when they differ only in the order of independent operations
     * @param proven what was searched completely, such as all traces, or null if nothing was
     * @param estimate how many traces there are, or executions it would take, as far as can be
     *     judged; NaN if it cannot
     * @param curve how traces and pairs of operations that met grew with the executions
     */
    public record Result(
            @Nullable Failure failure,
            long executions,
            long steps,
            long switches,
            long schedules,
            long nanos,
            long unknown,
            @Nullable Verdict firstUnknown,
            boolean exhausted,
            long traces,
            @Nullable String proven,
            double estimate,
            List<CurvePoint> curve) {
        /** How many schedules are told apart: their hashes are kept. */
        public static final int MOST_SCHEDULES = 1 << 22;

        /** How many traces are told apart: their hashes are kept. */
        public static final int MOST_TRACES = 1 << 23;

        /** A result without statistics of traces. */
        public Result(
                @Nullable Failure failure,
                long executions,
                long steps,
                long switches,
                long schedules,
                long nanos,
                long unknown,
                @Nullable Verdict firstUnknown,
                boolean exhausted) {
            this(
                    failure,
                    executions,
                    steps,
                    switches,
                    schedules,
                    nanos,
                    unknown,
                    firstUnknown,
                    exhausted,
                    0L,
                    null,
                    Double.NaN,
                    List.of());
        }

        /** Executions in a second of wall-clock time. */
        public double executionsPerSecond() {
            return executions / (nanos / 1e9);
        }
    }

    /**
     * How far a search had come.
     *
     * @param executions how many executions had run
     * @param traces how many different traces they had
     * @param pairs how many pairs of operations had met in them: one wrote what the other read or
     *     wrote next
     */
    public record CurvePoint(long executions, long traces, long pairs) {}

    /**
     * A failing execution.
     *
     * @param verdict how it ended
     * @param deviations the draws that led there
     * @param execution its number, from 0
     */
    public record Failure(Verdict verdict, List<Deviation> deviations, long execution) {
        /** What makes it this failure. */
        public Signature signature() {
            return Signature.of(verdict);
        }
    }

    /** Makes a search that is run once. */
    public Search(Subject subject, Strategy strategy, Budget budget, Progress progress) {
        this.subject = subject;
        this.lane = new Lane(strategy);
        this.budget = budget;
        this.progress = progress;
    }

    /**
     * Searches.
     *
     * @throws IllegalStateException if the harness itself fails
     */
    public Result run() {
        long begin = System.nanoTime();
        long limitNanos = budget.time().toNanos();
        long reported = begin;
        Failure failure = null;
        boolean exhausted = false;
        while (failure == null && lane.begun < budget.executions()) {
            if (lane.begun % CLOCK_INTERVAL == 0) {
                lane.flush(tally);
                long now = System.nanoTime();
                if (now - begin >= limitNanos) {
                    break;
                }
                if (now - reported > 500_000_000L) {
                    reported = now;
                    progress.report(result(null, false));
                }
            }
            if (!lane.begin()) {
                exhausted = true;
                break;
            }
            failure = lane.execute(subject, lane.begun - 1);
        }
        return result(failure, exhausted);
    }

    private Result result(@Nullable Failure failure, boolean exhausted) {
        lane.flush(tally);
        return tally.result(
                failure,
                exhausted,
                distinct(lane.strategy),
                lane.strategy.proven(),
                lane.strategy.estimatedExecutions());
    }

    /** How many traces a strategy has counted by itself, or -1. */
    static long distinct(Strategy strategy) {
        return strategy instanceof OptimalSearch optimal ? Math.max(0L, optimal.traces()) : -1L;
    }
}
