package org.selvage.checker.specification;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/**
 * Several registers read and written together: {@code write([k, v], ...)}, {@code read(k, ...) ->
 * [v, ...]} in the order of the keys. Registers never written read as null.
 */
public final class MultiRegister implements Specification<SortedMap<Object, Object>> {
    @Override
    public String name() {
        return "multi-register";
    }

    @Override
    public SortedMap<Object, Object> initial() {
        return Values.sortedMap();
    }

    @Override
    public Set<String> functions() {
        return Set.of("read", "write");
    }

    @Override
    public @Nullable SortedMap<Object, Object> step(
            SortedMap<Object, Object> state, Operation operation) {
        if (operation.function().equals("write")) {
            SortedMap<Object, Object> next = state;
            for (int i = 0; i < operation.arity(); i++) {
                if (!(operation.argument(i) instanceof List<?> pair)
                        || pair.size() != 2
                        || pair.get(0) == null) {
                    return null;
                }
                Object value = pair.get(1);
                next =
                        value == null
                                ? Values.without(next, pair.get(0))
                                : Values.with(next, pair.get(0), value);
            }
            return next;
        }
        if (operation.pending()) {
            return state;
        }
        if (!(operation.response() instanceof List<?> seen) || seen.size() != operation.arity()) {
            return null;
        }
        for (int i = 0; i < seen.size(); i++) {
            if (!Objects.equals(state.get(operation.argument(i)), seen.get(i))) {
                return null;
            }
        }
        return state;
    }

    @Override
    public boolean readOnly(Operation operation) {
        return operation.function().equals("read");
    }

    @Override
    public List<?> touches(Operation operation) {
        List<@Nullable Object> keys = new ArrayList<>();
        for (int i = 0; i < operation.arity(); i++) {
            Object part = operation.argument(i);
            keys.add(part instanceof List<?> pair && !pair.isEmpty() ? pair.get(0) : part);
        }
        return keys.contains(null) ? List.of() : keys;
    }
}
