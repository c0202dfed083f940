package org.selvage.checker.specification;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/**
 * A counter from 0: {@code add(n)}, {@code read -> n}, {@code addAndGet(n) -> sum}. An add without
 * an argument adds 1.
 */
public final class Counter implements Specification<Long> {
    @Override
    public String name() {
        return "counter";
    }

    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public Set<String> functions() {
        return Set.of("add", "addAndGet", "read");
    }

    @Override
    public @Nullable Long step(Long state, Operation operation) {
        long sum =
                operation.function().equals("read")
                        ? state
                        : state + Values.number(operation.argument(0), 1);
        boolean observed = !operation.pending() && !operation.function().equals("add");
        return observed && Values.number(operation.response(), sum - 1) != sum
                ? null
                : Long.valueOf(sum);
    }

    @Override
    public boolean readOnly(Operation operation) {
        return operation.function().equals("read");
    }
}
