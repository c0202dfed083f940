package org.selvage.checker;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Intervals;
import org.selvage.checker.history.Operation;
import org.selvage.checker.specification.FastPath;
import org.selvage.checker.specification.Values;

/**
 * The objects with a fast path once more, on the collections of the JDK: it replays orders of
 * millions of operations without copying states.
 */
final class MutableModel {
    private static final Object NOTHING = new Object();

    private final FastPath kind;
    private @Nullable Object register;
    private final Map<Object, Object> map = new HashMap<>();
    private final Set<Object> set = new HashSet<>();
    private final ArrayDeque<Object> sequence = new ArrayDeque<>();
    private final PriorityQueue<Object> heap = new PriorityQueue<>(Values::compare);

    MutableModel(FastPath kind) {
        this.kind = kind;
    }

    /** Steps through the order; what is wrong with it, or null. */
    @Nullable String replay(Intervals intervals, int[] order) {
        for (int i = 0; i < order.length; i++) {
            Operation operation = intervals.operation(order[i]);
            if (!step(operation)) {
                return "position=" + i + " operation=" + operation + " is not legal there";
            }
        }
        return null;
    }

    private boolean step(Operation operation) {
        Object argument = operation.argument(0);
        return switch (kind) {
            case REGISTER -> register(operation);
            case MAP -> argument != null && map(operation, argument);
            case SET -> argument != null && set(operation, argument);
            case QUEUE ->
                    operation.function().equals("enqueue")
                            ? sequence.add(boxed(operation.argument()))
                            : taken(operation, sequence.pollFirst());
            case STACK ->
                    operation.function().equals("push")
                            ? sequence.add(boxed(operation.argument()))
                            : taken(operation, sequence.pollLast());
            case PRIORITY_QUEUE ->
                    operation.function().equals("insert")
                            ? heap.add(boxed(operation.argument()))
                            : taken(operation, heap.poll());
            case NONE -> throw new IllegalStateException("there is no model of kind=" + kind);
        };
    }

    private static Object boxed(@Nullable Object value) {
        return value == null ? NOTHING : value;
    }

    private boolean register(Operation operation) {
        if (operation.function().equals("write")) {
            register = operation.argument();
            return true;
        }
        return operation.pending() || Objects.equals(register, operation.response());
    }

    private boolean map(Operation operation, Object key) {
        Object value = operation.argument(1);
        switch (operation.function()) {
            case "put" -> {
                if (value == null) {
                    map.remove(key);
                } else {
                    map.put(key, value);
                }
            }
            case "delete" -> map.remove(key);
            default -> {
                return operation.pending() || Objects.equals(map.get(key), operation.response());
            }
        }
        return true;
    }

    private boolean set(Operation operation, Object value) {
        boolean answer =
                switch (operation.function()) {
                    case "add" -> set.add(value);
                    case "remove" -> set.remove(value);
                    default -> set.contains(value);
                };
        return operation.pending() || Objects.equals(answer, operation.response());
    }

    private static boolean taken(Operation operation, @Nullable Object value) {
        if (operation.pending()) {
            return true;
        }
        return value == null
                ? Values.isEmpty(operation.response())
                : value.equals(boxed(operation.response()));
    }
}
