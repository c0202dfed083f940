package org.selvage.engine.tablespace;

import org.selvage.engine.EngineConfig;

/**
 * The protocol of MySQL 8.0.23 (WL#14100): the buffer pool is not swept.
 *
 * <pre>
 * ALIVE        stop_new_ops is set, under the fil_system mutex
 * STOPPING     wait until n_pending_ops is 0, then until no I/O is pending, looking every 20 ms
 * QUIET        the deletion is logged and durable
 *              the tablespace is marked deleted: from here on every request is refused
 * DELETED      wait, yielding, until no I/O is pending
 *              leave the maps, close the file, unlink it
 * GONE
 * </pre>
 *
 * <p>Pages of the tablespace that are still in the buffer pool are stale: a dirty one is dropped
 * when the page cleaner comes to it, a clean one when it ages out. The server tells them by a
 * version number and a count of references that each page holds on its tablespace, since it uses
 * ids again for temporary and undo tablespaces. This engine never uses an id again, so a page is
 * stale when its tablespace is marked or no longer known, and needs neither.
 *
 * <p>The file of a dropped table is unlinked after the commit, from a DDL log ({@code
 * dictionary.DdlLog}); in this engine that holds for every protocol. The background merge asks for
 * silence (8.0.21).
 */
public final class Mysql8023 extends PendingOperationsProtocol {
    Mysql8023(FilSystem fil, TablespaceDeletion deletion) {
        super(fil, deletion);
    }

    @Override
    public String name() {
        return EngineConfig.MYSQL_8_0_23;
    }

    @Override
    public boolean mergeReadIgnoresMissingSpace() {
        return true;
    }

    @Override
    public void deleteTablespace(int spaceId) {
        FilSpace space = deletion.stopNewOperations(spaceId);
        deletion.waitForPendingOperations(space);
        deletion.waitForPendingIo(space);
        deletion.becomeQuiet(space);
        deletion.logDeletion(space);
        deletion.markDeleted(space);
        deletion.waitForPendingIo(space);
        deletion.detach(space);
        deletion.waitForCompletions(space);
        deletion.unlink(space);
        deletion.gone(space);
    }
}
