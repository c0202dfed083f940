package org.selvage.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Search;

/** What the command prints on a terminal at the end of a search. */
public final class TextReport {
    private static final int WIDTH = 100;

    private TextReport() {}

    /** A finding, 100 columns wide, without colours and without files. */
    public static String finding(Finding finding) {
        return finding(finding, List.of(), WIDTH, false);
    }

    private static final int MAX_ERROR_LINES = 6;

    /**
     * A finding. The first line is the error, in the program's own words; the last is the command
     * that reproduces it.
     *
     * @param written the files and folders that were written
     * @param width the number of columns, at least 60; the program's own words and the stacks are
     *     not cut to it
     * @param colour whether the lines carry ANSI colours
     */
    public static String finding(Finding finding, List<Path> written, int width, boolean colour) {
        List<String> lines = new ArrayList<>();
        lines.addAll(error(finding, width));
        lines.add("");
        Cast.stands(finding)
                .forEach((head, stack) -> {
                    lines.add(head);
                    stack.forEach(frame -> lines.add("    " + frame));
                });
        lines.add("");
        lines.add(effort(finding));
        if (finding.search().unknown() > 0) {
            lines.add(cutOff(finding.search()));
        }
        lines.add("");
        lines.addAll(Story.lines(finding.telling(), width, colour));
        lines.add("");
        List<String> why = CauseText.lines(finding.telling(), width);
        if (!why.isEmpty()) {
            lines.addAll(why);
            lines.add("");
        }
        List<String> hazards = HazardText.lines(finding.hazards(), width);
        if (!hazards.isEmpty()) {
            lines.addAll(hazards);
            lines.add("");
        }
        for (Path path : written) {
            lines.add("written: " + path);
        }
        lines.add(Wording.oneLine(finding.scheduleCommand()));
        return String.join("\n", lines) + "\n";
    }

    /**
     * One line if the program says it; what the scheduler says of a deadlock may take some more.
     */
    private static List<String> error(Finding finding, int width) {
        Timeline timeline = new Timeline(finding.trace(), finding.schedule().deviations());
        return finding.verdict() instanceof Verdict.Failed
                ? List.of(timeline.summary())
                : Wording.wrap(timeline.summary(), width, MAX_ERROR_LINES);
    }

    private static String effort(Finding finding) {
        Search.Result search = finding.search();
        String time =
                search.nanos() == 0
                        ? ""
                        : String.format(Locale.ROOT, " and %.2f s", search.nanos() / 1e9);
        return "found after "
                + Wording.count(search.executions(), "execution", "executions")
                + time
                + "; shrunk in "
                + Wording.count(finding.shrunk().executions(), "execution", "executions")
                + " to "
                + Wording.count(
                        finding.schedule().steps().size(), "context switch", "context switches")
                + Wording.sizes(finding);
    }

    private static String cutOff(Search.Result search) {
        Verdict first = search.firstUnknown();
        return "unknown: "
                + Wording.count(search.unknown(), "execution was", "executions were")
                + " cut off, and nothing is known of how they end"
                + (first == null ? "" : "; the first: " + Wording.oneLine(first.summary()));
    }

    /** What was covered by a search that found nothing, and no more than that. */
    public static String nothingFound(Coverage coverage) {
        return nothingFound(coverage, "the budget");
    }

    /**
     * The same for a search that something else may have ended.
     *
     * @param ender what ended it, such as {@code a signal}
     */
    public static String nothingFound(Coverage coverage, String ender) {
        Search.Result search = coverage.search();
        if (search.failure() != null) {
            throw new IllegalArgumentException(
                    "something was found: " + search.failure().verdict().summary());
        }
        List<String> lines = new ArrayList<>();
        lines.add(
                (isWhole(search.proven()) ? "none exists in " : "nothing found in ")
                        + Wording.oneLine(coverage.subject())
                        + (coverage.profile().isEmpty()
                                ? ""
                                : ", profile " + Wording.oneLine(coverage.profile()))
                        + (search.proven() == null ? "" : ": " + proven(search)));
        lines.add("");
        lines.add(
                String.format(
                        Locale.ROOT,
                        "covered: %s in %.2f s, with %s%s",
                        Wording.count(search.executions(), "execution", "executions"),
                        search.nanos() / 1e9,
                        search.schedules() == Search.Result.MOST_SCHEDULES ? "at least " : "",
                        Wording.count(
                                search.schedules(), "distinct schedule", "distinct schedules")));
        lines.add(
                "         "
                        + Wording.count(search.steps(), "step", "steps")
                        + " and "
                        + Wording.count(search.switches(), "context switch", "context switches")
                        + " in all");
        if (search.traces() > 0) {
            lines.addAll(traces(search));
        }
        lines.add("strategy: " + Wording.oneLine(coverage.strategy()));
        lines.add("bounds: " + Wording.oneLine(String.join(" ", coverage.bounds())));
        if (search.unknown() > 0) {
            lines.add(cutOff(search));
        }
        if (search.executions() == 0) {
            lines.add("no execution was finished, so nothing is known");
        } else if (search.proven() == null) {
            lines.add(
                    search.exhausted()
                            ? "the strategy had nothing left to try; schedules that it does not try were not executed"
                            : ender
                                    + " ended the search; schedules other than these were not executed");
        }
        return String.join("\n", lines) + "\n";
    }

    /** Whether what is proven is more than the part of one shard. */
    private static boolean isWhole(@Nullable String proven) {
        return proven != null && !proven.startsWith("shard ");
    }

    private static String proven(Search.Result search) {
        return "searched completely, "
                + search.proven()
                + ", "
                + Wording.count(search.traces(), "trace", "traces");
    }

    /** How much of what there is was seen, and whether more budget pays. */
    private static List<String> traces(Search.Result search) {
        List<String> lines = new ArrayList<>();
        String estimate =
                search.proven() != null || Double.isNaN(search.estimate())
                        ? ""
                        : String.format(Locale.ROOT, ", of about %,.0f in all", search.estimate());
        lines.add(
                "traces: "
                        + (search.traces() == Search.Result.MOST_TRACES ? "at least " : "")
                        + Wording.count(search.traces(), "distinct one", "distinct ones")
                        + estimate);
        if (!search.curve().isEmpty()) {
            Search.CurvePoint last = search.curve().getLast();
            long before = 0L;
            for (Search.CurvePoint point : search.curve()) {
                before = point.executions() <= last.executions() / 2 ? point.pairs() : before;
            }
            lines.add(
                    "pairs of operations that met: "
                            + last.pairs()
                            + ", the last "
                            + (last.pairs() - before)
                            + " in the second half of the executions");
        }
        return lines;
    }
}
