package org.selvage.checker.specification;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/**
 * A map: {@code put(k, v)}, {@code get(k) -> v}, {@code delete(k)}. An absent key reads as null.
 */
public final class KeyValueMap implements Specification<SortedMap<Object, Object>> {
    @Override
    public String name() {
        return "map";
    }

    @Override
    public SortedMap<Object, Object> initial() {
        return Values.sortedMap();
    }

    @Override
    public Set<String> functions() {
        return Set.of("put", "get", "delete");
    }

    @Override
    public @Nullable SortedMap<Object, Object> step(
            SortedMap<Object, Object> state, Operation operation) {
        Object key = operation.argument(0);
        if (key == null) {
            return null;
        }
        return switch (operation.function()) {
            case "put" -> {
                Object value = operation.argument(1);
                yield value == null ? Values.without(state, key) : Values.with(state, key, value);
            }
            case "delete" -> Values.without(state, key);
            default ->
                    operation.pending() || Objects.equals(state.get(key), operation.response())
                            ? state
                            : null;
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

    @Override
    public FastPath fastPath() {
        return FastPath.MAP;
    }
}
