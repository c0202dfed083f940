package org.selvage.engine.bufferpool;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.EngineException;
import org.selvage.engine.aio.IoType;
import org.selvage.engine.aio.OsThread;
import org.selvage.engine.doublewrite.DoublewriteBuffer;
import org.selvage.engine.event.PageWriteEvent;
import org.selvage.engine.page.PageChecksum;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.tablespace.IoRequest;
import org.selvage.engine.tablespace.IoResult;

/**
 * Writing dirty pages (buf0flu.cc, and the write half of buf_page_io_complete).
 *
 * <p>A page is written under an S-latch and the io-fix WRITE: readers go on, nobody changes it,
 * nobody else writes it. One batch over the flush list runs at a time.
 */
final class BufferFlush {
    /** Pages of a batch that are counted as pending before they are collected. */
    private static final int MOST_HELD_BACK = 1;

    /** What part of the clean end of the LRU list are many pages, to write or to write later. */
    private static final int LRU_BATCH_SHARE = 8;

    private static final int RETRY_MICROS = 2000;

    private final PoolInstance pool;

    // Guarded by the pool mutex.
    private boolean batchRunning;

    /** Blocks of the running batch whose copies wait for the doublewrite file; its thread only. */
    private final List<BufferBlock> collected = new ArrayList<>();

    private int pendingBatchWrites;
    private int pendingSingleWrites;
    private @Nullable EngineException batchFailure;

    BufferFlush(PoolInstance pool) {
        this.pool = pool;
    }

    void noteModification(List<BufferBlock> blocks, long startLsn, long endLsn) {
        pool.flushListMutex.lock();
        try {
            for (BufferBlock block : blocks) {
                block.newestModification = endLsn;
                if (block.oldestModification == 0) {
                    pool.requireNotQuiet(block);
                    pool.flushList.addFirst(block, startLsn);
                }
            }
        } finally {
            pool.flushListMutex.unlock();
        }
    }

    /** The mutex is held. */
    int pendingWrites() {
        return pendingBatchWrites + pendingSingleWrites;
    }

    // ---- batches over the flush list ----

    int flushList(int maxPages) {
        return flushListUpTo(maxPages, Long.MAX_VALUE);
    }

    /** Writes every page whose oldest modification is not after the newest one at the call. */
    void flushAll() {
        flushUpTo(newestOnFlushList());
    }

    private long newestOnFlushList() {
        pool.flushListMutex.lock();
        try {
            return pool.flushList.newestStart();
        } finally {
            pool.flushListMutex.unlock();
        }
    }

    private long oldestOnFlushList() {
        long oldest = pool.oldestModification();
        return oldest == 0 ? Long.MAX_VALUE : oldest;
    }

    /** Writes every page whose oldest modification is not after an LSN. */
    void flushUpTo(long limit) {
        while (oldestOnFlushList() <= limit) {
            if (flushListUpTo(Integer.MAX_VALUE, limit) == 0) {
                OsThread.sleepMicros(RETRY_MICROS);
            }
        }
    }

    /** Writes every dirty page of a tablespace. */
    void flushSpace(int spaceId) {
        while (hasDirty(spaceId)) {
            pool.owner.beginFlushBatch();
            try {
                flushBatch(() -> doSpace(spaceId));
            } finally {
                pool.owner.endFlushBatch();
            }
            // What is left was io-fixed.
            if (hasDirty(spaceId)) {
                OsThread.sleepMicros(RETRY_MICROS);
            }
        }
    }

    private boolean hasDirty(int spaceId) {
        pool.flushListMutex.lock();
        try {
            BufferBlock block = pool.flushList.last();
            while (block != null && block.id.spaceId() != spaceId) {
                block = block.flushPrev;
            }
            return block != null;
        } finally {
            pool.flushListMutex.unlock();
        }
    }

    /** Queues the writes of a tablespace's pages, the oldest modification first. */
    private int doSpace(int spaceId) {
        int count = 0;
        BufferBlock block = firstOfBatch(Long.MAX_VALUE);
        while (block != null) {
            if (isOfSpace(block, spaceId) && flushPage(block)) {
                count++;
            }
            block = nextOfBatch(Long.MAX_VALUE);
        }
        return count;
    }

    private boolean isOfSpace(BufferBlock block, int spaceId) {
        pool.mutex.lock();
        try {
            return block.id.spaceId() == spaceId;
        } finally {
            pool.mutex.unlock();
        }
    }

    private int flushListUpTo(int maxPages, long lsnLimit) {
        pool.owner.beginFlushBatch();
        try {
            return flushBatch(() -> doBatch(maxPages, lsnLimit));
        } finally {
            pool.owner.endFlushBatch();
        }
    }

