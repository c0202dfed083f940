package org.selvage.engine.tablespace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.DataFolderException;
import org.selvage.engine.DataFolderException.Reason;
import org.selvage.engine.EngineException;
import org.selvage.engine.EngineIoException;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageChecksum;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;

/**
 * The folder of one engine: its lock, its system tablespace {@value #SYSTEM_FILE}, and the creation
 * of tablespace files. A folder is the engine's own when it has a system tablespace; an empty or
 * missing folder becomes one; any other folder is left alone.
 */
public final class DataFolder {
    static final String SYSTEM_FILE = "ibdata1";
    static final String LOCK_FILE = "selvage.lock";
    static final String SUFFIX = ".ibd";

    /**
     * The system tablespace is written under this name and then renamed, so it is there whole or
     * not at all.
     */
    private static final String NEW_SYSTEM_FILE = "ibdata1.new";

    /** What an interrupted creation of a folder may have left. */
    private static final Set<String> REMAINDERS =
            Set.of(LOCK_FILE, NEW_SYSTEM_FILE, "ib_logfile0", "ib_logfile1", "ib_doublewrite");

    /** Pages of a new system tablespace and of a new table's file (FIL_IBD_FILE_INITIAL_SIZE). */
    private static final int SYSTEM_PAGES = 16;

    private static final int TABLE_PAGES = 4;

    private final Path dir;
    private final int pageSize;
    private final boolean created;
    private final @Nullable FileChannel lock;

    private DataFolder(Path dir, int pageSize, boolean created, @Nullable FileChannel lock) {
        this.dir = dir;
        this.pageSize = pageSize;
        this.created = created;
        this.lock = lock;
    }

    /**
     * Locks the folder and creates the system tablespace when the folder is new.
     *
     * @throws DataFolderException when the folder is in use, holds something else or cannot be used
     */
    static DataFolder open(Path dir, int pageSize, boolean logged, Consumer<Path> prepare) {
        Path folder = dir.normalize();
        FileChannel lock = null;
        boolean opened = false;
        try {
            boolean create = !Files.exists(folder.resolve(SYSTEM_FILE));
            if (create) {
                Files.createDirectories(folder);
                requireEmpty(folder);
            }
            lock = lockFolder(folder);
            if (create) {
                prepare.accept(folder);
                createSystemTablespace(folder, pageSize, logged);
            }
            opened = true;
            return new DataFolder(folder, pageSize, create, lock);
        } catch (IOException e) {
            throw new DataFolderException(
                    Reason.IO,
                    "The data folder cannot be used: folder="
                            + folder
                            + " error="
                            + e
                            + ". Check the path and its permissions.",
                    e);
        } finally {
            if (!opened && lock != null) {
                closeLock(lock);
            }
        }
    }

