package org.selvage.engine.redo;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.EngineException;
import org.selvage.engine.ValidationException;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.bufferpool.WriteAhead;
import org.selvage.engine.event.LogFlushEvent;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.sync.LatchLevel;
import org.selvage.engine.sync.LatchOrder;

/**
 * The redo log (log_sys): log sequence numbers, the log buffer, and group commit.
 *
 * <p>The mutex covers giving out an LSN, copying the record to the buffer and putting the pages on
 * the flush list, so the flush list is ordered and no LSN is ever given out whose pages are not yet
 * listed (MDEV-22027 is what happens otherwise).
 *
 * <h2>Group commit</h2>
 *
 * <p>Who wants the log durable takes the write lock, and with it everything that was appended so
 * far: the full buffer is exchanged for an empty one and written without the mutex. Whoever waited
 * for the write lock meanwhile usually finds its own record durable already.
 *
 * <p>A log without files only counts: changes are then as durable as their pages.
 */
public final class RedoLog implements WriteAhead {
    /** The LSN of an empty log (LOG_START_LSN). */
    public static final long START_LSN = 8192;

    private final ReentrantLock mutex;

    /** Taken before the mutex, held over the write of the buffer. */
    private final ReentrantLock writeLock;

    private final @Nullable LogFiles files;
    private final long epoch;
    private final int flushLogAtCommit;

    // Guarded by the mutex.
    private long lsn;
    private byte[] buffer;
    private int bufferUsed;
    private long bufferLsn;

    // Guarded by the write lock.
    private byte[] spare;

    private volatile long writtenLsn;
    private volatile long durableLsn;

    /** Advanced by the checkpoint, which holds a lock of its own. */
    private volatile long checkpointLsn;

    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong syncs = new AtomicLong();
    private volatile @Nullable RuntimeException failure;

    /** Set by the thread that opens the engine, before there are clients. */
    private Runnable wakeFlusher = () -> {};

    /**
     * A log without files.
     *
     * @param startLsn where numbering goes on; {@link #START_LSN} when that is higher
     */
    public RedoLog(long startLsn, LatchOrder order) {
        this(null, Math.max(startLsn, START_LSN), 0, 0, 0, order);
    }

    /**
     * A log that goes on at an LSN.
     *
     * @param epoch number of this run of the engine
     */
    RedoLog(
            @Nullable LogFiles files,
            long startLsn,
            long epoch,
            int bufferBytes,
            int flushLogAtCommit,
            LatchOrder order) {
        this.mutex = order.mutex(LatchLevel.LOG);
        this.writeLock = order.mutex(LatchLevel.LOG_WRITE);
        this.files = files;
        this.lsn = startLsn;
        this.bufferLsn = startLsn;
        this.writtenLsn = startLsn;
        this.durableLsn = startLsn;
        this.checkpointLsn = startLsn;
        this.epoch = epoch;
        this.buffer = new byte[bufferBytes];
        this.spare = new byte[bufferBytes];
        this.flushLogAtCommit = flushLogAtCommit;
    }

    /** Whether records are kept. */
    public boolean isLogging() {
        return files != null;
    }

    /** End of the newest change. */
    public long lsn() {
        mutex.lock();
        try {
            return lsn;
        } finally {
            mutex.unlock();
        }
    }

    /** Up to where the log survives loss of power. */
    @Override
    public long durableLsn() {
        return files == null ? Long.MAX_VALUE : durableLsn;
    }

    /** Where recovery would begin. */
    public long checkpointLsn() {
        return checkpointLsn;
    }

    long epoch() {
        return epoch;
    }

    /** Writes of the log buffer, and fsyncs of the log, since the engine was opened. */
    public long[] writesAndSyncs() {
        return new long[] {writes.get(), syncs.get()};
    }

    LogStats stats(long writeCount, long syncCount, long checkpoints) {
        // The smaller ones first: read later, they could only have grown.
        long checkpoint = checkpointLsn;
        long durable = durableLsn;
        long written = writtenLsn;
        return new LogStats(
                lsn(), written, durable, checkpoint, writeCount, syncCount, checkpoints);
    }

    void setCheckpointLsn(long checkpoint) {
        checkpointLsn = checkpoint;
    }

