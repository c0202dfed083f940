package org.selvage.engine.tablespace;

/** Skeleton. */
public final class PendingOperations {
    public boolean acquire() { throw new UnsupportedOperationException(); }
    public void release() { throw new UnsupportedOperationException(); }
    public boolean stop() { throw new UnsupportedOperationException(); }
    public boolean isStopping() { throw new UnsupportedOperationException(); }
    public int count() { throw new UnsupportedOperationException(); }
}