    private int flushBatch(IntSupplier batch) {
        startBatch();
        int written;
        EngineException failure;
        try {
            written = batch.getAsInt();
            writeCollected(0);
        } finally {
            failure = endBatch();
        }
        if (failure != null) {
            throw failure;
        }
        return written;
    }

    /** Waits for another batch (buf_flush_start). */
    private void startBatch() {
        pool.mutex.lock();
        try {
            while (batchRunning) {
                pool.flushEnded.awaitUninterruptibly();
            }
            batchRunning = true;
        } finally {
            pool.mutex.unlock();
        }
    }

    /** Waits for the batch's writes (buf_flush_wait_batch_end); returns why one of them failed. */
    private @Nullable EngineException endBatch() {
        pool.mutex.lock();
        try {
            while (pendingBatchWrites > 0) {
                pool.flushEnded.awaitUninterruptibly();
            }
            EngineException failure = batchFailure;
            batchFailure = null;
            batchRunning = false;
            pool.flushEnded.signalAll();
            return failure;
        } finally {
            pool.mutex.unlock();
        }
    }

    /** Queues the writes of a batch, the oldest modification first (buf_do_flush_list_batch). */
    private int doBatch(int maxPages, long lsnLimit) {
        int count = 0;
        BufferBlock block = firstOfBatch(lsnLimit);
        while (block != null && count < maxPages) {
            if (flushPage(block)) {
                count++;
            }
            block = nextOfBatch(lsnLimit);
        }
        return count;
    }

    private @Nullable BufferBlock firstOfBatch(long lsnLimit) {
        pool.flushListMutex.lock();
        try {
            return standAt(pool.flushList.last(), lsnLimit);
        } finally {
            pool.flushListMutex.unlock();
        }
    }

    private @Nullable BufferBlock nextOfBatch(long lsnLimit) {
        pool.flushListMutex.lock();
        try {
            return standAt(pool.flushList.hazard(), lsnLimit);
        } finally {
            pool.flushListMutex.unlock();
        }
    }

    /** Leaves the hazard pointer at the block after this one. */
    private @Nullable BufferBlock standAt(@Nullable BufferBlock block, long lsnLimit) {
        if (block == null || block.oldestModification > lsnLimit) {
            pool.flushList.setHazard(null);
            return null;
        }
        pool.flushList.setHazard(block.flushPrev);
        return block;
    }

    /**
     * Queues the write of a page (buf_flush_page). The block was dirty a moment ago; by now it may
     * be clean or hold another page, so it is looked at again under the mutex.
     *
     * @return false when it is clean or io-fixed
     */
    private boolean flushPage(BufferBlock block) {
        if (!fixForBatchWrite(block)) {
            return false;
        }
        latchForBatchWrite(block);
        if (pool.owner.doublewrite == null) {
            return writeBlockLow(block, IoRequest.WRITE_ASYNC);
        }
        collected.add(block);
        if (collected.size() == DoublewriteBuffer.BATCH_PAGES) {
            writeCollected(0);
        }
        return true;
    }

    /**
     * Before waiting for a latch the pages collected so far are written and let go: who has the
     * latch may be waiting for one of them.
     */
    private void latchForBatchWrite(BufferBlock block) {
        if (collected.isEmpty()) {
            block.latch.lockS();
        } else if (!block.latch.tryLockS()) {
            writeCollected(MOST_HELD_BACK);
            block.latch.lockS();
        }
    }

    /**
     * Writes the collected pages (buf_dblwr_flush_buffered_writes): the log first, then all copies,
     * then the pages to their places; returns when they are written there.
     *
     * @param heldBack pages of the batch that are io-fixed and not collected yet
     */
    private void writeCollected(int heldBack) {
        DoublewriteBuffer doublewrite = pool.owner.doublewrite;
        if (doublewrite == null || collected.isEmpty()) {
            return;
        }
        List<BufferBlock> blocks = List.copyOf(collected);
        collected.clear();
        writeTwice(doublewrite, DoublewriteBuffer.Region.FLUSH_LIST, blocks, heldBack);
    }

