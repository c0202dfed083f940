package org.selvage.engine.tablespace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.TablespaceMissingException;
import org.selvage.engine.aio.OsThread;

/**
 * The files of the tablespaces: which are open, how they grow, and that what was written to them is
 * durable (the parts of fil0fil.cc about fil_node_t). Everything is guarded by the mutex of {@link
 * SpaceRegistry}.
 *
 * <p>At most a configured number of files is open (innodb_open_files). To open one more, the file
 * is closed that was used longest ago, among those that nobody uses and whose writes are durable
 * (fil_system.LRU, fil_try_to_close_file_in_LRU). When there is none, the limit is exceeded with a
 * warning, as in InnoDB. The system tablespace stays open and does not count.
 */
final class FilNodes {
    private static final int EXTEND_POLL_MICROS = 100_000;

    /** Zeroes that are written at once when a file grows, bytes. */
    private static final int MOST_ZEROES = 8 << 20;

    private final SpaceRegistry registry;
    private final ReentrantLock mutex;
    private final Condition flushEnded;
    private final int pageSize;
    private final int maxOpenFiles;
    private final ErrorLog log;
    private final Runnable requireUsable;
    private long clock;
    private long modificationCounter;
    private long flushes;
    private int openFiles;
    private boolean warned;

    /**
     * @param requireUsable throws when no request may begin any more
     */
    FilNodes(
            SpaceRegistry registry,
            int pageSize,
            int maxOpenFiles,
            ErrorLog log,
            Runnable requireUsable) {
        this.registry = registry;
        this.mutex = registry.mutex();
        this.flushEnded = mutex.newCondition();
        this.pageSize = pageSize;
        this.maxOpenFiles = maxOpenFiles;
        this.log = log;
        this.requireUsable = requireUsable;
    }

    /**
     * Opens the tablespace's file when it is closed; the mutex is held.
     *
     * @return false when the file is missing
     */
    boolean open(FilSpace space) {
        FilNode node = space.node();
        if (node.isOpen()) {
            return true;
        }
        makeRoom();
        try {
            node.open(space.id(), pageSize);
            opened(node);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw node.failed("open", 0, 0, e);
        }
    }

    /** Counts a file that was opened elsewhere, which must be allowed to. The mutex is held. */
    void opened(FilNode node) {
        openFiles++;
        used(node);
    }

    /** The file has a new request; the mutex is held. */
    void used(FilNode node) {
        node.lastUse = ++clock;
    }

    /** Closes a file that nobody uses; the mutex is held. */
    void close(FilNode node) throws IOException {
        if (node.isOpen()) {
            openFiles--;
            node.close();
        }
    }

    /** Closes files until another may be opened; the mutex is held. */
    void makeRoom() {
        while (openFiles >= maxOpenFiles) {
            FilNode oldest = leastRecentlyUsed();
            if (oldest == null) {
                warnOnce();
                return;
            }
            try {
                close(oldest);
            } catch (IOException e) {
                throw oldest.failed("close", 0, 0, e);
            }
        }
    }

    private void warnOnce() {
        if (!warned) {
            warned = true;
            log.warning(
                    "Too many ("
                            + openFiles
                            + ") files stay open while the maximum allowed value would be "
                            + maxOpenFiles
                            + ". You may need to raise the value of maxOpenFiles.");
        }
    }

    private @Nullable FilNode leastRecentlyUsed() {
        FilNode oldest = null;
        for (FilSpace space : registry.spaces()) {
            FilNode node = space.node();
            boolean older = oldest == null || node.lastUse < oldest.lastUse;
            if (space.id() != 0 && older && mayBeClosed(space)) {
                oldest = node;
            }
        }
        return oldest;
    }

    /** A file that is being deleted stays open: its own deletion closes it. */
    private static boolean mayBeClosed(FilSpace space) {
        FilNode node = space.node();
        return node.isOpen()
                && node.pending == 0
                && node.pendingFlushes == 0
                && space.pendingFlushes == 0
                && !node.beingExtended
                && !node.needsFlush()
                && !space.isStopping();
    }

