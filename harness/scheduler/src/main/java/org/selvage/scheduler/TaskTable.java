package org.selvage.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The tasks of an execution by their numbers, which are in the order of their starts. */
final class TaskTable {
    private @Nullable Task[] tasks = new @Nullable Task[8];
    private int count;

    void clear() {
        Arrays.fill(tasks, 0, count, null);
        count = 0;
    }

    int count() {
        return count;
    }

    /** Adds the task whose number is {@link #count()}. */
    void add(Task task) {
        if (count == tasks.length) {
            tasks = Arrays.copyOf(tasks, count * 2);
        }
        tasks[count++] = task;
    }

    Task at(int id) {
        Task task = tasks[id];
        if (task == null) {
            throw new IllegalStateException("no task has number=" + id);
        }
        return task;
    }

    /** The task that runs a thread, or null if it was not started in this execution. */
    @Nullable Task of(Thread thread) {
        for (int i = 0; i < count; i++) {
            Task task = at(i);
            if (task.thread == thread) {
                return task;
            }
        }
        return null;
    }

    /** Whether every other task has ended. */
    boolean isAlone(Task task) {
        for (int i = 0; i < count; i++) {
            Task other = at(i);
            if (other != task && other.state != Task.State.FINISHED) {
                return false;
            }
        }
        return true;
    }
}
