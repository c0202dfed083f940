package org.selvage.checker;

import java.util.ArrayList;
import java.util.List;
import org.selvage.checker.history.History;
import org.selvage.checker.history.Intervals;
import org.selvage.checker.history.Operation;

/**
 * An order of a history's operations that the sequential specification allows. Operations without
 * an effect are not in it, nor are those that a crash took back under {@link
 * Criterion#BUFFERED_DURABLE}.
 */
public final class Linearization {
    private final History history;
    private final int[] order;

    Linearization(History history, int[] order) {
        this.history = history;
        this.order = order;
    }

    /** The number of operations in the order. */
    public int size() {
        return order.length;
    }

    /** The number, in the order of the calls, of the operation at {@code position}. */
    public int operation(int position) {
        return order[position];
    }

    /**
     * The operations in order. The history must still be there: see {@code HistoryRecorder.clear}.
     */
    public List<Operation> operations() {
        Intervals intervals = Intervals.of(history);
        List<Operation> operations = new ArrayList<>(order.length);
        for (int operation : order) {
            operations.add(intervals.operation(operation));
        }
        return operations;
    }
}
