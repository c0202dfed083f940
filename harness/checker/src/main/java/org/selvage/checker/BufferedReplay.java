package org.selvage.checker;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.EventKind;
import org.selvage.checker.history.History;
import org.selvage.checker.history.Intervals;
import org.selvage.checker.history.Operation;
import org.selvage.checker.history.Outcome;
import org.selvage.checker.search.BufferedDurable;
import org.selvage.checker.specification.Specification;

/**
 * Walks a history along the path found for it, by the definition of {@link
 * Criterion#BUFFERED_DURABLE}.
 */
final class BufferedReplay<S> {
    private final Intervals intervals;
    private final Specification<S> specification;
    private final boolean[] done;
    private boolean[] kept;
    private Set<S> states;
    private Set<S> keptStates;

    BufferedReplay(Intervals intervals, Specification<S> specification) {
        this.intervals = intervals;
        this.specification = specification;
        this.done = new boolean[intervals.count()];
        this.kept = done.clone();
        this.states = Set.of(specification.initial());
        this.keptStates = states;
    }

    /** What is wrong with the path, or null. */
    @Nullable String problem(int[] path) {
        History history = intervals.loaded();
        int at = 0;
        for (int event = 0; event < history.size(); event++) {
            if (!waits(event)) {
                continue;
            }
            while (at < path.length && path[at] != BufferedDurable.EVENT) {
                String wrong = step(path[at++], event);
                if (wrong != null) {
                    return wrong;
                }
            }
            if (at++ == path.length) {
                return "the path ends before event=" + event;
            }
            if (!passes(event)) {
                return "the path does not explain event=" + event;
            }
        }
        return at == path.length ? null : "the path goes on after the history";
    }

    /** The operations that have taken effect at the end and were not taken back. */
    boolean survives(int operation) {
        return done[operation];
    }

    private boolean waits(int event) {
        EventKind kind = intervals.loaded().kind(event);
        return kind == EventKind.CRASH || kind == EventKind.OK;
    }

    private @Nullable String step(int operation, int event) {
        if (operation == BufferedDurable.COPY) {
            kept = done.clone();
            keptStates = states;
            return null;
        }
        if (done[operation]
                || intervals.invokedAt(operation) > event
                || intervals.endedAt(operation) < event) {
            return "operation="
                    + operation
                    + " is placed outside its interval, before event="
                    + event;
        }
        done[operation] = true;
        Set<S> next = new HashSet<>();
        states.forEach(
                state -> next.addAll(specification.steps(state, intervals.operation(operation))));
        states = next;
        return next.isEmpty()
                ? "operation=" + operation + " is not legal before event=" + event
                : null;
    }

    private boolean passes(int event) {
        if (intervals.loaded().kind(event) == EventKind.CRASH) {
            states = keptStates;
            System.arraycopy(kept, 0, done, 0, done.length);
            return true;
        }
        for (int i = 0; i < intervals.count(); i++) {
            boolean barrier = intervals.function(i).equals(Operation.BARRIER);
            if (intervals.outcome(i) == Outcome.OK && intervals.endedAt(i) == event) {
                return barrier ? covers(intervals.invokedAt(i)) : done[i];
            }
        }
        return false;
    }

    /**
     * Whether a crash now would leave all that completed in this era before the barrier was called.
     */
    private boolean covers(int called) {
        int era = 0;
        for (int event = 0; event < called; event++) {
            era = intervals.loaded().kind(event) == EventKind.CRASH ? event : era;
        }
        for (int i = 0; i < intervals.count(); i++) {
            boolean completed =
                    intervals.outcome(i) == Outcome.OK
                            && !intervals.function(i).equals(Operation.BARRIER);
            if (completed
                    && intervals.endedAt(i) < called
                    && intervals.endedAt(i) >= era
                    && !kept[i]) {
                return false;
            }
        }
        return true;
    }
}
