package org.selvage.scheduler;

import org.selvage.hooks.OperationKind;

/**
 * Tells when time passes although a task can run: tasks that change nothing, or go on for long,
 * poll for what a sleeping task will do, and polling takes time.
 */
final class Polling {
    /** After this many operations in a row that change nothing, the next deadline passes. */
    private static final long IDLE_STEPS = 1_000L;

    /** After this many operations of any kind since the last deadline, too. */
    private static final long BUSY_STEPS = 10_000L;

    private long lastChange;
    private long lastWakeUp;

    void clear() {
        lastChange = 0L;
        lastWakeUp = 0L;
    }

    /**
     * Counts an operation.
     *
     * @return whether the next deadline passes now
     */
    boolean operation(OperationKind kind, long step) {
        if (kind != OperationKind.READ && kind != OperationKind.YIELD) {
            lastChange = step;
        }
        if (step - lastChange <= IDLE_STEPS && step - lastWakeUp <= BUSY_STEPS) {
            return false;
        }
        lastChange = step;
        lastWakeUp = step;
        return true;
    }

    /** A deadline passes. */
    void wakeUp(long step) {
        lastWakeUp = step;
    }

    /** Something has changed that is told by no announced operation. */
    void change(long step) {
        lastChange = step;
    }

    /** The step of the last operation that may have changed something. */
    long lastChange() {
        return lastChange;
    }
}
