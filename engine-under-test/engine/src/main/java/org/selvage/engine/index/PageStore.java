package org.selvage.engine.index;

import org.selvage.engine.CorruptPageException;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.filespace.Fsp;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.redo.RedoLog;
import org.selvage.engine.sync.LatchOrder;

/** What a tree needs of the lower floor: mini-transactions, and pages of its space. */
public class PageStore {
    private final BufferPool pool;
    private final RedoLog log;
    private final Fsp fsp;
    private final int pageSize;

    /** Binds the lower floor's parts. */
    public PageStore(BufferPool pool, RedoLog log, Fsp fsp, int pageSize) {
        this.pool = pool;
        this.log = log;
        this.fsp = fsp;
        this.pageSize = pageSize;
    }

    /** Size of every page, in bytes. */
    public int pageSize() {
        return pageSize;
    }

    /** The order in which the engine's latches are taken. */
    public LatchOrder latchOrder() {
        return pool.latchOrder();
    }

    /** Begins a mini-transaction. */
    public MiniTransaction begin() {
        return new MiniTransaction(pool, log);
    }

    /** What is wrong with a page that the caller has latched. */
    public CorruptPageException corrupt(
            BufferBlock block, String check, long expected, long actual) {
        return pool.corrupt(block, check, expected, actual);
    }

    /**
     * Allocates a page of a space as an index page without neighbours, X-latched by {@code mtr}.
     */
    public BufferBlock allocate(MiniTransaction mtr, int spaceId) {
        BufferBlock page = fsp.allocatePage(mtr, spaceId);
        PageHeader.setType(page.frame(), PageType.INDEX);
        return page;
    }

    /** Gives a page back to its space; {@code mtr} holds its X latch. */
    public void free(MiniTransaction mtr, PageId page) {
        fsp.freePage(mtr, page);
    }

    /** Whether a page is in the pool or being read into it (InnoDB's buf_page_peek). */
    public boolean isInPool(PageId page) {
        return pool.contains(page);
    }

    /** As {@link #isInPool}, or somebody watches for it to come (page_hash_get). */
    public boolean isInPoolOrWatched(PageId page) {
        return pool.containsOrWatches(page);
    }

    /** Watches for a page to come into the pool; false when it is there (buf_pool_watch_set). */
    public boolean watch(PageId page) {
        return pool.watch(page);
    }

    /** Whether a page that the caller watches has come (buf_pool_watch_occurred). */
    public boolean watchOccurred(PageId page) {
        return pool.watchOccurred(page);
    }

    /** Ends a watch (buf_pool_watch_unset). */
    public void unwatch(PageId page) {
        pool.unwatch(page);
    }
}
