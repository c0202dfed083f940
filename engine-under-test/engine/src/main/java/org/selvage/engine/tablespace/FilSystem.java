package org.selvage.engine.tablespace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.DataFolderException;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.EngineException;
import org.selvage.engine.EngineIoException;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.PageOutOfBoundsException;
import org.selvage.engine.TablespaceExistsException;
import org.selvage.engine.TablespaceMissingException;
import org.selvage.engine.aio.AioArray;
import org.selvage.engine.aio.AioArrayStats;
import org.selvage.engine.aio.AioResult;
import org.selvage.engine.aio.IoType;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageChecksum;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.sync.LatchOrder;

/**
 * All tablespaces of an engine and the I/O on their pages (fil_system, fil0fil.cc).
 *
 * <p>One mutex guards the two maps, the counters of {@link FilSpace} and {@link FilNode}, and the
 * opening and closing of files. It is never held during a read, a write or an fsync of pages, and
 * no other mutex is taken while it is held, except those inside the operating system. {@code
 * node.pending} is above zero from the moment a request passed the checks of {@link #io} until its
 * file operation is over, and keeps the file open.
 *
 * <p>A tablespace id is given out once ({@code Fsp.assignSpaceId}), so clean pages of a deleted
 * tablespace that are still in the buffer pool can never be taken for pages of another.
 */
public final class FilSystem {
    private final DataFolder folder;
    private final ErrorLog log;
    private final int pageSize;
    private final boolean fsync;

    /** Whether completion callbacks hold a reference on the space (MariaDB 10.1.23 and later). */
    private final boolean countsCompletions;

    /** Whether a request holds a reference until its completion is over (MariaDB 10.6). */
    private final boolean countsReferences;

    /** Whether pages of a deleted tablespace stay in the pool until somebody meets them. */
    private final boolean dropsStalePages;

    private final LatchOrder latchOrder;
    private final SpaceRegistry registry;

    /** The registry's, which also guards the counters of the files. */
    private final ReentrantLock mutex;

    private final FilNodes nodes;
    private final AioArray reads;
    private final AioArray ibufReads;
    private final AioArray writes;
    private final List<Thread> ioThreads = new ArrayList<>();
    private long syncReads;
    private long syncWrites;
    private long flushedLsn;
    private boolean logged;
    private boolean closed;

    /** What killed an I/O handler thread; every later request is refused with it. */
    private @Nullable Throwable handlerFailure;

    private FilSystem(DataFolder folder, EngineConfig config, ErrorLog log) {
        this.folder = folder;
        this.log = log;
        this.pageSize = config.pageSize();
        this.fsync = config.durability().fsync();
        this.latchOrder = config.latchOrderCheck() ? LatchOrder.checked() : LatchOrder.OFF;
        this.registry = new SpaceRegistry(latchOrder);
        this.mutex = registry.mutex();
        this.nodes =
                new FilNodes(registry, pageSize, config.maxOpenFiles(), log, this::requireUsable);
        String protocol = config.deleteProtocol();
        this.countsCompletions =
                protocol.equals(EngineConfig.MARIADB_10_2_9)
                        || protocol.equals(EngineConfig.MYSQL_8_0_23);
        this.dropsStalePages =
                protocol.equals(EngineConfig.MYSQL_8_0_23)
                        || protocol.equals(EngineConfig.MARIADB_10_6_16);
        this.countsReferences = protocol.equals(EngineConfig.MARIADB_10_6_16);
        int slots = config.slotsPerThread();
        this.reads = new AioArray("read", config.readThreads(), slots, pageSize);
        this.ibufReads = new AioArray("ibuf", 1, slots, pageSize);
        this.writes = new AioArray("write", config.writeThreads(), slots, pageSize);
    }

    /**
     * Opens a data folder, or makes one in an empty or missing folder, and opens its system
     * tablespace. Only synchronous I/O is possible before {@link #startIoThreads}.
     *
     * @throws DataFolderException when the folder is not the engine's, has another page size or
     *     format version, or is in use
     */
    public static FilSystem open(Path dir, EngineConfig config, ErrorLog log) {
        return open(dir, config, log, folder -> {});
    }

    /**
     * As {@link #open(Path, EngineConfig, ErrorLog)}.
     *
     * @param prepare makes the other files of a new folder, before the system tablespace is there
     */
    public static FilSystem open(
            Path dir, EngineConfig config, ErrorLog log, Consumer<Path> prepare) {
        DataFolder folder =
                DataFolder.open(dir, config.pageSize(), config.durability().redoLog(), prepare);
        boolean opened = false;
        try {
            FilSystem fil = new FilSystem(folder, config, log);
            fil.openSystemTablespace();
            opened = true;
            return fil;
        } finally {
            if (!opened) {
                unlock(folder);
            }
        }
    }

