package org.selvage.scheduler;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.ClassInitializer;
import org.selvage.hooks.OperationKind;

/**
 * Monitors, and the locks of java.util.concurrent as far as who owns them and who wants them.
 *
 * <p>A task that wants a mutex is enabled exactly while it is free. Methods that implement one of
 * {@link org.selvage.hooks.Controller} have its name.
 */
final class Locking {
    private final Execution execution;
    private final MutexTable mutexes = new MutexTable();
    private final FieldVariables fields = new FieldVariables();

    /** How many tasks are in {@link Object#wait()}. */
    private int monitorWaiters;

    /** How many tasks wait only as long as another one can run. */
    private int patientTasks;

    private ArrayList<Task> notifiable = new ArrayList<>(0);

    Locking(Execution execution) {
        this.execution = execution;
    }

    /** Forgets all mutexes. */
    void clear() {
        mutexes.clear();
        monitorWaiters = 0;
        patientTasks = 0;
    }

    MutexTable mutexes() {
        return mutexes;
    }

    /** A task whose wait on a monitor ends wants the monitor back. */
    void endWait(Task task, Mutex mutex) {
        mutex.waiters.remove(task);
        monitorWaiters--;
        contend(task, mutex);
    }

    /** Who is notified by an option of the draw under way. */
    Task waiter(int option) {
        return notifiable.get(option);
    }

    /**
     * Whether a point stands before an operation of the default kind. Releasing a lock needs one
     * only where some task looks at the lock without taking it.
     */
    boolean isPoint(Task task, OperationKind kind) {
        return switch (kind) {
            case UNLOCK -> execution.everyPoint() || mutexes.of(task.objectOrName()).observed;
            case TRY_LOCK -> {
                mutexes.of(task.objectOrName()).observed = true;
                yield true;
            }
            default -> true;
        };
    }

    /** Orders what conflicts with an operation that is just about to happen. */
    void synchronise(Task task, OperationKind kind) {
        switch (kind) {
            case READ -> acquire(task, variable(task));
            case LOCK, TRY_LOCK -> acquire(task, mutexes.of(task.objectOrName()));
            case WRITE -> release(task, variable(task), false);
            case UNLOCK -> {
                Mutex lock = mutexes.of(task.objectOrName());
                if (lock.owner == task) {
                    release(task, lock, false);
                } else {
                    HappensBefore.releaseShared(task, lock);
                    execution.showEpoch(task);
                }
            }
            case UPDATE -> {
                Mutex variable = variable(task);
                acquire(task, variable);
                release(task, variable, true);
            }
            default -> {} // orders nothing
        }
    }

    /** The clock of what the operation reads or writes: other fields of an object order nothing. */
    private Mutex variable(Task task) {
        Object object = task.objectOrName();
        return mutexes.of(object, fields.field(object, task.site));
    }

    void contend(Task task, Mutex mutex) {
        task.kind = OperationKind.MONITOR_ENTER;
        task.object = mutex.object;
        task.state = Task.State.BLOCKED;
        mutex.contenders.add(task);
        if (mutex.owner == null) {
            execution.enable(task);
        } else {
            execution.disable(task);
        }
    }

    private void take(Task task, Mutex mutex) {
        acquire(task, mutex);
        if (mutex.readers.length > 0) {
            HappensBefore.acquire(task, mutex.readers);
            execution.showEpoch(task);
        }
        mutex.owner = task;
        mutex.holds = 1;
        ArrayList<Task> contenders = mutex.contenders;
        for (int i = 0; i < contenders.size(); i++) {
            Task contender = contenders.get(i);
            contender.state = Task.State.BLOCKED;
            execution.disable(contender);
        }
    }

    private void release(Mutex mutex) {
        release(execution.self(), mutex, true);
        mutex.owner = null;
        mutex.holds = 0;
        ArrayList<Task> contenders = mutex.contenders;
        for (int i = 0; i < contenders.size(); i++) {
            execution.enable(contenders.get(i));
        }
    }

    private void release(Task task, Mutex mutex, boolean acquired) {
        HappensBefore.release(task, mutex, acquired);
        execution.showEpoch(task);
    }

    private void acquire(Task task, Mutex mutex) {
        int[] before = task.clock;
        HappensBefore.acquire(task, mutex);
        if (task.clock != before) {
            execution.showEpoch(task);
        }
    }

