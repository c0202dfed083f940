package org.selvage.hooks;

import jdk.internal.vm.annotation.DontInline;
import org.jspecify.annotations.Nullable;

/**
 * Receives the operations of a controlled program, on the program's own stack, before they take
 * effect.
 *
 * <p>One controller answers for one {@link Carrier}. All methods are called on that carrier, one at
 * a time, with the hooks switched off: what a controller itself calls is never reported back to it.
 * A {@code site} is an id of {@link Sites}, or 0 when the operation was issued by code that is not
 * woven.
 */
public abstract class Controller {

    /** For controllers; one carrier has one. */
    protected Controller() {}

    /**
     * The fiber that runs next, or null if none does any more. Called between the runs of fibers.
     */
    public abstract @Nullable Fiber nextFiber();

    /**
     * A visible operation that never blocks is about to take effect. Returns when it is its turn.
     *
     * <p>The fiber suspends itself here and not further inside, and the two halves are not inlined:
     * after a switch, the processor can predict no return to a frame that is older than the switch,
     * and the frames of a fiber are copied at each switch, so few and small ones are wanted below.
     *
     * @param kind what it does
     * @param object the object it touches, or null for a static variable, which the site then names
     */
    public final void operation(OperationKind kind, @Nullable Object object, int site) {
        if (begin(kind, object, site) && !Fiber.suspend()) {
            stays();
        }
        end(kind);
    }

    @DontInline
    private boolean begin(OperationKind kind, @Nullable Object object, int site) {
        return announces(kind, object, site);
    }

    @DontInline
    private void end(OperationKind kind) {
        performs(kind);
    }

    /**
     * The first half of an operation.
     *
     * @return whether another task goes first
     */
    protected abstract boolean announces(OperationKind kind, @Nullable Object object, int site);

    /** The running task cannot be suspended, and goes on although another one was chosen. */
    protected abstract void stays();

    /** The second half of an operation: it takes effect. */
    protected abstract void performs(OperationKind kind);

    /**
     * As {@link #operation}, on a field that is accessed otherwise than by name.
     *
     * @param field the field's id in {@link Sites}
     * @param site names the field
     */
    public abstract void fieldOperation(
            OperationKind kind, @Nullable Object object, int field, int site);

    /** As {@link #operation}, on an element of an array, if the array has it. */
    public abstract void elementOperation(OperationKind kind, Object array, int index, int site);

    /**
     * A plain field is about to be accessed, and the running task may not have it to itself.
     *
     * @param object the object whose field it is, or null for a static field
     * @param written the epoch of the last write, or 0
     * @param touched the epoch of the last read or write, or 0
     * @param field the field's id in {@link Sites}
     */
    public abstract void announcePlain(
            @Nullable Object object,
            long written,
            long touched,
            boolean write,
            int field,
            int site);

    /**
     * The access that was announced takes place.
     *
     * @return the epoch to note for it
     */
    public abstract long plainAccess(long written, long touched, boolean write, int field);

    /**
     * An element of an array is about to be accessed; the running task may not have it to itself.
     *
     * @param index may be one that the array does not have
     */
    public abstract void arrayAccess(Object array, int index, boolean write, int site);

    /**
     * As {@link #arrayAccess}, by a method of the JDK that goes through a range of elements.
     *
     * @param index one that the array has
     * @param operation the number of this operation in the call, from 0; does not decrease
     * @param first whether it is the first element of this operation, which others may precede
     */
    public abstract void arrayAccess(
            Object array, int index, boolean write, int site, int operation, boolean first);

    /** What is known of the elements of an array. */
    public abstract ArrayShadow arrayShadow(Object array);

    /**
     * A collection of the JDK is about to be called; the running task may not have it to itself.
     *
     * @param site where the call is, or the method of the collection if the JDK calls it
     * @param draw the number of the first draw in the call
     * @return whether {@link #collectionAccess} shall be called before each access in the call
     */
    public abstract boolean collectionCall(
            CollectionShadow shadow, boolean write, int site, int draw);

    /**
     * A variable inside a collection is about to be accessed.
     *
     * @param owner the collection, one of its nodes or of its arrays
     * @param variable which variable of the owner: the id of a field, or the index of an element
     * @param site where the collection is called
     * @param field names the variable, in {@link Sites}
     * @param draw the number of the draw here, or -1 if there is none
     */
    public abstract void collectionAccess(
            CollectionShadow shadow,
            Object owner,
            int variable,
            boolean write,
            int site,
            int field,
            int draw);

    /**
     * Returns once the current task owns the monitor of {@code object}.
     *
     * @param point whether entering is an operation of the program's; if not, it is none unless the
     *     task must wait
     */
    public abstract void monitorEnter(Object object, int site, boolean point);

    /** Gives up one hold of the monitor of {@code object}; never switches tasks. */
    public abstract void monitorExit(Object object);

    /**
     * A method of the JDK is about to be called that takes the monitor of {@code object}, or may do
     * so: returns when that is free.
     *
     * @param sure whether it is the first thing that the method does; if not, the task waits only
     *     as long as another one can run
     */
    public abstract void approachMonitor(Object object, boolean sure, int site);

