package org.selvage.engine.doublewrite;

import org.selvage.engine.CorruptPageException;
import org.selvage.engine.EngineIoException;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.page.PageChecksum;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.tablespace.FilSystem;
import org.selvage.engine.tablespace.IoRequest;
import org.selvage.engine.tablespace.SharedFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The doublewrite file (buf_dblwr_t): a copy of every page is durable there before the page is
 * written to its place. Loss of power in the middle of that write leaves a page that is neither the
 * old nor the new one; the copy repairs it.
 *
 * <p>A batch over the flush list uses the first {@value #BATCH_PAGES} slots, a batch over the LRU
 * list the others.
 */
public final class DoublewriteBuffer implements AutoCloseable {
    /** The halves of the file. */
    public enum Region {
        /** For batches over the flush list, and for recovery. */
        FLUSH_LIST,
        /** For batches over the LRU list. */
        LRU
    }

    private static final int SLOTS = 2 * 64;

    /** Pages in a batch. */
    public static final int BATCH_PAGES = 64;

    /** Name of the file in the data folder. */
    public static final String FILE = "ib_doublewrite";

    private final SharedFile file;
    private final FilSystem fil;
    private final ErrorLog log;
    private final int pageSize;
    private final byte[] flushListCopies;
    private final byte[] lruCopies;

    private DoublewriteBuffer(SharedFile file, FilSystem fil, ErrorLog log) {
        this.file = file;
        this.fil = fil;
        this.log = log;
        this.pageSize = fil.pageSize();
        this.flushListCopies = new byte[BATCH_PAGES * pageSize];
        this.lruCopies = new byte[BATCH_PAGES * pageSize];
    }

    /** Makes the file of a new folder, filled with zeros and durable. */
    public static void create(Path dir, int pageSize) {
        Path path = dir.resolve(FILE);
        try {
            Files.deleteIfExists(path);
            try (SharedFile created = SharedFile.create(path)) {
                created.write(ByteBuffer.allocate(SLOTS * pageSize), 0);
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
     * Makes copies of stamped pages durable (buf_dblwr_flush_buffered_writes). The next call may
     * come when the pages are durable in their places.
     *
     * @param region which half of the file; who uses a region is alone
     * @param pages at most {@value #BATCH_PAGES}
     */
    public void writeCopies(Region region, List<ByteBuffer> pages) {
        byte[] copies = copiesOf(region);
        int used = 0;
        for (ByteBuffer page : pages) {
            page.get(0, copies, used, pageSize);
            used += pageSize;
        }
        write(ByteBuffer.wrap(copies, 0, used), region == Region.FLUSH_LIST ? 0 : copies.length);
    }

    private byte[] copiesOf(Region region) {
        return switch (region) {
            case FLUSH_LIST -> flushListCopies;
            case LRU -> lruCopies;
        };
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
     * (MDEV-11799).
     */
    public void restore() {
        for (ByteBuffer copy : newestCopies().values()) {
            PageId id = new PageId(PageHeader.spaceId(copy), PageHeader.pageNo(copy));
            if (fil.lookup(id.spaceId()) != null
                    && id.pageNo() < fil.size(id.spaceId())
                    && isTorn(id)) {
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
        for (int slot = 0; slot < SLOTS; slot++) {
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
