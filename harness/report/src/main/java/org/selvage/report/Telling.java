package org.selvage.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.search.Cause;
import org.selvage.search.Deviation;
import org.selvage.search.Trace;

/**
 * What a story is told from.
 *
 * @param trace the execution
 * @param deviations the schedule that led to it; empty if it is not known
 * @param cause why it fails, or null if it was not searched or not found
 * @param sources where source lines are found
 */
record Telling(Trace trace, List<Deviation> deviations, @Nullable Cause cause, Sources sources) {

    static Telling of(Trace trace, List<Deviation> deviations) {
        return new Telling(trace, deviations, null, Sources.NONE);
    }

    /**
     * What else than the next task was drawn at an operation, in words: why a wait ended, whom a
     * notification woke, a fault of the disk, a number; empty if nothing was.
     */
    String drawn(Trace.Step step) {
        for (Deviation d : deviations) {
            if (d.task() == step.task() && d.operation() == step.operation()) {
                String words =
                        switch (d.kind()) {
                            case TASK -> "";
                            case NOTIFY ->
                                    "wakes "
                                            + (d.picked() < trace.tasks().size()
                                                    ? Wording.oneLine(trace.tasks().get(d.picked()))
                                                    : "task " + d.picked());
                            case SPURIOUS -> "wakes for no reason";
                            case TIMEOUT -> "its time is up";
                            case VALUE ->
                                    (Wording.isFile(step.kind()) ? "fault " : "draws ")
                                            + d.picked();
                        };
                if (!words.isEmpty()) {
                    return words;
                }
            }
        }
        return "";
    }

    /**
     * The operation that would have saved it, had it come in time, as it is in the execution that
     * passes; null if all of the race has taken effect.
     */
    Trace.@Nullable Step missed() {
        Cause known = cause;
        Cause.Race race = known == null ? null : known.race();
        if (known == null || race == null || race.second() > 0 || race.secondOfNeighbour() == 0) {
            return null;
        }
        return known.neighbour().steps().get(race.secondOfNeighbour() - 1);
    }

    /** The operations that the cause names, which no story may leave out: indices. */
    Set<Integer> indispensable() {
        Set<Integer> indices = new LinkedHashSet<>();
        Cause known = cause;
        if (known != null) {
            Cause.Race race = known.race();
            if (race != null) {
                indices.add(race.first() - 1);
                indices.add(race.second() - 1);
            }
            if (known.inevitable() > 0) {
                indices.add(known.inevitable() - 1);
            }
        }
        indices.removeIf(index -> index < 0 || index >= trace.steps().size());
        return indices;
    }
}
