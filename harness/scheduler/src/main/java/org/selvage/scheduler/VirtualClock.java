package org.selvage.scheduler;

import org.jspecify.annotations.Nullable;

/** The virtual clock of an execution, and the tasks whose waits it ends. */
final class VirtualClock {
    private static final long READ_NANOS = 100L;

    /**
     * Deadlines closer together than this fire together, at the latest of them: no clock is finer
     * than the latency of a real wake-up, and which of the tasks runs first is worth exploring.
     */
    private static final long TIMER_SLACK_NANOS = 1_000_000L;

    private final Execution execution;
    private long nanos;

    /** How many tasks have a deadline. */
    private int timed;

    /** How often the time was read. */
    private long reads;

    VirtualClock(Execution execution) {
        this.execution = execution;
    }

    /** Starts again at 0. */
    void clear() {
        nanos = 0L;
        timed = 0;
        reads = 0L;
    }

    /** Nanoseconds since the execution began. */
    long now() {
        return nanos;
    }

    /** The time as a program reads it, which takes a tick. */
    long read() {
        nanos += READ_NANOS;
        reads++;
        return nanos;
    }

    /** How often the time was read since the execution began. */
    long reads() {
        return reads;
    }

    /** The moment in so many nanoseconds; never if negative or too far away. */
    long deadline(long wait) {
        if (wait < 0) {
            return Task.NEVER;
        }
        long end = nanos + wait;
        return end < 0 ? Task.NEVER : end;
    }

    /** Whether some task waits for a moment. */
    boolean isAwaited() {
        return timed > 0;
    }

    /** A task waits until that moment at the latest. */
    void await(Task task, long deadline) {
        task.deadline = deadline;
        if (deadline != Task.NEVER) {
            timed++;
        }
    }

    /** A task's wait ends. */
    void endWait(Task task) {
        if (task.deadline != Task.NEVER) {
            task.deadline = Task.NEVER;
            timed--;
        }
    }

    /** Moves to the next deadlines and wakes their tasks; false if there are none. */
    boolean advance() {
        if (timed == 0) {
            return false;
        }
        long earliest = Task.NEVER;
        for (int i = 0; i < execution.taskCount(); i++) {
            earliest = Math.min(earliest, execution.task(i).deadline);
        }
        long latest = earliest;
        for (int i = 0; i < execution.taskCount(); i++) {
            long deadline = execution.task(i).deadline;
            if (deadline - earliest < TIMER_SLACK_NANOS) {
                latest = Math.max(latest, deadline);
            }
        }
        moveTo(latest);
        return true;
    }

    /** Moves to this moment, unless it has passed, and wakes the tasks whose deadlines it meets. */
    void moveTo(long moment) {
        nanos = Math.max(nanos, moment);
        @Nullable OperationListener listener = execution.listener();
        for (int i = 0; i < execution.taskCount(); i++) {
            Task task = execution.task(i);
            if (task.deadline <= nanos) {
                execution.wake(task);
                if (listener != null) {
                    listener.timedOut(execution, task);
                }
            }
        }
    }
}
