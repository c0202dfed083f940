package org.selvage.checker.specification;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/**
 * A counting semaphore: {@code acquire}, {@code release}, {@code tryAcquire -> boolean}. The number
 * of permits may grow above the one at the start.
 */
public final class Semaphore implements Specification<Long> {
    private final long permits;

    /** A semaphore that starts with {@code permits} permits. */
    public Semaphore(long permits) {
        this.permits = permits;
    }

    @Override
    public String name() {
        return "semaphore";
    }

    @Override
    public Long initial() {
        return permits;
    }

    @Override
    public Set<String> functions() {
        return Set.of("acquire", "release", "tryAcquire");
    }

    @Override
    public @Nullable Long step(Long state, Operation operation) {
        if (operation.function().equals("release")) {
            return state + 1;
        }
        if (operation.function().equals("tryAcquire")
                && Boolean.FALSE.equals(operation.response())) {
            return state == 0 ? state : null;
        }
        return state > 0 ? Long.valueOf(state - 1) : null;
    }

    @Override
    public boolean readOnly(Operation operation) {
        return operation.function().equals("tryAcquire")
                && Boolean.FALSE.equals(operation.response());
    }
}
