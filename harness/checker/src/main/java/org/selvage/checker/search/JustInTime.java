package org.selvage.checker.search;

import java.util.Arrays;

/**
 * Just-in-time linearization (Lowe 2017), breadth first: all configurations (mask of linearized
 * operations in the window, state) that explain the history up to an end. An operation is
 * linearized only when an end needs it, itself or as a step before the one that ends.
 *
 * <p>Four things keep the front small and lose no linearization. Operations that change no state
 * are linearized as soon as they are possible: whatever follows without them follows with them. Of
 * interchangeable open operations only the one that ends first is tried: in any linearization they
 * can trade places. A configuration that has used up fewer pending operations and owes fewer reads
 * than another with the same state makes that one needless. An end frees its slot, so
 * configurations of different pasts meet again.
 */
public final class JustInTime implements Search {
    private final Timeline timeline;
    private final StateSpace<?> space;
    private final Meter meter;
    private final DominanceSet seen;
    private final Steps steps;
    private final boolean keepPaths;
    private final int[] slotOperation = new int[Long.SIZE];
    private Front front = new Front();
    private Front next = new Front();
    private final Front work = new Front();
    private long open;
    private long readOnly;
    private long pending;
    private int worked;
    private int end;
    private boolean closing;
    private long sliceEnd;

    /** A search over a timeline whose window has at most 64 slots. */
    public JustInTime(Timeline timeline, StateSpace<?> space, Meter meter) {
        this(timeline, space, meter, true);
        front.add(0, space.initial(), Steps.ROOT);
    }

    private JustInTime(Timeline timeline, StateSpace<?> space, Meter meter, boolean keepPaths) {
        if (timeline.window > Long.SIZE) {
            throw new IllegalArgumentException(
                    "the window has " + timeline.window + " slots, more than a mask holds");
        }
        this.timeline = timeline;
        this.space = space;
        this.meter = meter;
        this.seen = new DominanceSet(meter);
        this.steps = new Steps(meter);
        this.keepPaths = keepPaths;
    }

    /**
     * A search that goes on from the configurations another one has left, and keeps no
     * linearizations.
     *
     * @param masks which of the timeline's first operations are linearized already; a bit for each
     *     operation, by its number
     * @param states the states
     */
    public JustInTime(
            Timeline timeline, StateSpace<?> space, Meter meter, long[] masks, int[] states) {
        this(timeline, space, meter, false);
        for (int i = 0; i < masks.length; i++) {
            long mask = 0;
            for (long rest = masks[i]; rest != 0; rest &= rest - 1) {
                mask |= 1L << timeline.slot[Long.numberOfTrailingZeros(rest)];
            }
            front.add(mask, states[i], Steps.ROOT);
        }
    }

    /** How many configurations explain the timeline. */
    public int configurations() {
        return front.size;
    }

    /** The state of a configuration. */
    public int state(int configuration) {
        return front.states[configuration];
    }

    /** Whether an operation that is still open is linearized in a configuration. */
    public boolean linearized(int configuration, int operation) {
        return (front.masks[configuration] & 1L << timeline.slot[operation]) != 0;
    }

    @Override
    public Status advance(long slice) {
        sliceEnd = meter.steps() + slice;
        while (end < timeline.ends.length) {
            if (!closing) {
                begin();
            }
            if (!drain()) {
                return Status.RUNNING;
            }
            finish();
            if (front.size == 0) {
                return Status.NOT_LINEARIZABLE;
            }
            end++;
            if (steps.crowded()) {
                steps.compact(front.nodes, front.size);
            }
        }
        return Status.LINEARIZABLE;
    }

    @Override
    public int[] linearization() {
        return steps.path(front.nodes[0]);
    }

    /**
     * The end at which no configuration was left; only after {@link
     * Search.Status#NOT_LINEARIZABLE}.
     */
    public int failedEnd() {
        return end;
    }

    /** How many ends have been explained so far. */
    public int explainedEnds() {
        return end;
    }

    /**
     * Opens the calls before the next end, and puts those configurations to work that have not
     * linearized what ends.
     */
    private void begin() {
        int from = end == 0 ? 0 : timeline.calledBefore[end - 1];
        for (int operation = from; operation < timeline.calledBefore[end]; operation++) {
            int slot = timeline.slot[operation];
            slotOperation[slot] = operation;
            open |= 1L << slot;
            if (timeline.optional[operation]) {
                pending |= 1L << slot;
            }
            if (space.classes().readOnly(timeline.classOf[operation])) {
                readOnly |= 1L << slot;
                linearizeEverywhere(operation);
            }
        }
        seen.clear();
        next.size = 0;
        work.size = 0;
        int ending = timeline.ends[end];
        long bit = 1L << timeline.slot[ending];
        for (int i = 0; i < front.size; i++) {
            long mask = front.masks[i];
            add(mask, front.states[i]);
            if ((mask & bit) != 0 || timeline.optional[ending]) {
                next.add(mask, front.states[i], front.nodes[i]);
            }
            if ((mask & bit) == 0) {
                work.add(mask, front.states[i], front.nodes[i]);
            }
        }
        worked = 0;
        closing = true;
    }

