package org.selvage.checker.search;

import java.io.Serial;
import org.selvage.checker.Budget;

/** Counts what a check uses and stops it when its budget is spent. */
public final class Meter {
    private static final int STEPS_BETWEEN_CLOCKS = 256;

    /** The budget is spent; the message says which part of it. */
    public static final class Spent extends RuntimeException {
        @Serial private static final long serialVersionUID = 1L;

        /** With the part of the budget that ran out, as key=value. */
        public Spent(String reason) {
            super(reason, null, false, false);
        }
    }

    private final Budget budget;
    private final long startedAt;
    private long steps;
    private long bytes;
    private int untilClock = STEPS_BETWEEN_CLOCKS;

    /** Starts counting. */
    public Meter(Budget budget) {
        this.budget = budget;
        this.startedAt = budget.nanos() == Long.MAX_VALUE ? 0 : System.nanoTime();
    }

    /** Counts one step; throws {@link Spent} when the time or the steps are used up. */
    public void step() {
        if (++steps > budget.steps()) {
            throw new Spent("steps=" + budget.steps());
        }
        if (--untilClock == 0) {
            untilClock = STEPS_BETWEEN_CLOCKS;
            clock();
        }
    }

    /** Counts {@code work} steps at once, for algorithms that take a foreseeable time. */
    public void charge(long work) {
        steps += work;
        if (steps > budget.steps()) {
            throw new Spent("steps=" + budget.steps());
        }
        clock();
    }

    /** Looks at the clock at once; for callers whose single steps are long. */
    public void clock() {
        if (budget.nanos() != Long.MAX_VALUE && System.nanoTime() - startedAt > budget.nanos()) {
            throw new Spent("time=" + budget.nanos() / 1_000_000 + "ms");
        }
    }

    /**
     * Counts memory newly held, or given back when negative; throws {@link Spent} when it is too
     * much.
     */
    public void hold(long more) {
        bytes += more;
        if (bytes > budget.bytes()) {
            throw new Spent("memory=" + budget.bytes() / (1 << 20) + "MiB");
        }
    }

    /** Goes back to what was held before, when everything held since then is free. */
    public void release(long before) {
        bytes = before;
    }

    /** The steps counted. */
    public long steps() {
        return steps;
    }

    /** The memory held, in bytes, as estimated. */
    public long bytes() {
        return bytes;
    }
}
