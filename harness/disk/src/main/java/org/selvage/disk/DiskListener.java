package org.selvage.disk;

/**
 * Told of every operation before it takes effect, while the disk is whole and no lock of it is
 * held.
 *
 * <p>A listener may run other tasks, which may use the same disk and the same channel. It may
 * throw: the operation then fails with what was thrown and has no effect.
 */
@FunctionalInterface
public interface DiskListener {
    /** Ignores every operation. */
    DiskListener NONE = (operation, path, offset, length) -> {};

    /**
     * Called before an operation takes effect.
     *
     * <p>A relative read or write, or an append, is announced with the offset it would have now. If
     * another task moves that offset during the call, the operation is announced again with the new
     * one. When the length does not fit an {@code int} it is {@code Integer.MAX_VALUE}.
     *
     * @param operation what is about to happen
     * @param path absolute path without {@code .} and {@code ..}; of an open file, the path it was
     *     opened by, even after it was moved or deleted
     * @param offset in bytes from the start of the file; 0 where the operation has none
     * @param length in bytes; 0 where the operation has none
     */
    void before(DiskOperation operation, String path, long offset, int length);

    /**
     * Called in place of {@link #before} for the two operations that name two paths: {@link
     * DiskOperation#MOVE} and {@link DiskOperation#COPY}. Passes the source on to {@code before}.
     *
     * @param source absolute path that is moved or copied
     * @param target absolute path it gets
     */
    default void beforeTransfer(DiskOperation operation, String source, String target) {
        before(operation, source, 0, 0);
    }
}
