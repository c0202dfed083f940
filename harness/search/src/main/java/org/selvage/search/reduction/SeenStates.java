package org.selvage.search.reduction;

/**
 * For each state, by its hash, the largest budget with which it was seen. Full at 2^20 states. May
 * be used by several carriers.
 */
final class SeenStates {
    private static final int MAX = 1 << 20;
    private long[] keys = new long[1024];
    private byte[] budgets = new byte[1024];
    private int size;

    /** Whether a state was seen with this budget or a larger one. */
    synchronized boolean contains(long hash, int budget) {
        long key = hash == 0L ? 1L : hash;
        int mask = keys.length - 1;
        int i = (int) (key >>> 32) & mask;
        while (keys[i] != 0L && keys[i] != key) {
            i = (i + 1) & mask;
        }
        return keys[i] == key && budgets[i] >= budget;
    }

    /** Notes a state. */
    synchronized void add(long hash, int budget) {
        long key = hash == 0L ? 1L : hash;
        int mask = keys.length - 1;
        int i = (int) (key >>> 32) & mask;
        while (keys[i] != 0L) {
            if (keys[i] == key) {
                budgets[i] = (byte) Math.max(budgets[i], Math.min(budget, Byte.MAX_VALUE));
                return;
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
