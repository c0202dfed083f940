package org.selvage.engine.status;

import org.selvage.engine.aio.AioArrayStats;
import org.selvage.engine.bufferpool.BufferPoolStats;
import org.selvage.engine.changebuffer.ChangeBufferStats;
import org.selvage.engine.redo.LogStats;
import org.selvage.engine.redo.RecoveryStats;
import org.selvage.engine.transaction.TransactionStats;

/**
 * The text of SHOW ENGINE INNODB STATUS (srv_printf_innodb_monitor): its sections in its order,
 * with its words for the figures that the engine has. There are no rates, and no list of threads.
 */
final class Monitor {
    private final EngineStatus status;
    private final StringBuilder text = new StringBuilder(4096);

    Monitor(EngineStatus status) {
        this.status = status;
    }

    String text() {
        section("BACKGROUND THREAD");
        line("Statements since the start " + status.activity());
        section("SEMAPHORES");
        TransactionStats transactions = status.transactions();
        line("Row lock waits " + transactions.lockWaits(), transactions.lockWaitsNow() + " now");
        section("TRANSACTIONS");
        line("History list length " + transactions.historyLength());
        line("Transactions open " + transactions.open(), "deadlocks " + transactions.deadlocks());
        fileIo();
        changeBuffer();
        log();
        bufferPool();
        section("ROW OPERATIONS");
        line(
                "Number of rows inserted " + transactions.rowsInserted(),
                "updated " + transactions.rowsUpdated(),
                "deleted " + transactions.rowsDeleted(),
                "read " + transactions.rowsRead());
        text.append("----------------------------\nEND OF INNODB MONITOR OUTPUT\n");
        return text.toString();
    }

    private void section(String name) {
        String rule = "-".repeat(name.length());
        text.append(rule).append('\n').append(name).append('\n').append(rule).append('\n');
    }

    private void line(String... parts) {
        text.append(String.join(", ", parts)).append('\n');
    }

    private void fileIo() {
        section("FILE I/O");
        IoStatus io = status.io();
        array("aio reads", io.reads());
        array("ibuf aio reads", io.ibufReads());
        array("aio writes", io.writes());
        line(
                io.sync().reads() + " OS file reads by callers",
                io.sync().writes() + " OS file writes by callers",
                io.sync().fsyncs() + " OS fsyncs");
        for (SpaceStatus space : status.spaces()) {
            if (space.stopping() || space.pendingOperations() > 0) {
                line(
                        "Tablespace " + space.name(),
                        "n_pending_ops " + space.pendingOperations(),
                        "stop_new_ops " + space.stopping());
            }
        }
    }

    private void array(String name, AioArrayStats array) {
        line(
                "Pending normal " + name + ": " + array.pending() + " of " + array.slots(),
                array.submitted() + " submitted",
                array.completed() + " completed",
                array.slotWaits() + " waits for a slot");
    }

    private void changeBuffer() {
        section("INSERT BUFFER AND ADAPTIVE HASH INDEX");
        ChangeBufferStats changes = status.changeBuffer();
        line(
                "Ibuf: size " + changes.size(),
                "max size " + changes.maxSize(),
                changes.merges() + " merges");
        line("merged operations:");
        operations(changes.mergedInserts(), changes.mergedDeleteMarks(), changes.mergedDeletes());
        line("discarded operations:");
        operations(
                changes.discardedInserts(),
                changes.discardedDeleteMarks(),
                changes.discardedDeletes());
        line("There is no adaptive hash index");
    }

    private void operations(long inserts, long deleteMarks, long deletes) {
        line(" insert " + inserts, "delete mark " + deleteMarks, "delete " + deletes);
    }

    private void log() {
        section("LOG");
        LogStats log = status.log();
        line("Log sequence number " + log.lsn());
        line("Log written up to   " + log.writtenLsn());
        line("Log flushed up to   " + log.durableLsn());
        line("Last checkpoint at  " + log.checkpointLsn(), "number " + log.checkpoints());
        line(log.writes() + " log i/o's done", log.syncs() + " log fsyncs done");
        RecoveryStats recovery = status.recovery();
        if (recovery.bytes() > 0) {
            line(
                    "Recovered " + recovery.bytes() + " bytes of log",
                    recovery.records() + " records",
                    recovery.pagesRead() + " pages read",
                    recovery.pagesWritten() + " written");
        }
    }

    private void bufferPool() {
        section("BUFFER POOL AND MEMORY");
        BufferPoolStats pool = status.bufferPool();
        line("Buffer pool size   " + pool.poolPages());
        line("Free buffers       " + pool.freePages());
        line("Database pages     " + pool.lruPages());
        line("Old database pages " + pool.oldPages());
        line("Modified db pages  " + pool.dirtyPages());
        line("Pending reads " + pool.pendingReads(), "pending writes " + pool.pendingWrites());
        line("Pages made young " + pool.pagesMadeYoung(), "not young " + pool.pagesNotMadeYoung());
        line(
                "Pages read " + pool.pagesRead(),
                "created " + pool.pagesCreated(),
                "written " + pool.pagesWritten());
        line(
                "Pages read ahead " + pool.pagesReadAhead(),
                "evicted without access " + pool.readAheadEvicted(),
                "evicted " + pool.pagesEvicted());
        line("Page requests " + pool.readRequests(), "LRU len: " + pool.lruPages());
    }
}
