package org.selvage.engine.bufferpool;

import java.nio.ByteBuffer;
import org.selvage.engine.page.PageId;

/** Skeleton. */
public final class BufferBlock {
    BufferBlock() {}
    public PageId id() { throw new UnsupportedOperationException(); }
    public ByteBuffer frame() { throw new UnsupportedOperationException(); }
}
