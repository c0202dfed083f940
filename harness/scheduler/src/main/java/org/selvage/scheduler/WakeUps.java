package org.selvage.scheduler;

/** Waits that end by a draw as soon as they begin: at their deadline, or for no reason. */
final class WakeUps {
    private final Execution execution;
    private final VirtualClock clock;
    private boolean spurious;
    private boolean timeouts;

    WakeUps(Execution execution, VirtualClock clock) {
        this.execution = execution;
        this.clock = clock;
    }

    /** Which of them the source is asked for; otherwise only where it has one to offer. */
    void explore(boolean spuriousOnes, boolean timedOnes) {
        spurious = spuriousOnes;
        timeouts = timedOnes;
    }

    /** Whether the wait that the task has just begun is over. */
    boolean endsAtOnce(Task task, long deadline) {
        if (deadline != Task.NEVER
                && isOffered(task, Choice.Kind.TIMEOUT, timeouts)
                && execution.draw(Choice.Kind.TIMEOUT, 2) != 0) {
            clock.await(task, deadline);
            clock.moveTo(deadline);
            return true;
        }
        boolean mayWake =
                task.state == Task.State.WAITING
                        || (task.state == Task.State.PARKED && task.site != 0);
        if (mayWake
                && isOffered(task, Choice.Kind.SPURIOUS, spurious)
                && execution.draw(Choice.Kind.SPURIOUS, 2) != 0) {
            execution.wake(task);
            return true;
        }
        return false;
    }

    private boolean isOffered(Task task, Choice.Kind kind, boolean explored) {
        return !execution.isFair()
                && (explored || execution.choices().offers(task.id, task.operations, kind))
                && task.classInitializers == 0;
    }
}
