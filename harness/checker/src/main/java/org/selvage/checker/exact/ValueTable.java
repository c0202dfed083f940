package org.selvage.checker.exact;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers pairs of a part (a small integer) and a value, in the order in which they are first seen.
 * Open addressing.
 */
final class ValueTable {
    private int[] table;
    private int[] parts;
    private @Nullable Object[] values;
    private int[] hashes;
    private int size;

    ValueTable(int expected) {
        int capacity = Math.max(16, expected);
        table = new int[Integer.highestOneBit(capacity) * 4];
        parts = new int[capacity];
        values = new @Nullable Object[capacity];
        hashes = new int[capacity];
    }

    int size() {
        return size;
    }

    @Nullable Object value(int number) {
        return values[number];
    }

    int part(int number) {
        return parts[number];
    }

    /** The number of the pair, added when it is new. */
    int of(int part, @Nullable Object value) {
        int hash = hash(part, value);
        int at = find(part, value, hash);
        if (table[at] != 0) {
            return table[at] - 1;
        }
        if (size == parts.length) {
            grow();
            at = find(part, value, hash);
        }
        parts[size] = part;
        values[size] = value;
        hashes[size] = hash;
        table[at] = ++size;
        return size - 1;
    }

    private int find(int part, @Nullable Object value, int hash) {
        int mask = table.length - 1;
        int at = hash & mask;
        while (table[at] != 0) {
            int known = table[at] - 1;
            if (hashes[known] == hash && parts[known] == part && same(values[known], value)) {
                break;
            }
            at = (at + 1) & mask;
        }
        return at;
    }

    private static boolean same(@Nullable Object a, @Nullable Object b) {
        return a == null ? b == null : a.equals(b);
    }

    private static int hash(int part, @Nullable Object value) {
        int hash = ((value == null ? 0 : value.hashCode()) * 31 + part) * 0x9E3779B9;
        return hash ^ (hash >>> 15);
    }

    private void grow() {
        int capacity = size * 2;
        parts = Arrays.copyOf(parts, capacity);
        values = Arrays.copyOf(values, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        table = new int[Integer.highestOneBit(capacity) * 4];
        int mask = table.length - 1;
        for (int i = 0; i < size; i++) {
            int at = hashes[i] & mask;
            while (table[at] != 0) {
                at = (at + 1) & mask;
            }
            table[at] = i + 1;
        }
    }
}
