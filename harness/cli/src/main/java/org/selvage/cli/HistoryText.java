package org.selvage.cli;

import java.util.List;
import java.util.Locale;
import org.selvage.checker.Criterion;
import org.selvage.checker.Explanation;
import org.selvage.checker.StreamingChecker;
import org.selvage.checker.Verdict;
import org.selvage.checker.history.History;
import org.selvage.checker.history.Intervals;

/** The results of {@code selvage check} for people. */
final class HistoryText {
    private static final int MOST_LISTED = 20;

    private final String model;

    HistoryText(String model) {
        this.model = model;
    }

    /** The criterion as the command line spells it. */
    static String name(Criterion criterion) {
        return criterion.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** One line, and for a history that is not valid the reasons below it. */
    String of(HistoryResult result) {
        return switch (result) {
            case HistoryResult.Unreadable unreadable -> "";
            case HistoryResult.Streamed streamed -> streamed(streamed);
            case HistoryResult.Checked checked -> checked(checked);
        };
    }

    private String streamed(HistoryResult.Streamed streamed) {
        return switch (streamed.result()) {
            case StreamingChecker.Result.Valid valid ->
                    line("valid", streamed, streamed.criterion())
                            + " events="
                            + valid.events()
                            + "\n";
            case StreamingChecker.Result.Invalid invalid ->
                    line("not valid", streamed, streamed.criterion())
                            + "\n  no order explains the response of "
                            + invalid.function()
                            + ", called at line "
                            + invalid.line()
                            + "\n  the file was read as a stream; a JVM with a heap of 8 times its"
                            + " size also says why\n";
            case StreamingChecker.Result.Unknown unknown ->
                    line("undecided", streamed, streamed.criterion())
                            + " spent="
                            + unknown.spent()
                            + " events="
                            + unknown.events()
                            + "\n";
        };
    }

    private String checked(HistoryResult.Checked checked) {
        Intervals intervals = Intervals.of(checked.history());
        Verdict verdict = checked.verdict();
        String counted = " operations=" + intervals.count();
        return switch (verdict) {
            case Verdict.Valid valid ->
                    line("valid", checked, verdict.criterion()) + counted + "\n";
            case Verdict.Unknown unknown ->
                    line("undecided", checked, verdict.criterion())
                            + counted
                            + " spent="
                            + unknown.spent()
                            + " "
                            + unknown.progress()
                            + "; a larger --budget may decide it\n";
            case Verdict.Invalid invalid ->
                    line("not valid", checked, verdict.criterion())
                            + counted
                            + "\n"
                            + holds(checked.weaker())
                            + explanation(checked.history(), intervals, invalid.explanation());
        };
    }

    private String line(String verdict, HistoryResult result, Criterion criterion) {
        return verdict + ": " + result.file() + " model=" + model + " criterion=" + name(criterion);
    }

    /** The strongest of the weaker criteria that holds, for histories with crashes. */
    private static String holds(List<Verdict> weaker) {
        if (weaker.isEmpty()) {
            return "";
        }
        return weaker.getLast() instanceof Verdict.Valid valid
                ? "  the strongest criterion that holds: " + name(valid.criterion()) + "\n"
                : "  no weaker criterion is known to hold\n";
    }

    private static String explanation(History history, Intervals intervals, Explanation why) {
        StringBuilder text = new StringBuilder();
        int bad = why.firstBadEvent();
        text.append("  first bad event: ").append(place(history, bad)).append('\n');
        text.append("  the smallest part that no order explains");
        text.append(why.complete() ? ":\n" : ", as far as the budget went:\n");
        list(text, intervals, why.core().operations());
        if (!why.context().operations().equals(why.core().operations())) {
            text.append("  with what its values came from:\n");
            list(text, intervals, why.context().operations());
        }
        text.append("  longest legal order:");
        int shown = Math.min(MOST_LISTED, why.legalPrefix().size());
        for (int operation : why.legalPrefix().subList(0, shown)) {
            text.append(' ').append(intervals.operation(operation)).append(';');
        }
        text.append(shown < why.legalPrefix().size() ? " ... ;" : "");
        text.append(" state: ").append(why.stateAfter()).append('\n');
        why.impossible().stream()
                .limit(MOST_LISTED)
                .forEach(i -> text.append("  next: ").append(i.why()).append('\n'));
        return text.toString();
    }

    private static void list(StringBuilder text, Intervals intervals, List<Integer> operations) {
        for (int operation : operations.subList(0, Math.min(MOST_LISTED, operations.size()))) {
            text.append("    ")
                    .append(place(intervals.loaded(), intervals.invokedAt(operation)))
                    .append("  ")
                    .append(intervals.operation(operation))
                    .append('\n');
        }
        if (operations.size() > MOST_LISTED) {
            text.append("    and ").append(operations.size() - MOST_LISTED).append(" more\n");
        }
    }

    private static String place(History history, int event) {
        String process = history.process(event) < 0 ? "" : " process " + history.process(event);
        return "line " + history.line(event) + process;
    }
}
