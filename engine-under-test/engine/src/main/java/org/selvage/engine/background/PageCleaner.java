package org.selvage.engine.background;

import org.selvage.engine.ErrorLog;
import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.redo.Checkpointing;

/**
 * The page cleaner (InnoDB's buf_flush_page_cleaner_coordinator): once a second it writes the
 * oldest dirty pages, at most as many as the I/O capacity unless the redo log fills up, and makes a
 * checkpoint.
 */
public final class PageCleaner extends PeriodicThread {
    /** Name of the thread. */
    public static final String NAME = "page-cleaner";

    private static final int INTERVAL_MILLIS = 1000;

    private final BufferPool pool;
    private final Checkpointing checkpointing;
    private final int ioCapacity;

    /**
     * @param ioCapacity pages that may be written in a second
     */
    public PageCleaner(BufferPool pool, Checkpointing checkpointing, int ioCapacity, ErrorLog log) {
        super(NAME, INTERVAL_MILLIS, pool.latchOrder(), log);
        this.checkpointing = checkpointing;
        this.pool = pool;
        this.ioCapacity = ioCapacity;
    }

    @Override
    void round() {
        flushOldest();
        checkpointing.flushForAge();
        checkpointing.make();
    }

    /** Writes the oldest dirty pages; returns how many. */
    public int flushOldest() {
        return pool.flush(ioCapacity);
    }
}
