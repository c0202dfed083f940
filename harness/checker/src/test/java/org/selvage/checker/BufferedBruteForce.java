package org.selvage.checker;

import java.util.ArrayList;
import java.util.List;
import org.selvage.checker.history.EventKind;
import org.selvage.checker.history.History;
import org.selvage.checker.history.Intervals;
import org.selvage.checker.history.Operation;
import org.selvage.checker.history.Outcome;
import org.selvage.checker.specification.Specification;

/**
 * Buffered durable linearizability spelled out: for each era, every order of its operations, and
 * every prefix of that order as what the crash leaves.
 */
final class BufferedBruteForce<S> {
    private final Specification<S> specification;
    private final Intervals intervals;
    private final List<Integer> crashes = new ArrayList<>();

    private BufferedBruteForce(Specification<S> specification, History history) {
        this.specification = specification;
        this.intervals = Intervals.of(history);
        for (int event = 0; event < history.size(); event++) {
            if (history.kind(event) == EventKind.CRASH) {
                crashes.add(event);
            }
        }
        crashes.add(Integer.MAX_VALUE);
    }

    static <S> boolean isValid(Specification<S> specification, History history) {
        return new BufferedBruteForce<>(specification, history)
                .era(0, specification.initial(), List.of());
    }

    /**
     * Whether the eras from this one on are explained, beginning in a state, with operations of
     * earlier eras that may still take effect.
     */
    private boolean era(int number, S state, List<Integer> inDoubt) {
        if (number == crashes.size()) {
            return true;
        }
        int from = number == 0 ? -1 : crashes.get(number - 1);
        List<Integer> operations = new ArrayList<>(inDoubt);
        for (int i = 0; i < intervals.count(); i++) {
            boolean inEra =
                    intervals.invokedAt(i) > from && intervals.invokedAt(i) < crashes.get(number);
            boolean counts =
                    intervals.outcome(i) != Outcome.FAILED
                            && !intervals.function(i).equals(Operation.BARRIER);
            if (inEra && counts) {
                operations.add(i);
            }
        }
        List<S> states = new ArrayList<>(List.of(state));
        return extend(number, states, new ArrayList<>(), operations);
    }

    private boolean extend(
            int number, List<S> states, List<Integer> order, List<Integer> operations) {
        boolean complete = true;
        for (int operation : operations) {
            complete &= intervals.outcome(operation) != Outcome.OK || order.contains(operation);
        }
        if (complete && cuts(number, states, order, operations)) {
            return true;
        }
        for (int operation : operations) {
            if (order.contains(operation) || !mayBeNext(operation, order, operations)) {
                continue;
            }
            for (S next : specification.steps(states.getLast(), intervals.operation(operation))) {
                states.add(next);
                order.add(operation);
                boolean found = extend(number, states, order, operations);
                states.removeLast();
                order.removeLast();
                if (found) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean cuts(
            int number, List<S> states, List<Integer> order, List<Integer> operations) {
        if (number == crashes.size() - 1) {
            return true;
        }
        for (int cut = 0; cut <= order.size(); cut++) {
            List<Integer> kept = order.subList(0, cut);
            if (!coversBarriers(number, kept, operations)) {
                continue;
            }
            List<Integer> inDoubt = new ArrayList<>(operations);
            inDoubt.removeIf(i -> intervals.outcome(i) == Outcome.OK || kept.contains(i));
            if (era(number + 1, states.get(cut), inDoubt)) {
                return true;
            }
        }
        return false;
    }

    private boolean coversBarriers(int number, List<Integer> kept, List<Integer> operations) {
        for (int b = 0; b < intervals.count(); b++) {
            boolean returned =
                    intervals.function(b).equals(Operation.BARRIER)
                            && intervals.outcome(b) == Outcome.OK;
            boolean inEra =
                    intervals.invokedAt(b) < crashes.get(number)
                            && (number == 0 || intervals.invokedAt(b) > crashes.get(number - 1));
            for (int operation : operations) {
                boolean before =
                        intervals.outcome(operation) == Outcome.OK
                                && intervals.endedAt(operation) < intervals.invokedAt(b);
                if (returned && inEra && before && !kept.contains(operation)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean mayBeNext(int operation, List<Integer> order, List<Integer> operations) {
        for (int other : operations) {
            if (!order.contains(other)
                    && other != operation
                    && intervals.outcome(other) == Outcome.OK
                    && intervals.endedAt(other) < intervals.invokedAt(operation)) {
                return false;
            }
        }
        return true;
    }
}
