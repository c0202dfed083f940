package org.selvage.checker.specification;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/**
 * A log: {@code append(v) -> position} counted from 0, or without a response; {@code read -> all
 * values}; {@code read(position) -> value}, null beyond the end.
 */
public final class AppendLog implements Specification<List<@Nullable Object>> {
    @Override
    public String name() {
        return "append-log";
    }

    @Override
    public List<@Nullable Object> initial() {
        return List.of();
    }

    @Override
    public Set<String> functions() {
        return Set.of("append", "read");
    }

    @Override
    public @Nullable List<@Nullable Object> step(
            List<@Nullable Object> state, Operation operation) {
        Object response = operation.response();
        if (operation.function().equals("append")) {
            boolean right =
                    response == null || Values.number(response, state.size()) == state.size();
            return operation.pending() || right ? Values.append(state, operation.argument()) : null;
        }
        Object seen = state;
        if (operation.argument() != null) {
            long position = Values.number(operation.argument(0), -1);
            seen = position >= 0 && position < state.size() ? state.get((int) position) : null;
        }
        return operation.pending() || Objects.equals(seen, response) ? state : null;
    }

    @Override
    public boolean readOnly(Operation operation) {
        return operation.function().equals("read");
    }
}
