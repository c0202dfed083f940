package org.selvage.checker.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link JustInTime} for windows of more than 64 slots, with masks of several words. Slower, and
 * rare: it takes more than 64 operations open at once.
 */
public final class WideJustInTime implements Search {
    private static final int BYTES_PER_CONFIGURATION = 96;

    private final Timeline timeline;
    private final StateSpace<?> space;
    private final Meter meter;
    private final Steps steps;
    private final int words;
    private final int[] slotOperation;
    private final long[] open;
    private Map<Configuration, Integer> front = new LinkedHashMap<>();
    private Map<Configuration, Integer> next = new LinkedHashMap<>();
    private final Map<Configuration, Integer> nodes = new HashMap<>();
    private final Map<Configuration, List<long[]>> burdens = new HashMap<>();
    private final ArrayDeque<Configuration> work = new ArrayDeque<>();
    private int end;
    private boolean closing;

    /** A search over a timeline of any window. */
    public WideJustInTime(Timeline timeline, StateSpace<?> space, Meter meter) {
        this.timeline = timeline;
        this.space = space;
        this.meter = meter;
        this.steps = new Steps(meter);
        this.words = Math.max(1, (timeline.window + Long.SIZE - 1) / Long.SIZE);
        this.open = new long[words];
        this.slotOperation = new int[words * Long.SIZE];
        front.put(new Configuration(new long[words], space.initial()), Steps.ROOT);
    }

    @Override
    public Status advance(long slice) {
        long sliceEnd = meter.steps() + slice;
        while (end < timeline.ends.length) {
            if (!closing) {
                begin();
            }
            while (!work.isEmpty()) {
                if (meter.steps() >= sliceEnd) {
                    return Status.RUNNING;
                }
                meter.step();
                expand(work.removeFirst());
            }
            finish();
            if (front.isEmpty()) {
                return Status.NOT_LINEARIZABLE;
            }
            end++;
        }
        return Status.LINEARIZABLE;
    }

    @Override
    public int[] linearization() {
        return steps.path(front.values().iterator().next());
    }

    private void begin() {
        for (int operation = end == 0 ? 0 : timeline.calledBefore[end - 1];
                operation < timeline.calledBefore[end];
                operation++) {
            int slot = timeline.slot[operation];
            slotOperation[slot] = operation;
            open[slot >> 6] |= 1L << slot;
        }
        nodes.clear();
        burdens.clear();
        next = new LinkedHashMap<>();
        Map<Configuration, Integer> before = front;
        front = new LinkedHashMap<>();
        before.forEach(
                (configuration, node) -> reach(configuration.mask, configuration.state, node, -1));
        closing = true;
    }

    private void expand(Configuration from) {
        int node = node(from);
        for (int slot = 0; slot < slotOperation.length; slot++) {
            if (!isOpen(slot) || has(from.mask, slot)) {
                continue;
            }
            int operation = slotOperation[slot];
            if (readOnly(operation)
                    || (timeline.twin[operation] && earlierTwin(operation, from.mask))) {
                continue;
            }
            int result = space.step(from.state, timeline.classOf[operation]);
            if (result == StateSpace.NONE) {
                continue;
            }
            long[] mask = from.mask.clone();
            mask[slot >> 6] |= 1L << slot;
            if (result >= 0) {
                reach(mask, result, node, operation);
            } else {
                for (int alternative : space.alternatives(result)) {
                    reach(mask, alternative, node, operation);
                }
            }
        }
    }

    private void reach(long[] mask, int state, int parent, int operation) {
        int node = operation < 0 ? parent : steps.add(parent, operation);
        long[] after = mask.clone();
        for (int slot = 0; slot < slotOperation.length; slot++) {
            if (isOpen(slot)
                    && !has(after, slot)
                    && readOnly(slotOperation[slot])
                    && space.step(state, timeline.classOf[slotOperation[slot]])
                            != StateSpace.NONE) {
                after[slot >> 6] |= 1L << slot;
                node = steps.add(node, slotOperation[slot]);
            }
        }
        Configuration reached = new Configuration(after, state);
        if (!isNew(reached)) {
            return;
        }
        nodes.put(reached, node);
        meter.hold(BYTES_PER_CONFIGURATION + 8L * words);
        int ending = timeline.ends[end];
        if (has(after, timeline.slot[ending])) {
            next.put(reached, node);
        } else {
            work.add(reached);
            if (timeline.optional[ending]) {
                next.put(reached, node);
            }
        }
    }

    /** Whether no configuration met so far makes this one needless, as in {@link DominanceSet}. */
    private boolean isNew(Configuration reached) {
        long[] key = reached.mask.clone();
        long[] burden = new long[words];
        for (int slot = 0; slot < slotOperation.length; slot++) {
            if (!isOpen(slot)) {
                continue;
            }
            boolean done = has(reached.mask, slot);
            boolean reads = readOnly(slotOperation[slot]);
            if (reads || timeline.optional[slotOperation[slot]]) {
                key[slot >> 6] &= ~(1L << slot);
                if (done != reads) {
                    burden[slot >> 6] |= 1L << slot;
                }
            }
        }
        List<long[]> known =
                burdens.computeIfAbsent(
                        new Configuration(key, reached.state), k -> new ArrayList<>());
        for (long[] other : known) {
            if (within(other, burden)) {
                return false;
            }
        }
        known.removeIf(other -> within(burden, other));
        known.add(burden);
        return true;
    }

    private static boolean within(long[] smaller, long[] larger) {
        for (int i = 0; i < smaller.length; i++) {
            if ((smaller[i] & ~larger[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    private void finish() {
        int slot = timeline.slot[timeline.ends[end]];
        open[slot >> 6] &= ~(1L << slot);
        front = new LinkedHashMap<>();
        next.forEach((configuration, node) -> {
            long[] mask = configuration.mask.clone();
            mask[slot >> 6] &= ~(1L << slot);
            front.putIfAbsent(new Configuration(mask, configuration.state), node);
        });
        meter.hold((BYTES_PER_CONFIGURATION + 8L * words) * (front.size() - nodes.size()));
        closing = false;
    }

    private int node(Configuration configuration) {
        Integer node = nodes.get(configuration);
        if (node == null) {
            throw new IllegalStateException(
                    "a configuration at work was never reached: end=" + end);
        }
        return node;
    }

    private boolean earlierTwin(int operation, long[] mask) {
        int order = timeline.endRank[operation];
        for (int slot = 0; slot < slotOperation.length; slot++) {
            if (isOpen(slot) && !has(mask, slot)) {
                int other = slotOperation[slot];
                int otherOrder = timeline.endRank[other];
                if (timeline.classOf[other] == timeline.classOf[operation]
                        && (otherOrder < order || (otherOrder == order && other < operation))) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean readOnly(int operation) {
        return space.classes().readOnly(timeline.classOf[operation]);
    }

    private boolean isOpen(int slot) {
        return has(open, slot);
    }

    private static boolean has(long[] mask, int slot) {
        return (mask[slot >> 6] & 1L << slot) != 0;
    }

    /** A window mask of several words and a state. */
    private static final class Configuration {
        private final long[] mask;
        private final int state;

        Configuration(long[] mask, int state) {
            this.mask = mask;
            this.state = state;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Configuration that
                    && state == that.state
                    && Arrays.equals(mask, that.mask);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(mask) * 31 + state;
        }
    }
}
