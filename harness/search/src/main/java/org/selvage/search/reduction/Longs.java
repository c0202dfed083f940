package org.selvage.search.reduction;

import java.util.Arrays;

/** A list of longs that is reused. */
public final class Longs {
    private long[] values;
    int size;

    /** Makes an empty one. */
    public Longs(int capacity) {
        values = new long[capacity];
    }

    /** Adds a value. */
    public void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.max(4, size * 2));
        }
        values[size++] = value;
    }

    /** One of them. */
    public long get(int index) {
        return values[index];
    }

    /** Removes all. */
    public void clear() {
        size = 0;
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /** Removes all beyond so many. */
    public void truncate(int count) {
        size = Math.min(size, count);
    }

    /** A copy of the values. */
    public long[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