    /** Files that are open; the mutex is held. */
    int openFiles() {
        return openFiles;
    }

    /** Counts a completed write; the mutex is held. */
    void written(FilNode node) {
        node.modificationCounter = ++modificationCounter;
    }

    /** Calls of fsync so far; the mutex is held. */
    long flushes() {
        return flushes;
    }

    /** fil_space_extend. */
    void extend(int spaceId, int sizePages) {
        FilSpace space = beginExtend(spaceId, sizePages);
        if (space == null) {
            return;
        }
        FilNode node = space.node();
        boolean extended = false;
        try {
            long offset = (long) node.sizePages * pageSize;
            long end = (long) sizePages * pageSize;
            ByteBuffer zeroes = ByteBuffer.allocate((int) Math.min(end - offset, MOST_ZEROES));
            for (; offset < end; offset += zeroes.limit()) {
                zeroes.clear().limit((int) Math.min(zeroes.capacity(), end - offset));
                node.write(zeroes, offset);
            }
            extended = true;
        } catch (IOException e) {
            throw node.failed("extend", (long) node.sizePages * pageSize, pageSize, e);
        } finally {
            endExtend(node, extended ? sizePages : node.sizePages);
        }
    }

    private @Nullable FilSpace beginExtend(int spaceId, int sizePages) {
        while (true) {
            mutex.lock();
            try {
                requireUsable.run();
                FilSpace space = registry.get(spaceId);
                if (space == null || !open(space)) {
                    throw new TablespaceMissingException(
                            spaceId, "The tablespace to extend is missing: space=" + spaceId + ".");
                }
                FilNode node = space.node();
                if (!node.beingExtended) {
                    if (node.sizePages >= sizePages) {
                        return null;
                    }
                    node.beingExtended = true;
                    node.pending++;
                    return space;
                }
            } finally {
                mutex.unlock();
            }
            OsThread.sleepMicros(EXTEND_POLL_MICROS);
        }
    }

    private void endExtend(FilNode node, int sizePages) {
        mutex.lock();
        try {
            node.sizePages = sizePages;
            node.beingExtended = false;
            node.pending--;
            written(node);
        } finally {
            mutex.unlock();
        }
    }

    /** An fsync of a file that this process may not have written to. */
    void flushEarlierWrites(int spaceId) {
        mutex.lock();
        try {
            FilSpace space = registry.get(spaceId);
            if (space != null) {
                written(space.node());
            }
        } finally {
            mutex.unlock();
        }
        flush(spaceId);
    }

    /** fil_flush. */
    void flush(int spaceId) {
        FilSpace space;
        long upTo;
        mutex.lock();
        try {
            space = registry.get(spaceId);
            if (space == null || space.isStopping() || !space.node().isOpen()) {
                return;
            }
            space.pendingFlushes++;
            upTo = space.node().modificationCounter;
            if (!beginFlush(space.node(), upTo)) {
                space.pendingFlushes--;
                return;
            }
        } finally {
            mutex.unlock();
        }
        boolean forced = false;
        try {
            space.node().force();
            forced = true;
        } catch (IOException e) {
            throw space.node().failed("fsync", 0, 0, e);
        } finally {
            endFlush(space, forced ? upTo : 0);
        }
    }

    /** Waits for another fsync of the file; then false when that one covered the writes. */
    private boolean beginFlush(FilNode node, long upTo) {
        while (node.flushCounter < upTo && node.pendingFlushes > 0) {
            flushEnded.awaitUninterruptibly();
        }
        if (node.flushCounter >= upTo) {
            return false;
        }
        node.pendingFlushes++;
        flushes++;
        return true;
    }

    private void endFlush(FilSpace space, long durableUpTo) {
        mutex.lock();
        try {
            FilNode node = space.node();
            node.flushCounter = Math.max(node.flushCounter, durableUpTo);
            node.pendingFlushes--;
            space.pendingFlushes--;
            flushEnded.signalAll();
        } finally {
            mutex.unlock();
        }
    }
}
