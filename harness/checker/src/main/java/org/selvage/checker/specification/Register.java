package org.selvage.checker.specification;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/** A register: {@code write(v)}, {@code read -> v}. Reads null before the first write. */
public final class Register implements Specification<Held> {
    @Override
    public String name() {
        return "register";
    }

    @Override
    public Held initial() {
        return new Held(null);
    }

    @Override
    public Set<String> functions() {
        return Set.of("read", "write");
    }

    @Override
    public @Nullable Held step(Held state, Operation operation) {
        if (operation.function().equals("write")) {
            return new Held(operation.argument());
        }
        return operation.pending() || state.equals(new Held(operation.response())) ? state : null;
    }

    @Override
    public boolean readOnly(Operation operation) {
        return operation.function().equals("read");
    }

    @Override
    public FastPath fastPath() {
        return FastPath.REGISTER;
    }
}
