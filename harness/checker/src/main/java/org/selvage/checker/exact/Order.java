package org.selvage.checker.exact;

import java.util.Arrays;

/**
 * Collects operations with the time at which they take effect, and puts them in order; at one time,
 * in the order in which they were added.
 */
final class Order {
    private long[] keys;
    private int[] operations;
    private int size;
    private boolean sorted = true;

    Order(int expected) {
        keys = new long[Math.max(4, expected)];
        operations = new int[keys.length];
    }

    void add(long time, int operation) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
            operations = Arrays.copyOf(operations, size * 2);
        }
        long key = time << 32 | size;
        sorted &= size == 0 || keys[size - 1] < key;
        keys[size] = key;
        operations[size++] = operation;
    }

    int[] sorted() {
        if (sorted) {
            return Arrays.copyOf(operations, size);
        }
        Arrays.sort(keys, 0, size);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = operations[(int) keys[i]];
        }
        return order;
    }
}
