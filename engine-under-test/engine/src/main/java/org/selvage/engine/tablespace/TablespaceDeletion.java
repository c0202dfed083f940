package org.selvage.engine.tablespace;

import java.io.IOException;
import java.nio.file.Files;
import java.util.function.Predicate;
import org.selvage.engine.EngineException;
import org.selvage.engine.EngineIoException;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.ValidationException;
import org.selvage.engine.aio.OsThread;

/**
 * The steps that the delete protocols are made of (fil_check_pending_operations,
 * fil_delete_tablespace). No lock is held between two steps.
 */
final class TablespaceDeletion {
    /** Time between two looks at a counter. */
    private static final int POLL_MICROS = 20_000;

    /** Looks at n_pending_ops before the first warning, about 100 s. */
    private static final int OPERATIONS_WARN_ROUNDS = 5000;

    /** Looks at the pending I/O before the first warning, about 20 s. */
    private static final int IO_WARN_ROUNDS = 1000;

    /** Looks between two warnings, about 10 s. */
    private static final int WARN_AGAIN_ROUNDS = 500;

    /** Time between two looks at the completions of a detached tablespace. */
    private static final int COMPLETION_POLL_MICROS = 100;

    private final FilSystem fil;
    private final TablespaceSweep sweep;
    private final FileLog fileLog;
    private final ErrorLog log;

    TablespaceDeletion(FilSystem fil, TablespaceSweep sweep, FileLog fileLog) {
        this.fileLog = fileLog;
        this.fil = fil;
        this.sweep = sweep;
        this.log = fil.errorLog();
    }

    /** ALIVE to STOPPING: refuses new operations and asynchronous reads. */
    FilSpace stopNewOperations(int spaceId) {
        return stop(spaceId, space -> space.pendingOperations().stop());
    }

    /** ALIVE to STOPPING_READS. */
    FilSpace stopReads(int spaceId) {
        return stop(spaceId, space -> space.references().set(SpaceReferences.STOPPING_READS));
    }

    private FilSpace stop(int spaceId, Predicate<FilSpace> how) {
        if (spaceId == 0) {
            throw new EngineException("The system tablespace cannot be deleted: space=0.");
        }
        return fil.stop(spaceId, how);
    }

    /** STOPPING_READS to STOPPING_WRITES. */
    void stopWrites(FilSpace space) {
        requireLogged(space, "stop_writes");
        space.references().set(SpaceReferences.STOPPING_WRITES);
    }

    /** Waits until nobody holds a reference (fil_space_t::drop). */
    void waitForReferences(FilSpace space) {
        int rounds = 0;
        int pending = space.references().count();
        while (pending > 0) {
            warn(space, pending, "pending operations", rounds, IO_WARN_ROUNDS);
            rounds++;
            OsThread.sleepMicros(POLL_MICROS);
            pending = space.references().count();
        }
    }

    /**
     * STOPPING to DRAINED_OPS: waits for holders that may still dirty pages
     * (fil_check_pending_ops).
     */
    void waitForPendingOperations(FilSpace space) {
        int rounds = 0;
        int pending = fil.pendingOperations(space);
        while (pending > 0) {
            warn(space, pending, "pending operations", rounds, OPERATIONS_WARN_ROUNDS);
            rounds++;
            OsThread.sleepMicros(POLL_MICROS);
            pending = fil.pendingOperations(space);
        }
    }

    /**
     * DRAINED_OPS to QUIET: waits for reads, writes and fsyncs in progress (fil_check_pending_io).
     */
    void waitForPendingIo(FilSpace space) {
        int rounds = 0;
        int pending = fil.pendingIo(space);
        while (pending > 0) {
            warn(space, pending, "pending i/o's and flushes", rounds, IO_WARN_ROUNDS);
            rounds++;
            OsThread.sleepMicros(POLL_MICROS);
            pending = fil.pendingIo(space);
        }
    }

    private void warn(FilSpace space, int pending, String what, int rounds, int warnRounds) {
        if (rounds > warnRounds && (rounds - warnRounds) % WARN_AGAIN_ROUNDS == 1) {
            log.warning(
                    "Trying to delete tablespace '"
                            + space.name()
                            + "' but there are "
                            + pending
                            + " "
                            + what
                            + " on it.");
        }
    }

    /** From here on it is an error to make a page of the tablespace dirty. */
    void becomeQuiet(FilSpace space) {
        sweep.becomeQuiet(space.id());
    }

    /** Makes the tablespace's dirty pages clean, so that nothing of it is written from here on. */
    void sweepBufferPool(FilSpace space) {
        sweep.removeDirtyPages(space.id());
    }

    /** Makes the deletion durable in the redo log; the file may be removed afterwards. */
    void logDeletion(FilSpace space) {
        space.deletionLsn = fileLog.deleting(space.id(), space.name());
    }

    /**
     * Before it is durable the deletion may be taken back by a crash: then the file must be there,
     * and with it every page that a checkpoint has passed (MDEV-31826).
     *
     * @throws ValidationException when it is not logged and durable
     */
    private void requireLogged(FilSpace space, String step) {
        long durable = fileLog.durableLsn();
        if (space.deletionLsn == 0 || space.deletionLsn > durable) {
            throw new ValidationException(
                    "a tablespace's deletion is not durable before the step that relies on it",
                    "step="
                            + step
                            + " space="
                            + space.id()
                            + " deletion_lsn="
                            + space.deletionLsn
                            + " durable_lsn="
                            + durable);
        }
    }

    /** QUIET to DELETED: every request is refused from here on. */
    void markDeleted(FilSpace space) {
        requireLogged(space, "mark_deleted");
        fil.markDeleted(space);
    }

    /** Takes the tablespace out of the cache and closes its file. */
    void detach(FilSpace space) {
        fil.detach(space);
    }

    /**
     * Waits for completion callbacks that still use the detached tablespace (fil_space_free_low).
     */
    void waitForCompletions(FilSpace space) {
        while (space.pendingCompletions().get() > 0) {
            OsThread.sleepMicros(COMPLETION_POLL_MICROS);
        }
    }

    /** Removes the file; it may have been removed behind the engine's back. */
    void unlink(FilSpace space) {
        requireLogged(space, "unlink");
        try {
            Files.deleteIfExists(space.node().path());
        } catch (IOException e) {
            throw new EngineIoException("delete", space.node().path().toString(), 0, 0, e);
        }
    }

    /** The file is gone, and nobody holds a reference to the tablespace. */
    void gone(FilSpace space) {
        sweep.gone(space.id());
    }
}
