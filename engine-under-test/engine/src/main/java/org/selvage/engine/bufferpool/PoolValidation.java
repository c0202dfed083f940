package org.selvage.engine.bufferpool;

import org.selvage.engine.ValidationException;

/** The checks behind {@link BufferPool#validate} and {@link BufferPool#validateAtRest}. */
final class PoolValidation {
    private final PoolInstance pool;
    private final boolean atRest;

    /** Blocks of the LRU list that are being read, being written, and dirty. */
    private int reading;

    private int writing;
    private int dirty;

    /**
     * @param atRest whether nobody reads or uses a page; pages may still be written
     */
    PoolValidation(PoolInstance pool, boolean atRest) {
        this.pool = pool;
        this.atRest = atRest;
    }

    void validate() {
        pool.mutex.lock();
        try {
            validateLru();
            require(reading == pool.pendingReads, "pending_reads", pool.pendingReads, reading);
            int writes = pool.flushing.pendingWrites();
            require(writing == writes, "pending_writes", writes, writing);
            validateFreeList();
            int watches = pool.watches.count();
            require(watches == 0, "watches", 0, watches);
            pool.flushListMutex.lock();
            try {
                validateFlushList();
            } finally {
                pool.flushListMutex.unlock();
            }
        } finally {
            pool.mutex.unlock();
        }
    }

    private void validateLru() {
        int count = 0;
        for (BufferBlock b = pool.lru.last(); b != null; b = b.lruPrev) {
            count++;
            require(pool.pageHash.get(b.id) == b, "hash_of", b, "another block or none");
            require(pool.owner.instance(b.id) == pool, "instance_of", b, "another instance");
            require(b.state == BlockState.FILE_PAGE, "lru_state", b.state, b);
            dirty += b.oldestModification != 0 ? 1 : 0;
            validateFixes(b);
        }
        require(pool.lru.isOldConsistent(), "old_sublist", "at the end", pool.lru.oldLength());
        require(count == pool.lru.length(), "lru_length", pool.lru.length(), count);
        require(count == pool.pageHash.size(), "hash_size", pool.pageHash.size(), count);
    }

    private void validateFixes(BufferBlock b) {
        IoFix fix = b.ioFix;
        reading += fix == IoFix.READ ? 1 : 0;
        writing += fix == IoFix.WRITE ? 1 : 0;
        if (atRest) {
            require(fix == IoFix.NONE || fix == IoFix.WRITE, "io_fix", "NONE or WRITE", b);
            require(b.fixCount.get() == 0, "fix_count", 0, b);
            require(fix == IoFix.WRITE || !b.latch.isLocked(), "latch", "free", b);
        }
    }

    private void validateFreeList() {
        for (BufferBlock b : pool.freeList) {
            require(b.fixCount.get() == 0, "free_fixed", b, b.fixCount.get());
            require(!b.latch.isLocked(), "free_latched", b, "latched");
            require(b.state == BlockState.NOT_USED, "free_state", b.state, b);
        }
        int all = pool.freeList.size() + pool.lru.length();
        boolean complete = atRest ? all == pool.poolPages() : all <= pool.poolPages();
        require(complete, "pool_pages", pool.poolPages(), all);
    }

    private void validateFlushList() {
        int count = 0;
        long previous = 0;
        for (BufferBlock b = pool.flushList.last(); b != null; b = b.flushPrev) {
            count++;
            require(b.oldestModification >= previous, "flush_order", previous, b);
            require(b.oldestModification > 0, "flush_clean", b, b.oldestModification);
            require(pool.pageHash.get(b.id) == b, "flush_page", b, "not in the hash");
            previous = b.oldestModification;
        }
        require(count == pool.flushList.length(), "flush_length", pool.flushList.length(), count);
        require(count == dirty, "dirty_pages", dirty, count);
    }

    private static void require(boolean holds, String key, Object expected, Object actual) {
        if (!holds) {
            throw new ValidationException(
                    "the buffer pool is inconsistent",
                    key + "=" + actual + " expected=" + expected);
        }
    }
}
