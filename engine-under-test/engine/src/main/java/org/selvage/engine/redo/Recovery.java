package org.selvage.engine.redo;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.CorruptLogException;
import org.selvage.engine.CorruptPageException;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.doublewrite.DoublewriteBuffer;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageChecksum;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.tablespace.FilSystem;
import org.selvage.engine.tablespace.IoRequest;

/**
 * Crash recovery (log0recv.cc): brings every page to the state that the log says, before anything
 * else looks at a page.
 *
 * <ol>
 *   <li>Pages that a crash tore are restored from the doublewrite file.
 *   <li>The log is read from the checkpoint to its end and sorted by page.
 *   <li>Each page is read once, its changes applied that are newer than its LSN, and written again,
 *       through the doublewrite file.
 *   <li>The files are made durable, and a checkpoint at the end of the log begins a new epoch.
 * </ol>
 *
 * <p>Killed at any moment it is begun again with the same result: until the last step the
 * checkpoint stays, and a change is not applied to a page that has it. The new epoch keeps
 * remainders behind the end of the log from being taken for records once the log has grown over
 * them.
 */
public final class Recovery {
    private static final int BATCH = DoublewriteBuffer.BATCH_PAGES;

    /** No mini-transaction makes a file grow by more. */
    private static final long MOST_PAGES_ADDED = 1024;

    private final FilSystem fil;
    private final ErrorLog errorLog;
    private final int pageSize;
    private final @Nullable DoublewriteBuffer doublewrite;
    private final List<ByteBuffer> batch = new ArrayList<>();
    private final Set<Integer> missing = new TreeSet<>();
    private long pagesRead;
    private long pagesWritten;

    private Recovery(FilSystem fil, ErrorLog errorLog, @Nullable DoublewriteBuffer doublewrite) {
        this.fil = fil;
        this.errorLog = errorLog;
        this.pageSize = fil.pageSize();
        this.doublewrite = doublewrite;
    }

    /**
     * The log of a recovered folder.
     *
     * @param missingSpaces tablespaces that the log has changes for and that have no file: they
     *     must not be in the dictionary
     */
    public record Recovered(
            RedoLog log,
            Checkpointing checkpointing,
            Set<Integer> missingSpaces,
            RecoveryStats stats) {}

    /** Recovers a folder that has log files, and opens its log. No tablespace but 0 is known. */
    public static Recovered run(
            Path dir,
            FilSystem fil,
            BufferPool pool,
            EngineConfig config,
            @Nullable DoublewriteBuffer doublewrite,
            ErrorLog errorLog) {
        LogFiles files = LogFiles.open(dir, config.pageSize(), config.durability().fsync());
        boolean recovered = false;
        try {
            LogFiles.Checkpoint checkpoint = files.readCheckpoint();
            Recovery recovery = new Recovery(fil, errorLog, doublewrite);
            LogScan scan = LogScan.from(files, checkpoint);
            recovery.restoreAndApply(scan, checkpoint.lsn());
            RedoLog log =
                    new RedoLog(
                            files,
                            scan.endLsn(),
                            checkpoint.epoch() + 1,
                            config.durability().logBufferBytes(),
                            config.durability().flushLogAtCommit(),
                            fil.latchOrder());
            long number = checkpoint.number() + 1;
            files.writeCheckpoint(
                    new LogFiles.Checkpoint(number, scan.endLsn(), checkpoint.epoch() + 1));
            Checkpointing checkpointing = new Checkpointing(log, pool, fil, number);
            recovered = true;
            return new Recovered(
                    log, checkpointing, recovery.missing, recovery.stats(scan, checkpoint));
        } finally {
            if (!recovered) {
                files.close();
            }
        }
    }

    private RecoveryStats stats(LogScan scan, LogFiles.Checkpoint checkpoint) {
        return new RecoveryStats(
                scan.endLsn() - checkpoint.lsn(),
                scan.bytesRead(),
                scan.records(),
                scan.changes().values().stream().mapToLong(List::size).sum(),
                pagesRead,
                pagesWritten);
    }

    private void restoreAndApply(LogScan scan, long checkpointLsn) {
        fil.registerFiles();
        try {
            if (doublewrite != null) {
                doublewrite.restore(checkpointLsn);
            }
            if (scan.records() > 0) {
                applyAll(scan);
                errorLog.note(
                        "Crash recovery: records="
                                + scan.records()
                                + " pages="
                                + scan.changes().size()
                                + " lsn="
                                + scan.endLsn());
            }
            fil.flushFileSpaces();
        } finally {
            fil.forgetFiles();
        }
    }

