package org.selvage.checker;

import java.util.ArrayList;
import java.util.List;
import org.selvage.checker.history.History;
import org.selvage.checker.history.Intervals;
import org.selvage.checker.history.Operation;
import org.selvage.checker.history.Outcome;
import org.selvage.checker.specification.Specification;

/**
 * The definitions spelled out: tries every order of every choice of pending operations, with no
 * memory and no hints.
 */
final class BruteForce<S> {
    private final Specification<S> specification;
    private final Intervals intervals;
    private final List<Integer> operations = new ArrayList<>();
    private final long[] deadline;

    private BruteForce(Specification<S> specification, History history, Criterion criterion) {
        this.specification = specification;
        this.intervals = Intervals.of(history);
        this.deadline = new long[intervals.count()];
        for (int i = 0; i < intervals.count(); i++) {
            if (intervals.outcome(i) != Outcome.FAILED
                    && !intervals.function(i).equals(Operation.BARRIER)) {
                operations.add(i);
            }
            deadline[i] = deadline(i, criterion);
        }
    }

    static <S> boolean isValid(
            Specification<S> specification, History history, Criterion criterion) {
        BruteForce<S> search = new BruteForce<>(specification, history, criterion);
        return search.extend(specification.initial(), search.operations);
    }

    /**
     * The last moment at which the operation may take effect: half an event before a crash or call
     * that forbids it.
     */
    private long deadline(int operation, Criterion criterion) {
        if (intervals.outcome(operation) == Outcome.OK) {
            return intervals.endedAt(operation) * 2L;
        }
        int crash = intervals.crashedAt(operation);
        if (crash == Intervals.NEVER || criterion == Criterion.DURABLE) {
            return Long.MAX_VALUE;
        }
        if (criterion == Criterion.STRICT) {
            return crash * 2L - 1;
        }
        for (int j = 0; j < intervals.count(); j++) {
            if (intervals.process(j) == intervals.process(operation)
                    && intervals.invokedAt(j) > crash) {
                return intervals.invokedAt(j) * 2L - 1;
            }
        }
        return Long.MAX_VALUE;
    }

    private boolean extend(S state, List<Integer> left) {
        boolean done = true;
        for (int operation : left) {
            done &= intervals.outcome(operation) != Outcome.OK;
        }
        if (done) {
            return true;
        }
        for (int i = 0; i < left.size(); i++) {
            int operation = left.get(i);
            List<Integer> rest = new ArrayList<>(left);
            rest.remove(/* index */ i);
            if (mayBeNext(operation, rest)) {
                for (S next : specification.steps(state, intervals.operation(operation))) {
                    if (extend(next, afterwards(operation, rest))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean mayBeNext(int operation, List<Integer> rest) {
        for (int other : rest) {
            if (intervals.outcome(other) == Outcome.OK
                    && deadline[other] < intervals.invokedAt(operation) * 2L) {
                return false;
            }
        }
        return true;
    }

    /**
     * Pending operations whose deadline lies before the call of what has just been placed can no
     * longer be placed.
     */
    private List<Integer> afterwards(int operation, List<Integer> rest) {
        List<Integer> left = new ArrayList<>(rest);
        left.removeIf(other ->
                intervals.outcome(other) != Outcome.OK
                        && deadline[other] < intervals.invokedAt(operation) * 2L);
        return left;
    }
}
