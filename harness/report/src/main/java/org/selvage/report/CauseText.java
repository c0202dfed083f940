package org.selvage.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.selvage.search.Cause;
import org.selvage.search.Trace;

/**
 * Why an execution fails, in sentences, and beside it the execution next to it that passes.
 *
 * <pre>
 * fails                                     | passes
 *    5 thread-1  read counter.value = 0     |    5 thread-1  read counter.value = 0
 *    8 thread-2  read counter.value = 0     |    6 thread-1  write counter.value = 1
 *   10 thread-1  write counter.value = 1    |    9 thread-2  read counter.value = 1
 *   15 main      fails: AssertionError      |   15 passes
 * </pre>
 */
final class CauseText {
    private static final int MAX_BETWEEN = 2;
    private static final int NAME_WIDTH = 12;

    private final Telling telling;
    private final Cause cause;
    private final Timeline fails;
    private final Timeline passes;

    private CauseText(Telling telling, Cause cause) {
        this.telling = telling;
        this.cause = cause;
        this.fails = new Timeline(telling.trace(), telling.deviations());
        this.passes = new Timeline(cause.neighbour(), cause.neighbourDeviations());
    }

    /** The sentences and the two executions; nothing if the cause is not known. */
    static List<String> lines(Telling telling, int width) {
        List<String> lines = new ArrayList<>();
        for (String sentence : sentences(telling)) {
            List<String> wrapped = Wording.wrap(sentence, width - 4, 4);
            for (int i = 0; i < wrapped.size(); i++) {
                lines.add((i == 0 ? "" : "    ") + wrapped.get(i));
            }
        }
        lines.addAll(beside(telling, width));
        return lines;
    }

    /** What is known of the cause, a sentence each; nothing if nothing is known. */
    static List<String> sentences(Telling telling) {
        Cause cause = telling.cause();
        return cause == null ? List.of() : new CauseText(telling, cause).tell();
    }

    /** The operations that matter of the execution that fails and of the one that passes. */
    static List<String> beside(Telling telling, int width) {
        Cause cause = telling.cause();
        return cause == null || cause.race() == null
                ? List.of()
                : new CauseText(telling, cause).compare(cause.race(), width);
    }

    private List<String> tell() {
        List<String> sentences = new ArrayList<>();
        List<Trace.Step> steps = telling.trace().steps();
        String other =
                cause.alternative() < cause.neighbour().tasks().size()
                        ? passes.name(cause.alternative())
                        : "another task";
        if (cause.inevitable() > 0) {
            Trace.Step step = steps.get(cause.inevitable() - 1);
            sentences.add(
                    "Last avoidable after step "
                            + cause.lastAvoidable()
                            + ": if "
                            + (cause.alternative() == step.task()
                                    ? "another task goes on there"
                                    : other
                                            + " goes on there instead of "
                                            + fails.name(step.task()))
                            + ", it passes.");
            sentences.add(
                    "Inevitable after step "
                            + cause.inevitable()
                            + " ("
                            + operation(fails, step)
                            + "): "
                            + (cause.continuations() == 0
                                    ? "no other execution goes on from there"
                                    : "none of "
                                            + Wording.count(
                                                    cause.continuations(),
                                                    "execution",
                                                    "executions")
                                            + " that go on from there passes")
                            + (cause.unknown() == 0
                                    ? "."
                                    : "; " + cause.unknown() + " of them were cut off."));
        } else {
            sentences.add("Avoidable until its last step: if " + other + " goes on, it passes.");
        }
        Cause.Race race = cause.race();
        if (race != null) {
            Trace.Step first = steps.get(race.first() - 1);
            Trace.Step second =
                    race.second() > 0
                            ? steps.get(race.second() - 1)
                            : cause.neighbour().steps().get(race.secondOfNeighbour() - 1);
            sentences.add(
                    "The race: step "
                            + race.first()
                            + ", "
                            + operation(fails, first)
                            + (race.second() > 0
                                    ? ", then step " + race.second() + ", "
                                    : ", before this can happen: ")
                            + operation(race.second() > 0 ? fails : passes, second)
                            + "; the other way round it passes.");
        }
        return sentences;
    }

    private static String operation(Timeline timeline, Trace.Step step) {
        String place = Timeline.place(step);
        return timeline.name(step.task())
                + ": "
                + timeline.operation(step)
                + (place.isEmpty() ? "" : " at " + place);
    }

    // ---- beside each other

    private List<String> compare(Cause.Race race, int width) {
        int half = (width - 3) / 2;
        List<Trace.Step> there = cause.neighbour().steps();
        Set<Integer> tasks =
                Set.of(
                        there.get(race.firstOfNeighbour() - 1).task(),
                        there.get(race.secondOfNeighbour() - 1).task());
        List<String> left = rows(fails, telling.trace(), tasks, race.first(), race.second());
        left.add(end(fails, telling.trace()));
        List<String> right =
                rows(
                        passes,
                        cause.neighbour(),
                        tasks,
                        race.secondOfNeighbour(),
                        race.firstOfNeighbour());
        right.add(String.format("%5d passes", there.size()));
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(row("fails", "passes", half));
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            lines.add(row(at(left, i), at(right, i), half));
        }
        return lines;
    }

    private static String at(List<String> rows, int index) {
        return index < rows.size() ? rows.get(index) : "";
    }

    private static String row(String left, String right, int half) {
        String cut = Wording.cut(left, half);
        return (cut + " ".repeat(half - cut.length()) + " | " + Wording.cut(right, half))
                .stripTrailing();
    }

    /**
     * What the two tasks of the race do to what they race for: the last operation before, the two,
     * and some between them.
     */
    private static List<String> rows(
            Timeline timeline, Trace trace, Set<Integer> tasks, int first, int second) {
        List<Trace.Step> steps = trace.steps();
        String object = steps.get(first - 1).object();
        List<String> rows = new ArrayList<>();
        int between = 0;
        String before = "";
        for (Trace.Step step : steps) {
            if (!step.object().equals(object)
                    || !tasks.contains(step.task())
                    || Wording.isRelease(step.kind())) {
                continue;
            }
            boolean isOfRace = step.number() == first || step.number() == second;
            if (step.number() < first) {
                before = line(timeline, step);
            } else if (isOfRace
                    || (step.number() < second
                            && step.number() > first
                            && between++ < MAX_BETWEEN)) {
                rows.add(line(timeline, step));
            }
        }
        if (!before.isEmpty()) {
            rows.addFirst(before);
        }
        return rows;
    }

    private static String line(Timeline timeline, Trace.Step step) {
        return String.format(
                "%5d %-" + NAME_WIDTH + "s %s",
                step.number(),
                Wording.cut(timeline.name(step.task()), NAME_WIDTH),
                Wording.shortened(timeline.operation(step)) + Timeline.value(step));
    }

    private static String end(Timeline timeline, Trace trace) {
        List<Integer> failing = timeline.failing();
        String name = failing.isEmpty() ? "" : timeline.name(failing.getFirst());
        return String.format(
                "%5d %-" + NAME_WIDTH + "s %s",
                trace.steps().size(),
                Wording.cut(name, NAME_WIDTH),
                trace.verdict() instanceof org.selvage.scheduler.Verdict.Failed failed
                        ? "fails: " + failed.cause().getClass().getSimpleName()
                        : "never goes on");
    }
}