    /**
     * LSN before which every change is in its page's file, read in the order that makes it true.
     */
    long oldestUnwritten(BufferPool pool) {
        mutex.lock();
        try {
            long oldest = pool.oldestModification();
            return oldest == 0 ? lsn : oldest;
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Gives the changes of a mini-transaction their LSN, stamps the pages and lists them as dirty
     * (mtr_t::Command::execute).
     *
     * @param blocks the changed pages, X-latched by the caller
     * @param record the finished record; null when the log has no files
     * @return the end LSN
     */
    long append(BufferPool pool, List<BufferBlock> blocks, @Nullable LogRecord record) {
        mutex.lock();
        try {
            if (record != null) {
                makeRoom(record.length());
            }
            long start = lsn;
            if (record == null) {
                lsn += blocks.size();
            } else {
                record.copyTo(buffer, bufferUsed, lsn, epoch);
                bufferUsed += record.length();
                lsn += record.length();
            }
            for (BufferBlock block : blocks) {
                PageHeader.setLsn(block.frame(), lsn);
            }
            if (!blocks.isEmpty()) {
                pool.noteModification(blocks, start, lsn);
                requireAfterCheckpoint(start);
            }
            return lsn;
        } finally {
            mutex.unlock();
        }
    }

    /**
     * A checkpoint says that no page needs an older change. One that passed an LSN before its pages
     * were listed as dirty would lose them in a crash (MDEV-22027).
     *
     * @param oldest LSN of a change that is in no file yet
     * @throws ValidationException when the last checkpoint is after it
     */
    void requireAfterCheckpoint(long oldest) {
        if (files != null && oldest < checkpointLsn) {
            throw new ValidationException(
                    "a checkpoint has passed a change that is in no file",
                    "checkpoint_lsn=" + checkpointLsn + " oldest_modification=" + oldest);
        }
    }

    /**
     * Compares the last checkpoint with the oldest change of all dirty pages.
     *
     * @throws ValidationException when the checkpoint is after it
     */
    public void validate(BufferPool pool) {
        if (files != null) {
            requireAfterCheckpoint(oldestUnwritten(pool));
        }
    }

    /** Logs the creation of a tablespace's file; returns the end LSN. */
    public long fileCreate(BufferPool pool, int spaceId, String name) {
        return file(pool, LogHeader.FILE_CREATE, spaceId, name);
    }

    /** Logs that a tablespace's file gets another name; returns the end LSN. */
    public long fileRename(BufferPool pool, int spaceId, String newName) {
        return file(pool, LogHeader.FILE_RENAME, spaceId, newName);
    }

    /** Logs the deletion of a tablespace; returns the end LSN. */
    public long fileDelete(BufferPool pool, int spaceId, String name) {
        return file(pool, LogHeader.FILE_DELETE, spaceId, name);
    }

    private long file(BufferPool pool, byte type, int spaceId, String name) {
        if (files == null) {
            return lsn();
        }
        LogRecord record = new LogRecord();
        record.file(type, spaceId, name);
        record.finish();
        return append(pool, List.of(), record);
    }

    /** Waits until the buffer has room; the mutex is held, and let go meanwhile. */
    private void makeRoom(int length) {
        requireUsable();
        while (bufferUsed + length > buffer.length) {
            if (bufferUsed == 0) {
                buffer = new byte[length];
                break;
            }
            long upTo = lsn;
            mutex.unlock();
            try {
                writeUpTo(upTo, false);
            } finally {
                mutex.lock();
            }
            requireUsable();
        }
        requireCapacity(length);
    }

    /**
     * The margins of {@link Checkpoint#freeCheck} keep this from happening; overwriting the
     * checkpoint would make the folder unrecoverable (MDEV-29905).
     */
    private void requireCapacity(int length) {
        if (files != null && lsn + length - checkpointLsn > files.capacity()) {
            EngineException full =
                    new EngineException(
                            "The redo log is full: lsn="
                                    + lsn
                                    + " checkpoint="
                                    + checkpointLsn
                                    + " capacity="
                                    + files.capacity()
                                    + " record="
                                    + length
                                    + ". Open the engine again; it recovers.");
            failure = full;
            throw full;
        }
    }

    /**
     * Throws when a write of the log has failed: what is in memory is then not what the next start
     * finds, so nothing may be answered from it.
     */
    public void requireUsable() {
        RuntimeException cause = files == null ? null : failure;
        if (cause != null) {
            throw new EngineException(
                    "The redo log failed, nothing can be read or changed any more: error="
                            + cause.getMessage()
                            + " Close the engine and open it again.",
                    cause);
        }
    }

    /** Installs what {@link #flushSoon} calls. Before there are clients. */
    public void setWakeFlusher(Runnable wake) {
        wakeFlusher = wake;
    }

    @Override
    public void flushSoon() {
        wakeFlusher.run();
    }

    @Override
    public void flushUpTo(long upTo) {
        // A page may have changes whose record the failed log never got.
        requireUsable();
        writeUpTo(upTo, true);
    }

    /**
     * Writes the log up to an LSN (log_write_up_to).
     *
     * @param durable whether to wait until it survives loss of power
     */
    public void writeUpTo(long upTo, boolean durable) {
        LogFiles target = files;
        if (target == null || reached(upTo, durable)) {
            return;
        }
        writeLock.lock();
        try {
            if (reached(upTo, durable)) {
                return;
            }
            requireUsable();
            LogFlushEvent event = LogFlushEvent.started();
            int bytes = writeBuffer(target);
            long written = writtenLsn;
            if (durable) {
                target.force();
                syncs.incrementAndGet();
                durableLsn = written;
            }
            event.ended(written, bytes, durable);
        } catch (RuntimeException e) {
            if (failure == null) {
                failure = e;
            }
            throw e;
        } finally {
            writeLock.unlock();
        }
    }

    private boolean reached(long upTo, boolean durable) {
        return (durable ? durableLsn : writtenLsn) >= upTo;
    }

    /** Returns how many bytes there were to write. */
    private int writeBuffer(LogFiles target) {
        byte[] full;
        int used;
        long from;
        mutex.lock();
        try {
            full = buffer;
            used = bufferUsed;
            from = bufferLsn;
            buffer = spare.length >= full.length ? spare : new byte[full.length];
            bufferUsed = 0;
            bufferLsn = lsn;
        } finally {
            mutex.unlock();
        }
        spare = full;
        if (used > 0) {
            target.write(from, full, used);
            writes.incrementAndGet();
        }
        writtenLsn = from + used;
        return used;
    }

    /** Makes a commit as durable as the configuration asks (trx_flush_log_if_needed). */
    public void commit(long upTo) {
        switch (flushLogAtCommit) {
            case 1 -> writeUpTo(upTo, true);
            case 2 -> writeUpTo(upTo, false);
            default -> {}
        }
    }

    /** Makes everything appended so far durable. */
    public void sync() {
        writeUpTo(lsn(), true);
    }

    /** Closes the files. */
    public void close() {
        if (files != null) {
            files.close();
        }
    }

    @Nullable LogFiles files() {
        return files;
    }
}
