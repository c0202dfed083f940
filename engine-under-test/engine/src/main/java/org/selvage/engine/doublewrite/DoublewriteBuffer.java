package org.selvage.engine.doublewrite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.selvage.engine.CorruptPageException;
import org.selvage.engine.EngineIoException;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.page.PageChecksum;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.tablespace.FilSystem;
import org.selvage.engine.tablespace.IoRequest;
import org.selvage.engine.tablespace.SharedFile;

/**
 * The doublewrite file (buf_dblwr_t): a copy of every page is durable there before the page is
 * written to its place. Loss of power in the middle of that write leaves a page that is neither the
 * old nor the new one; the copy repairs it.
 *
 * <p>Batches over the flush list use the first {@value #FLUSH_LIST_SLOTS} slots, batches over the
 * LRU list the {@value #LRU_SLOTS} after them. Batches of a region fill its slots one after the
 * other; only when a region begins again with its first slot the pages in their places are made
 * durable, since only then their copies are overwritten. So several batches share an fsync of each
 * tablespace.
 */
public final class DoublewriteBuffer implements AutoCloseable {
    /** Most pages in a batch over the flush list, which keeps its pages from being changed. */
    public static final int BATCH_PAGES = 64;

    /** Most pages in a batch over the LRU list. */
    public static final int LRU_BATCH_PAGES = 256;

    private static final int FLUSH_LIST_SLOTS = 256;
    private static final int LRU_SLOTS = 2048;

    /** Slots that a new file has; it grows. */
    private static final int FIRST_SLOTS = 128;

    /**
     * Tablespaces that may wait for their fsync, since a file that waits for it cannot be closed to
     * open another.
     */
    private static final int UNSYNCED_SPACES = 4;

    /** Parts of the file. Who writes to one is alone. */
    public enum Region {
        /** For batches over the flush list, and for recovery. */
        FLUSH_LIST,
        /** For batches over the LRU list. */
        LRU
    }

    /** How far a region is filled. */
    private static final class Filling {
        final int firstSlot;
        final int slots;
        final byte[] batch;

        /** Tablespaces of the copies, whose pages may not be durable in their places. */
        final Set<Integer> spaces = new LinkedHashSet<>();

        int used;

        Filling(int firstSlot, int slots, int batchBytes) {
            this.firstSlot = firstSlot;
            this.slots = slots;
            this.batch = new byte[batchBytes];
        }
    }

    /** Name of the file in the data folder. */
    public static final String FILE = "ib_doublewrite";

    private final SharedFile file;
    private final FilSystem fil;
    private final ErrorLog log;
    private final int pageSize;
    private final Filling flushList;
    private final Filling lru;

    private DoublewriteBuffer(SharedFile file, FilSystem fil, ErrorLog log) {
        this.file = file;
        this.fil = fil;
        this.log = log;
        this.pageSize = fil.pageSize();
        this.flushList = new Filling(0, FLUSH_LIST_SLOTS, BATCH_PAGES * pageSize);
        this.lru = new Filling(FLUSH_LIST_SLOTS, LRU_SLOTS, LRU_BATCH_PAGES * pageSize);
    }

    /** Makes the file of a new folder, filled with zeros and durable. */
    public static void create(Path dir, int pageSize) {
        Path path = dir.resolve(FILE);
        try {
            Files.deleteIfExists(path);
            try (SharedFile created = SharedFile.create(path)) {
                created.write(ByteBuffer.allocate(FIRST_SLOTS * pageSize), 0);
                created.force();
            }
        } catch (IOException e) {
            throw new EngineIoException("create", path.toString(), 0, 0, e);
        }
    }

    /** Opens the file; makes it when the folder has none. */
    public static DoublewriteBuffer open(Path dir, FilSystem fil, boolean fsync, ErrorLog log) {
        Path path = dir.resolve(FILE);
        try {
            if (!Files.exists(path)) {
                create(dir, fil.pageSize());
            }
            return new DoublewriteBuffer(SharedFile.open(path).withFsync(fsync), fil, log);
        } catch (IOException e) {
            throw new EngineIoException("open", path.toString(), 0, 0, e);
        }
    }

