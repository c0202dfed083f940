package org.selvage.hooks;

import org.jspecify.annotations.Nullable;

/**
 * How far the initialisation of one class of the program has come in the execution under way: the
 * states of JLS 12.4.2. Its object is also the initialisation lock of that section, as a modelled
 * mutex.
 */
public final class ClassInitializer {
    /** Ends the name of the class beside an interface that holds its fields. */
    public static final String HOLDER = "$selvage$statics";

    /** Whether the class is initialised and no task is left that could have come first. */
    public boolean ready;

    private final Class<?> type;

    /** The epoch in which it was initialised, or 0 if it is not. */
    private long done;

    private boolean running;

    /** What the initialiser threw, as later users of the class are told; null if it did not. */
    private @Nullable ExceptionInInitializerError failure;

    ClassInitializer(Class<?> type) {
        this.type = type;
    }

    /** From now on the class is as if it had not been initialised. */
    public void reset() {
        if (type.isEnum()) {
            EnumConstants.forget(type);
        }
        ready = false;
        done = 0L;
        running = false;
        failure = null;
    }

    /**
     * Whether the class is initialised, and synchronisation has ordered that before what a task
     * does now.
     *
     * @param now the task's epoch
     * @param clock for each other task, how far it had come when this one heard of it last
     */
    public boolean isDoneBefore(long now, int[] clock) {
        return done != 0L && Epoch.isOrdered(done, now, clock);
    }

    /**
     * The running task has the initialisation lock.
     *
     * @return true if it shall run the initialiser; false if the class is initialised
     * @throws NoClassDefFoundError if the initialiser failed
     */
    public boolean begin() {
        if (failure != null) {
            throw erroneous(failure);
        }
        running = done == 0L;
        return running;
    }

    private NoClassDefFoundError erroneous(ExceptionInInitializerError cause) {
        NoClassDefFoundError error =
                new NoClassDefFoundError("Could not initialize class " + className());
        error.initCause(cause);
        return error;
    }

    /**
     * The initialiser has ended.
     *
     * @param now the epoch of the task that ran it
     * @param alone whether no other task is alive, so that all to come know of it
     */
    public void end(long now, boolean alone) {
        running = false;
        done = now;
        ready = alone;
    }

    /** The initialiser has thrown this: the class cannot be used. */
    public void fail(Throwable thrown) {
        running = false;
        String message = thrown.getMessage();
        failure =
                new ExceptionInInitializerError(
                        "Exception "
                                + thrown.getClass().getName()
                                + (message == null ? "" : ": " + message)
                                + " [in thread \""
                                + Thread.currentThread().getName()
                                + "\"]");
        failure.setStackTrace(thrown.getStackTrace());
    }

    /** As {@link #begin}, outside a controlled task: nobody else comes in between. */
    boolean beginOutside() {
        if (running || ready || done != 0L) {
            return false;
        }
        if (failure != null) {
            throw erroneous(failure);
        }
        ready = true;
        return true;
    }

    /** As reports name it. */
    @Override
    public String toString() {
        return "class " + className() + "'s initialiser";
    }

    private String className() {
        return type.getName().replace(HOLDER, "");
    }
}
