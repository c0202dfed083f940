package org.selvage.search.reduction;

import java.util.Arrays;

/** A list of ints that is reused. */
final class Ints {
    int[] values;
    int size;

    Ints(int capacity) {
        values = new int[capacity];
    }

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.max(4, size * 2));
        }
        values[size++] = value;
    }

    int get(int index) {
        return values[index];
    }

    void clear() {
        size = 0;
    }

    void addAll(Ints other) {
        for (int i = 0; i < other.size; i++) {
            add(other.values[i]);
        }
    }

    void copyFrom(Ints other) {
        size = 0;
        addAll(other);
    }

    boolean contains(int value) {
        for (int i = 0; i < size; i++) {
            if (values[i] == value) {
                return true;
            }
        }
        return false;
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
