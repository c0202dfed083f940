package org.selvage.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What raced so far, over all executions of one {@link Execution}: from then on, each access to it
 * is a point. Also finds the variables of arrays, for one execution.
 */
final class Races {
    /** Who touched an array last, and where. */
    static final class ArrayTouches {
        long written;
        long touched;
        int writeSite;
        int touchSite;
    }

    private long[] racing = new long[16];
    private int count;

    private @Nullable Object[] arrays = new @Nullable Object[64];
    private @Nullable ArrayTouches[] variables = new @Nullable ArrayTouches[64];
    private int arrayCount;

    /** The ids of what raced, as a set of bits; stays the same object until one is added. */
    long[] ids() {
        return racing;
    }

    int count() {
        return count;
    }

    boolean contains(int id) {
        int word = id >> 6;
        return word < racing.length && (racing[word] >>> id & 1L) != 0;
    }

    /** Adds a field or a site; false if it is there already. */
    boolean add(int id) {
        if (id == 0 || contains(id)) {
            return false;
        }
        int word = id >> 6;
        racing = Arrays.copyOf(racing, Math.max(word + 1, racing.length));
        racing[word] |= 1L << id;
        count++;
        return true;
    }

    /** The variable of an array. */
    ArrayTouches of(Object array) {
        int mask = arrays.length - 1;
        int i = System.identityHashCode(array) & mask;
        while (true) {
            Object other = arrays[i];
            ArrayTouches variable = variables[i];
            if (other == array && variable != null) {
                return variable;
            }
            if (other == null) {
                return add(array, i);
            }
            i = (i + 1) & mask;
        }
    }

    private ArrayTouches add(Object array, int index) {
        ArrayTouches variable = new ArrayTouches();
        arrays[index] = array;
        variables[index] = variable;
        if (++arrayCount * 2 > arrays.length) {
            grow();
        }
        return variable;
    }

    private void grow() {
        @Nullable Object[] old = arrays;
        @Nullable ArrayTouches[] oldVariables = variables;
        arrays = new @Nullable Object[old.length * 2];
        variables = new @Nullable ArrayTouches[old.length * 2];
        int mask = arrays.length - 1;
        for (int i = 0; i < old.length; i++) {
            if (old[i] != null) {
                int at = System.identityHashCode(old[i]) & mask;
                while (arrays[at] != null) {
                    at = (at + 1) & mask;
                }
                arrays[at] = old[i];
                variables[at] = oldVariables[i];
            }
        }
    }

    /** Forgets the arrays. */
    void clear() {
        if (arrayCount > 0) {
            Arrays.fill(arrays, null);
            Arrays.fill(variables, null);
            arrayCount = 0;
        }
    }
}