    /** A synchronized method of the JDK begins, and the JVM has given it its monitor. */
    public abstract void enteredMonitor(Object object);

    /** A synchronized method of the JDK is about to return or to throw. */
    public abstract void leavingMonitor(Object object);

    /** Whether the current task owns the monitor of {@code object}. */
    public abstract boolean holdsMonitor(Object object);

    /**
     * {@link Object#wait(long)}.
     *
     * @param nanos the longest wait in virtual nanoseconds, or 0 for ever
     * @throws InterruptedException as {@link Object#wait(long)} does
     * @throws IllegalMonitorStateException if the current task does not own the monitor
     */
    public abstract void monitorWait(Object object, long nanos, int site)
            throws InterruptedException;

    /**
     * {@link Object#notify()} or {@link Object#notifyAll()}.
     *
     * @throws IllegalMonitorStateException if the current task does not own the monitor
     */
    public abstract void monitorNotify(Object object, boolean all, int site);

    /**
     * A lock is about to be taken, however long it takes: returns when it can be taken without
     * waiting.
     *
     * @param synchronizer the lock's synchronizer, whose owner {@link #ownerChanged} reports
     * @param interruptible whether an interrupt ends the wait
     */
    public abstract void lock(Object synchronizer, boolean interruptible, int site);

    /**
     * How many tasks wait in {@link #lock} for this synchronizer.
     *
     * @param thread only count this one, or null for all
     */
    public abstract int queued(Object synchronizer, @Nullable Thread thread);

    /**
     * The exclusive owner of a synchronizer of java.util.concurrent changes; null when it is
     * released.
     */
    public abstract void ownerChanged(Object synchronizer, @Nullable Thread owner);

    /**
     * {@link java.util.concurrent.locks.LockSupport#park()}.
     *
     * @param nanos the longest wait in virtual nanoseconds, or a negative number for ever
     */
    public abstract void park(@Nullable Object blocker, long nanos, int site);

    /** What a parked task said that it waits for, or null. */
    public abstract @Nullable Object blocker(Thread thread);

    /**
     * {@link java.util.concurrent.locks.LockSupport#unpark(Thread)}; false if the thread is no task
     * of this controller.
     */
    public abstract boolean unpark(Thread thread, int site);

    /**
     * {@link Thread#start()}.
     *
     * @param body what the thread runs
     */
    public abstract void start(Thread thread, Runnable body, int site);

    /**
     * {@link Runtime#exit} or {@link Runtime#halt}; does not return to the program.
     *
     * @param shutdownHooks whether these run first
     */
    public abstract void exit(int status, boolean shutdownHooks);

    /** {@link Runtime#addShutdownHook}. */
    public abstract void addShutdownHook(Thread hook);

    /** {@link Runtime#removeShutdownHook}. */
    public abstract boolean removeShutdownHook(Thread hook);

    /** The threads that were started and have not ended. */
    public abstract Thread[] liveThreads();

    /**
     * {@link Thread#join()}.
     *
     * @param nanos the longest wait in virtual nanoseconds, or a negative number for ever
     * @return false if the thread is no task of this controller
     * @throws InterruptedException as {@link Thread#join()} does
     */
    public abstract boolean join(Thread thread, long nanos, int site) throws InterruptedException;

    /**
     * {@link Thread#sleep(long)}.
     *
     * @param nanos virtual nanoseconds
     * @throws InterruptedException as {@link Thread#sleep(long)} does
     */
    public abstract void sleep(long nanos, int site) throws InterruptedException;

    /** {@link Thread#yield()} and {@link Thread#onSpinWait()}. */
    public abstract void yieldNow(int site);

    /** {@link Thread#interrupt()} is about to set the flag of {@code thread}. */
    public abstract void beforeInterrupt(Thread thread, int site);

    /** {@link Thread#interrupt()} has set the flag of {@code thread}. */
    public abstract void afterInterrupt(Thread thread);

    /** The state of a thread, or null if it is no task of this controller. */
    public abstract Thread.@Nullable State state(Thread thread);

    /** {@link System#nanoTime()} on the virtual clock. */
    public abstract long nanoTime();

    /** {@link System#currentTimeMillis()} on the virtual clock. */
    public abstract long currentTimeMillis();

    /** The name of the task that runs now; may be asked by any thread, and is then only a hint. */
    public abstract String currentTaskName();

    /**
     * Code of the JDK touches a concurrent object in the middle of an operation of the current
     * task: no scheduling point, but other tasks may depend on it.
     */
    public abstract void touched(OperationKind kind, Object object);

    /**
     * The current task is about to use a class of which it does not know that it is initialised:
     * returns when no other task is initialising it (JLS 12.4.2).
     *
     * @return whether the task shall run the initialiser; false if the class is initialised, or if
     *     this task is just doing so
     * @throws NoClassDefFoundError if the initialiser has failed in this execution
     */
    public abstract boolean beginInitializer(ClassInitializer type, int site);

    /**
     * The current task has run the initialiser.
     *
     * @param thrown what that has thrown, or null
     */
    public abstract void endInitializer(ClassInitializer type, @Nullable Throwable thrown);

    /** The current task starts or ends a class initialiser, inside which it cannot be suspended. */
    public abstract void classInitializer(boolean begins);
}
