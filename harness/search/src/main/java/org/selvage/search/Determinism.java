package org.selvage.search;

import org.jspecify.annotations.Nullable;

/**
 * Whether a program does the same when it is executed again with the same draws. Without that no
 * finding could be replayed.
 */
public final class Determinism {
    /** How many executions are repeated before a search that is asked to verify. */
    public static final long EXECUTIONS = 50L;

    private Determinism() {}

    /**
     * A program did something else.
     *
     * @param execution the number of the execution that was repeated, from 1
     * @param difference the first operation in which the two differ
     * @param source what the reason may be
     */
    public record Divergence(long execution, String difference, String source) {
        /** All of it in one line. */
        public String describe() {
            return "execution=" + execution + " " + difference + "; likely source: " + source;
        }
    }

    /**
     * Executes a subject under a strategy, each time twice, and compares operation by operation.
     *
     * @return the first divergence, or null
     */
    public static @Nullable Divergence find(Subject subject, Strategy strategy, long executions) {
        for (long i = 0; i < executions && strategy.begin(i); i++) {
            Trace first = TraceRecorder.record(subject, strategy);
            boolean counts = !strategy.wasEnough();
            var deviations = Deviation.of(subject.execution());
            strategy.end(subject.execution(), first.verdict());
            if (!counts) {
                continue;
            }
            Trace second =
                    TraceRecorder.record(subject, new Replay(deviations, Replay.Mode.LENIENT));
            String difference = difference(first, second);
            if (!difference.isEmpty()) {
                Trace third =
                        TraceRecorder.record(subject, new Replay(deviations, Replay.Mode.LENIENT));
                return new Divergence(i + 1, difference, source(second, third));
            }
        }
        return null;
    }

    /** How an execution differs from its repetition, or an empty string. */
    public static String difference(Trace first, Trace second) {
        if (first.digest() != second.digest()) {
            return Confirmation.difference(first, second);
        }
        String end = Signature.endOf(first.verdict());
        String other = Signature.endOf(second.verdict());
        return end.equals(other) ? "" : "the end: first=\"" + end + "\" second=\"" + other + "\"";
    }

    /**
     * What the reason may be that an execution did something else when it was repeated.
     *
     * @param second the repetition
     * @param third another one
     */
    public static String source(Trace second, Trace third) {
        return difference(second, third).isEmpty()
                ? "something lives on from one execution to the next, as two repetitions agree:"
                        + " a static variable, a file, a cache"
                : "each execution draws anew what is not controlled: the collector, sockets,"
                        + " processes, the environment, native code";
    }
}
