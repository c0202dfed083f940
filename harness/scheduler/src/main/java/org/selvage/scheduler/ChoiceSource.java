package org.selvage.scheduler;

/**
 * Decides the draws of an execution. Called on the carrier, often: it should neither allocate nor
 * block.
 */
@FunctionalInterface
public interface ChoiceSource {
    /** Takes the first option always: tasks run until they block. */
    ChoiceSource DEFAULT = choice -> 0;

    /**
     * Decides one draw.
     *
     * @return from 0 to {@code choice.count()} - 1
     */
    int choose(Choice choice);
}
