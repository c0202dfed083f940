package org.selvage.checker.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.Criterion;
import org.selvage.checker.history.Intervals;
import org.selvage.checker.history.Operation;
import org.selvage.checker.history.Outcome;
import org.selvage.checker.specification.Specification;

/**
 * What is to be decided about a history: the operations that count, when each must have taken
 * effect, and the independent groups they fall into.
 *
 * <p>Left out are operations without an effect, durable barriers, and pending operations that
 * change nothing. Places in time are twice the event plus one, so that the deadline of an operation
 * open at a crash has a place just before the event that sets it.
 */
public final class Problem {
    /** The deadline of an operation that may take effect at any later time. */
    public static final int NEVER = Integer.MAX_VALUE;

    private final Intervals intervals;
    private final int[] operations;
    private final int[] deadline;

    private Problem(Intervals intervals, int[] operations, int[] deadline) {
        this.intervals = intervals;
        this.operations = operations;
        this.deadline = deadline;
    }

    /** The problem of a history under a criterion that keeps every operation that returned. */
    public static Problem of(Intervals intervals, Criterion criterion) {
        int count = intervals.count();
        int[] operations = new int[count];
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (intervals.outcome(i) != Outcome.FAILED
                    && !intervals.function(i).equals(Operation.BARRIER)) {
                operations[kept++] = i;
            }
        }
        int[] deadline = new int[0];
        if (intervals.hasCrash() && criterion != Criterion.DURABLE) {
            deadline = deadlines(intervals, criterion);
        }
        return new Problem(
                intervals, kept == count ? operations : Arrays.copyOf(operations, kept), deadline);
    }

    /** The numbers of the operations that count, in the order of their calls. */
    public int[] operations() {
        return operations;
    }

    /** The history's operations. */
    public Intervals intervals() {
        return intervals;
    }

    /** The place of the call. */
    public int calledAt(int operation) {
        return 2 * intervals.invokedAt(operation) + 1;
    }

    /**
     * The place by which the operation has taken effect, or for a pending one cannot take effect
     * any more.
     */
    public int endsAt(int operation) {
        int ended = intervals.endedAt(operation);
        if (ended != Intervals.NEVER) {
            return 2 * ended + 1;
        }
        return deadline.length == 0 ? NEVER : deadline[operation];
    }

    /** Whether the operation may have had no effect at all. */
    public boolean pending(int operation) {
        return intervals.outcome(operation) == Outcome.UNKNOWN;
    }

    /** The same problem for some of its operations. */
    public Problem only(int[] some) {
        return new Problem(intervals, some, deadline);
    }

    /**
     * The groups of operations that touch disjoint parts of the object; one group when the
     * specification gives no hint.
     */
    public List<Problem> split(Specification<?> specification) {
        Map<Object, Integer> nodes = new HashMap<>();
        int[] parent = new int[16];
        int[] nodeOf = new int[operations.length];
        for (int i = 0; i < operations.length; i++) {
            List<?> touched = specification.touches(intervals.operation(operations[i]));
            if (touched.isEmpty()) {
                return List.of(this);
            }
            int first = -1;
            for (Object part : touched) {
                Integer known = nodes.putIfAbsent(part, nodes.size());
                int node = known == null ? nodes.size() - 1 : known;
                if (known == null) {
                    parent = node == parent.length ? Arrays.copyOf(parent, node * 2) : parent;
                    parent[node] = node;
                }
                first = first < 0 ? root(parent, node) : unite(parent, first, node);
            }
            nodeOf[i] = first;
        }
        return group(parent, nodeOf, nodes.size());
    }

    private List<Problem> group(int[] parent, int[] nodeOf, int nodes) {
        int[] sizes = new int[nodes];
        for (int i = 0; i < nodeOf.length; i++) {
            nodeOf[i] = root(parent, nodeOf[i]);
            sizes[nodeOf[i]]++;
        }
        int @Nullable [][] members = new int @Nullable [nodes][];
        List<int[]> groups = new ArrayList<>();
        Arrays.fill(parent, 0, nodes, 0);
        for (int i = 0; i < nodeOf.length; i++) {
            int[] group = members[nodeOf[i]];
            if (group == null) {
                group = new int[sizes[nodeOf[i]]];
                members[nodeOf[i]] = group;
                groups.add(group);
            }
            group[parent[nodeOf[i]]++] = operations[i];
        }
        List<Problem> problems = new ArrayList<>();
        for (int[] group : groups) {
            problems.add(only(group));
        }
        return problems;
    }

    /** The problem as a timeline for the general searches. */
    public Timeline timeline(Classes classes) {
        int count = operations.length;
        int[] classOf = new int[count];
        int[] source = new int[count];
        boolean[] optional = new boolean[count];
        long[] places = new long[2 * count];
        int kept = 0;
        int placed = 0;
        for (int operation : operations) {
            boolean pending = pending(operation);
            int number =
                    classes.of(
                            intervals.function(operation),
                            intervals.argument(operation),
                            pending,
                            intervals.response(operation));
            if (pending && classes.readOnly(number)) {
                continue;
            }
            classOf[kept] = number;
            source[kept] = operation;
            optional[kept] = pending;
            places[placed++] = (long) calledAt(operation) << 32 | (long) kept << 1;
            int end = endsAt(operation);
            if (end != NEVER) {
                places[placed++] = (long) end << 32 | (long) kept << 1 | 1;
            }
            kept++;
        }
        Arrays.sort(places, 0, placed);
        int[] events = new int[placed];
        for (int i = 0; i < placed; i++) {
            events[i] = (int) places[i];
        }
        return new Timeline(
                Arrays.copyOf(classOf, kept),
                Arrays.copyOf(source, kept),
                optional,
                events,
                placed);
    }

    private static int[] deadlines(Intervals intervals, Criterion criterion) {
        int count = intervals.count();
        int[] deadline = new int[count];
        Arrays.fill(deadline, NEVER);
        for (int i = count - 1; i >= 0; i--) {
            int crash = intervals.crashedAt(i);
            if (crash != Intervals.NEVER && criterion == Criterion.STRICT) {
                deadline[i] = 2 * crash;
            } else if (crash != Intervals.NEVER) {
                deadline[i] = callAfter(intervals, i, crash);
            }
        }
        return deadline;
    }

    private static int callAfter(Intervals intervals, int operation, int crash) {
        for (int j = operation + 1; j < intervals.count(); j++) {
            if (intervals.invokedAt(j) > crash
                    && intervals.process(j) == intervals.process(operation)) {
                return 2 * intervals.invokedAt(j);
            }
        }
        return NEVER;
    }

    private static int root(int[] parent, int node) {
        int at = node;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    private static int unite(int[] parent, int a, int b) {
        int root = root(parent, a);
        parent[root(parent, b)] = root;
        return root;
    }
}
