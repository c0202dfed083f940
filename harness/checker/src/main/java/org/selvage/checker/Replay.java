package org.selvage.checker;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;
import org.selvage.checker.search.Problem;
import org.selvage.checker.specification.FastPath;
import org.selvage.checker.specification.Specification;

/**
 * Checks a linearization by its definition, sharing nothing with what found it: each operation
 * once, nothing before what ended before it, every step legal.
 */
final class Replay {
    /**
     * From this length on, objects with large states are replayed on a mutable model: a step of the
     * specification may copy the state.
     */
    private static final int LONG = 4096;

    private Replay() {}

    /** What is wrong with the order, or null when it is a linearization of the problem. */
    static <S> @Nullable String problem(
            Problem problem, Specification<S> specification, int[] order) {
        String wrong = times(problem, order);
        if (wrong != null) {
            return wrong;
        }
        if (order.length >= LONG && specification.fastPath() != FastPath.NONE) {
            return new MutableModel(specification.fastPath()).replay(problem.intervals(), order);
        }
        Set<S> states = Set.of(specification.initial());
        for (int i = 0; i < order.length; i++) {
            Operation operation = problem.intervals().operation(order[i]);
            if (states.size() == 1) {
                List<S> next = specification.steps(states.iterator().next(), operation);
                states =
                        next.size() == 1
                                ? Collections.singleton(next.getFirst())
                                : new LinkedHashSet<>(next);
            } else {
                Set<S> union = new LinkedHashSet<>();
                states.forEach(state -> union.addAll(specification.steps(state, operation)));
                states = union;
            }
            if (states.isEmpty()) {
                return "position=" + i + " operation=" + operation + " is not legal there";
            }
        }
        return null;
    }

    /** What is wrong with the order as regards completeness and real time alone. */
    static @Nullable String times(Problem problem, int[] order) {
        boolean[] placed = new boolean[problem.intervals().count()];
        int latestCall = -1;
        for (int operation : order) {
            if (placed[operation]) {
                return "operation=" + operation + " is placed twice";
            }
            placed[operation] = true;
            if (problem.endsAt(operation) < latestCall) {
                return "operation="
                        + operation
                        + " is placed after one that was called after its end";
            }
            latestCall = Math.max(latestCall, problem.calledAt(operation));
        }
        int found = 0;
        for (int operation : problem.operations()) {
            if (placed[operation]) {
                found++;
            } else if (!problem.pending(operation)) {
                return "operation=" + operation + " is left out";
            }
        }
        return found == order.length ? null : "an operation is placed that does not count";
    }

    /** Orders of independent parts as one order: each operation as early as its part allows. */
    static int[] merge(Problem problem, List<int[]> orders) {
        if (orders.size() == 1) {
            return orders.getFirst();
        }
        int total = 0;
        for (int[] order : orders) {
            total += order.length;
        }
        long[] keys = new long[total];
        int[] flat = new int[total];
        int at = 0;
        for (int[] order : orders) {
            long time = 0;
            for (int operation : order) {
                time = Math.max(time, problem.calledAt(operation));
                flat[at] = operation;
                keys[at] = time << 32 | at;
                at++;
            }
        }
        Arrays.sort(keys);
        int[] merged = new int[total];
        for (int i = 0; i < total; i++) {
            merged[i] = flat[(int) keys[i]];
        }
        return merged;
    }
}
