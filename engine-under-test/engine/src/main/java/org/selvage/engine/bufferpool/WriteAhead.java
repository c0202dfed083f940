package org.selvage.engine.bufferpool;

/** What writing a page asks of the redo log: the log first (write-ahead logging). */
public interface WriteAhead {
    /** For a pool without a log. */
    WriteAhead NONE =
            new WriteAhead() {
                @Override
                public void flushUpTo(long lsn) {}

                @Override
                public long durableLsn() {
                    return Long.MAX_VALUE;
                }
            };

    /** Returns when the log up to the LSN survives loss of power. */
    void flushUpTo(long lsn);

    /** Pages will be written that wait for the log: it should become durable, nobody waits yet. */
    default void flushSoon() {}

    /** No page in a file has a newer LSN; the largest long without a log. */
    long durableLsn();
}
