package org.selvage.engine.bufferpool;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.BufferPoolExhaustedException;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.aio.OsThread;

/**
 * Replacement (buf0lru.cc). A page that is created enters at the head of the LRU list, a page that
 * is read at the midpoint ({@link LruList}). A page that is used again moves to the head only when
 * a quarter of the young part has been evicted since it was there, so that pages in use do not make
 * the list a point of contention (buf_page_peek_if_young). From the old sublist it moves only when
 * its first use is some time ago (innodb_old_blocks_time): a scan uses a page many times at once
 * and then never again.
 */
final class BufferLru {
    /**
     * Blocks looked at from the end of the list in the first round, at least
     * (BUF_LRU_SEARCH_SCAN_THRESHOLD).
     */
    private static final int SCAN_THRESHOLD = 100;

    private static final int RETRY_MICROS = 10_000;

    /** Rounds without success, 10 ms apart, before the caller gets an error. */
    private static final int ROUNDS_LIMIT = 300;

    /** Most blocks at the end of the list that are kept clean (innodb_lru_scan_depth). */
    private static final int LRU_SCAN_DEPTH = 1024;

    private final PoolInstance pool;

    /** The eviction at which the LRU manager is woken next; guarded by the pool mutex. */
    private long wakeAtEviction;

    private final long oldBlocksNanos;

    /** Evictions after which a block at the head of the list is not young any more. */
    private final int youngSpan;

    BufferLru(PoolInstance pool, EngineConfig config) {
        this.pool = pool;
        this.oldBlocksNanos = TimeUnit.MILLISECONDS.toNanos(config.oldBlocksMillis());
        int youngPercent = pool.lru.mayHaveOld() ? 100 - config.oldBlocksPercent() : 100;
        this.youngSpan = pool.poolPages() * youngPercent / 100 / 4;
    }

    /** Blocks at the end of the list that the LRU manager keeps clean: at most half of them. */
    int scanDepth() {
        return Math.min(LRU_SCAN_DEPTH, pool.poolPages() / 2);
    }

    /**
     * Blocks to look at before the caller writes dirty ones itself. InnoDB gives up after {@value
     * #SCAN_THRESHOLD}; while the LRU manager waits for its fsyncs, as many dirty ones soon stand
     * at the end, and a clean one behind them is cheaper than fsyncs of one's own.
     */
    private int firstScan() {
        return Math.max(SCAN_THRESHOLD, scanDepth());
    }

    /** Whether the block was moved to the head lately (buf_page_peek_if_young). Mutex held. */
    boolean isYoung(BufferBlock block) {
        return pool.freedPageClock - block.freedPageClock <= youngSpan;
    }

    /** buf_page_make_young_if_needed; the mutex is held. */
    void makeYoungIfNeeded(BufferBlock block) {
        if (oldBlocksNanos > 0 && pool.lru.mayHaveOld() && block.old) {
            if (pool.freedPageClock == 0) {
                return;
            }
            if (pool.clock.getAsLong() - block.accessedNanos < oldBlocksNanos) {
                pool.pagesNotMadeYoung++;
                return;
            }
        } else if (isYoung(block)) {
            return;
        }
        makeYoung(block);
    }

    private void makeYoung(BufferBlock block) {
        if (pool.lru.mayHaveOld() && block.old) {
            pool.pagesMadeYoung++;
        }
        pool.lru.remove(block);
        pool.lru.addFirst(block);
        block.freedPageClock = pool.freedPageClock;
    }

    /**
     * A block that is in no list (buf_LRU_get_free_block): from the free list, else the least
     * recently used clean page is evicted, else the least recently used dirty page is written by
     * the calling thread.
     *
     * @throws BufferPoolExhaustedException when all pages stay in use
     */
    BufferBlock getFreeBlock() {
        for (int round = 0; round < ROUNDS_LIMIT; round++) {
            BufferBlock block = takeFreeOrEvict(round == 0 ? firstScan() : Integer.MAX_VALUE);
            if (block != null) {
                return block;
            }
            if (!pool.flushing.flushSinglePage() && round > 0) {
                OsThread.sleepMicros(RETRY_MICROS);
            }
        }
        throw exhausted();
    }

    private BufferPoolExhaustedException exhausted() {
        int fixed = 0;
        pool.mutex.lock();
        try {
            for (BufferBlock b = pool.lru.last(); b != null; b = b.lruPrev) {
                fixed += b.fixCount.get() > 0 ? 1 : 0;
            }
        } finally {
            pool.mutex.unlock();
        }
        return new BufferPoolExhaustedException(pool.poolPages(), fixed, pool.dirtyPages());
    }

    private @Nullable BufferBlock takeFreeOrEvict(int scanLimit) {
        BufferBlock block;
        Runnable wake = null;
        pool.mutex.lock();
        try {
            block = pool.freeList.pollFirst();
            if (block == null) {
                block = scanAndFreeBlock(scanLimit);
                wake = isTimeToFlush() ? pool.owner.wakeLruManager : null;
            }
        } finally {
            pool.mutex.unlock();
        }
        if (wake != null) {
            wake.run();
        }
        return block;
    }

    /** Whether a quarter of the clean end was evicted since it was last so; the mutex is held. */
    private boolean isTimeToFlush() {
        if (pool.freedPageClock < wakeAtEviction) {
            return false;
        }
        wakeAtEviction = pool.freedPageClock + scanDepth() / 4;
        return true;
    }

    /**
     * Evicts the clean unfixed page nearest to the end of the list (buf_LRU_scan_and_free_block).
     */
    private @Nullable BufferBlock scanAndFreeBlock(int scanLimit) {
        int scanned = 0;
        for (BufferBlock b = pool.lru.last(); b != null && scanned < scanLimit; b = b.lruPrev) {
            scanned++;
            // oldestModification rises only while a block is fixed or io-fixed, so after
            // isEvictable
            // it cannot change from zero.
            if (b.isEvictable() && b.oldestModification == 0) {
                evict(b);
                return b;
            }
        }
        return null;
    }

    /** The block ends in no list; the mutex is held. */
    private void evict(BufferBlock block) {
        pool.leavePool(block, BlockState.NOT_USED);
        block.id = BufferBlock.NO_PAGE;
        pool.freedPageClock++;
        if (block.accessed == 0) {
            pool.readAheadEvicted++;
        }
    }

    int evictUnused() {
        int count = 0;
        pool.mutex.lock();
        try {
            BufferBlock block = pool.lru.last();
            while (block != null) {
                BufferBlock next = block.lruPrev;
                if (block.isEvictable() && block.oldestModification == 0) {
                    evict(block);
                    pool.freeList.addFirst(block);
                    count++;
                }
                block = next;
            }
        } finally {
            pool.mutex.unlock();
        }
        return count;
    }
}