    /** The order in which the engine's latches are taken. */
    public LatchOrder latchOrder() {
        return latchOrder;
    }

    private void openSystemTablespace() {
        FilNode node = new FilNode(folder.systemFile(), fsync);
        registry.add(new FilSpace(0, "innodb_system", node));
        boolean usable = false;
        try {
            ByteBuffer header = node.open(0, pageSize);
            logged = header.getInt(FspHeader.LOGGED) != 0;
            if (!logged) {
                // Else a torn page is restored first, and looked at in verifySystemHeader.
                PageChecksum.verify(header, node.path().toString(), new PageId(0, 0));
            }
            flushedLsn =
                    Math.max(header.getLong(PageHeader.FLUSH_LSN), header.getLong(PageHeader.LSN));
            usable = true;
        } catch (IOException e) {
            throw node.failed("open", 0, 0, e);
        } finally {
            if (!usable) {
                closeQuietly(node);
            }
        }
    }

    /** After an error that says more than one of the close could. */
    private void closeQuietly(FilNode node) {
        try {
            node.close();
        } catch (IOException e) {
            log.error("A tablespace file cannot be closed: " + e);
        }
    }

    private static void unlock(DataFolder folder) {
        try {
            folder.unlock();
        } catch (IOException e) {
            throw new DataFolderException(
                    DataFolderException.Reason.IO,
                    "The data folder cannot be unlocked: error=" + e + ".",
                    e);
        }
    }

    /**
     * Starts the I/O handler threads: one for the change buffer's reads, the configured numbers for
     * others.
     */
    public void startIoThreads() {
        startIoThreads(ibufReads);
        startIoThreads(reads);
        startIoThreads(writes);
    }

    private void startIoThreads(AioArray array) {
        for (int segment = 0; segment < array.segments(); segment++) {
            IoHandler handler = new IoHandler(this, array, segment, log);
            Thread thread = new Thread(handler, "io-" + array.name() + "-" + segment);
            thread.setDaemon(true);
            ioThreads.add(thread);
            thread.start();
        }
    }

    ErrorLog errorLog() {
        return log;
    }

    /** Whether {@link #open} made the data folder. */
    public boolean isNew() {
        return folder.isNew();
    }

    /** Whether the folder has a redo log. */
    public boolean isLogged() {
        return logged;
    }

    /** The data folder. */
    public Path dir() {
        return folder.dir();
    }

    /** Makes every tablespace file in the folder known, by the id in its header, for recovery. */
    public void registerFiles() {
        for (DataFolder.Found found : folder.tablespaceFiles()) {
            if (lookup(found.spaceId()) == null) {
                register(found.spaceId(), found.name());
            }
        }
    }

    /** Closes and forgets every tablespace but the system's; the dictionary says which stay. */
    public void forgetFiles() {
        for (FilSpace space : spaces()) {
            if (space.id() != 0) {
                forget(space.id());
            }
        }
    }

    /** Closes and forgets a tablespace that nobody uses; its file stays. */
    public void forget(int spaceId) {
        FilSpace space = lookup(spaceId);
        if (space != null) {
            detach(space);
        }
    }

    /** The tablespace files in the folder, by the id in their headers. */
    public List<DataFolder.Found> files() {
        return folder.tablespaceFiles();
    }

    /** The tablespace id in the header of the file of that name; 0 when there is none. */
    public int idInFile(String name) {
        return folder.idInFile(name);
    }

