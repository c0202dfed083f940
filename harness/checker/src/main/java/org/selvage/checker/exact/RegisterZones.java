package org.selvage.checker.exact;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Registers and maps of registers in which each value is written to a key at most once (Gibbons,
 * Korach 1997).
 *
 * <p>A write and the reads of its value are a cluster. Its zone runs from its earliest end to its
 * latest call: forward when the earliest end comes first, and the register holds the value all that
 * time; backward otherwise, and any moment of the zone can hold the whole cluster. The history is
 * linearizable exactly when no read ends before its write is called, no two forward zones of a key
 * overlap, and no backward zone lies inside a forward one. The value at the start is a cluster
 * whose write ended before the history.
 *
 * <p>A pending write that is read takes effect before the first such read ends. A pending write
 * that nobody read is left out, and so is a pending read.
 */
final class RegisterZones {
    private static final int INITIAL_WRITE = -2;
    private static final int NO_WRITE = -1;

    private final ExactInput input;
    private final boolean keyed;
    private final ValueTable keys;
    private final ValueTable clusters;
    private final int[] clusterOf;
    private int[] write;
    private int[] earliestEnd;
    private int[] latestCall;
    private int[] reads;

    private RegisterZones(ExactInput input, boolean keyed) {
        this.input = input;
        this.keyed = keyed;
        this.keys = new ValueTable(keyed ? 1024 : 1);
        this.clusters = new ValueTable(input.count / 2 + 2);
        this.clusterOf = new int[input.count];
        this.write = new int[input.count / 2 + 2];
        this.earliestEnd = new int[write.length];
        this.latestCall = new int[write.length];
        this.reads = new int[write.length];
    }

    static ExactResult decide(ExactInput input, boolean keyed) {
        return new RegisterZones(input, keyed).decide();
    }

    private ExactResult decide() {
        if (!collect()) {
            return ExactResult.notApplicable();
        }
        dropUnreadPending();
        for (int cluster = 0; cluster < clusters.size(); cluster++) {
            if (write[cluster] == NO_WRITE && reads[cluster] > 0) {
                return suspects(cluster, -1);
            }
        }
        for (int i = 0; i < input.count; i++) {
            int cluster = clusterOf[i];
            if (cluster >= 0 && write[cluster] >= 0 && input.end[i] < input.call[write[cluster]]) {
                return suspects(cluster, -1);
            }
        }
        return zones();
    }

    /** Sorts operations into clusters; false when a value is written twice. */
    private boolean collect() {
        for (int i = 0; i < input.count; i++) {
            String function = input.function(i);
            boolean reads = function.equals(keyed ? "get" : "read");
            if (reads && input.pending(i)) {
                clusterOf[i] = -1;
                continue;
            }
            Object argument = input.argument(i);
            int key = 0;
            Object value = reads ? input.response(i) : argument;
            if (keyed) {
                Object name = argument;
                if (argument instanceof List<?> list) {
                    name = list.isEmpty() ? null : list.get(0);
                    value = reads ? value : list.size() > 1 ? list.get(1) : null;
                } else if (!reads) {
                    value = null;
                }
                if (name == null) {
                    return false;
                }
                key = keys.of(0, name);
                if (function.equals("delete")) {
                    value = null;
                }
            }
            if (!place(i, key, value, reads)) {
                return false;
            }
        }
        return true;
    }

    private boolean place(int i, int key, @Nullable Object value, boolean reads) {
        int known = clusters.size();
        int cluster = clusters.of(key, value);
        if (cluster == known) {
            open(cluster, value == null ? INITIAL_WRITE : NO_WRITE);
        }
        clusterOf[i] = cluster;
        if (reads) {
            this.reads[cluster]++;
        } else if (write[cluster] != NO_WRITE) {
            return false;
        } else {
            write[cluster] = i;
        }
        earliestEnd[cluster] = Math.min(earliestEnd[cluster], input.end[i]);
        latestCall[cluster] = Math.max(latestCall[cluster], input.call[i]);
        return true;
    }

    private void open(int cluster, int writer) {
        if (cluster == write.length) {
            int capacity = cluster * 2;
            write = Arrays.copyOf(write, capacity);
            earliestEnd = Arrays.copyOf(earliestEnd, capacity);
            latestCall = Arrays.copyOf(latestCall, capacity);
            reads = Arrays.copyOf(reads, capacity);
        }
        write[cluster] = writer;
        earliestEnd[cluster] = writer == INITIAL_WRITE ? -1 : ExactInput.NEVER;
        latestCall[cluster] = -1;
    }

    private void dropUnreadPending() {
        for (int i = 0; i < input.count; i++) {
            int cluster = clusterOf[i];
            if (cluster >= 0 && write[cluster] == i && reads[cluster] == 0 && input.pending(i)) {
                clusterOf[i] = -1;
                write[cluster] = NO_WRITE;
                latestCall[cluster] = -1;
            }
        }
    }

