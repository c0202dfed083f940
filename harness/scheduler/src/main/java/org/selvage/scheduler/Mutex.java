package org.selvage.scheduler;

import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler knows of one monitor, or of one lock of java.util.concurrent.
 *
 * <p>A task whose next operation is to take the mutex is a contender from the moment it announces
 * so. Contenders are enabled exactly while the mutex is free: a strategy is never offered a task
 * that could only block.
 */
final class Mutex {
    private static final int[] NONE = new int[0];

    Object object;

    /** The field of the object whose clock this is; null if it is the object's own mutex. */
    @Nullable String field;

    @Nullable Task owner;
    int holds;

    /**
     * Whether some task looked at the state of this lock without taking it, so that a release is
     * visible to it.
     */
    boolean observed;

    /** What those that released it had done, if somebody has. */
    int[] clock = NONE;

    /** What those had done who shared it and gave it back; only an owner is ordered behind it. */
    int[] readers = NONE;

    boolean isReleased;

    /**
     * The task that released it last, and its clock then. Whoever knows that of this task knows all
     * that the mutex knows, unless some task released it without acquiring it before.
     */
    int releaser;

    int releaseClock;
    boolean isDominated;

    /**
     * Whether it is a detail of the JDK, no operation of the program's unless a task must wait for
     * it.
     */
    boolean silent;

    /**
     * How many synchronized methods of the JDK its owner is in: the JVM's monitor is taken, too.
     */
    int nativeHolds;

    private boolean fairnessKnown;
    private boolean fair;

    final ArrayList<Task> contenders = new ArrayList<>(2);
    final ArrayList<Task> waiters = new ArrayList<>(0);

    Mutex(Object object, @Nullable String field) {
        this.object = object;
        this.field = field;
        this.isDominated = true;
    }

    /** Removes a contender, which is mostly the one that came last; does nothing if it is none. */
    void removeContender(Task task) {
        int last = contenders.size() - 1;
        if (last >= 0 && contenders.get(last) == task) {
            contenders.remove(last);
        } else {
            contenders.remove(task);
        }
    }

    /** Makes it the mutex of another object or field, as new. */
    void reuse(Object next, @Nullable String nextField) {
        object = next;
        field = nextField;
        owner = null;
        holds = 0;
        observed = false;
        silent = false;
        nativeHolds = 0;
        fairnessKnown = false;
        isReleased = false;
        isDominated = true;
        Arrays.fill(clock, 0);
        readers = NONE;
        contenders.clear();
        waiters.clear();
    }

    /**
     * Whether this is a lock of java.util.concurrent that serves its threads in the order in which
     * they came.
     */
    boolean isFair() {
        if (!fairnessKnown) {
            fairnessKnown = true;
            fair = object.getClass().getName().endsWith("$FairSync");
        }
        return fair;
    }
}
