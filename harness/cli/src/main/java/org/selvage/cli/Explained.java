package org.selvage.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.search.Cause;
import org.selvage.search.CauseSearch;
import org.selvage.search.Confirmation;
import org.selvage.search.Deviation;
import org.selvage.search.Hazards;
import org.selvage.search.Schedule;
import org.selvage.search.Subject;
import org.selvage.search.Trace;

/**
 * A schedule that was replayed, and why it fails.
 *
 * @param cause null if it does not fail, or no execution was found that passes
 * @param hazards what was seen on the way
 */
record Explained(Trace trace, @Nullable Cause cause, Hazards hazards) {
    /** How many executions the search for a failure's cause may take. */
    static final long CAUSE_EXECUTIONS = 20_000L;

    /** Replays a schedule and searches for the cause of its failure. */
    static Explained replay(Subject subject, Schedule schedule) {
        Trace replayed = Confirmation.replayWithCalls(subject, schedule);
        return of(subject, Deviation.of(subject.execution()), replayed);
    }

    /**
     * Searches for the cause of the failure that a replay led to, if it did.
     *
     * @param deviations the replay's own: those of its schedule, unless the program was edited
     */
    static Explained of(Subject subject, List<Deviation> deviations, Trace replayed) {
        if (!replayed.verdict().isFailure()) {
            return new Explained(replayed, null, Hazards.NONE);
        }
        Hazards.watch(subject);
        Cause cause = CauseSearch.find(subject, deviations, replayed, CAUSE_EXECUTIONS);
        return new Explained(replayed, cause, Hazards.of(subject, deviations, cause));
    }
}
