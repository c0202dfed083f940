package org.selvage.engine.bufferpool;

/** What writing a page asks of the redo log: the log first (write-ahead logging). */
public interface WriteAhead {
    /** For a pool without a log. */
    WriteAhead NONE = lsn -> {};

    /** Returns when the log up to the LSN survives loss of power. */
    void flushUpTo(long lsn);
}
