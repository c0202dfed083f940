package org.selvage.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.Epoch;

/**
 * Which accesses are ordered by synchronisation, told by vector clocks and epochs: Flanagan and
 * Freund, "FastTrack: efficient and precise dynamic race detection" (PLDI 2009). One deviation:
 * some ways in which the JDK orders tasks inside are not seen, which errs towards races: they cost
 * points and hide nothing.
 *
 * <p>An epoch is an execution's number, a task's number and the task's clock. Accesses by a task
 * that synchronisation has ordered behind all earlier ones need no point: whoever could run in
 * between could as well run where the synchronisation is.
 */
final class HappensBefore {
    private long execution;

    /**
     * Forgets everything that was touched so far.
     *
     * @param number tells this execution from the others that may have touched the same objects
     */
    void begin(long number) {
        execution = number;
    }

    /** A task begins: what its parent did is ordered before it. */
    void start(@Nullable Task parent, Task child) {
        int[] clock = new int[Math.max(child.id + 1, parent == null ? 0 : parent.clock.length)];
        if (parent != null) {
            System.arraycopy(parent.clock, 0, clock, 0, parent.clock.length);
            tick(parent);
        }
        clock[child.id] = 1;
        child.clock = clock;
        child.epoch = Epoch.of(execution, child.id, 1);
    }

    private static void tick(Task task) {
        int clock = task.clock[task.id];
        if (clock < Epoch.MAX_CLOCK) {
            task.clock[task.id] = clock + 1;
            task.epoch = Epoch.next(task.epoch);
        }
    }

    /** What those that released the mutex did happened before what the task does from now on. */
    static void acquire(Task task, Mutex mutex) {
        int releaser = mutex.releaser;
        int[] clock = task.clock;
        if (mutex.isReleased
                && !(mutex.isDominated
                        && releaser < clock.length
                        && clock[releaser] >= mutex.releaseClock)) {
            acquire(task, mutex.clock);
        }
    }

    /** What happened before {@code past} happened before what the task does from now on. */
    static void acquire(Task task, int[] past) {
        if (past.length > task.clock.length) {
            task.clock = Arrays.copyOf(task.clock, past.length);
        }
        merge(past, task.clock);
    }

    /**
     * What the task did so far happened before what acquires the mutex.
     *
     * @param acquired whether the task has acquired it before
     */
    static void release(Task task, Mutex mutex, boolean acquired) {
        int[] from = task.clock;
        int[] into = mutex.clock;
        if (into.length < from.length) {
            into = Arrays.copyOf(into, from.length);
            mutex.clock = into;
        }
        if (acquired) {
            System.arraycopy(from, 0, into, 0, from.length);
        } else {
            merge(from, into);
            mutex.isDominated = false;
        }
        mutex.isReleased = true;
        mutex.releaser = task.id;
        mutex.releaseClock = from[task.id];
        tick(task);
    }

    /**
     * A task that shared a lock gives it back: what it did so far happened before what acquires it
     * exclusively, and in no order with what others do who share it.
     */
    static void releaseShared(Task task, Mutex mutex) {
        if (mutex.readers.length < task.clock.length) {
            mutex.readers = Arrays.copyOf(mutex.readers, task.clock.length);
        }
        merge(task.clock, mutex.readers);
        tick(task);
    }

    /** What a task did so far happened before the next park of another one returns. */
    static void unpark(Task task, Task target) {
        int[] earlier = target.permitClock;
        int[] clock =
                Arrays.copyOf(
                        task.clock,
                        Math.max(task.clock.length, earlier == null ? 0 : earlier.length));
        if (earlier != null) {
            merge(earlier, clock);
        }
        target.permitClock = clock;
        tick(task);
    }

    private static void merge(int[] from, int[] into) {
        for (int i = 0; i < from.length; i++) {
            into[i] = Math.max(from[i], into[i]); // no branch: none could be predicted
        }
    }
}
