package org.selvage.checker.search;

import java.util.Arrays;

/**
 * The linearizations of many configurations as a tree: each node is an operation after its parent.
 * Nodes that no live configuration reaches are thrown away when the tree has grown, so that it
 * stays near the length of one linearization.
 */
final class Steps {
    /** The empty linearization. */
    static final int ROOT = 0;

    private static final int BYTES_PER_NODE = 8;

    private final Meter meter;
    private int[] parents = new int[256];
    private int[] operations = new int[256];
    private int size = 1;
    private int compactAt = 1 << 16;

    Steps(Meter meter) {
        this.meter = meter;
        parents[ROOT] = -1;
        operations[ROOT] = -1;
    }

    int add(int parent, int operation) {
        if (size == parents.length) {
            meter.hold((long) size * BYTES_PER_NODE);
            parents = Arrays.copyOf(parents, size * 2);
            operations = Arrays.copyOf(operations, size * 2);
        }
        parents[size] = parent;
        operations[size] = operation;
        return size++;
    }

    /** True when it is worth calling {@link #compact}. */
    boolean crowded() {
        return size > compactAt;
    }

    /** Keeps only what the first {@code count} nodes of {@code live} reach, and renumbers those. */
    void compact(int[] live, int count) {
        boolean[] reached = new boolean[size];
        reached[ROOT] = true;
        for (int i = 0; i < count; i++) {
            for (int node = live[i]; !reached[node]; node = parents[node]) {
                reached[node] = true;
            }
        }
        int[] renumbered = new int[size];
        int kept = 1;
        for (int node = 1; node < size; node++) {
            if (reached[node]) {
                parents[kept] = renumbered[parents[node]];
                operations[kept] = operations[node];
                renumbered[node] = kept++;
            }
        }
        for (int i = 0; i < count; i++) {
            live[i] = renumbered[live[i]];
        }
        size = kept;
        compactAt = Math.max(1 << 16, size * 2);
    }

    /** The operations from the root to the node. */
    int[] path(int node) {
        int length = 0;
        for (int at = node; at != ROOT; at = parents[at]) {
            length++;
        }
        int[] path = new int[length];
        for (int at = node; at != ROOT; at = parents[at]) {
            path[--length] = operations[at];
        }
        return path;
    }
}
