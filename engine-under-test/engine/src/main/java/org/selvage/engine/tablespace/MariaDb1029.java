package org.selvage.engine.tablespace;

import org.jspecify.annotations.Nullable;

/** Skeleton. */
public final class MariaDb1029 implements DeleteProtocol {
    MariaDb1029(FilSystem fil, TablespaceSweep sweep) {}
    @Override public String name() { throw new UnsupportedOperationException(); }
    @Override public @Nullable FilSpace acquire(int spaceId) { throw new UnsupportedOperationException(); }
    @Override public void release(FilSpace space) { throw new UnsupportedOperationException(); }
    @Override public boolean mergeReadIgnoresMissingSpace() { throw new UnsupportedOperationException(); }
    @Override public void deleteTablespace(int spaceId) { throw new UnsupportedOperationException(); }
}
