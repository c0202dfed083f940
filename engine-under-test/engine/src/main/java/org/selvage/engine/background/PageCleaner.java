package org.selvage.engine.background;

import org.selvage.engine.ErrorLog;
import org.selvage.engine.bufferpool.BufferPool;

/**
 * The page cleaner (InnoDB's buf_flush_page_cleaner_coordinator): once a second it writes the
 * oldest dirty pages, at most as many as the I/O capacity.
 */
public final class PageCleaner extends PeriodicThread {
    /** Name of the thread. */
    public static final String NAME = "page-cleaner";

    private static final int INTERVAL_MILLIS = 1000;

    private final BufferPool pool;
    private final int ioCapacity;

    /**
     * @param ioCapacity pages that may be written in a second
     */
    public PageCleaner(BufferPool pool, int ioCapacity, ErrorLog log) {
        super(NAME, INTERVAL_MILLIS, log);
        this.pool = pool;
        this.ioCapacity = ioCapacity;
    }

    @Override
    void round() {
        flushOldest();
    }

    /** Writes the oldest dirty pages; returns how many. */
    public int flushOldest() {
        return pool.flush(ioCapacity);
    }
}
