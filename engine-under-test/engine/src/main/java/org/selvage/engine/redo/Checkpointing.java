package org.selvage.engine.redo;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.InvalidConfigException;
import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.event.CheckpointEvent;
import org.selvage.engine.sync.LatchLevel;
import org.selvage.engine.tablespace.FilSystem;

/**
 * Checkpoints, and the margins that keep the log from overwriting what recovery needs (log_t of
 * log0log.cc).
 *
 * <pre>
 * C        0.9 of the files' bytes
 * reserve  64 pages: what mini-transactions may append between two looks
 * margin   0.9 of C - reserve
 * async    7/8 of the margin: the page cleaner is woken
 * sync     15/16 of the margin: who is about to change something writes pages first
 * </pre>
 */
public final class Checkpointing {
    private static final int RESERVE_PAGES = 64;

    /** innodb_adaptive_flushing_lwm is this part of the async age. */
    private static final int ADAPTIVE_FLUSHING_SHARE = 10;

    /** innodb_io_capacity_max by innodb_io_capacity. */
    private static final int MAX_CAPACITY_FACTOR = 2;

    private final ReentrantLock lock;
    private final RedoLog log;
    private final BufferPool pool;
    private final FilSystem fil;
    private final long asyncAge;
    private final long syncAge;
    private long number;
    private volatile Runnable wakePageCleaner = () -> {};

    /**
     * @throws InvalidConfigException when the log is too small for the page size
     */
    Checkpointing(RedoLog log, BufferPool pool, FilSystem fil, long lastNumber) {
        this.lock = fil.latchOrder().mutex(LatchLevel.CHECKPOINT);
        this.log = log;
        this.pool = pool;
        this.fil = fil;
        this.number = lastNumber;
        LogFiles files = log.files();
        if (files == null) {
            asyncAge = Long.MAX_VALUE;
            syncAge = Long.MAX_VALUE;
            return;
        }
        long usable = files.capacity() / 10 * 9;
        long reserve = (long) RESERVE_PAGES * files.pageSize();
        if (reserve >= usable / 2) {
            throw new InvalidConfigException(
                    "logFileBytes", files.capacity() / 2, "at least " + reserve * 2);
        }
        long margin = (usable - reserve) / 10 * 9;
        asyncAge = margin / 8 * 7;
        syncAge = margin / 16 * 15;
    }

    /** A log without files has nothing to check. */
    public static Checkpointing none(RedoLog log, BufferPool pool, FilSystem fil) {
        return new Checkpointing(log, pool, fil, 0);
    }

    /** What {@link #freeCheck} calls when the log fills up. */
    public void setWakePageCleaner(Runnable wake) {
        wakePageCleaner = wake;
    }

    /** Figures of the log and its checkpoints. */
    public LogStats stats() {
        long[] counts = log.writesAndSyncs();
        long made;
        lock.lock();
        try {
            made = number;
        } finally {
            lock.unlock();
        }
        return log.stats(counts[0], counts[1], made);
    }

    /** Bytes of log that recovery would read now (checkpoint age). */
    public long age() {
        return log.lsn() - log.checkpointLsn();
    }

    /**
     * Makes room in the log (log_free_check). Every thread calls it before it begins to change
     * pages; REQUIRES: the caller holds no latch.
     */
    public void freeCheck() {
        fil.latchOrder().ask(LatchLevel.CHECKPOINT, "log_free_check");
        if (!log.isLogging()) {
            return;
        }
        long age = age();
        if (age < asyncAge) {
            return;
        }
        wakePageCleaner.run();
        while (age >= syncAge) {
            pool.flushUpTo(log.lsn() - asyncAge);
            make();
            age = age();
        }
    }

    /** Whether there is a log to make checkpoints of. */
    public boolean isLogging() {
        return log.isLogging();
    }

    /**
     * How much of the I/O capacity the age of the checkpoint asks for (af_get_pct_for_lsn), percent
     * of it: nothing below a tenth of the async age, then more than in proportion to the age.
     */
    public int percentForAge() {
        long age = age();
        if (age < asyncAge / ADAPTIVE_FLUSHING_SHARE) {
            return 0;
        }
        double factor = 100.0 * age / asyncAge;
        return (int) (MAX_CAPACITY_FACTOR * factor * Math.sqrt(factor) / 7.5);
    }

    /** Writes the pages that keep the checkpoint back, as far as the async age asks for. */
    public void flushForAge() {
        long age = age();
        if (log.isLogging() && age >= asyncAge / 2) {
            pool.flushUpTo(log.lsn() - asyncAge / 2);
        }
    }

    /**
     * Makes a checkpoint (log_checkpoint): all changes before it are in the files, and the files
     * are durable before the checkpoint is.
     */
    public void make() {
        LogFiles files = log.files();
        if (files == null) {
            return;
        }
        lock.lock();
        try {
            long lsn = log.oldestUnwritten(pool);
            long last = log.checkpointLsn();
            if (lsn <= last) {
                return;
            }
            CheckpointEvent event = CheckpointEvent.started();
            log.writeUpTo(lsn, true);
            fil.flushFileSpaces();
            number++;
            files.writeCheckpoint(new LogFiles.Checkpoint(number, lsn, log.epoch()));
            event.ended(number, last, lsn);
            log.setCheckpointLsn(lsn);
        } finally {
            lock.unlock();
        }
    }

    /** Writes every page and makes a checkpoint at the end of the log. */
    public void makeSharp() {
        pool.flushAll();
        make();
    }

    /** Number of the last checkpoint, or null without a log. */
    public @Nullable Long lastNumber() {
        return log.isLogging() ? number : null;
    }
}
