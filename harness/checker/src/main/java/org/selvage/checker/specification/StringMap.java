package org.selvage.checker.specification;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/**
 * A map of strings: {@code put(k, v)}, {@code append(k, v)}, {@code get(k) -> v}. An absent key
 * reads as the empty string.
 */
public final class StringMap implements Specification<SortedMap<Object, String>> {
    @Override
    public String name() {
        return "string-map";
    }

    @Override
    public SortedMap<Object, String> initial() {
        return Values.sortedMap();
    }

    @Override
    public Set<String> functions() {
        return Set.of("put", "append", "get");
    }

    @Override
    public @Nullable SortedMap<Object, String> step(
            SortedMap<Object, String> state, Operation operation) {
        Object key = operation.argument(0);
        if (key == null) {
            return null;
        }
        String held = state.getOrDefault(key, "");
        return switch (operation.function()) {
            case "put" -> Values.with(state, key, String.valueOf(operation.argument(1)));
            case "append" -> Values.with(state, key, held + operation.argument(1));
            default -> operation.pending() || held.equals(operation.response()) ? state : null;
        };
    }

    @Override
    public boolean readOnly(Operation operation) {
        return operation.function().equals("get");
    }

    @Override
    public List<?> touches(Operation operation) {
        Object key = operation.argument(0);
        return key == null ? List.of() : List.of(key);
    }
}
