package org.selvage.checker.exact;

import java.util.Arrays;
import org.selvage.checker.specification.Values;

/**
 * Priority queues in which each value is inserted at most once.
 *
 * <p>A value may leave only while no smaller one is inside, and larger ones do not matter to it. So
 * values are placed from the smallest up: each leaves at the first moment that the smaller ones
 * leave free, enters as late as it can, and thereby takes as little time as possible from the
 * larger ones.
 */
final class PriorityOrder {
    private final Transfers transfers;

    /**
     * The first cell from here on that no value placed so far is inside of, as a union-find forest.
     */
    private final int[] free;

    private PriorityOrder(Transfers transfers) {
        this.transfers = transfers;
        this.free = new int[transfers.horizon + 2];
        for (int cell = 0; cell < free.length; cell++) {
            free[cell] = cell;
        }
    }

    static ExactResult decide(ExactInput input) {
        Transfers transfers = Transfers.of(input, "insert");
        if (transfers == null) {
            return ExactResult.notApplicable();
        }
        if (transfers.suspects().length > 0) {
            return ExactResult.notLinearizable(transfers.suspects());
        }
        return new PriorityOrder(transfers).decide();
    }

    private ExactResult decide() {
        Integer[] ascending = new Integer[transfers.count];
        Arrays.setAll(ascending, v -> v);
        Arrays.sort(ascending, (a, b) -> Values.compare(transfers.value[a], transfers.value[b]));
        for (int i = 1; i < ascending.length; i++) {
            if (Values.compare(transfers.value[ascending[i - 1]], transfers.value[ascending[i]])
                    == 0) {
                return ExactResult.notApplicable();
            }
        }
        Order order = new Order(transfers.input.count);
        for (int v : ascending) {
            if (!place(v, order)) {
                return transfers.none(new int[0]);
            }
        }
        for (int operation : transfers.empties) {
            int cell = firstFree(transfers.input.call[operation]);
            if (cell >= transfers.input.end[operation]) {
                return transfers.none(new int[0]);
            }
            order.add(4L * cell + 2, transfers.source(operation));
        }
        return ExactResult.linearizable(order.sorted());
    }

    /**
     * Within a cell come first the values that leave, smallest first, then takes that find nothing,
     * then the values that enter to stay.
     */
    private boolean place(int v, Order order) {
        int leaves = transfers.horizon;
        if (transfers.take[v] >= 0) {
            leaves = firstFree(transfers.takeCall[v]);
            if (leaves >= transfers.takeEnd[v]) {
                return false;
            }
        }
        if (leaves < transfers.putEnd[v]) {
            order.add(4L * leaves + 1, transfers.source(transfers.put[v]));
        } else {
            order.add(4L * transfers.putEnd[v] - 1, transfers.source(transfers.put[v]));
            for (int cell = firstFree(transfers.putEnd[v]); cell < leaves; cell = firstFree(cell)) {
                free[cell] = cell + 1;
            }
        }
        if (transfers.take[v] >= 0) {
            order.add(4L * leaves + 1, transfers.source(transfers.take[v]));
        }
        return true;
    }

    private int firstFree(int cell) {
        int at = cell;
        while (free[at] != at) {
            free[at] = free[free[at]];
            at = free[at];
        }
        return at;
    }
}