    private void applyAll(LogScan scan) {
        List<Map.Entry<PageId, List<LogScan.PageChange>>> pages =
                new ArrayList<>(scan.changes().entrySet());
        pages.sort(
                Comparator.comparingInt((Map.Entry<PageId, List<LogScan.PageChange>> entry) ->
                                entry.getKey().spaceId())
                        .thenComparingInt(entry -> entry.getKey().pageNo()));
        for (Map.Entry<PageId, List<LogScan.PageChange>> entry : pages) {
            int space = entry.getKey().spaceId();
            if (fil.lookup(space) == null) {
                if (!scan.deleted().containsKey(space)) {
                    missing.add(space);
                }
                continue;
            }
            requireInside(entry.getKey(), entry.getValue(), scan);
            ByteBuffer page = applyTo(entry.getKey(), entry.getValue(), scan);
            if (page != null) {
                batch.add(page);
                if (batch.size() == BATCH) {
                    writeBatch();
                }
            }
        }
        writeBatch();
    }

    /** The page with its changes; null when it has them already. */
    private @Nullable ByteBuffer applyTo(
            PageId id, List<LogScan.PageChange> changes, LogScan scan) {
        ByteBuffer page = ByteBuffer.allocate(pageSize);
        boolean created = changes.getFirst().init();
        fil.io(IoRequest.READ_SYNC, id, page, null);
        pagesRead++;
        if (!verified(page, id, created)) {
            Arrays.fill(page.array(), (byte) 0);
        }
        long lsn = PageHeader.lsn(page);
        boolean changed = false;
        for (LogScan.PageChange change : changes) {
            if (change.endLsn() > lsn) {
                if (change.init()) {
                    Arrays.fill(page.array(), (byte) 0);
                }
                LogScan.apply(page.array(), change);
                PageHeader.setLsn(page, change.endLsn());
                changed = true;
            }
        }
        if (id.pageNo() == 0) {
            extend(id.spaceId(), page.getInt(FspHeader.SIZE), changes.getLast().endLsn(), scan);
        }
        return changed ? page : null;
    }

    /**
     * Makes a file as long as its header says: loss of power may take back that it grew
     * (fil_space_set_recv_size).
     *
     * @param lsn the header's last change
     * @throws CorruptLogException when it is longer than the log can have made it
     */
    private void extend(int spaceId, int pages, long lsn, LogScan scan) {
        long most = fil.size(spaceId) + scan.records() * MOST_PAGES_ADDED;
        if (pages < 0 || pages > most) {
            throw scan.corrupt("size of space " + spaceId, most, pages, lsn);
        }
        fil.extend(spaceId, pages);
    }

    /**
     * A page is logged after the size of its tablespace is, and the header, page 0, comes first
     * here and has made the file that long (recv_sys.apply with recv_size).
     *
     * @throws CorruptLogException when the page is behind the end of its file
     */
    private void requireInside(PageId id, List<LogScan.PageChange> changes, LogScan scan) {
        int size = fil.size(id.spaceId());
        if (id.pageNo() >= size) {
            throw scan.corrupt(
                    "page number of space " + id.spaceId(),
                    size - 1,
                    id.pageNo(),
                    changes.getFirst().endLsn());
        }
    }

    /**
     * Whether the page in the file can be used.
     *
     * @param created the log makes the page anew, so a torn one does no harm
     * @throws CorruptPageException when it cannot, and the log needs it
     */
    private boolean verified(ByteBuffer page, PageId id, boolean created) {
        try {
            PageChecksum.verify(page, fil.fileName(id.spaceId()), id);
            return true;
        } catch (CorruptPageException e) {
            if (created) {
                return false;
            }
            throw e;
        }
    }

    private void writeBatch() {
        for (ByteBuffer page : batch) {
            PageChecksum.stamp(page);
        }
        if (doublewrite != null && !batch.isEmpty()) {
            doublewrite.writeCopies(DoublewriteBuffer.Region.FLUSH_LIST, batch);
        }
        Set<Integer> spaces = new TreeSet<>();
        for (ByteBuffer page : batch) {
            PageId id = new PageId(PageHeader.spaceId(page), PageHeader.pageNo(page));
            fil.io(IoRequest.WRITE_SYNC, id, page.clear(), null);
            spaces.add(id.spaceId());
            pagesWritten++;
        }
        if (doublewrite != null) {
            spaces.forEach(fil::flush);
        }
        batch.clear();
    }
}
