package org.selvage.engine.redo;

/**
 * What crash recovery did when the engine was opened; all zero for a folder that was closed.
 *
 * @param bytes log between the checkpoint and the end of the log
 * @param bytesRead log that was read from the files, the place behind the end included
 * @param records mini-transactions found
 * @param changes changes to pages found; those before a page was made anew do not count
 * @param pagesRead pages read
 * @param pagesWritten pages written, the others had the changes already
 */
public record RecoveryStats(
        long bytes, long bytesRead, long records, long changes, long pagesRead, long pagesWritten) {
    /** Nothing was to be recovered. */
    public static final RecoveryStats NONE = new RecoveryStats(0, 0, 0, 0, 0, 0);
}
