package org.selvage.checker.specification;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/**
 * A priority queue: {@code insert(v)}, {@code deleteMin -> v} or "empty". The smallest value in the
 * order of {@link Values#compare} comes first.
 */
public final class MinPriorityQueue implements Specification<List<@Nullable Object>> {
    @Override
    public String name() {
        return "priority-queue";
    }

    @Override
    public List<@Nullable Object> initial() {
        return List.of();
    }

    @Override
    public Set<String> functions() {
        return Set.of("insert", "deleteMin");
    }

    @Override
    public @Nullable List<@Nullable Object> step(
            List<@Nullable Object> state, Operation operation) {
        if (operation.function().equals("insert")) {
            List<@Nullable Object> next = new ArrayList<>(state);
            int position = Collections.binarySearch(next, operation.argument(), Values::compare);
            next.add(position < 0 ? -position - 1 : position, operation.argument());
            return Collections.unmodifiableList(next);
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
        return operation.function().equals("deleteMin")
                && !operation.pending()
                && Values.isEmpty(operation.response());
    }

    @Override
    public FastPath fastPath() {
        return FastPath.PRIORITY_QUEUE;
    }
}