    private static void requireEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Path fileName = entry.getFileName();
                String name = fileName == null ? "" : fileName.toString();
                if (!REMAINDERS.contains(name)) {
                    throw new DataFolderException(
                            Reason.NOT_OURS,
                            "The folder is not a data folder: folder="
                                    + folder
                                    + " missing="
                                    + SYSTEM_FILE
                                    + " found="
                                    + name
                                    + ". Name an empty folder, or one that the engine created.",
                            null);
                }
            }
        }
    }

    /**
     * Only the default file system has other processes; a simulated one belongs to this engine
     * alone.
     */
    private static @Nullable FileChannel lockFolder(Path folder) throws IOException {
        if (!folder.getFileSystem().equals(FileSystems.getDefault())) {
            return null;
        }
        FileChannel channel =
                FileChannel.open(
                        folder.resolve(LOCK_FILE),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        FileLock held = null;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            throw locked(folder, "this process", e);
        } finally {
            if (held == null) {
                channel.close();
            }
        }
        if (held == null) {
            throw locked(folder, "another process", null);
        }
        return channel;
    }

    private static DataFolderException locked(
            Path folder, String holder, @Nullable Throwable cause) {
        return new DataFolderException(
                Reason.LOCKED,
                "The data folder is in use: folder="
                        + folder
                        + " holder="
                        + holder
                        + ". Close the other engine first.",
                cause);
    }

    private static void createSystemTablespace(Path folder, int pageSize, boolean logged)
            throws IOException {
        Path temporary = folder.resolve(NEW_SYSTEM_FILE);
        Files.deleteIfExists(temporary);
        try (FileChannel channel = createFile(temporary)) {
            writeNewSpace(channel, pageSize, 0, SYSTEM_PAGES, logged, true);
        }
        Files.move(temporary, folder.resolve(SYSTEM_FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    private static FileChannel createFile(Path path) throws IOException {
        return FileChannel.open(
                path,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    private static void writeNewSpace(
            FileChannel channel,
            int pageSize,
            int spaceId,
            int pages,
            boolean logged,
            boolean fsync)
            throws IOException {
        ByteBuffer content = ByteBuffer.allocate(pages * pageSize);
        ByteBuffer header = content.slice(0, pageSize);
        FspHeader.initialise(header, spaceId, pages, spaceId == 0 ? 1 : 0);
        header.putInt(FspHeader.LOGGED, logged ? 1 : 0);
        PageChecksum.stamp(header);
        ByteBuffer bitmap = content.slice(FspHeader.IBUF_BITMAP_PAGE_NO * pageSize, pageSize);
        PageId bitmapId = new PageId(spaceId, FspHeader.IBUF_BITMAP_PAGE_NO);
        PageHeader.initialise(bitmap, bitmapId, PageType.IBUF_BITMAP);
        PageChecksum.stamp(bitmap);
        while (content.hasRemaining()) {
            channel.write(content, content.position());
        }
        if (fsync) {
            channel.force(true);
        }
    }

    /** A tablespace file in the folder. */
    public record Found(int spaceId, String name) {}

    Path dir() {
        return dir;
    }

    /** The files with a tablespace header; any other file is left alone. */
    List<Found> tablespaceFiles() {
        List<Found> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir)) {
            for (Path entry : entries) {
                Path fileName = entry.getFileName();
                String name = fileName == null ? "" : fileName.toString();
                if (name.endsWith(SUFFIX) && Files.isRegularFile(entry)) {
                    int spaceId = readSpaceId(entry);
                    if (spaceId > 0) {
                        found.add(
                                new Found(
                                        spaceId,
                                        name.substring(0, name.length() - SUFFIX.length())));
                    }
                }
            }
        } catch (IOException e) {
            throw new EngineIoException("list", dir.toString(), 0, 0, e);
        }
        found.sort(Comparator.comparingInt(Found::spaceId));
        return found;
    }

    /** The id in the header, or 0 when the file is no tablespace. */
    private static int readSpaceId(Path file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(FspHeader.END);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (header.hasRemaining() && channel.read(header, header.position()) > 0) {}
        }
        return !header.hasRemaining() && header.getLong(FspHeader.MAGIC) == FspHeader.MAGIC_VALUE
                ? header.getInt(FspHeader.SPACE_ID)
                : 0;
    }

    /** The id in the header of the file of that name; 0 when there is no such tablespace file. */
    int idInFile(String name) {
        Path file = fileOf(name);
        try {
            return Files.isRegularFile(file) ? readSpaceId(file) : 0;
        } catch (IOException e) {
            throw new EngineIoException("read", file.toString(), 0, FspHeader.END, e);
        }
    }

    /** Whether this call of open made the folder. */
    boolean isNew() {
        return created;
    }

    Path systemFile() {
        return dir.resolve(SYSTEM_FILE);
    }

    /**
     * The file of a tablespace.
     *
     * @throws EngineException when the name leads out of the folder
     */
    Path fileOf(String name) {
        Path path = dir.resolve(name + SUFFIX).normalize();
        if (!path.startsWith(dir) || name.isEmpty() || name.endsWith("/")) {
            throw new EngineException(
                    "Not a tablespace name: name="
                            + name
                            + ". Use a name, or folder/name, inside the data folder.");
        }
        return path;
    }

    /**
     * Creates the file of a new tablespace: header page, bitmap page and empty pages, durable
     * (fil_ibd_create).
     */
    FilNode createTablespaceFile(int spaceId, Path path, boolean fsync) throws IOException {
        Path parent = path.getParent();
        if (parent != null && !parent.equals(dir)) {
            Files.createDirectories(parent);
        }
        FileChannel channel = createFile(path);
        boolean written = false;
        try {
            writeNewSpace(channel, pageSize, spaceId, TABLE_PAGES, false, fsync);
            written = true;
        } finally {
            if (!written) {
                channel.close();
                Files.deleteIfExists(path);
            }
        }
        FilNode node = new FilNode(path, fsync);
        node.adopt(channel, TABLE_PAGES);
        return node;
    }

    void unlock() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }

    private static void closeLock(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new DataFolderException(
                    Reason.IO, "The lock file cannot be closed: error=" + e + ".", e);
        }
    }
}
