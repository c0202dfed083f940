package org.selvage.checker.search;

/** A decision procedure that works in slices, so that two of them can take turns. */
public interface Search {
    /** How far it is. */
    enum Status {
        /** Not decided. */
        RUNNING,
        /** There is a linearization: {@link Search#linearization}. */
        LINEARIZABLE,
        /** There is none. */
        NOT_LINEARIZABLE
    }

    /**
     * Works for about {@code steps} more steps; throws {@link Meter.Spent} when the whole budget is
     * spent.
     */
    Status advance(long steps);

    /**
     * The operations of the timeline in a legal order. Optional operations and those that never end
     * may be left out.
     */
    int[] linearization();
}
