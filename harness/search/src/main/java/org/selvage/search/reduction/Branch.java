package org.selvage.search.reduction;

import org.jspecify.annotations.Nullable;

/** A node of a wake-up tree: a task to run, and what is to follow. */
final class Branch {
    private static final int[] NONE = new int[0];

    final int task;

    /** Outcomes of the first draws inside the step. */
    final int[] values;

    /** How many of the draws are not to be varied. */
    int fixed;

    @Nullable Branch child;
    @Nullable Branch sibling;

    Branch(int task, int[] values, int fixed) {
        this.task = task;
        this.values = values;
        this.fixed = fixed;
    }

    Branch(Step step, boolean withValues) {
        this(step.task, withValues && step.values.size > 0 ? step.values.toArray() : NONE, 0);
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
