package org.selvage.engine.bufferpool;

import org.selvage.engine.EngineException;

/** The checks behind {@link BufferPool#validate}. */
final class PoolValidation {
    private final PoolInstance pool;

    PoolValidation(PoolInstance pool) {
        this.pool = pool;
    }

    void validate() {
        pool.mutex.lock();
        try {
            int reading = validateLru();
            require(reading == pool.pendingReads, "pending_reads", pool.pendingReads, reading);
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

    private int validateLru() {
        int count = 0;
        int reading = 0;
        for (BufferBlock b = pool.lru.last(); b != null; b = b.lruPrev) {
            count++;
            require(pool.pageHash.get(b.id) == b, "hash_of", b, "another block or none");
            require(pool.owner.instance(b.id) == pool, "instance_of", b, "another instance");
            require(b.state == BlockState.FILE_PAGE, "lru_state", b.state, b);
            reading += b.ioFix == IoFix.READ ? 1 : 0;
        }
        require(pool.lru.isOldConsistent(), "old_sublist", "at the end", pool.lru.oldLength());
        require(count == pool.lru.length(), "lru_length", pool.lru.length(), count);
        require(count == pool.pageHash.size(), "hash_size", pool.pageHash.size(), count);
        return reading;
    }

    private void validateFreeList() {
        for (BufferBlock b : pool.freeList) {
            require(b.fixCount.get() == 0, "free_fixed", b, b.fixCount.get());
            require(!b.latch.isLocked(), "free_latched", b, "latched");
            require(b.state == BlockState.NOT_USED, "free_state", b.state, b);
        }
        int all = pool.freeList.size() + pool.lru.length();
        require(all <= pool.poolPages(), "pool_pages", pool.poolPages(), all);
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
    }

    private static void require(boolean holds, String key, Object expected, Object actual) {
        if (!holds) {
            throw new EngineException(
                    "The buffer pool is inconsistent: "
                            + key
                            + "="
                            + actual
                            + " expected="
                            + expected
                            + ". This is a defect of the engine: keep the data folder and report it.");
        }
    }
}
