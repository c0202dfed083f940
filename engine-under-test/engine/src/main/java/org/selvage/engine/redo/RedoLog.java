package org.selvage.engine.redo;

/** Skeleton. */
public final class RedoLog {
    public RedoLog(long startLsn) {}
    public long lsn() { throw new UnsupportedOperationException(); }
}