    private void linearizeEverywhere(int operation) {
        long bit = 1L << timeline.slot[operation];
        for (int i = 0; i < front.size; i++) {
            if (space.step(front.states[i], timeline.classOf[operation]) != StateSpace.NONE) {
                front.masks[i] |= bit;
                front.nodes[i] = node(front.nodes[i], operation);
            }
        }
    }

    private int node(int parent, int operation) {
        return keepPaths ? steps.add(parent, operation) : Steps.ROOT;
    }

    private boolean drain() {
        while (worked < work.size) {
            if (meter.steps() >= sliceEnd) {
                return false;
            }
            meter.step();
            int first = worked++;
            expand(work.masks[first], work.states[first], work.nodes[first]);
        }
        return true;
    }

    /** Remembers a configuration; false when one that can do all it can has been met. */
    private boolean add(long mask, int state) {
        return seen.add(
                mask & ~(pending | readOnly), state, (mask & pending) | (open & readOnly & ~mask));
    }

    private void expand(long mask, int state, int node) {
        for (long rest = open & ~mask & ~readOnly; rest != 0; rest &= rest - 1) {
            int slot = Long.numberOfTrailingZeros(rest);
            int operation = slotOperation[slot];
            if (timeline.twin[operation] && earlierTwin(operation, mask)) {
                continue;
            }
            int result = space.step(state, timeline.classOf[operation]);
            if (result == StateSpace.NONE) {
                continue;
            }
            long after = mask | 1L << slot;
            if (result >= 0) {
                reach(after, result, node, operation);
            } else {
                for (int alternative : space.alternatives(result)) {
                    reach(after, alternative, node, operation);
                }
            }
        }
    }

    private boolean earlierTwin(int operation, long mask) {
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

    private void reach(long mask, int state, int parent, int operation) {
        long after = mask;
        for (long rest = open & readOnly & ~mask; rest != 0; rest &= rest - 1) {
            int slot = Long.numberOfTrailingZeros(rest);
            if (space.step(state, timeline.classOf[slotOperation[slot]]) != StateSpace.NONE) {
                after |= 1L << slot;
            }
        }
        if (!add(after, state)) {
            return;
        }
        int node = node(parent, operation);
        for (long rest = after & ~mask; rest != 0; rest &= rest - 1) {
            node = node(node, slotOperation[Long.numberOfTrailingZeros(rest)]);
        }
        if ((after & 1L << timeline.slot[timeline.ends[end]]) != 0) {
            next.add(after, state, node);
        } else {
            work.add(after, state, node);
        }
    }

    private void finish() {
        int ending = timeline.ends[end];
        long keep = ~(1L << timeline.slot[ending]);
        open &= keep;
        pending &= keep;
        readOnly &= keep;
        for (int i = 0; i < next.size; i++) {
            next.masks[i] &= keep;
        }
        if (next.size > 1) {
            seen.clear();
            for (int i = 0; i < next.size; i++) {
                add(next.masks[i], next.states[i]);
            }
            int kept = 0;
            for (int i = 0; i < next.size; i++) {
                long mask = next.masks[i];
                if (seen.takeIfBest(
                        mask & ~(pending | readOnly),
                        next.states[i],
                        (mask & pending) | (open & readOnly & ~mask))) {
                    next.move(i, kept++);
                }
            }
            next.size = kept;
        }
        Front old = front;
        front = next;
        next = old;
        closing = false;
    }

    /** Configurations side by side in arrays. */
    private final class Front {
        private static final int BYTES = 16;
        private long[] masks = new long[16];
        private int[] states = new int[16];
        private int[] nodes = new int[16];
        private int size;

        void add(long mask, int state, int node) {
            if (size == masks.length) {
                meter.hold((long) size * BYTES);
                masks = Arrays.copyOf(masks, size * 2);
                states = Arrays.copyOf(states, size * 2);
                nodes = Arrays.copyOf(nodes, size * 2);
            }
            masks[size] = mask;
            states[size] = state;
            nodes[size++] = node;
        }

        void move(int from, int to) {
            masks[to] = masks[from];
            states[to] = states[from];
            nodes[to] = nodes[from];
        }
    }
}
