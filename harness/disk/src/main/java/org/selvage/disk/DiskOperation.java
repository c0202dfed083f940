package org.selvage.disk;

/**
 * What a program asks of the disk. {@link DiskListener} says what the path, offset and length mean.
 */
public enum DiskOperation {
    /**
     * Opens an existing file or directory; with {@code TRUNCATE_EXISTING} it also empties the file.
     */
    OPEN,
    /** Opens a file, and creates it when it is missing ({@code CREATE}, {@code CREATE_NEW}). */
    CREATE,
    /** Reads {@code length} bytes from {@code offset}, or fewer where the file ends. */
    READ,
    /** Writes {@code length} bytes at {@code offset}. */
    WRITE,
    /** Cuts the file to {@code offset} bytes if it is longer. */
    TRUNCATE,
    /** Forces the file to the device; follows each write of a channel opened with SYNC or DSYNC. */
    FORCE,
    /**
     * Reads or moves the channel's position; {@code offset} is the new one, or -1 when it is read.
     */
    SEEK,
    /** Locks {@code length} bytes from {@code offset}. */
    LOCK,
    /** Releases the lock of {@code length} bytes from {@code offset}. */
    UNLOCK,
    /** Creates a directory. */
    CREATE_DIRECTORY,
    /** Removes a file or an empty directory. */
    DELETE,
    /** Renames a file or directory: {@link DiskListener#beforeTransfer} also has the target. */
    MOVE,
    /**
     * Copies a file or creates a directory: {@link DiskListener#beforeTransfer} also has the
     * target.
     */
    COPY,
    /** Lists a directory; the listing is complete when the directory stream is returned. */
    LIST,
    /** Reads size, times, kind, access or free space; or sets times. */
    ATTRIBUTES
}
