package org.selvage.scheduler;

/**
 * One draw from the choice tape, as a {@link ChoiceSource} sees it. There is one object per
 * execution, valid only during the call.
 *
 * <p>Option 0 is always what would happen without a search: the current task goes on, the longest
 * waiter is notified, no fault. A schedule lists only the draws that took another option.
 */
public final class Choice {
    /** What is drawn. */
    public enum Kind {
        /** Which task runs next. */
        TASK,
        /** Which waiter is notified. */
        NOTIFY,
        /** A number that the program or the disk asks for. */
        VALUE,
        /** Whether a wait ends for no reason at all; drawn only on request. */
        SPURIOUS,
        /** Whether the time of a wait is up at once; drawn only on request. */
        TIMEOUT;

        /** Whether an option stands for a task. */
        public boolean isOfTask() {
            return this == TASK || this == NOTIFY;
        }

        /** Whether it is drawn only on request, and does not count among the draws of a task. */
        public boolean isOptional() {
            return this == SPURIOUS || this == TIMEOUT;
        }
    }

    private final Execution execution;
    Kind kind = Kind.TASK;
    int count;

    /** The task of option 0, for {@link Kind#TASK}. */
    int first;

    Choice(Execution execution) {
        this.execution = execution;
    }

    /** The execution that draws. */
    public Execution execution() {
        return execution;
    }

    /** What is drawn. */
    public Kind kind() {
        return kind;
    }

    /** How many options there are, at least 2 unless the source asked for every point. */
    public int count() {
        return count;
    }

    /** The task that is running, has just blocked or has just ended. */
    public Task drawer() {
        return execution.current();
    }

    /** Whether the drawer could go on by itself, so that another option preempts it. */
    public boolean isPreemption() {
        return kind == Kind.TASK && first == drawer().id;
    }

    /** Whether the drawer asked that the others go first. */
    public boolean isYield() {
        return kind == Kind.TASK
                && drawer().enabled
                && drawer().kind == org.selvage.hooks.OperationKind.YIELD;
    }

    /**
     * The task behind an option.
     *
     * @param option from 0 to {@link #count()} - 1; options after 0 are in the order of task
     *     numbers, or of arrival for {@link Kind#NOTIFY}
     */
    public Task task(int option) {
        return kind == Kind.NOTIFY
                ? execution.waiter(option)
                : execution.enabledTask(option, first);
    }

    /**
     * The option that a task stands behind, for {@link Kind#TASK}; the inverse of {@link #task}.
     *
     * @param task a task's number
     * @return the option, or -1 if that task cannot run
     */
    public int optionOf(int task) {
        return execution.optionOf(task, first);
    }

    /** Ends the execution with this verdict instead of deciding the draw. */
    public void end(Verdict verdict) {
        execution.stop(verdict);
    }

    /** The step of the last operation that may have changed something. */
    public long lastChange() {
        return execution.lastChange();
    }

    /** How many operations the execution has seen so far. */
    public long steps() {
        return execution.steps();
    }

    /** The number of tasks started so far. */
    public int taskCount() {
        return execution.taskCount();
    }
}
