package org.selvage.engine.tablespace;

import org.selvage.engine.EngineConfig;

/**
 * The protocol of MariaDB 10.2.9. Its states are those of {@link Mysql5722}; two things differ.
 *
 * <p>The merge read asks for silence (MDEV-12741): a tablespace that began to stop after the merge
 * looked it up is answered with TABLESPACE_DELETED and no line in the error log. The merge deletes
 * the records, as before.
 *
 * <p>A second counter, n_pending_ios (MDEV-12602, 10.2.6), holds the tablespace while the
 * completion of an asynchronous request runs. It does not look at the stop flag and is not waited
 * for by STOPPING, because a completion must be able to take it while a deletion waits for that
 * very completion (MDEV-12428). It delays only the end: the object is given up, and the file
 * removed, when the last completion is over. A completion takes it in the critical section that
 * ends its pending I/O, so there is no moment at which the tablespace is held by neither counter.
 *
 * <pre>
 * ALIVE        stop_new_ops is set, under the fil_system mutex
 * STOPPING     wait until n_pending_ops is 0, looking every 20 ms
 * DRAINED_OPS  wait until n_pending_flushes and n_pending are 0, looking every 20 ms
 * QUIET        the tablespace's dirty pages leave the flush list without being written
 *              the deletion is logged and durable
 *              under the mutex: check the counters, leave the maps, close the file
 * DETACHED     wait until n_pending_ios is 0, looking every 100 microseconds
 *              unlink the file
 * GONE
 * </pre>
 */
public final class MariaDb1029 extends PendingOperationsProtocol {
    MariaDb1029(FilSystem fil, TablespaceDeletion deletion) {
        super(fil, deletion);
    }

    @Override
    public String name() {
        return EngineConfig.MARIADB_10_2_9;
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
        deletion.sweepBufferPool(space);
        deletion.logDeletion(space);
        deletion.detach(space);
        deletion.waitForCompletions(space);
        deletion.unlink(space);
        deletion.gone(space);
    }
}
