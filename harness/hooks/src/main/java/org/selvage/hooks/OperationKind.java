package org.selvage.hooks;

/** What one visible step of a program does. */
public enum OperationKind {
    /** The first step of a task. */
    BEGIN,
    /** A task ends. */
    END,
    /** Reads a shared variable. */
    READ,
    /** Writes a shared variable. */
    WRITE,
    /** Reads and writes a shared variable in one atomic step, or calls a method that may. */
    UPDATE,
    /** Takes a lock of java.util.concurrent, waiting as long as it takes. */
    LOCK,
    /** Takes a lock of java.util.concurrent if it is free, or within a time. */
    TRY_LOCK,
    /** Gives a lock of java.util.concurrent back. */
    UNLOCK,
    /** Enters a {@code synchronized} block or method. */
    MONITOR_ENTER,
    /** Leaves a {@code synchronized} block or method. */
    MONITOR_EXIT,
    /** {@link Object#wait()} in all its forms. */
    WAIT,
    /** {@link Object#notify()}. */
    NOTIFY,
    /** {@link Object#notifyAll()}. */
    NOTIFY_ALL,
    /** {@link java.util.concurrent.locks.LockSupport#park()} in all its forms. */
    PARK,
    /** {@link java.util.concurrent.locks.LockSupport#unpark(Thread)}. */
    UNPARK,
    /** {@link Thread#start()}. */
    START,
    /** {@link Thread#join()} in all its forms. */
    JOIN,
    /** {@link Thread#sleep(long)} in all its forms. */
    SLEEP,
    /** {@link Thread#yield()} and {@link Thread#onSpinWait()}: lets the others go first. */
    YIELD,
    /** {@link Thread#interrupt()}. */
    INTERRUPT,
    /** Reads a file, a directory or a file's attributes. */
    FILE_READ,
    /** Writes, truncates, creates, moves or deletes a file. */
    FILE_WRITE,
    /** Forces a file to the device. */
    FILE_FORCE;

    /** Whether two operations of this kind on one variable commute. */
    public boolean isRead() {
        return this == READ || this == FILE_READ;
    }
}
