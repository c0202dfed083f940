package org.selvage.checker.specification;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/**
 * Accounts that keep their total: {@code transfer(from, to, amount)} answers false when the balance
 * is too small, and a success otherwise; {@code read -> [balances]}; {@code balance(account) ->
 * amount}. Accounts are numbered from 0.
 */
public final class Bank implements Specification<List<Long>> {
    private final List<Long> opening;

    /** A bank with these balances. */
    public Bank(List<Long> opening) {
        this.opening = List.copyOf(opening);
    }

    @Override
    public String name() {
        return "bank";
    }

    @Override
    public List<Long> initial() {
        return opening;
    }

    @Override
    public Set<String> functions() {
        return Set.of("transfer", "read", "balance");
    }

    @Override
    public @Nullable List<Long> step(List<Long> state, Operation operation) {
        return switch (operation.function()) {
            case "transfer" -> transfer(state, operation);
            case "balance" -> {
                int account = account(state, operation, 0);
                boolean right =
                        account >= 0
                                && state.get(account)
                                        == Values.number(operation.response(), Long.MIN_VALUE);
                yield operation.pending() || right ? state : null;
            }
            default -> operation.pending() || state.equals(operation.response()) ? state : null;
        };
    }

    @Override
    public boolean readOnly(Operation operation) {
        return !operation.function().equals("transfer")
                || Boolean.FALSE.equals(operation.response());
    }

    private static @Nullable List<Long> transfer(List<Long> state, Operation operation) {
        int from = account(state, operation, 0);
        int to = account(state, operation, 1);
        long amount = Values.number(operation.argument(2), -1);
        if (from < 0 || to < 0 || amount < 0) {
            return null;
        }
        boolean covered = state.get(from) >= amount;
        if (Boolean.FALSE.equals(operation.response())) {
            return covered ? null : state;
        }
        if (!covered) {
            return null;
        }
        List<Long> next = new ArrayList<>(state);
        next.set(from, next.get(from) - amount);
        next.set(to, next.get(to) + amount);
        return List.copyOf(next);
    }

    private static int account(List<Long> state, Operation operation, int position) {
        long account = Values.number(operation.argument(position), -1);
        return account >= 0 && account < state.size() ? (int) account : -1;
    }
}
