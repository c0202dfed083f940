package org.selvage.search;

import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Verdict;

/** Decides the draws of one execution after the other. */
public interface Strategy extends ChoiceSource {
    /**
     * Gets ready for the next execution.
     *
     * @param index its number, from 0
     * @return false if nothing is left to try
     */
    boolean begin(long index);

    @Override
    int choose(Choice choice);

    /** What must see the operations of the executions, or null. */
    default @Nullable OperationListener listener() {
        return null;
    }

    /**
     * What was searched completely when {@link #begin} has said that nothing is left; null if that
     * proves nothing.
     */
    default @Nullable String proven() {
        return null;
    }

    /**
     * Whether the strategy itself ended the last execution because all that could follow was or
     * will be tried.
     */
    default boolean wasEnough() {
        return false;
    }

    /**
     * Makes a systematic search begin again, because it was found out that programs have more
     * points than it has tried.
     */
    default void restart() {
        // A strategy that samples has nothing to begin again.
    }

    /** Whether there is something left to try after all, because of what other parts found. */
    default boolean isStale() {
        return false;
    }

    /** How many executions the whole search will need, or NaN if there is no telling. */
    default double estimatedExecutions() {
        return Double.NaN;
    }

    /** The execution has ended; what it did can still be read from it. */
    void end(Execution execution, Verdict verdict);
}
