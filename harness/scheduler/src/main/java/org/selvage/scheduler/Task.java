package org.selvage.scheduler;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.CollectionCalls;
import org.selvage.hooks.Fiber;
import org.selvage.hooks.OperationKind;

/**
 * One controlled thread of an execution. Tasks are numbered in the order in which they are started;
 * the program's first thread is 0.
 *
 * <p>Fields belong to the {@link Execution}; others read through the public methods.
 */
public final class Task {
    /** What a task is doing. */
    public enum State {
        RUNNABLE,
        /** Wants a monitor or a lock that another task owns. */
        BLOCKED,
        /** In {@link Object#wait()}. */
        WAITING,
        PARKED,
        SLEEPING,
        JOINING,
        FINISHED
    }

    static final long NEVER = Long.MAX_VALUE;

    final int id;
    final Thread thread;
    final String name;
    final boolean daemon;
    final Fiber fiber;

    State state = State.RUNNABLE;
    boolean enabled;

    /** The operation that this task is about to perform, or that it performed last. */
    OperationKind kind = OperationKind.BEGIN;

    @Nullable Object object;
    int site;

    /** How many operations it has announced, and how many draws it has made since the last. */
    int operations;

    int draws;

    /** How often it was resumed. */
    int resumed;

    /** How many of its operations the program's own code issued, accesses to plain memory aside. */
    int calls;

    /** Virtual time at which a timed wait ends. */
    long deadline = NEVER;

    /** Whether the last {@code wait} ended by a notification. */
    boolean notified;

    /** Whether an interrupt ends its wait for the mutex. */
    boolean interruptible;

    /** Whether it waits for the mutex only as long as another task can run. */
    boolean patient;

    /** The monitor that a method of the JDK, which the task is about to call, will take. */
    @Nullable Mutex approached;

    boolean permit;

    /** How far it has come, and how far each other task had come when this one last heard of it. */
    int[] clock = new int[0];

    /** Its clock with its number and that of the execution. */
    long epoch;

    /** What those that unparked it had done. */
    int @Nullable [] permitClock;

    /** Whether the access to plain memory that it performs is not ordered with another one. */
    boolean racing = true;

    int classInitializers;

    final CollectionCalls.Track calledCollections = new CollectionCalls.Track();

    /** The plain access that it stands right before, while data races are looked for. */
    DataRaces.@Nullable Pending pending;

    /** The mutex that this task contends for or waits on. */
    @Nullable Mutex mutex;

    /** The task that this one joins. */
    @Nullable Task joined;

    final List<Task> joiners = new ArrayList<>(0);

    Task(int id, Thread thread, String name, boolean daemon, Runnable body) {
        this.id = id;
        this.thread = thread;
        this.name = name;
        this.daemon = daemon;
        this.fiber = new Fiber(thread, body);
    }

    /**
     * Gives the exception to the program's own handler if it has one; returns it if it has none.
     *
     * @param byDefault the handler of all threads, or null
     */
    @Nullable Throwable uncaught(
            Throwable thrown, Thread.@Nullable UncaughtExceptionHandler byDefault) {
        Thread.UncaughtExceptionHandler handler = thread.getUncaughtExceptionHandler();
        if (handler == thread.getThreadGroup()) {
            handler = ofGroup(thread.getThreadGroup());
            handler = handler == null ? byDefault : handler;
        }
        if (id == 0 || handler == null || thrown instanceof AssertionError) {
            return thrown;
        }
        try {
            handler.uncaughtException(thread, thrown);
            return null;
        } catch (RuntimeException | Error e) {
            return e;
        }
    }

    /** The first group upwards that has a handler of its own, or null. */
    private static Thread.@Nullable UncaughtExceptionHandler ofGroup(@Nullable ThreadGroup group) {
        for (ThreadGroup g = group; g != null; g = g.getParent()) {
            if (hasHandler(g.getClass())) {
                return g;
            }
        }
        return null;
    }

    private static boolean hasHandler(Class<?> group) {
        for (Class<?> c = group; c != null && c != ThreadGroup.class; c = c.getSuperclass()) {
            for (Method method : c.getDeclaredMethods()) {
                if (method.getName().equals("uncaughtException")
                        && method.getParameterCount() == 2) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The task's number. */
    public int id() {
        return id;
    }

    /** The thread's name; a task whose thread has a generated name is called after its number. */
    public String name() {
        return name;
    }

    /** The program's own thread object. */
    public Thread thread() {
        return thread;
    }

    /** Whether the execution may end while this task is alive. */
    public boolean isDaemon() {
        return daemon;
    }

    /** What the task is doing. */
    public State state() {
        return state;
    }

    /** What the operation that it is about to perform, or has performed last, does. */
    public OperationKind kind() {
        return kind;
    }

    /** What that operation touches; for a static variable, its name. */
    public @Nullable Object object() {
        return object;
    }

    /** Where that operation is issued: an id of {@link org.selvage.hooks.Sites}. */
    public int site() {
        return site;
    }

    /**
     * Whether the operation is of interest to who follows this execution: all are but accesses to
     * plain memory that synchronisation orders, which are told because they raced in an earlier
     * one.
     */
    public boolean isRacing() {
        return racing;
    }

    /** How many operations the task has announced. */
    public int operations() {
        return operations;
    }

    /** How many draws the task has made since it announced its last operation. */
    public int draws() {
        return draws;
    }

    /** Whether the task could run now. */
    public boolean isEnabled() {
        return enabled;
    }

    /** Whether the wait that the task is in ends at some moment of the virtual clock. */
    public boolean isTimed() {
        return deadline != NEVER;
    }

    /**
     * Whether the task wants a mutex, or waits on a monitor that it will want again: enabled only
     * while that is free.
     */
    public boolean contends() {
        return mutex != null;
    }

    /** What the operation touches. REQUIRES: it touches something. */
    Object objectOrName() {
        return java.util.Objects.requireNonNull(object);
    }

    @Override
    public String toString() {
        return name + "(" + id + ")";
    }
}
