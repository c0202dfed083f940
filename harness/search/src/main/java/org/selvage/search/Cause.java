package org.selvage.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why an execution fails: where it could last have gone otherwise, and the two operations whose
 * order makes the difference. Found by {@link CauseSearch}.
 *
 * <p>That a failure was avoidable is proved by an execution that passes. That it is inevitable is
 * not proved: it says that none of {@code continuations} executions that went on from there passed.
 *
 * @param lastAvoidable the number of the last step after which an execution that passes was found;
 *     0 if it must deviate before the first
 * @param inevitable the number of the step after which none was found; 0 if it is the end of the
 *     execution that no operation stands for
 * @param alternative the number of the task that goes on instead there in the execution that passes
 * @param continuations how many executions went on from after the inevitable step
 * @param unknown how many of them were cut off
 * @param race the two operations, or null if no pair of operations on one object changed places
 * @param neighbour the execution that passes
 * @param neighbourDeviations its deviations
 * @param executions how many executions the search took
 */
public record Cause(
        int lastAvoidable,
        int inevitable,
        int alternative,
        int continuations,
        int unknown,
        @Nullable Race race,
        Trace neighbour,
        List<Deviation> neighbourDeviations,
        long executions) {

    /**
     * Two conflicting operations of two tasks on one object, in one order in the execution that
     * fails and in the other in the one that passes. The four are numbers of steps.
     *
     * @param first the earlier one in the execution that fails
     * @param second the later one, or 0 if the execution has failed before it
     * @param firstOfNeighbour the step of {@code first} in the execution that passes
     * @param secondOfNeighbour the step of {@code second} there, which is smaller
     */
    public record Race(int first, int second, int firstOfNeighbour, int secondOfNeighbour) {}
}
