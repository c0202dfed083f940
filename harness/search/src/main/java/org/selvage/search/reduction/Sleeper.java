package org.selvage.search.reduction;

/**
 * A step that was explored from an earlier state and need not be taken again until something that
 * it depends on has happened: an element of a sleep set.
 */
final class Sleeper {
    final int task;
    final int[] accesses;
    final int[] values;
    final long readMask;
    final long writeMask;
    final boolean exposed;

    /**
     * Whether the step came to objects that had no number before it: nothing is known to be
     * independent of it.
     */
    final boolean opaque;

    Sleeper(Step step) {
        task = step.task;
        accesses = step.accesses.toArray();
        values = step.values.toArray();
        readMask = step.readMask;
        writeMask = step.writeMask;
        exposed = step.exposed;
        boolean unnamed = false;
        for (int access : accesses) {
            unnamed |=
                    Variables.isObject(Access.variable(access))
                            && Access.variable(access) >= step.names;
        }
        opaque = unnamed;
    }

    boolean isIndependentOf(Step step) {
        if (opaque) {
            return false;
        }
        if ((writeMask & (step.writeMask | step.readMask)) == 0L
                && (readMask & step.writeMask) == 0L) {
            return true;
        }
        return !Step.conflict(accesses, accesses.length, step.accesses.values, step.accesses.size);
    }

    /** As {@link #isIndependentOf}, for a step of which only the declared accesses are known. */
    boolean isIndependentOfDeclared(Step step, boolean exact) {
        return !opaque
                && (exact || !exposed)
                && !Step.conflict(accesses, accesses.length, step.accesses.values, step.declared);
    }
}
