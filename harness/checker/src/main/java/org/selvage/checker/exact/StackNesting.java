package org.selvage.checker.exact;

import java.util.Arrays;

/**
 * Stacks in which each value is pushed at most once.
 *
 * <p>A value is certainly inside from the end of its push to the call of its pop. Values for which
 * that span is empty can be pushed and popped at one moment and are no obstacle to anything. The
 * spans of the others form clusters without a gap. Throughout a cluster the stack is never empty,
 * so one of its values lies at the bottom all the time: its push can come before, and its pop
 * after, everything else of the cluster. Any value with that property can be taken for it, and what
 * remains of the cluster falls into smaller ones, which follow one another in time. A cluster
 * without such a value has no linearization.
 */
final class StackNesting {
    private final Transfers transfers;
    private int[] ranked = new int[0];
    private int[] startOf = new int[0];
    private int[] alive = new int[0];
    private int[] work = new int[64];
    private int workSize;

    private StackNesting(Transfers transfers) {
        this.transfers = transfers;
    }

    static ExactResult decide(ExactInput input) {
        Transfers transfers = Transfers.of(input, "push");
        if (transfers == null) {
            return ExactResult.notApplicable();
        }
        if (transfers.suspects().length > 0) {
            return ExactResult.notLinearizable(transfers.suspects());
        }
        return new StackNesting(transfers).decide();
    }

    private ExactResult decide() {
        Order order = new Order(transfers.input.count);
        if (transfers.empties.length > 0) {
            int[] free = transfers.nextFree();
            for (int operation : transfers.empties) {
                int cell = free[transfers.input.call[operation]];
                if (cell >= transfers.input.end[operation]) {
                    return transfers.none(new int[0]);
                }
                order.add(2L * cell + 1, transfers.source(operation));
            }
        }
        rank(order);
        if (ranked.length > 0 && !nest(order)) {
            return transfers.none(new int[0]);
        }
        return ExactResult.linearizable(order.sorted());
    }

    /** Orders the values with a span by its start, and places the others. */
    private void rank(Order order) {
        long[] keys = new long[transfers.count];
        int size = 0;
        for (int v = 0; v < transfers.count; v++) {
            if (transfers.putEnd[v] < transfers.takeCall[v]) {
                keys[size++] = (long) transfers.putEnd[v] << 32 | v;
            } else {
                order.add(2L * transfers.takeCall[v], transfers.source(transfers.put[v]));
                order.add(2L * transfers.takeCall[v], transfers.source(transfers.take[v]));
            }
        }
        Arrays.sort(keys, 0, size);
        ranked = new int[size];
        startOf = new int[size];
        alive = new int[size + 1];
        for (int r = 0; r < size; r++) {
            ranked[r] = (int) keys[r];
            startOf[r] = (int) (keys[r] >> 32);
        }
        for (int r = 0; r <= size; r++) {
            alive[r] = r;
        }
    }

    private boolean nest(Order order) {
        int size = ranked.length;
        Coverage coverage = new Coverage(transfers, ranked);
        RankTree late = new RankTree(size);
        RankTree early = new RankTree(size);
        for (int r = 0; r < size; r++) {
            early.set(r, -transfers.putCall[ranked[r]]);
        }
        int[] pops = new int[size];
        long[] popTimes = new long[size];
        int popped = 0;
        split(coverage, 0, size);
        while (workSize > 0) {
            int to = work[--workSize];
            int from = work[--workSize];
            int starts = startOf[from];
            int ends = coverage.endAfter(starts);
            for (int r = early.first(from, to, -starts);
                    r >= 0;
                    r = early.first(from, to, -starts)) {
                early.clear(r);
                late.set(r, transfers.takeEnd[ranked[r]]);
            }
            int bottoms = 0;
            for (int r = late.first(from, to, ends); r >= 0; r = late.first(from, to, ends)) {
                late.clear(r);
                alive[r] = r + 1;
                coverage.remove(ranked[r]);
                bottoms++;
                order.add(2L * starts, transfers.source(transfers.put[ranked[r]]));
                if (transfers.take[ranked[r]] >= 0) {
                    pops[popped] = transfers.take[ranked[r]];
                    popTimes[popped++] = 2L * ends;
                }
            }
            if (bottoms == 0) {
                return false;
            }
            split(coverage, from, to);
        }
        for (int i = popped - 1; i >= 0; i--) {
            order.add(popTimes[i], transfers.source(pops[i]));
        }
        return true;
    }

    /** Puts the clusters that the remaining values among these ranks form on the work list. */
    private void split(Coverage coverage, int from, int to) {
        for (int first = firstAlive(from); first < to; ) {
            int ends = coverage.endAfter(startOf[first]);
            int next = Arrays.binarySearch(startOf, first, to, ends);
            next = next < 0 ? -next - 1 : next;
            if (workSize + 2 > work.length) {
                work = Arrays.copyOf(work, workSize * 2);
            }
            work[workSize++] = first;
            work[workSize++] = next;
            first = firstAlive(next);
        }
    }

    private int firstAlive(int rank) {
        int at = rank;
        while (alive[at] != at) {
            alive[at] = alive[alive[at]];
            at = alive[at];
        }
        return at;
    }
}
