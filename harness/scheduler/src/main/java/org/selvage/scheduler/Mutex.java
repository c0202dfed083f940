package org.selvage.scheduler;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler knows of one monitor, or of one lock of java.util.concurrent.
 *
 * <p>A task whose next operation is to take the mutex is a contender from the moment it announces
 * so. Contenders are enabled exactly while the mutex is free: a strategy is never offered a task
 * that could only block.
 */
final class Mutex {
    final Object object;
    @Nullable Task owner;
    int holds;

    /**
     * Whether some task looked at the state of this lock without taking it, so that a release is
     * visible to it.
     */
    boolean observed;

    /**
     * Whether it is a detail of the JDK, no operation of the program's unless a task must wait for
     * it.
     */
    boolean silent;

    private boolean fairnessKnown;
    private boolean fair;

    final ArrayList<Task> contenders = new ArrayList<>(2);
    final ArrayList<Task> waiters = new ArrayList<>(0);

    Mutex(Object object) {
        this.object = object;
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
