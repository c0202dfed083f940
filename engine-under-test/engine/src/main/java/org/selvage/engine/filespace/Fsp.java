package org.selvage.engine.filespace;

import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.tablespace.FilSystem;

/** Skeleton. In its own package: tablespace must not import redo. */
public final class Fsp {
    public Fsp(FilSystem fil) {}
    /** An X-latched zeroed page of type ALLOCATED, dirty. Latches page 0 of the space X. */
    public BufferBlock allocatePage(MiniTransaction mtr, int spaceId) { throw new UnsupportedOperationException(); }
    public void freePage(MiniTransaction mtr, PageId id) { throw new UnsupportedOperationException(); }
    /** Next tablespace id, never given out again. Latches page (0,0) X. */
    public int assignSpaceId(MiniTransaction mtr) { throw new UnsupportedOperationException(); }
}
