package org.selvage.checker.exact;

import java.util.Arrays;

/**
 * How many spans of values cover each stretch of time, with the end of a covered run in logarithmic
 * time: a segment tree of minima.
 */
final class Coverage {
    private final int[] points;
    private final int leaves;
    private final int[] smallest;
    private final int[] added;
    private final int[] from;
    private final int[] to;

    /** The spans, from the end of the put to the call of the take, of the given values. */
    Coverage(Transfers transfers, int[] values) {
        int[] all = new int[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            all[2 * i] = transfers.putEnd[values[i]];
            all[2 * i + 1] = transfers.takeCall[values[i]];
        }
        Arrays.sort(all);
        int distinct = 0;
        for (int i = 0; i < all.length; i++) {
            if (i == 0 || all[i] != all[i - 1]) {
                all[distinct++] = all[i];
            }
        }
        points = Arrays.copyOf(all, distinct);
        leaves = Integer.highestOneBit(Math.max(1, distinct)) * 2;
        smallest = new int[2 * leaves];
        added = new int[2 * leaves];
        from = new int[transfers.count];
        to = new int[transfers.count];
        int[] change = new int[leaves + 1];
        for (int v : values) {
            from[v] = Arrays.binarySearch(points, transfers.putEnd[v]);
            to[v] = Arrays.binarySearch(points, transfers.takeCall[v]);
            change[from[v]]++;
            change[to[v]]--;
        }
        int covered = 0;
        for (int i = 0; i < leaves; i++) {
            covered += change[i];
            smallest[leaves + i] = covered;
        }
        for (int node = leaves - 1; node >= 1; node--) {
            smallest[node] = Math.min(smallest[2 * node], smallest[2 * node + 1]);
        }
    }

    /** Takes the span of a value away. */
    void remove(int value) {
        int left = from[value] + leaves;
        int right = to[value] + leaves;
        int firstLeaf = left;
        int lastLeaf = right - 1;
        while (left < right) {
            if ((left & 1) == 1) {
                lower(left++);
            }
            if ((right & 1) == 1) {
                lower(--right);
            }
            left >>= 1;
            right >>= 1;
        }
        pull(firstLeaf);
        pull(lastLeaf);
    }

    /**
     * The first place from {@code place}, which must begin a span that was given, at which no span
     * covers what follows.
     */
    int endAfter(int place) {
        int leaf = Arrays.binarySearch(points, place) + leaves;
        int above = 0;
        for (int node = leaf >> 1; node >= 1; node >>= 1) {
            above += added[node];
        }
        int node = leaf;
        while (smallest[node] + above > 0) {
            while ((node & 1) == 1) {
                node >>= 1;
                above -= added[node];
            }
            node++;
        }
        while (node < leaves) {
            above += added[node];
            node = smallest[2 * node] + above == 0 ? 2 * node : 2 * node + 1;
        }
        return points[node - leaves];
    }

    private void lower(int node) {
        smallest[node]--;
        if (node < leaves) {
            added[node]--;
        }
    }

    private void pull(int leaf) {
        for (int node = leaf >> 1; node >= 1; node >>= 1) {
            smallest[node] = Math.min(smallest[2 * node], smallest[2 * node + 1]) + added[node];
        }
    }
}
