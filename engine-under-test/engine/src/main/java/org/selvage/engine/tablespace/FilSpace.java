package org.selvage.engine.tablespace;

import java.util.concurrent.atomic.AtomicInteger;
import org.selvage.engine.ValidationException;

/**
 * A tablespace in memory (fil_space_t). It has exactly one file.
 *
 * <p>The plain fields are guarded by the mutex of {@link FilSystem}. A space whose file was deleted
 * stays {@code detached}: InnoDB frees the memory there, so every use after that point is an error
 * that assertions look for.
 */
public final class FilSpace {
    private final int id;

    /** Changes under the mutex, while the table's metadata lock keeps deletions away. */
    private String name;

    private final FilNode node;
    private final PendingOperations pendingOperations = new PendingOperations();

    /** Used by the protocol of MariaDB 10.6.16 in place of all other counters. */
    private final SpaceReferences references = new SpaceReferences();

    /** Completion callbacks running for this space (n_pending_ios of MariaDB 10.1.23 and later). */
    private final AtomicInteger pendingCompletions = new AtomicInteger();

    /** Calls of fsync in progress (n_pending_flushes). */
    int pendingFlushes;

    /** Asynchronous reads pass again although the space is stopping (is_being_truncated). */
    boolean beingTruncated;

    /** Every request is refused (fil_space_t::m_deleted of MySQL 8.0.23). */
    boolean deleted;

    /** End LSN of the log record of its deletion, 0 before; of the thread that deletes it. */
    long deletionLsn;

    /** No longer in the maps of FilSystem; its file is closed. */
    boolean detached;

    FilSpace(int id, String name, FilNode node) {
        this.id = id;
        this.name = name;
        this.node = node;
    }

    public int id() {
        return id;
    }

    /** Name without the ending of the file, for example "t1"; RENAME TABLE changes it. */
    public String name() {
        return name;
    }

    void rename(String other) {
        name = other;
    }

    /** stop_new_ops and n_pending_ops. */
    public PendingOperations pendingOperations() {
        return pendingOperations;
    }

    SpaceReferences references() {
        return references;
    }

    /** Whether the tablespace is being deleted, by whatever protocol. */
    public boolean isStopping() {
        return pendingOperations.isStopping() || references.isSet(SpaceReferences.STOPPING_READS);
    }

    AtomicInteger pendingCompletions() {
        return pendingCompletions;
    }

    FilNode node() {
        return node;
    }

    /**
     * Who still counted on the tablespace would use what is given up after this. REQUIRES: the
     * mutex of FilSystem.
     *
     * @throws ValidationException when somebody does
     */
    void requireUnused() {
        int operations = pendingOperations.count() + references.count();
        if (operations != 0 || node.pending != 0 || pendingFlushes != 0) {
            throw new ValidationException(
                    "a tablespace is given up while it is in use",
                    "space="
                            + id
                            + " n_pending_ops="
                            + operations
                            + " n_pending="
                            + node.pending
                            + " n_pending_flushes="
                            + pendingFlushes);
        }
    }
}
