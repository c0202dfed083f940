package org.selvage.checker.search;

import java.util.Arrays;

/**
 * A set of pairs of longs: a window mask, and a state with the place it belongs to. Open
 * addressing, cleared in constant time.
 */
final class ConfigurationSet {
    private static final int BYTES_PER_ENTRY = 20;

    private final Meter meter;
    private long[] masks;
    private long[] states;
    private int[] generations;
    private int generation = 1;
    private int size;

    ConfigurationSet(Meter meter, int capacity) {
        this.meter = meter;
        int length = Integer.highestOneBit(Math.max(16, capacity)) * 2;
        masks = new long[length];
        states = new long[length];
        generations = new int[length];
        meter.hold((long) length * BYTES_PER_ENTRY);
    }

    /** Adds the pair; false when it was there. */
    boolean add(long mask, long state) {
        int at = find(mask, state);
        if (generations[at] == generation) {
            return false;
        }
        masks[at] = mask;
        states[at] = state;
        generations[at] = generation;
        if (++size * 2 > masks.length) {
            grow();
        }
        return true;
    }

    void clear() {
        size = 0;
        if (++generation == Integer.MAX_VALUE) {
            Arrays.fill(generations, 0);
            generation = 1;
        }
    }

    private int find(long mask, long state) {
        long mixed = (mask * 0x9E3779B97F4A7C15L ^ state) * 0xC2B2AE3D27D4EB4FL;
        int length = masks.length - 1;
        int at = (int) (mixed ^ mixed >>> 32) & length;
        while (generations[at] == generation && (masks[at] != mask || states[at] != state)) {
            at = (at + 1) & length;
        }
        return at;
    }

    private void grow() {
        long[] oldMasks = masks;
        long[] oldStates = states;
        int[] oldGenerations = generations;
        int length = oldMasks.length * 2;
        meter.hold((long) oldMasks.length * BYTES_PER_ENTRY);
        masks = new long[length];
        states = new long[length];
        generations = new int[length];
        for (int i = 0; i < oldMasks.length; i++) {
            if (oldGenerations[i] == generation) {
                int at = find(oldMasks[i], oldStates[i]);
                masks[at] = oldMasks[i];
                states[at] = oldStates[i];
                generations[at] = generation;
            }
        }
    }
}
