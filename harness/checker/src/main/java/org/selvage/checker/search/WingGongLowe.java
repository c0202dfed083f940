package org.selvage.checker.search;

import java.util.Arrays;

/**
 * The search of Wing and Gong (1993) with Lowe's memory (2017), depth first: it follows one
 * linearization as far as it goes and never enters a configuration twice. A configuration is (the
 * first end not yet explained, mask over the window there, state), so its size does not grow with
 * the history.
 */
public final class WingGongLowe implements Search {
    private final Timeline timeline;
    private final StateSpace<?> space;
    private final Meter meter;
    private final DominanceSet seen;
    private final int[] slotOperation = new int[Long.SIZE];
    private final int[] slotBefore;
    private final boolean keepLongest;

    private long open;
    private long readOnly;
    private long pending;
    private long mask;
    private int state;
    private int end;

    private int depth;
    private int[] taken = new int[16];
    private long[] maskBefore = new long[16];
    private int[] stateBefore = new int[16];
    private int[] endBefore = new int[16];
    private long[] untried = new long[16];
    private int[] alternative = new int[16];

    private int[] longest = new int[0];
    private int longestState;
    private int longestEnd;

    /**
     * A search over a timeline whose window has at most 64 slots.
     *
     * @param keepLongest whether to keep the longest legal prefix met, for an explanation
     */
    public WingGongLowe(Timeline timeline, StateSpace<?> space, Meter meter, boolean keepLongest) {
        if (timeline.window > Long.SIZE) {
            throw new IllegalArgumentException(
                    "the window has " + timeline.window + " slots, more than a mask holds");
        }
        this.timeline = timeline;
        this.space = space;
        this.meter = meter;
        this.seen = new DominanceSet(meter);
        this.slotBefore = new int[timeline.count];
        this.keepLongest = keepLongest;
        this.state = space.initial();
        this.longestState = state;
        call(0, timeline.calledBefore[0]);
        untried[0] = candidates();
    }

    @Override
    public Status advance(long slice) {
        long sliceEnd = meter.steps() + slice;
        while (end < timeline.ends.length) {
            if (meter.steps() >= sliceEnd) {
                return Status.RUNNING;
            }
            meter.step();
            if (!descend()) {
                if (depth == 0) {
                    return Status.NOT_LINEARIZABLE;
                }
                depth--;
                undo();
            }
        }
        return Status.LINEARIZABLE;
    }

    @Override
    public int[] linearization() {
        return linearized();
    }

    /** The longest legal prefix met, when it was to be kept. */
    public int[] longestPrefix() {
        return longest;
    }

    /** The state after the longest legal prefix. */
    public int stateAfterLongest() {
        return longestState;
    }

    /** The first end the longest legal prefix does not explain. */
    public int endAfterLongest() {
        return longestEnd;
    }

    /**
     * Takes the next untried operation of this configuration; false when none leads anywhere new.
     */
    private boolean descend() {
        while (untried[depth] != 0 || skippable()) {
            if (untried[depth] == 0) {
                alternative[depth] = -1;
                if (enter(-1, mask, state)) {
                    return true;
                }
                continue;
            }
            int slot = nextSlot(untried[depth]);
            int operation = slotOperation[slot];
            int result = space.step(state, timeline.classOf[operation]);
            boolean skip =
                    result == StateSpace.NONE
                            || (timeline.twin[operation]
                                    && (readOnly & 1L << slot) == 0
                                    && earlierTwin(operation));
            int next = result;
            if (!skip && result < StateSpace.NONE) {
                int[] several = space.alternatives(result);
                next = several[alternative[depth]++];
                if (alternative[depth] == several.length) {
                    alternative[depth] = 0;
                    untried[depth] &= ~(1L << slot);
                }
            } else {
                untried[depth] &= ~(1L << slot);
            }
            if (!skip && enter(operation, mask | 1L << slot, next)) {
                return true;
            }
        }
        return false;
    }

    /** An optional operation whose end is next may be left out, as the last thing to try. */
    private boolean skippable() {
        return alternative[depth] >= 0 && timeline.optional[timeline.ends[end]];
    }

    private int nextSlot(long slots) {
        int ending = timeline.slot[timeline.ends[end]];
        return (slots & 1L << ending) != 0 ? ending : Long.numberOfTrailingZeros(slots);
    }

