package org.selvage.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.selvage.search.reduction.LongSet;

/**
 * How many different traces a search has seen, how many there may be, and which operations have
 * met. Counts up to 2^23 traces; of later ones it knows only whether they are among those.
 */
final class TraceStatistics {
    private long[] keys = new long[1024];
    private byte[] counts = new byte[1024];
    private int size;
    private long once;
    private long twice;
    private long executions;
    private final LongSet pairs = new LongSet();
    private final List<Search.CurvePoint> curve = new ArrayList<>();
    private long nextPoint = 1;

    /**
     * Adds what an execution did; the pairs that met for the first time are in part of an array.
     */
    void add(long trace, long[] met, int from, int to) {
        executions++;
        count(trace, 1);
        for (int i = from; i < to; i++) {
            pairs.add(met[i]);
        }
        if (executions == nextPoint) {
            nextPoint *= 2;
            curve.add(point());
        }
    }

    private Search.CurvePoint point() {
        return new Search.CurvePoint(executions, size, pairs.size());
    }

    long traces() {
        return size;
    }

    /**
     * How many traces there are at least, as the number of those seen once and twice suggests:
     * Chao, "Nonparametric estimation of the number of classes in a population" (Scand. J. Stat.
     * 11, 1984). NaN before anything was seen twice.
     */
    double estimate() {
        return twice == 0 ? Double.NaN : size + (double) once * once / (2.0 * twice);
    }

    List<Search.CurvePoint> curve() {
        List<Search.CurvePoint> all = new ArrayList<>(curve);
        if (executions > 0 && (all.isEmpty() || all.getLast().executions() != executions)) {
            all.add(point());
        }
        return List.copyOf(all);
    }

    /** Hashes of traces, and how often each was seen, up to 3. */
    static final class Table {
        private final long[] traces;
        private final byte[] counts;

        Table(long[] traces, byte[] counts) {
            this.traces = traces;
            this.counts = counts;
        }

        long[] traces() {
            return traces;
        }

        byte[] counts() {
            return counts;
        }
    }

    /** A copy of what was counted. */
    Table table() {
        long[] traces = new long[size];
        byte[] seen = new byte[size];
        int n = 0;
        for (int k = 0; k < keys.length; k++) {
            if (keys[k] != 0L) {
                traces[n] = keys[k];
                seen[n++] = counts[k];
            }
        }
        return new Table(traces, seen);
    }

    /** Adds what was counted elsewhere. */
    void add(long[] traces, byte[] seen) {
        for (int i = 0; i < traces.length; i++) {
            count(traces[i], seen[i]);
        }
    }

    private void count(long hash, int times) {
        for (int i = 0; i < times; i++) {
            count(hash);
        }
    }

    private void count(long hash) {
        long key = hash == 0L ? 1L : hash;
        int i = slot(key);
        if (keys[i] == 0L) {
            if (size == Search.Result.MOST_TRACES) {
                return;
            }
            keys[i] = key;
            counts[i] = 1;
            size++;
            once++;
            if (size * 2 > keys.length) {
                grow();
            }
        } else if (counts[i] == 1) {
            counts[i] = 2;
            once--;
            twice++;
        } else if (counts[i] == 2) {
            counts[i] = 3;
            twice--;
        }
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int i = (int) (key >>> 32) & mask;
        while (keys[i] != 0L && keys[i] != key) {
            i = (i + 1) & mask;
        }
        return i;
    }

    private void grow() {
        long[] oldKeys = keys;
        byte[] oldCounts = counts;
        keys = new long[oldKeys.length * 2];
        counts = Arrays.copyOf(new byte[0], oldKeys.length * 2);
        for (int k = 0; k < oldKeys.length; k++) {
            if (oldKeys[k] != 0L) {
                int i = slot(oldKeys[k]);
                keys[i] = oldKeys[k];
                counts[i] = oldCounts[k];
            }
        }
    }
}
