package org.selvage.scheduler;

import org.selvage.hooks.OperationKind;

/**
 * Sees each operation at the moment it takes effect, and what else orders the tasks of an
 * execution. Called on the carrier.
 */
@FunctionalInterface
public interface OperationListener {
    /** The task's current operation takes effect. */
    void operation(Execution execution, Task task);

    /** The running task takes a lock of java.util.concurrent, or gives it back. */
    default void ownerChanged(Execution execution, Task task, Object synchronizer, boolean taken) {}

    /** The running task ends the wait of another one. */
    default void woken(Execution execution, Task by, Task woken) {}

    /** The running task has drawn something else than who runs next. */
    default void drawn(Execution execution, Task task, Choice.Kind kind, int pick) {}

    /**
     * The virtual clock has moved because nothing else could run, and ends the wait of this task.
     */
    default void timedOut(Execution execution, Task task) {}

    /**
     * The running task touches a concurrent object or the clock in the middle of another operation,
     * without a scheduling point.
     *
     * @param object what it touches; the execution itself stands for the clock
     */
    default void touched(Execution execution, Task task, OperationKind kind, Object object) {}

    /**
     * A task that was parked goes on. Until then whoever unparks it again has no effect.
     *
     * @param task the task, which runs
     */
    default void unparked(Execution execution, Task task) {}
}