    /**
     * Returns when the mutex is free for the running task, which has announced that it wants it.
     */
    private void awaitFree(Task task, Mutex mutex, boolean point) {
        task.mutex = mutex;
        if (mutex.owner != null) {
            mutex.contenders.add(task);
            task.state = Task.State.BLOCKED;
            if (Deadlocks.closesCycle(task)) {
                execution.abandon(Deadlocks.describe(execution, mutexes));
            }
            execution.block(task, Task.State.BLOCKED, Task.NEVER);
            mutex.removeContender(task);
        } else if (point && execution.isChoice()) {
            mutex.contenders.add(task);
            execution.point(task);
            mutex.removeContender(task);
            task.state = Task.State.RUNNABLE;
        }
        task.mutex = null;
    }

    void monitorEnter(Object object, int site, boolean point) {
        Task task = execution.self();
        Mutex mutex = mutexes.of(object);
        if (mutex.owner == task) {
            mutex.holds++;
            return;
        }
        if (!point && mutex.owner == null) {
            mutex.silent = true;
            take(task, mutex);
            return;
        }
        execution.announce(task, OperationKind.MONITOR_ENTER, object, site);
        awaitFree(task, mutex, point);
        mutex.silent = !point;
        take(task, mutex);
        execution.effect(task);
    }

    void approachMonitor(Object object, boolean sure, int site) {
        Task task = execution.self();
        Mutex mutex = sure ? mutexes.of(object) : mutexes.find(object);
        if (mutex == null || mutex.owner == task) {
            return;
        }
        if (sure) {
            execution.announce(task, OperationKind.MONITOR_ENTER, object, site);
            awaitFree(task, mutex, true);
            task.approached = mutex;
        } else if (mutex.owner != null) {
            execution.announce(task, OperationKind.MONITOR_ENTER, object, site);
            task.patient = true;
            patientTasks++;
            awaitFree(task, mutex, false);
            patientTasks--;
            task.patient = false;
        }
    }

    /**
     * No task can run: those go on that waited only to let others go first. False if there are
     * none.
     */
    boolean endPatience() {
        if (patientTasks == 0) {
            return false;
        }
        for (int i = 0; i < execution.taskCount(); i++) {
            Task task = execution.task(i);
            Mutex mutex = task.mutex;
            if (task.patient && !task.enabled && mutex != null) {
                if (mutex.nativeHolds > 0) {
                    // Should the method want the JVM's monitor, the carrier would block.
                    execution.stop(Verdict.pinned(task.name, execution.stackOf(task)));
                    return false;
                }
                mutex.contenders.remove(task);
                execution.enable(task);
                return true;
            }
        }
        return false;
    }

    void enteredMonitor(Object object) {
        Task task = execution.self();
        Mutex mutex = mutexes.of(object);
        if (mutex.owner == task) {
            mutex.holds++;
        } else if (mutex.owner != null) {
            // The JDK came to it by itself, and the owner may need the JVM's monitor to go on.
            execution.abandon(Verdict.pinned(task.name, execution.stackOf(task)));
        } else {
            mutex.silent = task.approached != mutex;
            take(task, mutex);
            if (mutex.silent) {
                execution.touched(OperationKind.UPDATE, object);
            } else {
                execution.effect(task);
            }
        }
        task.approached = null;
        mutex.nativeHolds++;
    }

    void leavingMonitor(Object object) {
        Mutex mutex = mutexes.of(object);
        if (mutex.owner == execution.self()) {
            mutex.nativeHolds--;
        }
        monitorExit(object);
    }

    void monitorExit(Object object) {
        Task task = execution.self();
        Mutex mutex = mutexes.of(object);
        if (mutex.owner != task) {
            return; // the enter was abandoned by an unwinding task
        }
        if (--mutex.holds == 0) {
            release(mutex);
            if (!mutex.silent) {
                execution.announce(task, OperationKind.MONITOR_EXIT, object, 0);
                execution.effect(task);
            }
        }
    }

    boolean holdsMonitor(Object object) {
        Mutex mutex = mutexes.find(object);
        return mutex != null && mutex.owner == execution.self();
    }

