package org.selvage.engine.tablespace;

import org.jspecify.annotations.Nullable;

/**
 * A protocol that keeps a tablespace from going away by its count n_pending_ops and its flag
 * stop_new_ops. What differs is what {@link #deleteTablespace} waits for, and whether the merge
 * read is silent.
 */
abstract sealed class PendingOperationsProtocol implements DeleteProtocol
        permits Mysql5722, MariaDb1029, Mysql8023 {
    final FilSystem fil;
    final TablespaceDeletion deletion;

    PendingOperationsProtocol(FilSystem fil, TablespaceDeletion deletion) {
        this.fil = fil;
        this.deletion = deletion;
    }

    @Override
    public final @Nullable FilSpace acquire(int spaceId) {
        return fil.acquire(spaceId);
    }

    @Override
    public final void release(FilSpace space) {
        space.pendingOperations().release();
    }
}
