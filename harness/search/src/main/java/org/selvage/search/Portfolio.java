package org.selvage.search;

import java.util.List;
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
    private Strategy current;

    Portfolio(List<Strategy> members) {
        this.members = List.copyOf(members);
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

    /** That of the member whose turn it is: each learns from its own executions. */
    @Override
    public @Nullable OperationListener listener() {
        return current.listener();
    }

    @Override
    public void end(Execution execution, Verdict verdict) {
        current.end(execution, verdict);
    }
}
