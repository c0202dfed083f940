package org.selvage.search.reduction;

import java.util.Arrays;

/** The steps of the current execution by their positions. They are reused. */
final class Steps {
    private Step[] all = {};
    private int size;

    /** The step at a position that was reserved. */
    Step get(int position) {
        return all[position];
    }

    /** The step at a position, made if there was none. */
    Step reserve(int position) {
        while (size <= position) {
            if (size == all.length) {
                all = Arrays.copyOf(all, Math.max(64, size * 2));
            }
            all[size++] = new Step();
        }
        return all[position];
    }

    int size() {
        return size;
    }
}
