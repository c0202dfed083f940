package org.selvage.engine.bufferpool;

import org.jspecify.annotations.Nullable;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.page.PageId;
import org.selvage.engine.tablespace.FilSystem;
import org.selvage.engine.tablespace.TablespaceSweep;

/** Skeleton. */
public final class BufferPool implements TablespaceSweep {
    /** Also starts nothing: call fil.startIoThreads() after. */
    public BufferPool(EngineConfig config, FilSystem fil, ErrorLog log) {}
    public void setMergeOnRead(MergeOnRead merge) { throw new UnsupportedOperationException(); }
    public int poolPages() { throw new UnsupportedOperationException(); }
    /** Fixes and latches; reads the page when needed. Throws TablespaceMissing/CorruptPage/PageOutOfBounds. */
    public BufferBlock get(PageId id, Latch latch) { throw new UnsupportedOperationException(); }
    /** As get, null when not in the pool. */
    public @Nullable BufferBlock getIfInPool(PageId id, Latch latch) { throw new UnsupportedOperationException(); }
    public void release(BufferBlock block, Latch latch) { throw new UnsupportedOperationException(); }
    /** buf_page_peek. */
    public boolean contains(PageId id) { throw new UnsupportedOperationException(); }
    public ReadResult readMergePage(PageId id, boolean sync, boolean ignoreMissing) { throw new UnsupportedOperationException(); }
    public int pendingReads() { throw new UnsupportedOperationException(); }
    /** Writes up to n dirty pages, oldest first, waits for them. Returns how many. */
    public int flush(int n) { throw new UnsupportedOperationException(); }
    public void flushAll() { throw new UnsupportedOperationException(); }
    /** Evicts every clean page nobody uses; returns how many. */
    public int evictUnused() { throw new UnsupportedOperationException(); }
    public BufferPoolStats stats() { throw new UnsupportedOperationException(); }
    public void validate() { throw new UnsupportedOperationException(); }
    @Override public void removeDirtyPages(int spaceId) { throw new UnsupportedOperationException(); }
    @Override public void removeAllPages(int spaceId) { throw new UnsupportedOperationException(); }
}
