package org.selvage.checker.exact;

import org.selvage.checker.search.Problem;
import org.selvage.checker.specification.FastPath;

/** Decides histories by exact algorithms that take near-linear time. */
public final class ExactAlgorithms {
    private ExactAlgorithms() {}

    /**
     * Decides the problem, or says that its values are too ambiguous for the algorithm. The problem
     * must concern the whole object, or the whole of some of its keys.
     */
    public static ExactResult decide(Problem problem, FastPath kind) {
        if (kind == FastPath.NONE) {
            return ExactResult.notApplicable();
        }
        ExactInput input = new ExactInput(problem);
        return switch (kind) {
            case REGISTER -> RegisterZones.decide(input, false);
            case MAP -> RegisterZones.decide(input, true);
            case SET -> SetToggles.decide(input);
            case QUEUE -> QueueOrder.decide(input);
            case STACK -> StackNesting.decide(input);
            case PRIORITY_QUEUE -> PriorityOrder.decide(input);
            case NONE -> ExactResult.notApplicable();
        };
    }
}
