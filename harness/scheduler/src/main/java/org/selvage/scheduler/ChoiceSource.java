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

    /**
     * Whether this source is asked at every scheduling point: also where there is only one option,
     * and before each release of a lock, which otherwise is one only once some task has looked at
     * the lock without taking it. Asked once, at the beginning of an execution. A replay asks for
     * every point, so that it finds the draws of any source.
     */
    default boolean everyPoint() {
        return false;
    }
}
