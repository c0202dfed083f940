package org.selvage.checker.search;

import java.util.Arrays;

/**
 * The configurations met, without those that another one makes needless.
 *
 * <p>A configuration is a key, in which two must agree to be compared (the state, and what is
 * linearized of the operations that matter both ways), and a burden: the pending operations it has
 * used up and the open reads it still owes. Whatever can follow a configuration can follow one with
 * the same key and a smaller burden.
 */
final class DominanceSet {
    private static final int BYTES_PER_SLOT = 24;
    private static final int BYTES_PER_ENTRY = 12;

    private final Meter meter;
    private long[] masks;
    private long[] states;
    private int[] generations;
    private int[] heads;
    private int generation = 1;
    private int keys;

    private long[] burdens = new long[32];
    private int[] next = new int[32];
    private int entries;

    DominanceSet(Meter meter) {
        this.meter = meter;
        masks = new long[32];
        states = new long[32];
        generations = new int[32];
        heads = new int[32];
    }

    /**
     * Adds the configuration; false when one like it with a burden as small or smaller is there.
     */
    boolean add(long mask, long state, long burden) {
        int at = find(mask, state);
        if (generations[at] != generation) {
            masks[at] = mask;
            states[at] = state;
            generations[at] = generation;
            heads[at] = -1;
            if (++keys * 2 > masks.length) {
                grow();
                at = find(mask, state);
            }
        }
        int before = -1;
        for (int entry = heads[at]; entry >= 0; entry = next[entry]) {
            if ((burdens[entry] & ~burden) == 0) {
                return false;
            }
            if ((burden & ~burdens[entry]) == 0) {
                if (before < 0) {
                    heads[at] = next[entry];
                } else {
                    next[before] = next[entry];
                }
            } else {
                before = entry;
            }
        }
        if (entries == burdens.length) {
            meter.hold((long) entries * BYTES_PER_ENTRY);
            burdens = Arrays.copyOf(burdens, entries * 2);
            next = Arrays.copyOf(next, entries * 2);
        }
        burdens[entries] = burden;
        next[entries] = heads[at];
        heads[at] = entries++;
        return true;
    }

    /** True once for each configuration that was added and that no other one makes needless. */
    boolean takeIfBest(long mask, long state, long burden) {
        int at = find(mask, state);
        if (generations[at] != generation) {
            return false;
        }
        int before = -1;
        for (int entry = heads[at]; entry >= 0; before = entry, entry = next[entry]) {
            if (burdens[entry] == burden) {
                if (before < 0) {
                    heads[at] = next[entry];
                } else {
                    next[before] = next[entry];
                }
                return true;
            }
        }
        return false;
    }

    void clear() {
        keys = 0;
        entries = 0;
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
        int[] oldHeads = heads;
        int length = oldMasks.length * 2;
        meter.hold((long) oldMasks.length * BYTES_PER_SLOT);
        masks = new long[length];
        states = new long[length];
        generations = new int[length];
        heads = new int[length];
        for (int i = 0; i < oldMasks.length; i++) {
            if (oldGenerations[i] == generation) {
                int at = find(oldMasks[i], oldStates[i]);
                masks[at] = oldMasks[i];
                states[at] = oldStates[i];
                generations[at] = generation;
                heads[at] = oldHeads[i];
            }
        }
    }
}
