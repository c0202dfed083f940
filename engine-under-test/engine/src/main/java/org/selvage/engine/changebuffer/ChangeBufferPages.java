package org.selvage.engine.changebuffer;

import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.filespace.Fsp;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.redo.RedoLog;

/**
 * Pages of the change buffer's own tree: each has its IBUF bit set for as long as it belongs to the
 * tree (InnoDB's ibuf_add_free_page and ibuf_remove_free_page).
 */
public final class ChangeBufferPages extends PageStore {
    /** Binds the lower floor's parts. */
    public ChangeBufferPages(BufferPool pool, RedoLog log, Fsp fsp, int pageSize) {
        super(pool, log, fsp, pageSize);
    }

    @Override
    public BufferBlock allocate(MiniTransaction mtr, int spaceId) {
        BufferBlock page = super.allocate(mtr, spaceId);
        markPage(mtr, page.id(), true);
        return page;
    }

    @Override
    public void free(MiniTransaction mtr, PageId page) {
        super.free(mtr, page);
        markPage(mtr, page, false);
    }

    /** Sets or clears the IBUF bit of a page of the system tablespace. */
    void markPage(MiniTransaction mtr, PageId page, boolean belongs) {
        BufferBlock bitmap = mtr.page(BitmapPage.of(page, pageSize()), Latch.X);
        mtr.setDirty(bitmap);
        BitmapPage.setChangeBufferPage(bitmap.frame(), page.pageNo(), belongs);
    }
}
