package org.selvage.search.reduction;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * One step of the current execution, and the state before it: what sleeps there and what is still
 * to be tried. A step is what a task does from one scheduling point to its next. Reused by depth.
 */
final class Step {
    int task;

    /** The how-manieth step of its task this is, from 1. */
    int index;

    /** The position of the task's previous step, or -1. */
    int previous;

    /** What it accesses; the first {@link #declared} of them were known before it ran. */
    final Ints accesses = new Ints(4);

    int declared;
    long readMask;
    long writeMask;
    boolean exposed;

    /** Positions of steps of other tasks without which this one could not have been enabled. */
    final Ints enablers = new Ints(2);

    /** Whether every step before this one had to come before. */
    boolean barrier;

    /** How many variables had a number before this step. */
    int names;

    /** The outcomes of the draws inside the step, and how many options each had. */
    final Ints values = new Ints(0);

    final Ints options = new Ints(0);

    /**
     * How many of the draws are not to be varied here: their other outcomes are branches of their
     * own.
     */
    int fixed;

    /** For each task, how many of its steps happen before this one or are it. */
    int[] clock = new int[0];

    /** The same without the edges of the mutex that this step acquires. */
    int[] clockWithoutMutex = new int[0];

    /**
     * Steps that this one races with: position times 2, plus 1 if the race is about a mutex held in
     * between.
     */
    final Ints races = new Ints(4);

    final ArrayList<Sleeper> sleepers = new ArrayList<>();

    /** How many branches were explored completely. */
    int explored;

    @Nullable Branch current;
    @Nullable Branch rest;

    void begin(int newTask, int newIndex, int newPrevious) {
        task = newTask;
        index = newIndex;
        previous = newPrevious;
        accesses.clear();
        enablers.clear();
        values.clear();
        options.clear();
        races.clear();
        barrier = false;
        fixed = 0;
        declared = 0;
        readMask = 0L;
        writeMask = 0L;
        exposed = false;
    }

    void access(int access) {
        if (accesses.size > 0 && accesses.values[accesses.size - 1] == access) {
            return;
        }
        accesses.add(access);
        if (Access.mode(access) == Access.READ) {
            readMask |= Access.bit(access);
        } else {
            writeMask |= Access.bit(access);
        }
        exposed |= Access.isExposed(access);
    }

    /** Whether it began by acquiring this mutex. */
    boolean acquires(int variable) {
        return declared > 0
                && Access.mode(accesses.get(0)) == Access.ACQUIRE
                && Access.variable(accesses.get(0)) == variable;
    }

    boolean happensAfter(Step earlier) {
        return clock[earlier.task] >= earlier.index;
    }

    boolean isIndependentOf(Step other) {
        if ((writeMask & (other.writeMask | other.readMask)) == 0L
                && (readMask & other.writeMask) == 0L) {
            return true;
        }
        return !conflict(
                accesses.values, accesses.size, other.accesses.values, other.accesses.size);
    }

    /** Whether two steps depend on each other by an access that one of them did not declare. */
    boolean conflictsUndeclared(Step other) {
        for (int i = 0; i < accesses.size; i++) {
            for (int k = 0; k < other.accesses.size; k++) {
                int access = accesses.get(i);
                if ((i >= declared || k >= other.declared)
                        && (Access.isExposed(access) || Access.isExposed(other.accesses.get(k)))
                        && Access.conflict(access, other.accesses.get(k))) {
                    return true;
                }
            }
        }
        return false;
    }

    static boolean conflict(int[] a, int aCount, int[] b, int bCount) {
        for (int i = 0; i < aCount; i++) {
            for (int k = 0; k < bCount; k++) {
                if (Access.conflict(a[i], b[k])) {
                    return true;
                }
            }
        }
        return false;
    }
}
