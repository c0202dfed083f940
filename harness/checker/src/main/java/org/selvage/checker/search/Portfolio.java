package org.selvage.checker.search;

import org.jspecify.annotations.Nullable;
import org.selvage.checker.Method;

/**
 * Depth first and breadth first in turns, each for twice as long as before: the first is quick
 * where a linearization is easy to find, the second where there is none, and on recorded histories
 * either can be far slower than the other.
 */
public final class Portfolio implements Search {
    private static final long FIRST_SLICE = 256;

    private final Timeline timeline;
    private final StateSpace<?> space;
    private final Meter meter;
    private final Method method;
    private @Nullable Search decided;
    private @Nullable Search depthFirst;
    private @Nullable Search breadthFirst;

    /** A decision of the timeline by both searches or one of them. */
    public Portfolio(Timeline timeline, StateSpace<?> space, Meter meter, Method method) {
        this.timeline = timeline;
        this.space = space;
        this.meter = meter;
        this.method = method;
    }

    /** Runs until decided; throws {@link Meter.Spent} when the budget is spent. */
    public boolean decide() {
        Status status = Status.RUNNING;
        while (status == Status.RUNNING) {
            status = advance(Long.MAX_VALUE >> 1);
        }
        return status == Status.LINEARIZABLE;
    }

    @Override
    public Status advance(long steps) {
        long until = meter.steps() + steps;
        long slice = FIRST_SLICE + 4L * timeline.count;
        while (meter.steps() < until) {
            for (int turn = 0; turn < 2; turn++) {
                Search search = turn == 0 ? depthFirst() : breadthFirst();
                Status status = search == null ? Status.RUNNING : search.advance(slice);
                if (status != Status.RUNNING) {
                    decided = search;
                    return status;
                }
            }
            slice *= 2;
        }
        return Status.RUNNING;
    }

    @Override
    public int[] linearization() {
        if (decided == null) {
            throw new IllegalStateException("the search has not found a linearization");
        }
        return decided.linearization();
    }

    private @Nullable Search depthFirst() {
        boolean wanted = method != Method.JUST_IN_TIME && method != Method.WIDE_JUST_IN_TIME;
        if (wanted && depthFirst == null && timeline.window <= Long.SIZE) {
            depthFirst = new WingGongLowe(timeline, space, meter, false);
        }
        return depthFirst;
    }

    private @Nullable Search breadthFirst() {
        boolean narrow = timeline.window <= Long.SIZE;
        if (breadthFirst == null && !(narrow && method == Method.WING_GONG_LOWE)) {
            breadthFirst =
                    narrow && method != Method.WIDE_JUST_IN_TIME
                            ? new JustInTime(timeline, space, meter)
                            : new WideJustInTime(timeline, space, meter);
        }
        return breadthFirst;
    }
}
