package org.selvage.search.reduction;

import org.jspecify.annotations.Nullable;

/** A node of a wake-up tree: a task to run, and what is to follow. */
final class Branch {
    private static final int[] NONE = new int[0];
    private static final int UNKNOWN = -1;

    final int task;

    /**
     * What the step accesses, if that is one variable, as far as the execution told that the branch
     * was planned in; else {@link #UNKNOWN}.
     */
    private final int access;

    /** Outcomes of the first draws inside the step. */
    final int[] values;

    /** How many of the draws are not to be varied. */
    int fixed;

    @Nullable Branch child;
    @Nullable Branch sibling;

    /** Makes a branch that takes a step again, with other outcomes. */
    Branch(Step step, int[] values, int fixed) {
        this.task = step.task;
        this.access = step.accesses.size == 1 ? step.accesses.get(0) : UNKNOWN;
        this.values = values;
        this.fixed = fixed;
    }

    /** Makes a branch that takes a step. */
    Branch(Step step, boolean withValues) {
        this(step, withValues && step.values.size > 0 ? step.values.toArray() : NONE, 0);
    }

    /**
     * Whether it is known what the step accesses, in every execution that shares so many numbers of
     * variables: later ones stand for other variables in each.
     */
    boolean isKnown(int names) {
        int variable = Access.variable(access);
        return access != UNKNOWN && (variable < names || !Variables.isObject(variable));
    }

    /** Whether the step depends on the first so many accesses of another one. */
    boolean conflicts(Step other, int accesses) {
        for (int i = 0; i < accesses; i++) {
            if (Access.conflict(access, other.accesses.get(i))) {
                return true;
            }
        }
        return false;
    }

    boolean agreesWith(Ints outcomes) {
        for (int i = 0; i < Math.min(values.length, outcomes.size); i++) {
            if (values[i] != outcomes.get(i)) {
                return false;
            }
        }
        return true;
    }
}
