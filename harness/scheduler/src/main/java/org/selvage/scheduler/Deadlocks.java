package org.selvage.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.ClassInitializer;

/** Tells when tasks can never run again, and what each of them waits for. */
final class Deadlocks {
    private Deadlocks() {}

    /**
     * Whether a task waits for itself over a chain of owners that wait, too. None of them can ever
     * run again, whatever the other tasks do.
     */
    static boolean closesCycle(Task task) {
        boolean mustEnd = false;
        Task next = task;
        do {
            Mutex wanted = next.mutex;
            if (next.state != Task.State.BLOCKED
                    || next.interruptible
                    || next.patient
                    || wanted == null) {
                return false;
            }
            mustEnd |= !next.daemon;
            next = wanted.owner;
        } while (next != null && next != task);
        return next == task && mustEnd;
    }

    /** The verdict, with every task that waits. */
    static Verdict describe(Execution execution, MutexTable mutexes) {
        List<Verdict.Blocked> blocked = new ArrayList<>();
        for (int i = 0; i < execution.taskCount(); i++) {
            Task task = execution.task(i);
            boolean waits = !task.enabled || task == execution.current();
            if (task.state != Task.State.FINISHED && waits) {
                blocked.add(describe(execution, mutexes, task));
            }
        }
        return new Verdict.Deadlock(List.copyOf(blocked));
    }

    static Verdict.Blocked describe(Execution execution, MutexTable mutexes, Task task) {
        Mutex mutex = task.mutex;
        if (mutex == null && task.state == Task.State.PARKED && task.object != null) {
            mutex = mutexes.find(task.object);
        }
        String on = mutex == null ? describe(task.object) : describe(mutex.object);
        String owner = mutex == null || mutex.owner == null ? "" : mutex.owner.name;
        if (task.joined != null) {
            on = task.joined.name;
        }
        return new Verdict.Blocked(
                task.name, task.daemon, task.state, on, owner, execution.stackOf(task));
    }

    private static String describe(@Nullable Object object) {
        return object instanceof ClassInitializer
                ? object.toString()
                : object == null ? "" : Frames.name(object.getClass());
    }
}
