package org.selvage.engine.tablespace;

/** Skeleton. */
public final class FilSpace {
    FilSpace() {}
    public int id() { throw new UnsupportedOperationException(); }
    public String name() { throw new UnsupportedOperationException(); }
    public PendingOperations pendingOperations() { throw new UnsupportedOperationException(); }
}
