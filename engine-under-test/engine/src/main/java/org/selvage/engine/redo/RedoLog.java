package org.selvage.engine.redo;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.page.PageHeader;

/**
 * The log sequence number (log_sys). No log is written yet: after a crash, changes since the last
 * flush of the pages are lost.
 *
 * <p>The mutex covers both giving out an LSN and putting the pages on the flush list, so the flush
 * list is ordered and no LSN is ever given out whose pages are not yet listed.
 */
public final class RedoLog {
    /** The LSN of an empty log (LOG_START_LSN). */
    public static final long START_LSN = 8192;

    private final ReentrantLock mutex = new ReentrantLock();
    private long lsn;

    /**
     * @param startLsn where numbering goes on; {@link #START_LSN} when that is higher
     */
    public RedoLog(long startLsn) {
        this.lsn = Math.max(startLsn, START_LSN);
    }

    /** End of the newest change. */
    public long lsn() {
        mutex.lock();
        try {
            return lsn;
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Gives the changes of a mini-transaction their LSN, stamps the pages and lists them as dirty
     * (mtr_t::Command::execute).
     *
     * @param blocks the changed pages, X-latched by the caller; not empty
     * @return the end LSN
     */
    long append(BufferPool pool, List<BufferBlock> blocks) {
        mutex.lock();
        try {
            long start = lsn;
            lsn += blocks.size();
            for (BufferBlock block : blocks) {
                PageHeader.setLsn(block.frame(), lsn);
            }
            pool.noteModification(blocks, start, lsn);
            return lsn;
        } finally {
            mutex.unlock();
        }
    }
}