    void monitorWait(Object object, long nanos, int site) throws InterruptedException {
        Task task = execution.self();
        Mutex mutex = owned(object, task);
        if (task.thread.isInterrupted()) {
            Thread.interrupted();
            throw new InterruptedException();
        }
        execution.announce(task, OperationKind.WAIT, object, site);
        execution.effect(task);
        int holds = mutex.holds;
        release(mutex);
        task.mutex = mutex;
        task.notified = false;
        mutex.waiters.add(task);
        monitorWaiters++;
        execution.block(task, Task.State.WAITING, execution.deadline(nanos == 0 ? -1 : nanos));
        mutex.removeContender(task);
        task.mutex = null;
        execution.announce(task, OperationKind.MONITOR_ENTER, object, site);
        take(task, mutex);
        mutex.holds = holds;
        execution.effect(task);
        if (!task.notified && task.thread.isInterrupted()) {
            Thread.interrupted();
            throw new InterruptedException();
        }
    }

    void monitorNotify(Object object, boolean all, int site) {
        Task task = execution.self();
        Mutex mutex = owned(object, task);
        execution.announce(
                task, all ? OperationKind.NOTIFY_ALL : OperationKind.NOTIFY, object, site);
        execution.effect(task);
        if (mutex.waiters.isEmpty()) {
            return;
        }
        if (all) {
            signalAll(task, mutex);
            return;
        }
        int pick = 0;
        if (mutex.waiters.size() > 1) {
            notifiable = mutex.waiters;
            pick = execution.draw(Choice.Kind.NOTIFY, mutex.waiters.size());
        }
        signal(task, mutex.waiters.get(pick));
    }

    private void signalAll(Task by, Mutex mutex) {
        while (!mutex.waiters.isEmpty()) {
            signal(by, mutex.waiters.getFirst());
        }
    }

    /** The JVM notifies those who wait on a thread object when the thread ends. */
    void notifyAllOn(Task ended) {
        Mutex mutex = monitorWaiters == 0 ? null : mutexes.find(ended.thread);
        if (mutex != null) {
            signalAll(ended, mutex);
        }
    }

    private void signal(Task by, Task waiter) {
        waiter.notified = true;
        execution.wake(by, waiter);
    }

    private Mutex owned(Object object, Task task) {
        Mutex mutex = mutexes.of(object);
        if (mutex.owner != task) {
            throw new IllegalMonitorStateException("current thread is not owner");
        }
        return mutex;
    }

    boolean beginInitializer(ClassInitializer type, int site) {
        Task task = execution.self();
        if (type.isDoneBefore(task.epoch, task.clock) || mutexes.of(type).owner == task) {
            return false;
        }
        monitorEnter(type, site, true);
        boolean begins = false;
        try {
            begins = type.begin();
        } finally {
            if (!begins) {
                monitorExit(type);
            }
        }
        return begins;
    }

    void endInitializer(ClassInitializer type, @Nullable Throwable thrown) {
        Task task = execution.self();
        if (mutexes.of(type).owner != task) {
            return; // the execution has ended, and the task unwinds
        }
        if (thrown == null) {
            type.end(task.epoch, execution.isAlone(task));
        } else {
            type.fail(thrown);
        }
        monitorExit(type);
    }

    void lock(Object synchronizer, boolean interruptible, int site) {
        Task task = execution.self();
        Mutex mutex = mutexes.of(synchronizer);
        if (mutex.owner == task) {
            return;
        }
        execution.announce(task, OperationKind.LOCK, synchronizer, site);
        if (mutex.isFair()) {
            // Who comes first is served first: the lock's own queue knows the order, and parks the
            // task.
            if (site != 0) {
                execution.point(task);
            }
        } else if (!interruptible || !task.thread.isInterrupted()) {
            task.interruptible = interruptible;
            awaitFree(task, mutex, site != 0);
            task.interruptible = false;
        }
        execution.effect(task);
    }

    void ownerChanged(Object synchronizer, @Nullable Thread owner) {
        Mutex mutex = mutexes.of(synchronizer);
        Task task = execution.self();
        OperationListener listener = execution.listener();
        if (listener != null) {
            listener.ownerChanged(execution, task, synchronizer, owner != null);
        }
        if (owner == null) {
            release(mutex);
        } else if (owner == task.thread) {
            take(task, mutex);
        }
    }

    int queued(Object synchronizer, @Nullable Thread thread) {
        Mutex mutex = mutexes.find(synchronizer);
        int queued = 0;
        if (mutex != null && mutex.owner != null) {
            for (Task contender : mutex.contenders) {
                if (thread == null || contender.thread == thread) {
                    queued++;
                }
            }
        }
        return queued;
    }
}
