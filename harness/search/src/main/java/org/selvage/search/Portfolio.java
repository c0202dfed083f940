package org.selvage.search;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Verdict;

/**
 * Gives the executions to several strategies in turn. A program is seldom known well enough to pick
 * one.
 */
final class Portfolio implements Strategy {
    private final List<Strategy> members;
    private final @Nullable OperationListener listener;
    private Strategy current;

    /**
     * REQUIRES: at most one of the members listens to the operations, and to those of all
     * executions.
     */
    Portfolio(List<Strategy> members) {
        this.members = List.copyOf(members);
        this.listener =
                members.stream()
                        .map(Strategy::listener)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
        this.current = members.getFirst();
    }

    @Override
    public boolean begin(long index) {
        int size = members.size();
        current = members.get((int) (index % size));
        return current.begin(index / size);
    }

    @Override
    public int choose(Choice choice) {
        return current.choose(choice);
    }

    @Override
    public @Nullable OperationListener listener() {
        return listener;
    }

    @Override
    public void end(Execution execution, Verdict verdict) {
        current.end(execution, verdict);
    }
}
