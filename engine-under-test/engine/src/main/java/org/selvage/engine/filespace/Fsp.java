package org.selvage.engine.filespace;

import java.nio.ByteBuffer;
import org.selvage.engine.EngineException;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.tablespace.FilSystem;

/**
 * Allocation of pages inside a tablespace (fsp0fsp.cc). Freed pages form a list that starts in the
 * file space header, page 0; pages that were never used come after the free limit. Every call
 * X-latches page 0 until the mini-transaction commits; callers latch their own pages before.
 */
public final class Fsp {
    /** Pages in an extent; a small tablespace grows page by page up to one, then by extents. */
    private static final int EXTENT_PAGES = 64;

    /** From this size on a tablespace grows by four extents (FSP_FREE_ADD). */
    private static final int BIG_PAGES = 32 * EXTENT_PAGES;

    private final FilSystem fil;

    public Fsp(FilSystem fil) {
        this.fil = fil;
    }

    /**
     * Allocates a page; the file grows when no page is left (fseg_alloc_free_page).
     *
     * @return the page, of type ALLOCATED, zeroed, X-latched and marked as changed
     */
    public BufferBlock allocatePage(MiniTransaction mtr, int spaceId) {
        BufferBlock header = mtr.page(new PageId(spaceId, 0), Latch.X);
        mtr.setDirty(header);
        int head = header.frame().getInt(FspHeader.FREE_HEAD);
        return head == PageHeader.NULL_PAGE
                ? takeUnused(mtr, header)
                : takeFreed(mtr, header, head);
    }

    private static BufferBlock takeFreed(MiniTransaction mtr, BufferBlock header, int pageNo) {
        PageId id = new PageId(header.id().spaceId(), pageNo);
        BufferBlock freed = mtr.page(id, Latch.X);
        int next = PageHeader.next(freed.frame());
        ByteBuffer frame = header.frame();
        frame.putInt(FspHeader.FREE_HEAD, next);
        frame.putInt(FspHeader.FREE_LENGTH, frame.getInt(FspHeader.FREE_LENGTH) - 1);
        return mtr.newPage(id, PageType.ALLOCATED);
    }

    /**
     * Takes the page at the free limit. The first page of a run comes with the run's bitmap page,
     * which is the next one: changes of the first page may be buffered before another is taken
     * (fsp_fill_free_list does it for the whole extent).
     */
    private BufferBlock takeUnused(MiniTransaction mtr, BufferBlock header) {
        int spaceId = header.id().spaceId();
        ByteBuffer frame = header.frame();
        int pageNo = frame.getInt(FspHeader.FREE_LIMIT);
        boolean first = FspHeader.isBitmapPage(pageNo + 1, fil.pageSize());
        int limit = first ? pageNo + 2 : pageNo + 1;
        extendTo(mtr, header, limit);
        frame.putInt(FspHeader.FREE_LIMIT, limit);
        if (first) {
            mtr.newUnusedPage(new PageId(spaceId, pageNo + 1), PageType.IBUF_BITMAP);
        }
        return mtr.newUnusedPage(new PageId(spaceId, pageNo), PageType.ALLOCATED);
    }

    /** Makes the tablespace at least that many pages long (fsp_try_extend_data_file). */
    private void extendTo(MiniTransaction mtr, BufferBlock header, int pages) {
        int size = header.frame().getInt(FspHeader.SIZE);
        if (pages <= size) {
            return;
        }
        int grown = size;
        while (grown < pages) {
            grown += growth(grown);
        }
        boolean extended = false;
        try {
            fil.extend(header.id().spaceId(), grown);
            extended = true;
        } finally {
            if (!extended) {
                mtr.fail();
            }
        }
        header.frame().putInt(FspHeader.SIZE, grown);
    }

    private static int growth(int sizePages) {
        if (sizePages < EXTENT_PAGES) {
            return 1;
        }
        return sizePages < BIG_PAGES ? EXTENT_PAGES : 4 * EXTENT_PAGES;
    }

    /**
     * Frees a page (fseg_free_page). Its content is lost.
     *
     * @throws EngineException when the page cannot be a page that was allocated
     */
    public void freePage(MiniTransaction mtr, PageId id) {
        BufferBlock freed = mtr.pageOrZeroes(id, Latch.X);
        BufferBlock header = mtr.page(new PageId(id.spaceId(), 0), Latch.X);
        ByteBuffer frame = header.frame();
        requireAllocatable(id, frame);
        mtr.setDirty(freed);
        mtr.setDirty(header);
        PageHeader.setType(freed.frame(), PageType.ALLOCATED);
        PageHeader.setPrev(freed.frame(), PageHeader.NULL_PAGE);
        PageHeader.setNext(freed.frame(), frame.getInt(FspHeader.FREE_HEAD));
        frame.putInt(FspHeader.FREE_HEAD, id.pageNo());
        frame.putInt(FspHeader.FREE_LENGTH, frame.getInt(FspHeader.FREE_LENGTH) + 1);
    }

    private void requireAllocatable(PageId id, ByteBuffer header) {
        int limit = header.getInt(FspHeader.FREE_LIMIT);
        int reserved = id.spaceId() == 0 ? FspHeader.SYSTEM_RESERVED_PAGES : 1;
        if (id.pageNo() < reserved
                || id.pageNo() >= limit
                || FspHeader.isBitmapPage(id.pageNo(), fil.pageSize())) {
            throw new EngineException(
                    "A page is freed that is not in use: space="
                            + id.spaceId()
                            + " page="
                            + id.pageNo()
                            + " free_limit="
                            + limit
                            + ". This is a defect of the engine: keep the data folder and report"
                            + " it.");
        }
    }

    /**
     * Gives out a tablespace id that was never used in this data folder (fil_assign_new_space_id).
     * The id counts as used even when no tablespace is created.
     */
    public int assignSpaceId(MiniTransaction mtr) {
        BufferBlock header = mtr.page(new PageId(0, 0), Latch.X);
        mtr.setDirty(header);
        int id = header.frame().getInt(FspHeader.NEXT_SPACE_ID);
        header.frame().putInt(FspHeader.NEXT_SPACE_ID, id + 1);
        return id;
    }
}
