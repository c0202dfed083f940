package org.selvage.checker.specification;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/** A stack, last in first out: {@code push(v)}, {@code pop -> v} or "empty". */
public final class LifoStack implements Specification<List<@Nullable Object>> {
    @Override
    public String name() {
        return "stack";
    }

    @Override
    public List<@Nullable Object> initial() {
        return List.of();
    }

    @Override
    public Set<String> functions() {
        return Set.of("push", "pop");
    }

    @Override
    public @Nullable List<@Nullable Object> step(
            List<@Nullable Object> state, Operation operation) {
        if (operation.function().equals("push")) {
            return Values.append(state, operation.argument());
        }
        if (state.isEmpty()) {
            return operation.pending() || Values.isEmpty(operation.response()) ? state : null;
        }
        return operation.pending() || Objects.equals(state.getLast(), operation.response())
                ? Values.without(state, state.size() - 1)
                : null;
    }

    @Override
    public boolean readOnly(Operation operation) {
        return operation.function().equals("pop")
                && !operation.pending()
                && Values.isEmpty(operation.response());
    }

    @Override
    public FastPath fastPath() {
        return FastPath.STACK;
    }
}
