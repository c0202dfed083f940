package org.selvage.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Counts the operations of an execution; a watchdog may look at it from another thread. */
final class StepCount {
    private static final VarHandle STEPS = stepsHandle();

    private final long limit;
    private long steps;

    /** How many of them are accesses to plain memory: which are told depends on what raced. */
    private long plain;

    /**
     * Makes one that has counted nothing.
     *
     * @param limit how many operations of each of both sorts an execution may have, at least 1
     */
    StepCount(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("maxSteps=" + limit);
        }
        this.limit = limit;
    }

    private static VarHandle stepsHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(StepCount.class, "steps", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    void clear() {
        steps = 0L;
        plain = 0L;
    }

    /** Counts an operation; true if that is one too many. */
    boolean add() {
        long now = steps + 1;
        STEPS.setOpaque(this, now);
        return now - plain > limit;
    }

    /** Counts an access to plain memory; true if that is one too many. */
    boolean addPlain() {
        STEPS.setOpaque(this, steps + 1);
        return ++plain > limit;
    }

    long get() {
        return steps;
    }

    /** The same, from any thread. */
    long look() {
        return (long) STEPS.getOpaque(this);
    }
}
