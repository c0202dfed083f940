package org.selvage.checker.specification;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/**
 * A lock without an owner: {@code acquire}, {@code release}, {@code tryAcquire -> boolean}. Acquire
 * returns only when the lock is taken; release needs it to be taken.
 */
public final class Mutex implements Specification<Boolean> {
    @Override
    public String name() {
        return "mutex";
    }

    @Override
    public Boolean initial() {
        return false;
    }

    @Override
    public Set<String> functions() {
        return Set.of("acquire", "release", "tryAcquire");
    }

    @Override
    public @Nullable Boolean step(Boolean state, Operation operation) {
        return switch (operation.function()) {
            case "release" -> state ? Boolean.FALSE : null;
            case "tryAcquire" -> {
                if (Boolean.FALSE.equals(operation.response())) {
                    yield state ? state : null;
                }
                yield state ? null : Boolean.TRUE;
            }
            default -> state ? null : Boolean.TRUE;
        };
    }

    @Override
    public boolean readOnly(Operation operation) {
        return operation.function().equals("tryAcquire")
                && Boolean.FALSE.equals(operation.response());
    }
}
