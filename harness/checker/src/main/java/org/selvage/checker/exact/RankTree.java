package org.selvage.checker.exact;

import java.util.Arrays;

/** Numbers by rank, with the first one above a bound within a range in logarithmic time. */
final class RankTree {
    private static final int ABSENT = Integer.MIN_VALUE;

    private final int leaves;
    private final int[] largest;

    RankTree(int size) {
        leaves = Integer.highestOneBit(Math.max(1, size)) * 2;
        largest = new int[2 * leaves];
        Arrays.fill(largest, ABSENT);
    }

    void set(int rank, int number) {
        int node = leaves + rank;
        largest[node] = number;
        for (node >>= 1; node >= 1; node >>= 1) {
            int above = Math.max(largest[2 * node], largest[2 * node + 1]);
            if (largest[node] == above) {
                return;
            }
            largest[node] = above;
        }
    }

    void clear(int rank) {
        set(rank, ABSENT);
    }

    /**
     * The first rank from {@code from} up to {@code to} (exclusive) with a number above {@code
     * bound}, or -1.
     */
    int first(int from, int to, int bound) {
        int node = leaves + from;
        int end = from + 1;
        int width = 1;
        while (largest[node] <= bound) {
            if (end >= to) {
                return -1;
            }
            while ((node & 1) == 1) {
                node >>= 1;
                width *= 2;
            }
            node++;
            end += width;
        }
        return descend(node, bound, to);
    }

    private int descend(int top, int bound, int to) {
        int node = top;
        while (node < leaves) {
            node = largest[2 * node] > bound ? 2 * node : 2 * node + 1;
        }
        int rank = node - leaves;
        return rank < to ? rank : -1;
    }
}
