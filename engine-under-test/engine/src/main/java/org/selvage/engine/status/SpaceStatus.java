package org.selvage.engine.status;

/**
 * A tablespace in the tablespace cache.
 *
 * @param id tablespace id
 * @param name name of the table, or of the system tablespace
 * @param pages size in pages
 * @param pendingOperations n_pending_ops: merges that announced themselves and have not ended
 * @param stopping stop_new_ops: a drop has begun
 */
public record SpaceStatus(
        int id, String name, int pages, int pendingOperations, boolean stopping) {}
