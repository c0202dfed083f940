package org.selvage.search;

import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Verdict;
import org.selvage.search.reduction.OptimalExploration;

/**
 * Runs every trace of the program, each once, and then says so: see {@link OptimalExploration}. A
 * trace stands for all interleavings that differ only in the order of independent operations.
 */
final class OptimalSearch implements Strategy {
    private OptimalExploration exploration = new OptimalExploration();

    /** How much had raced when this exploration began. */
    private int races;

    /** Whether the last execution was ended because what can follow is run elsewhere. */
    private boolean enough;

    @Override
    public boolean begin(long index) {
        enough = false;
        return exploration.begin();
    }

    @Override
    public boolean everyPoint() {
        return true;
    }

    @Override
    public int choose(Choice choice) {
        return exploration.choose(choice);
    }

    @Override
    public OperationListener listener() {
        return exploration.listener();
    }

    @Override
    public void end(Execution execution, Verdict verdict) {
        enough = exploration.wasEnough();
        exploration.end(execution, verdict);
        if (execution.raceCount() != races) {
            // There are more points from now on: what was explored was another tree.
            races = execution.raceCount();
            exploration = new OptimalExploration();
        }
    }

    @Override
    public boolean wasEnough() {
        return enough || exploration.wasEnough();
    }

    @Override
    public @Nullable String proven() {
        return exploration.isComplete() ? "all traces" : null;
    }

    @Override
    public double estimatedExecutions() {
        return exploration.estimatedExecutions();
    }

    /** How often states were read at places that were not known as loops. */
    int stateReads() {
        return exploration.stateReads();
    }

    /** How many executions repeated no other's trace; -1 if that is not known. */
    long traces() {
        return exploration.neverRepeats() ? exploration.traces() : -1;
    }
}
