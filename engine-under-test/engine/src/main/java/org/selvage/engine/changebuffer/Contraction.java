package org.selvage.engine.changebuffer;

import java.nio.ByteBuffer;
import org.selvage.engine.aio.OsThread;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.bufferpool.ReadResult;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.tablespace.DeleteProtocol;
import org.selvage.engine.tablespace.FilSpace;
import org.selvage.engine.tablespace.FilSystem;

/**
 * Shrinks the change buffer by reading pages it has changes for (InnoDB's ibuf_contract,
 * ibuf_merge_pages, ibuf_merge_in_background and buf_read_ibuf_merge_pages).
 *
 * <h2>The race with DROP TABLE</h2>
 *
 * <p>The page list is made under the change buffer's latches, and they are released before the
 * reads. Nothing keeps the tablespaces of the list alive: a space may be missing when its size is
 * looked up, and, having passed that, may be stopping when its read is issued. Both ways the page's
 * records are deleted. The second way also writes a line to the error log unless the protocol's
 * merge read ignores a missing space (MDEV-12741).
 */
public final class Contraction {
    /** Pages past the limit from which an insert waits for what it contracts. */
    static final int SIZE_SYNC = 5;

    /** Pages past the limit from which an insert is refused. */
    static final int SIZE_REFUSED = 10;

    /**
     * Pages in a run from which one batch is taken (IBUF_MERGE_AREA), and most pages of a batch.
     */
    private static final int MERGE_AREA = 8;

    private static final int PENDING_READS_WAIT_MICROS = 500_000;
    private static final int ACTIVE_PERCENT = 5;
    private static final int NO_SPACE = -1;

    private final ChangeBufferTree changes;
    private final PageMerge pageMerge;
    private final BufferPool pool;
    private final FilSystem fil;
    private final DeleteProtocol protocol;
    private final int ioCapacity;
    private final boolean skipFailedSpace;

    /**
     * @param ioCapacity pages that one second of idle merging may read
     * @param skipFailedSpace whether a batch, once a read was refused because its space is going
     *     away, deletes the records of its other pages of that space without trying to read them
     */
    public Contraction(
            ChangeBuffer changeBuffer,
            BufferPool pool,
            FilSystem fil,
            DeleteProtocol protocol,
            int ioCapacity,
            boolean skipFailedSpace) {
        this.changes = changeBuffer.changes();
        this.pageMerge = changeBuffer.pageMerge();
        this.pool = pool;
        this.fil = fil;
        this.protocol = protocol;
        this.ioCapacity = ioCapacity;
        this.skipFailedSpace = skipFailedSpace;
    }

    /**
     * Contracts when an insert has left the buffer at or past its limit
     * (ibuf_contract_after_insert). The caller holds no latch.
     */
    public void contractAfterInsert() {
        int over = changes.size() - changes.maxSize();
        if (over >= 0 && changes.maxSize() > 0) {
            mergePages(over >= SIZE_SYNC);
        }
    }

    /**
     * Merges as many pages as the I/O capacity allows the master thread in one round: all of it
     * when idle, 5 % when active, plus a share that grows once the buffer is over half its limit,
     * and at least one page.
     *
     * @return pages whose merge was begun
     */
    public int mergeInBackground(boolean idle) {
        int wanted = Math.max(1, idle ? ioCapacity : pagesWhenActive());
        int begun = 0;
        while (begun < wanted) {
            int pages = mergePages(false);
            if (pages == 0) {
                break;
            }
            begun += pages;
        }
        return begun;
    }

    private int pagesWhenActive() {
        int pages = percentOfCapacity(ACTIVE_PERCENT);
        int size = changes.size();
        int half = changes.maxSize() / 2;
        if (size > half) {
            pages += percentOfCapacity(100L * (size - half) / (changes.maxSize() + 1));
        }
        return pages;
    }

    private int percentOfCapacity(long percent) {
        return (int) (ioCapacity * percent / 100);
    }

    /**
     * Reads the pages that a random leaf has changes for (ibuf_merge_pages).
     *
     * @param sync whether to wait for the last of the reads
     * @return pages in the batch; 0 when nothing is buffered
     */
    public int mergePages(boolean sync) {
        PageId[] batch = new PageId[MERGE_AREA];
        int count = collectPages(batch);
        if (count > 0) {
            readMergePages(sync, batch, count);
        }
        return count;
    }

    /** ibuf_get_merge_page_nos: pages of one area around a random record of a random leaf. */
    private int collectPages(PageId[] batch) {
        changes.tree().latch().lockShared();
        try (MiniTransaction mtr = changes.store().begin()) {
            BufferBlock leaf = changes.tree().descendAtRandom(mtr, changes.drawSequence());
            ByteBuffer frame = leaf.frame();
            int records = IndexPage.recordCount(frame);
            if (records == 0) {
                return 0;
            }
            return collectArea(frame, changes.draw(records), batch);
        } finally {
            changes.tree().latch().unlockShared();
        }
    }

    private int collectArea(ByteBuffer frame, int start, PageId[] batch) {
        PageId middle = BufferedChange.page(frame, start);
        int position = start;
        while (position > 0 && inArea(BufferedChange.page(frame, position - 1), middle)) {
            position--;
        }
        int limit = Math.min(batch.length, Math.max(1, pool.poolPages() / 4));
        int count = 0;
        for (; position < IndexPage.recordCount(frame) && count < limit; position++) {
            PageId page = BufferedChange.page(frame, position);
            if (!inArea(page, middle)) {
                break;
            }
            if (count == 0 || !batch[count - 1].equals(page)) {
                batch[count++] = page;
            }
        }
        return count;
    }

    private static boolean inArea(PageId page, PageId middle) {
        return page.spaceId() == middle.spaceId()
                && page.pageNo() / MERGE_AREA == middle.pageNo() / MERGE_AREA;
    }

    /** buf_read_ibuf_merge_pages: no latch is held from here on. */
    private void readMergePages(boolean sync, PageId[] batch, int count) {
        int failedSpace = NO_SPACE;
        for (int i = 0; i < count; i++) {
            PageId page = batch[i];
            if (skipFailedSpace && page.spaceId() == failedSpace) {
                deleteRecords(page);
                continue;
            }
            if (!spaceExists(page)) {
                deleteRecords(page);
                continue;
            }
            waitForPendingReads(page);
            if (issueRead(page, sync && i + 1 == count) == ReadResult.TABLESPACE_DELETED) {
                failedSpace = page.spaceId();
                deleteRecords(page);
            }
        }
    }

    /**
     * Deletes a page's records when its tablespace is going or gone for good. A file that was taken
     * away may be put back, and then its pages need them; InnoDB deletes them.
     */
    private void deleteRecords(PageId page) {
        FilSpace space = fil.lookup(page.spaceId());
        if (space == null || space.isStopping()) {
            pageMerge.deleteRecords(page);
        }
    }

    /** fil_space_get_size: a space without pages is not in the tablespace cache. */
    private boolean spaceExists(PageId page) {
        return fil.size(page.spaceId()) > 0;
    }

    /** The merge read of buf_read_page_low. */
    private ReadResult issueRead(PageId page, boolean sync) {
        return pool.readMergePage(page, sync, protocol.mergeReadIgnoresMissingSpace());
    }

    /** Keeps half the pool for others (BUF_READ_AHEAD_PEND_LIMIT). */
    private void waitForPendingReads(PageId page) {
        while (pool.isReadingMuch(page)) {
            OsThread.sleepMicros(PENDING_READS_WAIT_MICROS);
        }
    }
}
