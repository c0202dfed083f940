package org.selvage.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.ArrayShadow;

/**
 * What raced so far, over all executions of one {@link Execution}: from then on, each access to it
 * is a point. Also keeps who touched the elements of arrays, for one execution.
 */
final class Races {
    private long[] racing = new long[16];
    private int count;

    private @Nullable Object[] arrays = new @Nullable Object[64];
    private @Nullable ArrayShadow[] shadows = new @Nullable ArrayShadow[64];
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

    /** What is known of the elements of an array. */
    ArrayShadow of(Object array) {
        int mask = arrays.length - 1;
        int i = System.identityHashCode(array) & mask;
        while (true) {
            Object other = arrays[i];
            ArrayShadow shadow = shadows[i];
            if (other == array && shadow != null) {
                return shadow;
            }
            if (other == null) {
                return add(array, i);
            }
            i = (i + 1) & mask;
        }
    }

    private ArrayShadow add(Object array, int index) {
        ArrayShadow shadow = new ArrayShadow(array);
        arrays[index] = array;
        shadows[index] = shadow;
        if (++arrayCount * 2 > arrays.length) {
            grow();
        }
        return shadow;
    }

    private void grow() {
        @Nullable Object[] old = arrays;
        @Nullable ArrayShadow[] oldShadows = shadows;
        arrays = new @Nullable Object[old.length * 2];
        shadows = new @Nullable ArrayShadow[old.length * 2];
        int mask = arrays.length - 1;
        for (int i = 0; i < old.length; i++) {
            if (old[i] != null) {
                int at = System.identityHashCode(old[i]) & mask;
                while (arrays[at] != null) {
                    at = (at + 1) & mask;
                }
                arrays[at] = old[i];
                shadows[at] = oldShadows[i];
            }
        }
    }

    /** Forgets the arrays. */
    void clear() {
        if (arrayCount > 0) {
            Arrays.fill(arrays, null);
            Arrays.fill(shadows, null);
            arrayCount = 0;
        }
    }
}
