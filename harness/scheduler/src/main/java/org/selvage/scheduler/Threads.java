package org.selvage.scheduler;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.OperationKind;

/**
 * What threads do to themselves and to each other: park, start, join, sleep, interrupt.
 *
 * <p>Methods that implement one of {@link org.selvage.hooks.Controller} have its name.
 */
final class Threads {
    private final Execution execution;

    Threads(Execution execution) {
        this.execution = execution;
    }

    void park(@Nullable Object blocker, long nanos, int site) {
        Task task = execution.self();
        execution.announce(
                task,
                OperationKind.PARK,
                blocker == null ? LockSupport.getBlocker(task.thread) : blocker,
                site);
        if (site != 0) {
            execution.point(task);
        }
        execution.effect(task);
        if (!task.permit && nanos != 0 && !task.thread.isInterrupted()) {
            execution.block(task, Task.State.PARKED, execution.deadline(nanos));
            execution.unparked(task);
        }
        task.permit = false;
        execution.acquire(task, task.permitClock);
    }

    boolean unpark(Thread thread, int site) {
        Task task = execution.self();
        execution.announce(task, OperationKind.UNPARK, thread, site);
        if (site != 0) {
            execution.point(task);
        }
        execution.effect(task);
        Task target = execution.taskOf(thread);
        if (target == null) {
            return thread.getState() == Thread.State.NEW;
        }
        HappensBefore.unpark(task, target);
        execution.showEpoch(task);
        if (target.state == Task.State.PARKED && !target.enabled) {
            execution.wake(task, target);
        } else {
            target.permit = true;
        }
        return true;
    }

    void start(Thread thread, Runnable body, int site) {
        Task task = execution.self();
        if (execution.taskOf(thread) != null) {
            throw new IllegalThreadStateException();
        }
        execution.announce(task, OperationKind.START, thread, site);
        execution.effect(task);
        String name = thread.getName();
        if (name.isEmpty() || isGenerated(name)) {
            name = "thread-" + execution.taskCount();
        }
        execution.add(thread, name, body::run);
        execution.showEpoch(task);
    }

    private static boolean isGenerated(String name) {
        return name.startsWith("Thread-") && name.length() > 7 && Character.isDigit(name.charAt(7));
    }

    Thread[] liveThreads() {
        Thread[] live = new Thread[execution.taskCount()];
        int count = 0;
        for (int i = 0; i < live.length; i++) {
            Task task = execution.task(i);
            execution.touched(OperationKind.READ, task.thread);
            if (task.state != Task.State.FINISHED) {
                live[count++] = task.thread;
            }
        }
        return Arrays.copyOf(live, count);
    }

    boolean join(Thread thread, long nanos, int site) throws InterruptedException {
        Task task = execution.self();
        Task target = execution.taskOf(thread);
        if (target == null) {
            return false;
        }
        execution.announce(task, OperationKind.JOIN, thread, site);
        throwIfInterrupted(task);
        if (target.state != Task.State.FINISHED && nanos != 0) {
            task.joined = target;
            target.joiners.add(task);
            execution.block(task, Task.State.JOINING, execution.deadline(nanos));
            target.joiners.remove(task);
            task.joined = null;
            throwIfInterrupted(task);
        } else if (nanos != 0) {
            execution.point(task);
        }
        if (target.state == Task.State.FINISHED) {
            execution.acquire(task, target.clock);
        }
        execution.effect(task);
        return true;
    }

    void sleep(long nanos, int site) throws InterruptedException {
        Task task = execution.self();
        execution.announce(task, OperationKind.SLEEP, null, site);
        throwIfInterrupted(task);
        execution.effect(task);
        execution.block(task, Task.State.SLEEPING, execution.deadline(nanos));
        throwIfInterrupted(task);
    }

    private static void throwIfInterrupted(Task task) throws InterruptedException {
        if (task.thread.isInterrupted()) {
            Thread.interrupted();
            throw new InterruptedException();
        }
    }

    void afterInterrupt(Thread thread) {
        Task target = execution.taskOf(thread);
        if (target == null) {
            return;
        }
        Mutex mutex = target.mutex;
        if (mutex != null && target.interruptible) {
            // Nobody holds it up any more, also not who takes the mutex before it goes on.
            mutex.contenders.remove(target);
        }
        if (target.enabled) {
            return;
        }
        switch (target.state) {
            case WAITING, PARKED, SLEEPING, JOINING -> execution.wake(execution.self(), target);
            case BLOCKED -> {
                if (target.interruptible) {
                    OperationListener listener = execution.listener();
                    if (listener != null) {
                        listener.woken(execution, execution.self(), target);
                    }
                    execution.enable(target);
                }
            }
            case RUNNABLE, FINISHED -> {}
        }
    }

    Thread.@Nullable State state(Thread thread, @Nullable Task asking) {
        Task task = execution.taskOf(thread);
        if (task == null) {
            return null;
        }
        execution.touched(OperationKind.READ, thread);
        if (task.state == Task.State.FINISHED && asking != null) {
            execution.acquire(asking, task.clock);
        }
        return switch (task.state) {
            case RUNNABLE -> Thread.State.RUNNABLE;
            case BLOCKED ->
                    task.kind == OperationKind.LOCK ? Thread.State.WAITING : Thread.State.BLOCKED;
            case FINISHED -> Thread.State.TERMINATED;
            case WAITING, PARKED, JOINING ->
                    task.deadline == Task.NEVER ? Thread.State.WAITING : Thread.State.TIMED_WAITING;
            case SLEEPING -> Thread.State.TIMED_WAITING;
        };
    }
}