    private boolean used(int cluster) {
        return latestCall[cluster] >= 0;
    }

    private ExactResult zones() {
        int count = clusters.size();
        long[] forward = new long[count];
        int forwards = 0;
        long[] backward = new long[count];
        int backwards = 0;
        for (int cluster = 0; cluster < count; cluster++) {
            if (!used(cluster)) {
                continue;
            }
            if (earliestEnd[cluster] < latestCall[cluster]) {
                forward[forwards++] = (long) earliestEnd[cluster] << 32 | cluster;
            } else {
                backward[backwards++] = (long) latestCall[cluster] << 32 | cluster;
            }
        }
        Arrays.sort(forward, 0, forwards);
        Arrays.sort(backward, 0, backwards);
        Keys lanes = new Keys(Math.max(1, keyed ? keys.size() : 1));
        long[] start = new long[count];
        int f = 0;
        for (int b = 0; b < backwards; b++) {
            int cluster = (int) backward[b];
            int bound = latestCall[cluster];
            while (f < forwards && (int) (forward[f] >> 32) < bound) {
                int clash = lanes.enter((int) forward[f++], start);
                if (clash >= 0) {
                    return suspects(clash, (int) forward[f - 1]);
                }
            }
            int last = lanes.last[clusters.part(cluster)];
            start[cluster] = bound;
            if (last >= 0 && latestCall[last] > bound) {
                if (latestCall[last] > earliestEnd[cluster]) {
                    return suspects(last, cluster);
                }
                start[cluster] = latestCall[last];
            }
        }
        while (f < forwards) {
            int clash = lanes.enter((int) forward[f++], start);
            if (clash >= 0) {
                return suspects(clash, (int) forward[f - 1]);
            }
        }
        return linearization(start);
    }

    /** The forward zone last entered of each key, while time goes on. */
    private final class Keys {
        private final int[] last;

        Keys(int count) {
            last = new int[count];
            Arrays.fill(last, -1);
        }

        /** Enters a forward zone; the zone it overlaps, or -1. */
        int enter(int cluster, long[] start) {
            int key = clusters.part(cluster);
            int before = last[key];
            if (before >= 0 && latestCall[before] > earliestEnd[cluster]) {
                return before;
            }
            last[key] = cluster;
            start[cluster] = Math.max(0, earliestEnd[cluster]);
            return -1;
        }
    }

    /**
     * A forward cluster's write takes effect at the zone's start and its reads as early as they
     * can; a backward cluster takes effect as a whole, just after the forward zone it begins in.
     * Times are spread so that all of these follow one another.
     */
    private ExactResult linearization(long[] start) {
        int count = clusters.size();
        long[] byStart = new long[count];
        int used = 0;
        for (int cluster = 0; cluster < count; cluster++) {
            if (used(cluster)) {
                byStart[used++] = start[cluster] << 32 | cluster;
            }
        }
        int[] firstRead = new int[count + 1];
        for (int i = 0; i < input.count; i++) {
            if (clusterOf[i] >= 0 && write[clusterOf[i]] != i) {
                firstRead[clusterOf[i] + 1]++;
            }
        }
        for (int cluster = 0; cluster < count; cluster++) {
            firstRead[cluster + 1] += firstRead[cluster];
        }
        int[] next = firstRead.clone();
        int[] readsOf = new int[firstRead[count]];
        for (int i = 0; i < input.count; i++) {
            if (clusterOf[i] >= 0 && write[clusterOf[i]] != i) {
                readsOf[next[clusterOf[i]]++] = i;
            }
        }
        Arrays.sort(byStart, 0, used);
        Order order = new Order(input.count);
        for (int c = 0; c < used; c++) {
            int cluster = (int) byStart[c];
            boolean forward = earliestEnd[cluster] < latestCall[cluster];
            long time = forward ? 2 * start[cluster] : 2 * start[cluster] + 1;
            if (write[cluster] >= 0) {
                order.add(time, input.source[write[cluster]]);
            }
            for (int r = firstRead[cluster]; r < firstRead[cluster + 1]; r++) {
                int read = readsOf[r];
                order.add(
                        forward ? Math.max(time, 2L * input.call[read]) : time, input.source[read]);
            }
        }
        return ExactResult.linearizable(order.sorted());
    }

    private ExactResult suspects(int a, int b) {
        int[] suspects = new int[input.count];
        int size = 0;
        for (int i = 0; i < input.count; i++) {
            if (clusterOf[i] >= 0 && (clusterOf[i] == a || clusterOf[i] == b)) {
                suspects[size++] = input.source[i];
            }
        }
        return ExactResult.notLinearizable(Arrays.copyOf(suspects, size));
    }
}