    /**
     * Makes copies of stamped pages durable (buf_dblwr_flush_buffered_writes). The next call for
     * the region may come when the pages are written to their places; durable they need not be.
     *
     * @param region who uses a region is alone
     * @param pages at most {@value #BATCH_PAGES}, or {@value #LRU_BATCH_PAGES} over the LRU list
     */
    public void writeCopies(Region region, List<ByteBuffer> pages) {
        Filling filling =
                switch (region) {
                    case FLUSH_LIST -> flushList;
                    case LRU -> lru;
                };
        if (filling.used + pages.size() > filling.slots
                || filling.spaces.size() > UNSYNCED_SPACES) {
            filling.spaces.forEach(fil::flush);
            filling.spaces.clear();
            filling.used = 0;
        }
        int length = 0;
        for (ByteBuffer page : pages) {
            page.get(0, filling.batch, length, pageSize);
            length += pageSize;
            filling.spaces.add(PageHeader.spaceId(page));
        }
        long slot = (long) filling.firstSlot + filling.used;
        filling.used += pages.size();
        write(ByteBuffer.wrap(filling.batch, 0, length), slot * pageSize);
    }

    private void write(ByteBuffer bytes, long offset) {
        int length = bytes.remaining();
        try {
            file.write(bytes, offset);
            file.force();
        } catch (IOException e) {
            throw new EngineIoException("write", file.path().toString(), offset, length, e);
        }
    }

    /**
     * Restores pages whose last write was torn (buf_dblwr_process). A copy that is torn itself was
     * not yet followed by a write to its place. Of several copies of a page the newest counts
     * (MDEV-11799). The places are durable at the return, also those of pages that were whole: the
     * process that wrote them may have been killed before its fsync, and the copies are overwritten
     * from now on.
     *
     * <p>A copy from before the checkpoint is no use (buf_dblwr_t::recover): the page was durable
     * at its place by then, perhaps in a newer version, which the log has no more. If it is damaged
     * now, that is no torn write, and whoever reads it gets the error.
     *
     * @param checkpointLsn of the last checkpoint
     */
    public void restore(long checkpointLsn) {
        Map<Integer, List<ByteBuffer>> bySpace = new TreeMap<>();
        for (ByteBuffer copy : newestCopies().values()) {
            if (PageHeader.lsn(copy) < checkpointLsn) {
                continue;
            }
            bySpace.computeIfAbsent(PageHeader.spaceId(copy), any -> new ArrayList<>()).add(copy);
        }
        bySpace.forEach((space, copies) -> {
            if (fil.lookup(space) != null) {
                restore(copies);
                fil.flushEarlierWrites(space);
            }
        });
    }

    private void restore(List<ByteBuffer> copies) {
        for (ByteBuffer copy : copies) {
            PageId id = new PageId(PageHeader.spaceId(copy), PageHeader.pageNo(copy));
            if (id.pageNo() < fil.size(id.spaceId()) && isTorn(id)) {
                fil.io(IoRequest.WRITE_SYNC, id, copy.clear(), null);
                log.warning(
                        "A torn page is restored from the doublewrite file: page="
                                + id
                                + " lsn="
                                + PageHeader.lsn(copy));
            }
        }
    }

    private Map<PageId, ByteBuffer> newestCopies() {
        Map<PageId, ByteBuffer> newest = new HashMap<>();
        for (int slot = 0; slot < FLUSH_LIST_SLOTS + LRU_SLOTS; slot++) {
            ByteBuffer copy = ByteBuffer.allocate(pageSize);
            long offset = (long) slot * pageSize;
            try {
                if (offset + pageSize > file.size()) {
                    break;
                }
                file.read(copy, offset);
            } catch (IOException e) {
                throw new EngineIoException("read", file.path().toString(), offset, pageSize, e);
            }
            PageId id = new PageId(PageHeader.spaceId(copy), PageHeader.pageNo(copy));
            if (PageHeader.lsn(copy) != 0 && isWhole(copy, id)) {
                newest.merge(id, copy, (a, b) -> PageHeader.lsn(a) >= PageHeader.lsn(b) ? a : b);
            }
        }
        return newest;
    }

    private boolean isTorn(PageId id) {
        ByteBuffer page = ByteBuffer.allocate(pageSize);
        fil.io(IoRequest.READ_SYNC, id, page, null);
        return !isWhole(page, id);
    }

    private boolean isWhole(ByteBuffer page, PageId id) {
        try {
            PageChecksum.verify(page, FILE, id);
            return true;
        } catch (CorruptPageException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new EngineIoException("close", file.path().toString(), 0, 0, e);
        }
    }
}
