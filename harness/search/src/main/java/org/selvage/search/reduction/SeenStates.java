package org.selvage.search.reduction;

import java.util.Arrays;

/**
 * For each state, by its hash, the largest budget with which it was seen. Full at 2^20 states. May
 * be used by several carriers.
 */
final class SeenStates {
    private static final int MAX = 1 << 20;
    private long[] keys = new long[1024];
    private byte[] budgets = new byte[1024];
    private int size;

    synchronized void clear() {
        Arrays.fill(keys, 0L);
        size = 0;
    }

    /** Notes a state; false if it was seen with this budget or a larger one. */
    synchronized boolean add(long hash, int budget) {
        long key = hash == 0L ? 1L : hash;
        int mask = keys.length - 1;
        int i = (int) (key >>> 32) & mask;
        while (keys[i] != 0L) {
            if (keys[i] == key) {
                if (budgets[i] >= budget) {
                    return false;
                }
                budgets[i] = (byte) Math.min(budget, Byte.MAX_VALUE);
                return true;
            }
            i = (i + 1) & mask;
        }
        if (size < MAX) {
            keys[i] = key;
            budgets[i] = (byte) Math.min(budget, Byte.MAX_VALUE);
            size++;
            if (size * 2 > keys.length) {
                grow();
            }
        }
        return true;
    }

    private void grow() {
        long[] oldKeys = keys;
        byte[] oldBudgets = budgets;
        keys = new long[oldKeys.length * 2];
        budgets = new byte[oldKeys.length * 2];
        int mask = keys.length - 1;
        for (int k = 0; k < oldKeys.length; k++) {
            if (oldKeys[k] != 0L) {
                int i = (int) (oldKeys[k] >>> 32) & mask;
                while (keys[i] != 0L) {
                    i = (i + 1) & mask;
                }
                keys[i] = oldKeys[k];
                budgets[i] = oldBudgets[k];
            }
        }
    }
}
