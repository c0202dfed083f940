package org.selvage.engine.bufferpool;

import java.util.HashMap;
import java.util.Map;
import org.selvage.engine.page.PageId;

/**
 * Pages that are not in the pool and whose coming somebody wants to know of (InnoDB's
 * buf_pool_watch_set, buf_pool_watch_occurred, buf_pool_watch_unset). InnoDB keeps a sentinel in
 * the page hash, whose fix count passes to the page that comes. Here a watch remembers that the
 * page came, so it may be evicted again under the watch. Guarded by the pool mutex.
 */
final class PageWatches {
    private static final class Watch {
        private int holders;
        private boolean occurred;
    }

    private final PoolInstance pool;
    private final Map<PageId, Watch> watches = new HashMap<>();

    PageWatches(PoolInstance pool) {
        this.pool = pool;
    }

    /**
     * Begins to watch for a page.
     *
     * @return false, with nothing to unset, when the page is in the pool or being read
     */
    boolean set(PageId id) {
        pool.mutex.lock();
        try {
            if (pool.pageHash.containsKey(id)) {
                return false;
            }
            watches.computeIfAbsent(id, page -> new Watch()).holders++;
            return true;
        } finally {
            pool.mutex.unlock();
        }
    }

    /** Whether the page was in the pool at any moment since the oldest watch on it was set. */
    boolean occurred(PageId id) {
        pool.mutex.lock();
        try {
            return require(id).occurred;
        } finally {
            pool.mutex.unlock();
        }
    }

    /** Ends a watch that {@link #set} began. */
    void unset(PageId id) {
        pool.mutex.lock();
        try {
            Watch watch = require(id);
            watch.holders--;
            if (watch.holders == 0) {
                watches.remove(id);
            }
        } finally {
            pool.mutex.unlock();
        }
    }

    private Watch require(PageId id) {
        Watch watch = watches.get(id);
        if (watch == null) {
            throw new IllegalStateException("The page is not watched: page=" + id);
        }
        return watch;
    }

    /** The mutex is held. */
    boolean contains(PageId id) {
        return watches.containsKey(id);
    }

    /** Watches that are set; the mutex is held. */
    int count() {
        return watches.size();
    }

    /** A page enters the pool; the mutex is held. */
    void pageCame(PageId id) {
        Watch watch = watches.isEmpty() ? null : watches.get(id);
        if (watch != null) {
            watch.occurred = true;
        }
    }
}
