package org.selvage.cli;

import java.time.Duration;
import java.util.Locale;
import org.selvage.search.Budget;
import org.selvage.search.Search;

/** What a terminal shows while a search runs: one line, written over itself. */
final class ProgressLine {
    /** Back to the beginning of the line, and the rest of it is cleared. */
    private static final String AGAIN = "\r\u001b[K";

    private static final double NANOS = 1e9;
    private static final Duration UNLIMITED = Duration.ofDays(365);

    private ProgressLine() {}

    /** The line after some executions; empty before the first. */
    static String of(Search.Result soFar, Budget limit) {
        if (soFar.executions() == 0) {
            return "";
        }
        long pairs = soFar.curve().isEmpty() ? 0L : soFar.curve().getLast().pairs();
        return String.format(
                Locale.ROOT,
                AGAIN + "%,d executions, %,.0f/s, %,d traces, %,d pairs met, %d found, %s",
                soFar.executions(),
                soFar.executionsPerSecond(),
                soFar.traces(),
                pairs,
                soFar.failure() == null ? 0 : 1,
                left(soFar, limit));
    }

    /** How long it will take until the budget is spent, whichever ends first. */
    private static String left(Search.Result soFar, Budget limit) {
        double spent = soFar.nanos() / NANOS;
        double seconds = limit.time().toNanos() / NANOS - spent;
        if (limit.executions() != Long.MAX_VALUE) {
            long executions = limit.executions() - soFar.executions();
            seconds = Math.min(seconds, executions / soFar.executionsPerSecond());
        }
        return seconds > UNLIMITED.toSeconds()
                ? String.format(Locale.ROOT, "%.0f s so far, no budget", spent)
                : String.format(Locale.ROOT, "%.0f s left", Math.max(0.0, seconds));
    }
}
