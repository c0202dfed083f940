package org.selvage.checker.specification;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/**
 * A set: {@code add(v)}, {@code remove(v)}, {@code contains(v)}, each answered with a boolean:
 * whether the set changed, or held the value.
 */
public final class SetOfValues implements Specification<SortedMap<Object, Boolean>> {
    @Override
    public String name() {
        return "set";
    }

    @Override
    public SortedMap<Object, Boolean> initial() {
        return Values.sortedMap();
    }

    @Override
    public Set<String> functions() {
        return Set.of("add", "remove", "contains");
    }

    @Override
    public @Nullable SortedMap<Object, Boolean> step(
            SortedMap<Object, Boolean> state, Operation operation) {
        Object value = operation.argument(0);
        if (value == null) {
            return null;
        }
        boolean held = state.containsKey(value);
        boolean adds = operation.function().equals("add");
        Boolean expected = adds != held;
        if (!operation.pending() && !expected.equals(operation.response())) {
            return null;
        }
        if (operation.function().equals("contains") || adds == held) {
            return state;
        }
        return adds ? Values.with(state, value, true) : Values.without(state, value);
    }

    @Override
    public boolean readOnly(Operation operation) {
        return operation.function().equals("contains")
                || Boolean.FALSE.equals(operation.response());
    }

    @Override
    public List<?> touches(Operation operation) {
        Object value = operation.argument(0);
        return value == null ? List.of() : List.of(value);
    }

    @Override
    public FastPath fastPath() {
        return FastPath.SET;
    }
}