    private boolean enter(int operation, long nextMask, int nextState) {
        push(operation);
        mask = nextMask;
        state = nextState;
        if (operation < 0) {
            pass();
        }
        while (end < timeline.ends.length
                && (mask & 1L << timeline.slot[timeline.ends[end]]) != 0) {
            pass();
        }
        if (!seen.add(
                mask & ~(pending | readOnly),
                (long) end << 32 | state,
                (mask & pending) | (open & readOnly & ~mask))) {
            undo();
            return false;
        }
        depth++;
        if (keepLongest && operation >= 0 && depth > longest.length) {
            keep();
        }
        if (depth == untried.length) {
            grow();
        }
        untried[depth] = end < timeline.ends.length ? candidates() : 0;
        alternative[depth] = 0;
        return true;
    }

    private void push(int operation) {
        taken[depth] = operation;
        maskBefore[depth] = mask;
        stateBefore[depth] = state;
        endBefore[depth] = end;
    }

    private void undo() {
        while (end > endBefore[depth]) {
            unpass();
        }
        mask = maskBefore[depth];
        state = stateBefore[depth];
    }

    /**
     * An operation that changes nothing and is possible is the only one to try; otherwise all that
     * change something.
     */
    private long candidates() {
        for (long rest = open & readOnly & ~mask; rest != 0; rest &= rest - 1) {
            int slot = Long.numberOfTrailingZeros(rest);
            if (space.step(state, timeline.classOf[slotOperation[slot]]) != StateSpace.NONE) {
                return 1L << slot;
            }
        }
        return open & ~readOnly & ~mask;
    }

    private boolean earlierTwin(int operation) {
        int order = timeline.endRank[operation];
        for (long rest = open & ~mask; rest != 0; rest &= rest - 1) {
            int other = slotOperation[Long.numberOfTrailingZeros(rest)];
            if (timeline.classOf[other] == timeline.classOf[operation]) {
                int otherOrder = timeline.endRank[other];
                if (otherOrder < order || (otherOrder == order && other < operation)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Moves past the next end, and over the calls up to the one after it. */
    private void pass() {
        long bit = 1L << timeline.slot[timeline.ends[end]];
        mask &= ~bit;
        open &= ~bit;
        readOnly &= ~bit;
        pending &= ~bit;
        end++;
        call(timeline.calledBefore[end - 1], timeline.calledBefore[end]);
    }

    private void unpass() {
        for (int operation = timeline.calledBefore[end] - 1;
                operation >= timeline.calledBefore[end - 1];
                operation--) {
            int slot = timeline.slot[operation];
            open &= ~(1L << slot);
            readOnly &= ~(1L << slot);
            pending &= ~(1L << slot);
            slotOperation[slot] = slotBefore[operation];
        }
        end--;
        int ended = timeline.ends[end];
        long bit = 1L << timeline.slot[ended];
        open |= bit;
        if (space.classes().readOnly(timeline.classOf[ended])) {
            readOnly |= bit;
        }
        if (timeline.optional[ended]) {
            pending |= bit;
        }
        slotOperation[timeline.slot[ended]] = ended;
    }

    private void call(int from, int to) {
        for (int operation = from; operation < to; operation++) {
            int slot = timeline.slot[operation];
            slotBefore[operation] = slotOperation[slot];
            slotOperation[slot] = operation;
            open |= 1L << slot;
            if (space.classes().readOnly(timeline.classOf[operation])) {
                readOnly |= 1L << slot;
            }
            if (timeline.optional[operation]) {
                pending |= 1L << slot;
            }
        }
    }

    private int[] linearized() {
        int[] order = new int[depth];
        int size = 0;
        for (int i = 0; i < depth; i++) {
            if (taken[i] >= 0) {
                order[size++] = taken[i];
            }
        }
        return Arrays.copyOf(order, size);
    }

    private void keep() {
        int[] order = linearized();
        if (order.length > longest.length) {
            longest = order;
            longestState = state;
            longestEnd = end;
        }
    }

    private void grow() {
        int capacity = depth * 2;
        meter.hold((long) depth * 32);
        taken = Arrays.copyOf(taken, capacity);
        maskBefore = Arrays.copyOf(maskBefore, capacity);
        stateBefore = Arrays.copyOf(stateBefore, capacity);
        endBefore = Arrays.copyOf(endBefore, capacity);
        untried = Arrays.copyOf(untried, capacity);
        alternative = Arrays.copyOf(alternative, capacity);
    }
}
