package org.selvage.engine.bufferpool;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;

/**
 * A frame of the buffer pool with its control data (buf_block_t).
 *
 * <table>
 * <caption>What guards what</caption>
 * <tr><td>content of the frame</td><td>the latch</td></tr>
 * <tr><td>id, state, ioFix, accessed, accessedNanos, old, LRU links</td><td>the pool mutex; the id cannot change while fixed</td></tr>
 * <tr><td>fixCount</td><td>raised under the pool mutex, lowered without</td></tr>
 * <tr><td>oldestModification, flush list links</td><td>the flush list mutex</td></tr>
 * <tr><td>newestModification</td><td>the latch, X; read by the writer of the page under S</td></tr>
 * </table>
 */
public final class BufferBlock {
    static final PageId NO_PAGE = new PageId(-1, -1);

    private final ByteBuffer frame;

    /**
     * The same bytes with a position of its own; used by whoever holds the io-fix READ or WRITE.
     */
    final ByteBuffer ioView;

    final PageLatch latch;
    final AtomicInteger fixCount = new AtomicInteger();

    PageId id = NO_PAGE;
    BlockState state = BlockState.NOT_USED;
    IoFix ioFix = IoFix.NONE;

    /** The pool's eviction clock when the block last moved to the head of the LRU list. */
    long freedPageClock;

    /** The pool's count of first accesses when this page had its first; 0 when it had none. */
    long accessed;

    /**
     * When that was, by the clock of the pool; only kept where the LRU list may have old blocks.
     */
    long accessedNanos;

    /** Whether the block is in the old sublist of the LRU list. */
    boolean old;

    @Nullable BufferBlock lruPrev;
    @Nullable BufferBlock lruNext;

    /** Start LSN of the oldest change that is not in the file; 0 when the page is clean. */
    long oldestModification;

    /** End LSN of the newest change; 0 when not changed since it was read. */
    long newestModification;

    @Nullable BufferBlock flushPrev;
    @Nullable BufferBlock flushNext;

    /** The part of the pool that the frame belongs to. */
    final PoolInstance instance;

    BufferBlock(PoolInstance instance, int pageSize) {
        this.instance = instance;
        latch = new PageLatch(this);
        frame = ByteBuffer.allocate(pageSize);
        ioView = frame.duplicate();
    }

    /** The page in the frame. Stable while the caller has the block fixed. */
    public PageId id() {
        return id;
    }

    /**
     * The page. Big-endian; to be used with absolute methods only, as other threads that have it
     * S-latched share the position.
     */
    public ByteBuffer frame() {
        return frame;
    }

    /** Whether the page's type is the given one; false also for unknown types. */
    public boolean isType(PageType type) {
        return PageHeader.typeCode(frame) == type.code();
    }

    boolean isEvictable() {
        return fixCount.get() == 0 && ioFix == IoFix.NONE;
    }

    @Override
    public String toString() {
        return id + " state=" + state + " io_fix=" + ioFix + " buf_fix_count=" + fixCount.get();
    }
}
