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
     * Whether {@link #drawsAt} must be asked at every plain access. Such an access is a point if it
     * races in this execution or raced in an earlier one; a replay cannot know of the earlier ones,
     * but knows where it needs a point.
     */
    default boolean isReplay() {
        return false;
    }

    /** Whether a plain access that is this operation of this task must be a point, for a replay. */
    default boolean drawsAt(int task, int operation) {
        return false;
    }

    /**
     * Whether the accesses inside a call on a collection must be points, for a replay.
     *
     * @param operation how many operations the task had announced
     * @param first the number of the first draw of the call
     * @param count how many draws the call may have
     */
    default boolean drawsInCall(int task, int operation, int first, int count) {
        return false;
    }

    /** Whether a draw of an optional kind must be made here although nobody asked for it. */
    default boolean offers(int task, int operation, Choice.Kind kind) {
        return false;
    }

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
