package org.selvage.search.reduction;

/** What is known of one task in the current execution. */
final class TaskTrack {
    /** Where its steps are. */
    final Ints positions = new Ints(8);

    /** What its next step accesses first. */
    final Ints declared = new Ints(2);

    /** Steps without which its next one could not be enabled. */
    final Ints enablers = new Ints(2);

    boolean barrier;
    boolean finished;

    /** Whether another task must act before this one's next step can be had at all. */
    boolean waits;

    void reset() {
        positions.clear();
        declared.clear();
        enablers.clear();
        barrier = false;
        finished = false;
        waits = false;
    }

    int last() {
        return positions.size == 0 ? -1 : positions.get(positions.size - 1);
    }
}