    private void writeTwice(
            @Nullable DoublewriteBuffer doublewrite,
            DoublewriteBuffer.Region region,
            List<BufferBlock> blocks,
            int heldBack) {
        boolean lru = region == DoublewriteBuffer.Region.LRU;
        int begun = 0;
        try {
            long newest = 0;
            List<ByteBuffer> frames = new ArrayList<>(blocks.size());
            for (BufferBlock block : blocks) {
                newest = Math.max(newest, PageHeader.lsn(block.frame()));
                PageChecksum.stamp(block.frame());
                frames.add(block.frame());
            }
            pool.owner.writeAhead.flushUpTo(newest);
            if (doublewrite != null) {
                doublewrite.writeCopies(region, frames);
            }
            for (BufferBlock block : blocks) {
                begun++;
                writeStamped(block, lru ? IoRequest.WRITE_SYNC : IoRequest.WRITE_ASYNC);
            }
        } finally {
            for (int i = begun; i < blocks.size(); i++) {
                endWrite(blocks.get(i), lru, false, null);
            }
            if (!lru) {
                waitForBatchWrites(heldBack);
            }
        }
    }

    private void waitForBatchWrites(int heldBack) {
        pool.mutex.lock();
        try {
            while (pendingBatchWrites > heldBack) {
                pool.flushEnded.awaitUninterruptibly();
            }
        } finally {
            pool.mutex.unlock();
        }
    }

    private boolean fixForBatchWrite(BufferBlock block) {
        pool.mutex.lock();
        try {
            if (!isReadyForFlush(block)) {
                return false;
            }
            block.ioFix = IoFix.WRITE;
            pendingBatchWrites++;
            return true;
        } finally {
            pool.mutex.unlock();
        }
    }

    private static boolean isReadyForFlush(BufferBlock block) {
        return block.state == BlockState.FILE_PAGE
                && block.ioFix == IoFix.NONE
                && block.oldestModification != 0;
    }

    // ---- single pages, to make room ----

    /**
     * Writes the least recently used dirty page that nobody uses, and waits for it
     * (buf_flush_single_page_from_LRU).
     *
     * @return false when there is none
     */
    boolean flushSinglePage() {
        if (pool.owner.doublewrite != null) {
            return flushLruBatchOrWait();
        }
        List<BufferBlock> blocks = new ArrayList<>(1);
        fixForSingleWrites(blocks, 1, Integer.MAX_VALUE, Long.MAX_VALUE);
        return !blocks.isEmpty() && writeBlockLow(blocks.getFirst(), IoRequest.WRITE_SYNC);
    }

    /**
     * Writes up to a doublewrite batch of the least recently used dirty pages that nobody uses. It
     * waits for no latch and not for the batch over the flush list, which may itself wait for a
     * latch that the caller has (MDEV-34265). Who had to wait for another thread's batch looks
     * first whether that made room.
     *
     * @return whether some were written
     */
    private boolean flushLruBatchOrWait() {
        boolean others = pool.owner.lruBatchLock.isLocked();
        pool.owner.lruBatchLock.lock();
        try {
            return others || flushLruBatch(Integer.MAX_VALUE) > 0;
        } finally {
            pool.owner.lruBatchLock.unlock();
        }
    }

    /**
     * Writes dirty pages among the last ones of the LRU list, as many as the page cleaner looks at
     * there, until a batch is not full (buf_flush_LRU_list_batch). None while as many frames are
     * free: nobody evicts then.
     */
    int flushLru() {
        int total = 0;
        int written = DoublewriteBuffer.LRU_BATCH_PAGES;
        while (written == DoublewriteBuffer.LRU_BATCH_PAGES
                && freeFrames() < pool.replacement.scanDepth()) {
            pool.owner.lruBatchLock.lock();
            try {
                written = flushLruBatch(pool.replacement.scanDepth());
            } finally {
                pool.owner.lruBatchLock.unlock();
            }
            total += written;
        }
        return total;
    }

    private int freeFrames() {
        pool.mutex.lock();
        try {
            return pool.freeList.size();
        } finally {
            pool.mutex.unlock();
        }
    }

    /**
     * The LRU batch lock is held. Pages whose log is durable already go first. When many are not,
     * the log is made durable for them while these are written; a page that was changed once and
     * then came to the end of the list usually is, and every fsync delays the batch's own.
     */
    private int flushLruBatch(int scanDepth) {
        int most = DoublewriteBuffer.LRU_BATCH_PAGES;
        int many = pool.replacement.scanDepth() / LRU_BATCH_SHARE;
        List<BufferBlock> blocks = new ArrayList<>(most);
        int waitingForLog =
                fixForSingleWrites(blocks, most, scanDepth, pool.owner.writeAhead.durableLsn());
        if (blocks.size() < many) {
            fixForSingleWrites(blocks, most, scanDepth, Long.MAX_VALUE);
        }
        if (!blocks.isEmpty()) {
            if (waitingForLog >= many) {
                pool.owner.writeAhead.flushSoon();
            }
            writeTwice(pool.owner.doublewrite, DoublewriteBuffer.Region.LRU, blocks, 0);
        }
        return blocks.size();
    }

