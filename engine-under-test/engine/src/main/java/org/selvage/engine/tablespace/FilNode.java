package org.selvage.engine.tablespace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.DataFolderException;
import org.selvage.engine.DataFolderException.Reason;
import org.selvage.engine.EngineIoException;
import org.selvage.engine.aio.AioFile;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageHeader;

/**
 * The file of a tablespace (fil_node_t). The counters are guarded by the mutex of {@link
 * FilSystem}; the channel is opened and closed under it, and used without it only while {@code
 * pending} or {@code pendingFlushes} is above zero.
 */
final class FilNode implements AioFile {
    /** Bytes of page 0 that are read when a file is opened; the smallest page has as many. */
    private static final int HEADER_BYTES = 512;

    private Path path;
    private final boolean fsync;

    /** Reads and writes between prepareForIo and completeIo (n_pending). */
    int pending;

    /** Calls of fsync on this file in progress (n_pending_flushes). */
    int pendingFlushes;

    /** The file is growing; other threads that want to extend it wait. */
    boolean beingExtended;

    /** Size in pages; 0 until the file was opened. */
    int sizePages;

    /** Value of FilSystem's counter at the last completed write. */
    long modificationCounter;

    /** The modification counter up to which the file is known to be durable. */
    long flushCounter;

    /** Value of the clock of {@link FilNodes} at the last request. */
    long lastUse;

    /** Guarded by FilSystem's mutex; does not change while {@link #pending} is above 0. */
    private @Nullable SharedFile file;

    FilNode(Path path, boolean fsync) {
        this.fsync = fsync;
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** The file has another name from here on; the caller holds the mutex. */
    void moved(Path to) {
        path = to;
        SharedFile open = file;
        if (open != null) {
            open.moved(to);
        }
    }

    /** Says which operation on the file failed. */
    EngineIoException failed(String operation, long offset, int length, IOException cause) {
        return new EngineIoException(operation, path.toString(), offset, length, cause);
    }

    boolean isOpen() {
        return file != null;
    }

    /**
     * Opens the file and checks that it is the tablespace it should be (fil_node_open_file).
     *
     * @return page 0, or its first {@value #HEADER_BYTES} bytes except of the system tablespace
     * @throws java.nio.file.NoSuchFileException when the file is missing
     * @throws DataFolderException when the file is another one
     */
    ByteBuffer open(int spaceId, int pageSize) throws IOException {
        FileChannel opened =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean accepted = false;
        try {
            ByteBuffer header = ByteBuffer.allocate(spaceId == 0 ? pageSize : HEADER_BYTES);
            while (header.hasRemaining() && opened.read(header, header.position()) > 0) {}
            checkHeader(header, spaceId, pageSize);
            sizePages = (int) (opened.size() / pageSize);
            file = new SharedFile(path, opened).withFsync(fsync);
            accepted = true;
            return header;
        } finally {
            if (!accepted) {
                opened.close();
            }
        }
    }

    private void checkHeader(ByteBuffer header, int spaceId, int pageSize) {
        long magic = header.getLong(FspHeader.MAGIC);
        if (header.position() < HEADER_BYTES || magic != FspHeader.MAGIC_VALUE) {
            throw refused(
                    Reason.NOT_OURS,
                    "Not a tablespace of this engine",
                    "magic",
                    "0x" + Long.toHexString(FspHeader.MAGIC_VALUE),
                    "0x" + Long.toHexString(magic),
                    "Open the folder that the engine created");
        }
        int version = header.getInt(FspHeader.FORMAT_VERSION);
        if (version != FspHeader.FORMAT_VERSION_VALUE) {
            throw refused(
                    Reason.FORMAT_VERSION,
                    "Unknown format of the tablespace",
                    "format_version",
                    FspHeader.FORMAT_VERSION_VALUE,
                    version,
                    "Use the release that wrote it");
        }
        int filePageSize = header.getInt(FspHeader.PAGE_SIZE);
        if (filePageSize != pageSize) {
            throw refused(
                    Reason.PAGE_SIZE,
                    "The tablespace has another page size",
                    "page_size",
                    pageSize,
                    filePageSize,
                    "Open the engine with pageSize=" + filePageSize);
        }
        int fileSpaceId = header.getInt(FspHeader.SPACE_ID);
        if (fileSpaceId != spaceId || header.getInt(PageHeader.SPACE_ID) != spaceId) {
            throw refused(
                    Reason.SPACE_ID,
                    "The file is another tablespace's",
                    "space",
                    spaceId,
                    fileSpaceId,
                    "Put back the file of this tablespace");
        }
    }

    private DataFolderException refused(
            Reason reason, String what, String key, Object expected, Object actual, String advice) {
        return new DataFolderException(
                reason,
                what
                        + ": file="
                        + path
                        + " "
                        + key
                        + "="
                        + actual
                        + " expected="
                        + expected
                        + ". "
                        + advice
                        + ".",
                null);
    }

    /** Whether there are writes that are not known to be durable; the mutex is held. */
    boolean needsFlush() {
        return fsync && flushCounter < modificationCounter;
    }

    /** Uses a channel that the caller opened on a file it has just created. */
    void adopt(FileChannel opened, int pages) {
        file = new SharedFile(path, opened).withFsync(fsync);
        sizePages = pages;
    }

    void close() throws IOException {
        SharedFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void read(ByteBuffer buffer, long offset) throws IOException {
        opened().read(buffer, offset);
    }

    @Override
    public void write(ByteBuffer buffer, long offset) throws IOException {
        opened().write(buffer, offset);
    }

    /** Makes all completed writes durable, with the file's size but without its times. */
    void force() throws IOException {
        opened().force();
    }

    private SharedFile opened() throws ClosedChannelException {
        SharedFile open = file;
        if (open == null) {
            throw new ClosedChannelException();
        }
        return open;
    }
}
