package org.selvage.engine.bufferpool;

import org.selvage.engine.aio.OsThread;

/**
 * Takes the pages of a tablespace that is being deleted out of the lists
 * (buf_LRU_flush_or_remove_pages). A page that is io-fixed makes the pass fail; the sweep then
 * waits a little and goes over the list again.
 */
final class SpaceSweep {
    /** Between two passes over the flush list. */
    private static final int FLUSH_LIST_RETRY_MICROS = 2000;

    /** Between two passes over the LRU list. */
    private static final int LRU_RETRY_MICROS = 20_000;

    private final PoolInstance pool;
    private final int dropSearchSize;

    SpaceSweep(PoolInstance pool, int dropSearchSize) {
        this.pool = pool;
        this.dropSearchSize = dropSearchSize;
    }

    /** BUF_REMOVE_FLUSH_NO_WRITE (buf_flush_dirty_pages). */
    void removeDirtyPages(int spaceId) {
        while (!flushOrRemovePages(spaceId)) {
            OsThread.sleepMicros(FLUSH_LIST_RETRY_MICROS);
        }
    }

    /**
     * One pass over the flush list (buf_flush_or_remove_pages).
     *
     * @return false when an io-fixed page was left
     */
    private boolean flushOrRemovePages(int spaceId) {
        boolean allFreed = true;
        int processed = 0;
        enterMutexes();
        try {
            BufferBlock block = pool.flushList.last();
            while (block != null) {
                BufferBlock prev = block.flushPrev;
                if (block.id.spaceId() == spaceId && !flushOrRemovePage(block)) {
                    allFreed = false;
                }
                processed++;
                if (processed >= dropSearchSize && prev != null && tryYield(prev)) {
                    processed = 0;
                }
                block = prev;
            }
        } finally {
            exitMutexes();
        }
        return allFreed;
    }

    private void enterMutexes() {
        pool.mutex.lock();
        pool.flushListMutex.lock();
    }

    private void exitMutexes() {
        pool.flushListMutex.unlock();
        pool.mutex.unlock();
    }

    /** Makes a page clean without writing it (buf_flush_or_remove_page). */
    private boolean flushOrRemovePage(BufferBlock block) {
        if (block.ioFix != IoFix.NONE) {
            return false;
        }
        pool.flushList.remove(block);
        return true;
    }

    /**
     * Lets others have the mutexes after many pages (buf_flush_try_yield, Bug#51325). The next
     * block is pinned, so that it is still on the list when the pass goes on from it.
     *
     * @return false, with nothing done, when the next block is io-fixed
     */
    private boolean tryYield(BufferBlock next) {
        if (next.ioFix != IoFix.NONE) {
            return false;
        }
        next.ioFix = IoFix.PIN;
        yieldMutexes();
        next.ioFix = IoFix.NONE;
        return true;
    }

    /** buf_flush_yield. */
    @SuppressWarnings(
            "ThreadPriorityCheck") // Only a courtesy: nothing relies on another thread running.
    private void yieldMutexes() {
        exitMutexes();
        Thread.yield();
        enterMutexes();
    }

    /** BUF_REMOVE_ALL_NO_WRITE (buf_LRU_remove_pages). */
    void removeAllPages(int spaceId) {
        while (!removeAllPagesPass(spaceId)) {
            OsThread.sleepMicros(LRU_RETRY_MICROS);
        }
    }

    private boolean removeAllPagesPass(int spaceId) {
        boolean allFreed = true;
        enterMutexes();
        try {
            BufferBlock block = pool.lru.last();
            while (block != null) {
                BufferBlock prev = block.lruPrev;
                if (block.id.spaceId() == spaceId) {
                    allFreed &= removePage(block);
                }
                block = prev;
            }
        } finally {
            exitMutexes();
        }
        return allFreed;
    }

    private boolean removePage(BufferBlock block) {
        if (!block.isEvictable()) {
            return false;
        }
        if (block.oldestModification != 0) {
            pool.flushList.remove(block);
        }
        pool.leavePool(block, BlockState.NOT_USED);
        block.id = BufferBlock.NO_PAGE;
        pool.freeList.addFirst(block);
        return true;
    }
}
