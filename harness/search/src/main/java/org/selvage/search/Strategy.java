package org.selvage.search;

import org.selvage.scheduler.Choice;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Execution;
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

    /** The execution has ended; what it did can still be read from it. */
    void end(Execution execution, Verdict verdict);
}
