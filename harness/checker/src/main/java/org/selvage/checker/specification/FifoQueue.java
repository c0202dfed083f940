package org.selvage.checker.specification;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/** A queue, first in first out: {@code enqueue(v)}, {@code dequeue -> v} or "empty". */
public final class FifoQueue implements Specification<List<@Nullable Object>> {
    @Override
    public String name() {
        return "queue";
    }

    @Override
    public List<@Nullable Object> initial() {
        return List.of();
    }

    @Override
    public Set<String> functions() {
        return Set.of("enqueue", "dequeue");
    }

    @Override
    public @Nullable List<@Nullable Object> step(
            List<@Nullable Object> state, Operation operation) {
        if (operation.function().equals("enqueue")) {
            return Values.append(state, operation.argument());
        }
        if (state.isEmpty()) {
            return operation.pending() || Values.isEmpty(operation.response()) ? state : null;
        }
        return operation.pending() || Objects.equals(state.getFirst(), operation.response())
                ? Values.without(state, 0)
                : null;
    }

    @Override
    public boolean readOnly(Operation operation) {
        return operation.function().equals("dequeue")
                && !operation.pending()
                && Values.isEmpty(operation.response());
    }

    @Override
    public FastPath fastPath() {
        return FastPath.QUEUE;
    }
}
