package org.selvage.engine.redo;

import org.jspecify.annotations.Nullable;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;

/** Skeleton. */
public final class MiniTransaction implements AutoCloseable {
    public MiniTransaction(BufferPool pool, RedoLog log) {}
    /** A page already in the memo with enough latch is returned as it is. S then X of one page is refused. */
    public BufferBlock page(PageId id, Latch latch) { throw new UnsupportedOperationException(); }
    public @Nullable BufferBlock pageIfInPool(PageId id, Latch latch) { throw new UnsupportedOperationException(); }
    /** buf_page_create: zeroed frame, X-latched, already dirty. */
    public BufferBlock newPage(PageId id, PageType type) { throw new UnsupportedOperationException(); }
    /** Lets a merge on read change its block, which the caller has latched and keeps latched. */
    public void enlist(BufferBlock block) { throw new UnsupportedOperationException(); }
    public void setDirty(BufferBlock block) { throw new UnsupportedOperationException(); }
    /** Releases a clean block before commit. */
    public void release(BufferBlock block) { throw new UnsupportedOperationException(); }
    /** Returns the end LSN. */
    public long commit() { throw new UnsupportedOperationException(); }
    /** Commits when commit was not called. */
    @Override public void close() { throw new UnsupportedOperationException(); }
}