    /** Removes a file that belongs to no table; it may be gone. */
    public void deleteFile(String name) {
        Path path = folder.fileOf(name);
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new EngineIoException("delete", path.toString(), 0, 0, e);
        }
    }

    /** Gives a file that no tablespace has open another name; there is none of that name. */
    public void moveFile(String from, String to) {
        Path source = folder.fileOf(from);
        try {
            Files.move(source, folder.fileOf(to), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new EngineIoException("rename", source.toString(), 0, 0, e);
        }
    }

    /**
     * Checks page 0 of the system tablespace, which is read in part when the folder is opened, once
     * a torn one has been restored.
     *
     * @throws org.selvage.engine.CorruptPageException when it is not what was written
     */
    public void verifySystemHeader() {
        PageId id = new PageId(0, 0);
        ByteBuffer page = ByteBuffer.allocate(pageSize);
        io(IoRequest.READ_SYNC, id, page, null);
        PageChecksum.verify(page, fileName(0), id);
    }

    /** Bytes in a page. */
    public int pageSize() {
        return pageSize;
    }

    /** Where the log sequence number went on at the last clean shutdown; 0 in a new folder. */
    public long flushedLsn() {
        return flushedLsn;
    }

    // ---- the maps ----

    /**
     * Creates the tablespace's file and registers it (fil_ibd_create).
     *
     * @param spaceId an id that was never used before in this folder
     * @throws EngineException when the id or the name is taken or the file exists
     */
    public FilSpace create(int spaceId, String name) {
        Path path = folder.fileOf(name);
        registry.requireUnused(spaceId, name);
        try {
            FilNode node = folder.createTablespaceFile(spaceId, path, fsync);
            FilSpace space = new FilSpace(spaceId, name, node);
            mutex.lock();
            try {
                nodes.makeRoom();
                registry.add(space);
                nodes.opened(node);
            } finally {
                mutex.unlock();
            }
            return space;
        } catch (IOException e) {
            throw new EngineIoException("create", path.toString(), 0, 0, e);
        }
    }

    /** Makes an existing tablespace known. Its file is opened and checked at the first use. */
    public FilSpace register(int spaceId, String name) {
        registry.requireUnused(spaceId, name);
        FilSpace space = new FilSpace(spaceId, name, new FilNode(folder.fileOf(name), fsync));
        registry.add(space);
        return space;
    }

    /**
     * Gives a tablespace and its file another name (fil_space_t::rename). Reads, writes and merges
     * go on meanwhile: the file stays open.
     *
     * @throws TablespaceExistsException when there is a tablespace or a file of that name
     */
    public void rename(int spaceId, String name) {
        Path path = folder.fileOf(name);
        mutex.lock();
        try {
            requireUsable();
            FilSpace space = registry.get(spaceId);
            if (space == null) {
                throw missing(spaceId);
            }
            if (registry.lookup(name) != null || Files.exists(path)) {
                throw new TablespaceExistsException(name, path.toString());
            }
            FilNode node = space.node();
            try {
                Files.move(node.path(), path, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw node.failed("rename", 0, 0, e);
            }
            node.moved(path);
            registry.rename(space, name);
        } finally {
            mutex.unlock();
        }
    }

    /** The path of the file that a tablespace of that name has, or would have. */
    public Path pathOf(String name) {
        return folder.fileOf(name);
    }

    /** The tablespace with that id, also while it is being deleted; null when there is none. */
    public @Nullable FilSpace lookup(int spaceId) {
        return registry.lookup(spaceId);
    }

    /** The tablespace with that name, also while it is being deleted; null when there is none. */
    public @Nullable FilSpace lookup(String name) {
        return registry.lookup(name);
    }

    /** A copy of the list of all tablespaces, in the order they were registered. */
    public List<FilSpace> spaces() {
        return registry.spaces();
    }

    /**
     * Size in pages (fil_space_get_size); 0 when the tablespace or its file is missing. Does not
     * look at the stop flag: a tablespace that is being deleted still has its size.
     */
    public int size(int spaceId) {
        mutex.lock();
        try {
            FilSpace space = registry.get(spaceId);
            return space == null || !nodes.open(space) ? 0 : space.node().sizePages;
        } finally {
            mutex.unlock();
        }
    }

    /** The file of a tablespace, for messages. */
    public String fileName(int spaceId) {
        FilSpace space = lookup(spaceId);
        return space == null ? "(deleted)" : space.node().path().toString();
    }

    /** Says why pages of the tablespace cannot be read: it is unknown or its file is missing. */
    public TablespaceMissingException missing(int spaceId) {
        FilSpace space = lookup(spaceId);
        String evidence =
                space == null
                        ? " known=false. The table was dropped: stop using it."
                        : " name="
                                + space.name()
                                + " file="
                                + space.node().path()
                                + " stopping="
                                + space.isStopping()
                                + ". Put the file back, or drop the table.";
        return new TablespaceMissingException(
                spaceId, "The tablespace is missing: space=" + spaceId + evidence);
    }

    /** Looks the tablespace up and counts an operation on it, unless it is being deleted. */
    @Nullable FilSpace acquire(int spaceId) {
        return registry.acquire(spaceId);
    }

    // ---- reading and writing pages ----

    /**
     * Reads or writes one page (fil_io).
     *
     * <ol>
     *   <li>Under the mutex: a missing tablespace, or an asynchronous read of one that is being
     *       deleted, is answered with TABLESPACE_DELETED. Writes and synchronous reads pass until
     *       the tablespace is detached.
     *   <li>A page outside the file is an error.
     *   <li>Still under the mutex the request is counted in {@code node.pending}. This re-check and
     *       the count are one critical section, so a deleter that saw no pending request can rely
     *       on none coming (Bug#14594600).
     *   <li>A synchronous request is done here; an asynchronous one is queued, and the handler
     *       thread counts it off before it calls the completion.
     * </ol>
     *
     * @param buffer position to limit is one page; the caller leaves it alone until the request is
     *     over
     * @param completion called by the handler thread; only for asynchronous requests
     * @throws PageOutOfBoundsException when the page is outside the tablespace and the request does
     *     not ignore that
     * @throws EngineIoException when a synchronous file operation fails
     */
    public IoResult io(
            IoRequest request, PageId id, ByteBuffer buffer, @Nullable IoCompletion completion) {
        FilNode node = null;
        FilSpace space;
        IoResult result;
        mutex.lock();
        try {
            requireUsable();
            space = registry.get(id.spaceId());
            if (space == null || refuses(space, request)) {
                result = IoResult.TABLESPACE_DELETED;
            } else if (!nodes.open(space)) {
                result = IoResult.TABLESPACE_DELETED;
                node = space.node();
            } else {
                node = space.node();
                result = checkBounds(request, id, space);
                if (result == IoResult.SUCCESS && !addReference(space, request)) {
                    result = IoResult.TABLESPACE_DELETED;
                    node = null;
                }
                if (result == IoResult.SUCCESS && node != null) {
                    prepareForIo(node, request);
                }
            }
        } finally {
            mutex.unlock();
        }
        if (result == IoResult.TABLESPACE_DELETED && !isSilent(request)) {
            logMissing(request, id, buffer.remaining(), node != null);
        }
        if (result == IoResult.SUCCESS && space != null && node != null) {
            submit(request, id, buffer, completion, space, node);
        }
        return result;
    }

    /** Without a sweep it is the page cleaner that finds out that a page's tablespace is gone. */
    private boolean isSilent(IoRequest request) {
        return request.ignoreMissing() || (dropsStalePages && request.type() == IoType.WRITE);
    }

    private boolean addReference(FilSpace space, IoRequest request) {
        return !countsReferences
                || space.references()
                        .acquire(
                                request.type() == IoType.READ
                                        ? SpaceReferences.STOPPING_READS
                                        : SpaceReferences.STOPPING_WRITES);
    }

    private void dropReference(FilSpace space) {
        if (countsReferences) {
            space.references().release();
        }
    }

    /** Looks the tablespace up and adds a reference, unless it is being deleted. */
    @Nullable FilSpace acquireReference(int spaceId) {
        mutex.lock();
        try {
            FilSpace space = registry.get(spaceId);
            return space != null && space.references().acquire(SpaceReferences.STOPPING_READS)
                    ? space
                    : null;
        } finally {
            mutex.unlock();
        }
    }

    /** From here on every request on the tablespace is refused. */
    void markDeleted(FilSpace space) {
        mutex.lock();
        try {
            space.deleted = true;
        } finally {
            mutex.unlock();
        }
    }

    private void requireUsable() {
        if (closed) {
            throw new EngineException("The engine is closed. Open it again.");
        }
        if (handlerFailure != null) {
            throw new EngineException(
                    "An I/O handler thread died, the engine cannot go on: error="
                            + handlerFailure
                            + ". Close the engine and open it again.",
                    handlerFailure);
        }
    }

    /**
     * For who waits for asynchronous requests.
     *
     * @throws EngineException when a handler thread has died, so that some of them never end
     */
    public void requireHandlers() {
        mutex.lock();
        try {
            requireUsable();
        } finally {
            mutex.unlock();
        }
    }

    private static boolean refuses(FilSpace space, IoRequest request) {
        boolean asyncRead = request.type() == IoType.READ && !request.sync();
        boolean stopping = space.pendingOperations().isStopping() && !space.beingTruncated;
        return space.deleted || (asyncRead && stopping);
    }

    private static IoResult checkBounds(IoRequest request, PageId id, FilSpace space) {
        FilNode node = space.node();
        if (id.pageNo() >= 0 && id.pageNo() < node.sizePages) {
            return IoResult.SUCCESS;
        }
        if (request.ignoreMissing()) {
            return IoResult.ERROR;
        }
        if (space.beingTruncated && request.type() == IoType.READ) {
            return IoResult.TABLESPACE_TRUNCATED;
        }
        throw new PageOutOfBoundsException(
                request.type().text(), id, node.path().toString(), node.sizePages);
    }

    /** Counts the request; from here the file stays open (fil_node_prepare_for_io). */
    private void prepareForIo(FilNode node, IoRequest request) {
        node.pending++;
        nodes.used(node);
        if (request.sync()) {
            switch (request.type()) {
                case READ -> syncReads++;
                case WRITE -> syncWrites++;
            }
        }
    }

    private void logMissing(IoRequest request, PageId id, int length, boolean spaceKnown) {
        if (countsReferences && !spaceKnown) {
            log.note("trying to read page " + id + " in nonexisting or being-dropped tablespace");
            return;
        }
        String what =
                spaceKnown
                        ? "Trying to do I/O to a tablespace which exists without .ibd data file."
                        : "Trying to do I/O to a tablespace which does not exist.";
        log.error(
                what
                        + " I/O type: "
                        + request.type().text()
                        + ", page: "
                        + id
                        + ", I/O length: "
                        + length
                        + " bytes");
    }

    private void submit(
            IoRequest request,
            PageId id,
            ByteBuffer buffer,
            @Nullable IoCompletion completion,
            FilSpace space,
            FilNode node) {
        long offset = (long) id.pageNo() * pageSize;
        if (request.sync()) {
            performSync(request.type(), buffer, offset, space, node);
            return;
        }
        if (completion == null) {
            throw new IllegalArgumentException("An asynchronous request needs a completion");
        }
        boolean queued = false;
        try {
            AsyncIo message = new AsyncIo(space, completion);
            arrayFor(request).submit(request.type(), node, offset, buffer, message);
            queued = true;
        } finally {
            if (!queued) {
                completeIo(space, node, request.type(), false);
                dropReference(space);
            }
        }
    }

    private AioArray arrayFor(IoRequest request) {
        return switch (request.type()) {
            case READ -> request.ibuf() ? ibufReads : reads;
            case WRITE -> writes;
        };
    }

    private void performSync(
            IoType type, ByteBuffer buffer, long offset, FilSpace space, FilNode node) {
        int length = buffer.remaining();
        try {
            switch (type) {
                case READ -> node.read(buffer, offset);
                case WRITE -> node.write(buffer, offset);
            }
        } catch (IOException e) {
            throw node.failed(type.text(), offset, length, e);
        } finally {
            completeIo(space, node, type, false);
            dropReference(space);
        }
    }

    /** What travels with an asynchronous request through the slot array. */
    private record AsyncIo(FilSpace space, IoCompletion completion) {}

    /**
     * Performs and completes one asynchronous request (fil_aio_wait). The pending count falls
     * before the completion runs: a merge that the completion does is not protected by it, which is
     * what the pending operations of the space are for.
     *
     * @return false when the array was shut down and nothing is left
     */
    boolean aioWait(AioArray array, int segment) {
        AioResult result = array.waitForCompletion(segment);
        if (result == null) {
            return false;
        }
        AsyncIo io = (AsyncIo) result.message();
        FilNode node = (FilNode) result.file();
        IOException error = result.error();
        EngineException failure =
                error == null
                        ? null
                        : node.failed(
                                result.type().text(), result.offset(), result.length(), error);
        completeIo(io.space(), node, result.type(), countsCompletions);
        try {
            io.completion().complete(result.type(), failure);
        } finally {
            if (countsCompletions) {
                io.space().pendingCompletions().decrementAndGet();
            }
            dropReference(io.space());
        }
        return true;
    }

    /** Counts a request off (fil_node_complete_io). */
    private void completeIo(FilSpace space, FilNode node, IoType type, boolean completionFollows) {
        mutex.lock();
        try {
            assert !space.detached : "I/O on a deleted tablespace: space=" + space.id();
            assert node.pending > 0 : "No pending I/O: space=" + space.id();
            if (completionFollows) {
                space.pendingCompletions().incrementAndGet();
            }
            node.pending--;
            if (type == IoType.WRITE) {
                nodes.written(node);
            }
        } finally {
            mutex.unlock();
        }
    }

    void handlerDied(Throwable cause) {
        mutex.lock();
        try {
            if (handlerFailure == null) {
                handlerFailure = cause;
            }
        } finally {
            mutex.unlock();
        }
    }

    // ---- growing and flushing files ----

    /** Makes the file at least that many pages long; new pages are zeros (fil_space_extend). */
    public void extend(int spaceId, int sizePages) {
        nodes.extend(spaceId, sizePages);
    }

    /**
     * Makes all completed writes of a tablespace durable (fil_flush). Does nothing for a tablespace
     * that is missing or being deleted, or that has no writes since the last call.
     */
    public void flush(int spaceId) {
        nodes.flush(spaceId);
    }

    /** As {@link #flush}, and also what an earlier process wrote to the open file. */
    public void flushEarlierWrites(int spaceId) {
        nodes.flushEarlierWrites(spaceId);
    }

    /** Makes the completed writes of all tablespaces durable (fil_flush_file_spaces). */
    public void flushFileSpaces() {
        for (FilSpace space : spaces()) {
            flush(space.id());
        }
    }

    /**
     * Records in the system tablespace where the log goes on after a clean shutdown
     * (fil_write_flushed_lsn). To be called after the last page was written.
     */
    public void writeFlushedLsn(long lsn) {
        PageId id = new PageId(0, 0);
        ByteBuffer page = ByteBuffer.allocate(pageSize);
        io(IoRequest.READ_SYNC, id, page, null);
        PageChecksum.verify(page, fileName(0), id);
        page.putLong(PageHeader.FLUSH_LSN, lsn);
        PageChecksum.stamp(page);
        io(IoRequest.WRITE_SYNC, id, page.clear(), null);
        flush(0);
    }

    // ---- the steps of deleting a tablespace that need the mutex ----

    /**
     * Looks the tablespace up and refuses new operations on it, in one critical section.
     *
     * @param stop how: false when another thread did so before
     */
    FilSpace stop(int spaceId, Predicate<FilSpace> stop) {
        return registry.stop(spaceId, stop);
    }

    /** Operations that were acquired and not released. */
    int pendingOperations(FilSpace space) {
        return registry.pendingOperations(space);
    }

    /** Reads, writes and fsyncs in progress on the tablespace's file (fil_check_pending_io). */
    int pendingIo(FilSpace space) {
        mutex.lock();
        try {
            int pending = space.pendingFlushes + space.node().pending;
            assert pending > 0 || !space.node().beingExtended;
            return pending;
        } finally {
            mutex.unlock();
        }
    }

    /** Takes the tablespace out of the maps and closes its file (fil_space_detach). */
    void detach(FilSpace space) {
        mutex.lock();
        try {
            space.requireUnused();
            registry.remove(space);
            nodes.close(space.node());
        } catch (IOException e) {
            throw space.node().failed("close", 0, 0, e);
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Marks the tablespace as being truncated, or not any more; asynchronous reads then pass the
     * stop flag.
     */
    void setBeingTruncated(FilSpace space, boolean truncated) {
        mutex.lock();
        try {
            space.beingTruncated = truncated;
        } finally {
            mutex.unlock();
        }
    }

    // ---- figures and closing ----

    public AioArrayStats readStats() {
        return reads.stats();
    }

    public AioArrayStats ibufReadStats() {
        return ibufReads.stats();
    }

    public AioArrayStats writeStats() {
        return writes.stats();
    }

    /** Synchronous page reads, synchronous page writes and fsyncs since the folder was opened. */
    public SyncIoCounts syncIoCounts() {
        mutex.lock();
        try {
            return new SyncIoCounts(syncReads, syncWrites, nodes.flushes());
        } finally {
            mutex.unlock();
        }
    }

    /** Files of tablespaces that are open, the system's not counted (Innodb_num_open_files). */
    public int openFiles() {
        mutex.lock();
        try {
            return nodes.openFiles();
        } finally {
            mutex.unlock();
        }
    }

    /** Counts of operations that did not go through a slot array. */
    public record SyncIoCounts(long reads, long writes, long fsyncs) {}

    /**
     * Finishes the requests that are queued, stops the handler threads, closes the files and
     * unlocks the folder. Pages that are dirty in the buffer pool are not written.
     */
    public void close() {
        reads.shutdown();
        ibufReads.shutdown();
        writes.shutdown();
        joinIoThreads();
        mutex.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            for (FilSpace space : registry.spaces()) {
                space.node().close();
            }
        } catch (IOException e) {
            log.error("A tablespace file cannot be closed: " + e);
        } finally {
            mutex.unlock();
        }
        unlock(folder);
    }

    private void joinIoThreads() {
        boolean interrupted = false;
        for (Thread thread : ioThreads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
