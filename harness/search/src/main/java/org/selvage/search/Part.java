package org.selvage.search;

/**
 * One of several parts of a search, each of which tries what the others do not.
 *
 * @param index from 0
 * @param count how many parts there are, at least 1
 */
record Part(int index, int count) {
    static final Part WHOLE = new Part(0, 1);

    Part {
        if (count < 1 || index < 0 || index >= count) {
            throw new IllegalArgumentException("index=" + index + " count=" + count);
        }
    }

    /** Whether the schedules whose first deviation is this one belong to this part. */
    boolean has(int draw, int pick) {
        return count == 1 || Long.remainderUnsigned(Xoroshiro.combine(draw, pick), count) == index;
    }
}
