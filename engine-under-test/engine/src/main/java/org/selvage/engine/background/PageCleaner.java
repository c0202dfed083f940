package org.selvage.engine.background;

import java.util.concurrent.atomic.AtomicLong;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.bufferpool.BufferPoolStats;
import org.selvage.engine.redo.Checkpointing;

/**
 * The page cleaner (InnoDB's buf_flush_page_cleaner_coordinator): once a second it writes the
 * oldest dirty pages and makes a checkpoint. While clients are active it writes as much of the I/O
 * capacity as the share of dirty pages and the age of the checkpoint ask for
 * (page_cleaner_flush_pages_recommendation), otherwise all of it; all of it also in a folder
 * without a log, where nothing but the pages keeps what was changed.
 *
 * <p>InnoDB also averages this with the rates of the last seconds. Here the age of the checkpoint
 * alone makes sure that the log has room.
 */
public final class PageCleaner extends PeriodicThread {
    /** Name of the thread. */
    public static final String NAME = "page-cleaner";

    private static final int INTERVAL_MILLIS = 1000;

    /** Dirty pages of the pool from which on all of the capacity is used (max_dirty_pages_pct). */
    private static final int MAX_DIRTY_PERCENT = 75;

    private final BufferPool pool;
    private final Checkpointing checkpointing;
    private final int ioCapacity;
    private final AtomicLong activityCount;
    private long activitySeen;

    /**
     * @param ioCapacity pages that may be written in a second
     * @param activityCount raised by every statement (srv_sys.activity_count)
     */
    public PageCleaner(
            BufferPool pool,
            Checkpointing checkpointing,
            int ioCapacity,
            AtomicLong activityCount,
            ErrorLog log) {
        super(NAME, INTERVAL_MILLIS, pool.latchOrder(), log);
        this.checkpointing = checkpointing;
        this.pool = pool;
        this.ioCapacity = ioCapacity;
        this.activityCount = activityCount;
    }

    @Override
    void round() {
        pool.flush(checkpointing.isLogging() ? recommendation() : ioCapacity);
        checkpointing.flushForAge();
        checkpointing.make();
    }

    private int recommendation() {
        long activity = activityCount.get();
        boolean idle = activity == activitySeen;
        activitySeen = activity;
        long percent = idle ? 100 : Math.max(percentForDirtyPages(), checkpointing.percentForAge());
        return (int) Math.min(Integer.MAX_VALUE, ioCapacity * percent / 100);
    }

    /** InnoDB's af_get_pct_for_dirty, without a low water mark. */
    private int percentForDirtyPages() {
        BufferPoolStats stats = pool.stats();
        return 100L * stats.dirtyPages() >= (long) MAX_DIRTY_PERCENT * stats.poolPages() ? 100 : 0;
    }

    /** Writes the oldest dirty pages; returns how many. */
    public int flushOldest() {
        return pool.flush(ioCapacity);
    }
}
