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
