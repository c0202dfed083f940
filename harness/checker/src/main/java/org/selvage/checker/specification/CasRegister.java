package org.selvage.checker.specification;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/**
 * A register with compare-and-set: {@code write(v)}, {@code read -> v}, {@code cas(from, to)}. The
 * response of a cas is false when the register did not hold {@code from}; anything else is a
 * success.
 */
public final class CasRegister implements Specification<Held> {
    @Override
    public String name() {
        return "cas-register";
    }

    @Override
    public Held initial() {
        return new Held(null);
    }

    @Override
    public Set<String> functions() {
        return Set.of("read", "write", "cas");
    }

    @Override
    public @Nullable Held step(Held state, Operation operation) {
        return switch (operation.function()) {
            case "write" -> new Held(operation.argument());
            case "cas" -> cas(state, operation);
            default ->
                    operation.pending() || state.equals(new Held(operation.response()))
                            ? state
                            : null;
        };
    }

    @Override
    public boolean readOnly(Operation operation) {
        return operation.function().equals("read") || Boolean.FALSE.equals(operation.response());
    }

    private static @Nullable Held cas(Held state, Operation operation) {
        boolean holds = Objects.equals(state.value(), operation.argument(0));
        if (Boolean.FALSE.equals(operation.response())) {
            return holds ? null : state;
        }
        return holds ? new Held(operation.argument(1)) : null;
    }
}
