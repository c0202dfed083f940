package org.selvage.engine.tablespace;

import org.selvage.engine.EngineConfig;

/**
 * The protocol of MySQL 5.7.22.
 *
 * <pre>
 * ALIVE        stop_new_ops is set, under the fil_system mutex
 * STOPPING     wait until n_pending_ops is 0, looking every 20 ms
 * DRAINED_OPS  wait until n_pending_flushes and n_pending are 0, looking every 20 ms
 * QUIET        the tablespace's dirty pages leave the flush list without being written
 *              the deletion is logged and durable
 *              under the mutex: check the counters, leave the maps, close the file
 *              unlink the file
 * GONE
 * </pre>
 *
 * <p>From STOPPING on, {@link #acquire} answers null and an asynchronous read is refused;
 * synchronous reads and page writes pass until the tablespace has left the maps. Pending operations
 * are counted because {@code n_pending} falls before the completion of a read merges buffered
 * changes into the page: without them a page could be dirtied after QUIET.
 *
 * <p>Page writes are discarded at QUIET, before the deletion is durable in the log (MDEV-31826 is
 * what happened to MariaDB 10.6 there). Here nothing is lost by it: the dictionary's change is
 * durable before the deletion begins, so a crash cannot bring the table back.
 *
 * <p>Clean pages, and pages whose read is being completed, may stay in the buffer pool after GONE.
 * They are harmless, as tablespace ids are never used again.
 *
 * <p>A background merge looks the tablespace up (step 1) and only then asks for the asynchronous
 * read (step 2). When STOPPING begins in between, the read is refused and, because this release
 * does not ask for silence, the error log gets "Trying to do I/O to a tablespace which does not
 * exist". No data is lost: the merge deletes the records, and the tablespace is going away. The
 * error first came with Bug#19710564 (5.7.6) and stayed through 5.7.44.
 */
public final class Mysql5722 extends PendingOperationsProtocol {
    Mysql5722(FilSystem fil, TablespaceDeletion deletion) {
        super(fil, deletion);
    }

    @Override
    public String name() {
        return EngineConfig.MYSQL_5_7_22;
    }

    @Override
    public boolean mergeReadIgnoresMissingSpace() {
        return false;
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
        deletion.unlink(space);
        deletion.gone(space);
    }
}