    /**
     * Fixes the least recently used dirty pages that nobody uses.
     *
     * @param blocks where they are added
     * @param most how many blocks there may be then
     * @param scanDepth blocks to look at
     * @param lsnLimit newest change that such a page may have
     * @return pages that were passed over because of a newer change
     */
    private int fixForSingleWrites(
            List<BufferBlock> blocks, int most, int scanDepth, long lsnLimit) {
        int newer = 0;
        pool.mutex.lock();
        try {
            int scanned = 0;
            BufferBlock b = pool.lru.last();
            for (; b != null && blocks.size() < most && scanned < scanDepth; b = b.lruPrev) {
                scanned++;
                if (b.fixCount.get() > 0 || !isReadyForFlush(b) || !b.latch.tryLockS()) {
                    continue;
                }
                if (lsnLimit != Long.MAX_VALUE && b.newestModification > lsnLimit) {
                    b.latch.unlockS();
                    newer++;
                    continue;
                }
                b.ioFix = IoFix.WRITE;
                pendingSingleWrites++;
                blocks.add(b);
            }
            return newer;
        } finally {
            pool.mutex.unlock();
        }
    }

    // ---- one write ----

    /**
     * Stamps and writes a page, after the log up to its newest change (buf_flush_write_block_low).
     * A page whose tablespace is gone is dropped from the flush list: there is no file it could be
     * written to.
     */
    private boolean writeBlockLow(BufferBlock block, IoRequest request) {
        boolean prepared = false;
        try {
            pool.owner.writeAhead.flushUpTo(PageHeader.lsn(block.frame()));
            PageChecksum.stamp(block.frame());
            prepared = true;
        } finally {
            if (!prepared) {
                endWrite(block, request.sync(), false, null);
            }
        }
        return writeStamped(block, request);
    }

    private boolean writeStamped(BufferBlock block, IoRequest request) {
        boolean single = request.sync();
        PageWriteEvent event = PageWriteEvent.started();
        EngineException failure = null;
        IoResult result = IoResult.ERROR;
        boolean answered = false;
        try {
            result =
                    pool.fil.io(
                            request,
                            block.id,
                            block.ioView.clear(),
                            (type, error) -> {
                                if (error == null) {
                                    event.ended(block.id, block.frame(), true);
                                }
                                completeWrite(block, type, error);
                            });
            answered = true;
        } catch (EngineException e) {
            failure = e;
            answered = true;
        } finally {
            if (!answered) {
                // An Error of the JVM: whoever waits for the batch must see it, not wait for ever.
                endWrite(block, single, false, null);
            }
        }
        return switch (result) {
            case SUCCESS -> {
                if (single) {
                    event.ended(block.id, block.frame(), false);
                    endWrite(block, true, true, null);
                }
                yield true;
            }
            case TABLESPACE_DELETED, TABLESPACE_TRUNCATED -> {
                endWrite(block, single, true, null);
                yield false;
            }
            case ERROR -> {
                endWrite(block, single, false, single ? null : failure);
                if (single && failure != null) {
                    throw failure;
                }
                yield false;
            }
        };
    }

    /** Ends an asynchronous write; runs on the I/O handler thread. */
    private void completeWrite(BufferBlock block, IoType type, @Nullable EngineException failure) {
        assert type == IoType.WRITE && block.ioFix == IoFix.WRITE : "not being written: " + block;
        endWrite(block, false, failure == null, failure);
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Takes io-fix and latch off (buf_page_io_complete, buf_flush_write_complete).
     *
     * @param clean whether the page leaves the flush list; a page that could not be written stays
     */
    private void endWrite(
            BufferBlock block, boolean single, boolean clean, @Nullable EngineException failure) {
        pool.mutex.lock();
        try {
            if (clean) {
                removeFromFlushList(block);
                pool.pagesWritten++;
            }
            if (failure != null && batchFailure == null) {
                batchFailure = failure;
            }
            block.ioFix = IoFix.NONE;
            block.latch.unlockS();
            if (single) {
                pendingSingleWrites--;
            } else {
                pendingBatchWrites--;
            }
            if (pendingBatchWrites <= (pool.owner.doublewrite == null ? 0 : MOST_HELD_BACK)) {
                pool.flushEnded.signalAll();
            }
        } finally {
            pool.mutex.unlock();
        }
    }

    /** The mutex is held (buf_flush_remove). */
    private void removeFromFlushList(BufferBlock block) {
        pool.flushListMutex.lock();
        try {
            pool.flushList.remove(block);
        } finally {
            pool.flushListMutex.unlock();
        }
    }
}
