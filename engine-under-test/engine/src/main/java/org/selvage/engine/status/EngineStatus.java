package org.selvage.engine.status;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.selvage.engine.bufferpool.BufferPoolStats;
import org.selvage.engine.changebuffer.ChangeBufferStats;
import org.selvage.engine.redo.LogStats;
import org.selvage.engine.redo.RecoveryStats;
import org.selvage.engine.transaction.TransactionStats;

/**
 * The engine's figures at one moment; the parts are read one after the other, not all at once.
 *
 * @param activity statements since the start, which tell the master thread whether it is idle
 *     (srv_sys.activity_count)
 * @param bufferPool the pool and its I/O
 * @param changeBuffer the change buffer
 * @param log the redo log and its checkpoints
 * @param recovery what crash recovery did at the start
 * @param transactions transactions and the rows they touched
 * @param io file operations
 * @param spaces the tablespaces in the cache, by id
 */
public record EngineStatus(
        long activity,
        BufferPoolStats bufferPool,
        ChangeBufferStats changeBuffer,
        LogStats log,
        RecoveryStats recovery,
        TransactionStats transactions,
        IoStatus io,
        List<SpaceStatus> spaces) {

    public EngineStatus {
        spaces = List.copyOf(spaces);
    }

    /** End LSN of the newest change. */
    public long lsn() {
        return log.lsn();
    }

    /** The figures under the names of SHOW GLOBAL STATUS, in a fixed order. */
    public Map<String, Long> variables() {
        Map<String, Long> values = new LinkedHashMap<>();
        addBufferPool(values);
        addChangeBuffer(values);
        addLog(values);
        addTransactions(values);
        return Collections.unmodifiableMap(values);
    }

    private void addBufferPool(Map<String, Long> values) {
        values.put("Innodb_buffer_pool_pages_total", (long) bufferPool.poolPages());
        values.put("Innodb_buffer_pool_pages_free", (long) bufferPool.freePages());
        values.put("Innodb_buffer_pool_pages_data", (long) bufferPool.lruPages());
        values.put("Innodb_buffer_pool_pages_old", (long) bufferPool.oldPages());
        values.put("Innodb_buffer_pool_pages_made_young", bufferPool.pagesMadeYoung());
        values.put("Innodb_buffer_pool_pages_made_not_young", bufferPool.pagesNotMadeYoung());
        values.put("Innodb_buffer_pool_pages_dirty", (long) bufferPool.dirtyPages());
        values.put("Innodb_buffer_pool_pages_flushed", bufferPool.pagesWritten());
        values.put("Innodb_buffer_pool_read_requests", bufferPool.readRequests());
        values.put("Innodb_buffer_pool_reads", bufferPool.requestedReads());
        values.put("Innodb_buffer_pool_read_ahead", bufferPool.pagesReadAhead());
        values.put("Innodb_buffer_pool_read_ahead_evicted", bufferPool.readAheadEvicted());
        values.put("Innodb_buffer_pool_pages_evicted", bufferPool.pagesEvicted());
        values.put("Innodb_pages_read", bufferPool.pagesRead());
        values.put("Innodb_pages_created", bufferPool.pagesCreated());
        values.put("Innodb_pages_written", bufferPool.pagesWritten());
        values.put("Innodb_data_pending_reads", (long) bufferPool.pendingReads());
        values.put("Innodb_data_pending_writes", (long) bufferPool.pendingWrites());
        values.put("Innodb_num_open_files", (long) io.openFiles());
    }

    private void addChangeBuffer(Map<String, Long> values) {
        values.put("Innodb_ibuf_size", (long) changeBuffer.size());
        values.put("Innodb_ibuf_max_size", (long) changeBuffer.maxSize());
        values.put("Innodb_ibuf_buffered_inserts", changeBuffer.bufferedInserts());
        values.put("Innodb_ibuf_buffered_delete_marks", changeBuffer.bufferedDeleteMarks());
        values.put("Innodb_ibuf_buffered_deletes", changeBuffer.bufferedDeletes());
        values.put("Innodb_ibuf_merges", changeBuffer.merges());
        values.put("Innodb_ibuf_merged_inserts", changeBuffer.mergedInserts());
        values.put("Innodb_ibuf_merged_delete_marks", changeBuffer.mergedDeleteMarks());
        values.put("Innodb_ibuf_merged_deletes", changeBuffer.mergedDeletes());
        values.put("Innodb_ibuf_discarded_inserts", changeBuffer.discardedInserts());
        values.put("Innodb_ibuf_discarded_delete_marks", changeBuffer.discardedDeleteMarks());
        values.put("Innodb_ibuf_discarded_deletes", changeBuffer.discardedDeletes());
    }

    private void addLog(Map<String, Long> values) {
        values.put("Innodb_lsn_current", log.lsn());
        values.put("Innodb_lsn_flushed", log.durableLsn());
        values.put("Innodb_lsn_last_checkpoint", log.checkpointLsn());
        values.put("Innodb_checkpoint_age", log.checkpointAge());
        values.put("Innodb_log_writes", log.writes());
        values.put("Innodb_os_log_fsyncs", log.syncs());
    }

    private void addTransactions(Map<String, Long> values) {
        values.put("Innodb_history_list_length", (long) transactions.historyLength());
        values.put("Innodb_deadlocks", transactions.deadlocks());
        values.put("Innodb_row_lock_current_waits", (long) transactions.lockWaitsNow());
        values.put("Innodb_row_lock_waits", transactions.lockWaits());
        values.put("Innodb_rows_deleted", transactions.rowsDeleted());
        values.put("Innodb_rows_inserted", transactions.rowsInserted());
        values.put("Innodb_rows_read", transactions.rowsRead());
        values.put("Innodb_rows_updated", transactions.rowsUpdated());
    }

    /**
     * The figures under the names of INFORMATION_SCHEMA.INNODB_METRICS, in a fixed order: those
     * that the engine has, all of them always enabled and counted since the engine was opened.
     */
    public Map<String, Long> metrics() {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("buffer_pool_reads", bufferPool.requestedReads());
        values.put("buffer_pool_read_requests", bufferPool.readRequests());
        values.put("buffer_pool_pages_total", (long) bufferPool.poolPages());
        values.put("buffer_pool_pages_data", (long) bufferPool.lruPages());
        values.put("buffer_pool_pages_dirty", (long) bufferPool.dirtyPages());
        values.put("buffer_pool_pages_free", (long) bufferPool.freePages());
        values.put("buffer_pages_created", bufferPool.pagesCreated());
        values.put("buffer_pages_written", bufferPool.pagesWritten());
        values.put("buffer_pages_read", bufferPool.pagesRead());
        values.put("ibuf_merges_insert", changeBuffer.mergedInserts());
        values.put("ibuf_merges_delete_mark", changeBuffer.mergedDeleteMarks());
        values.put("ibuf_merges_delete", changeBuffer.mergedDeletes());
        values.put("ibuf_merges_discard_insert", changeBuffer.discardedInserts());
        values.put("ibuf_merges_discard_delete_mark", changeBuffer.discardedDeleteMarks());
        values.put("ibuf_merges_discard_delete", changeBuffer.discardedDeletes());
        values.put("ibuf_merges", changeBuffer.merges());
        values.put("ibuf_size", (long) changeBuffer.size());
        values.put("log_lsn_current", log.lsn());
        values.put("log_lsn_last_flush", log.durableLsn());
        values.put("log_lsn_last_checkpoint", log.checkpointLsn());
        values.put("log_lsn_checkpoint_age", log.checkpointAge());
        values.put("log_writes", log.writes());
        values.put("trx_rseg_history_len", (long) transactions.historyLength());
        values.put("lock_deadlocks", transactions.deadlocks());
        values.put("lock_row_lock_current_waits", (long) transactions.lockWaitsNow());
        values.put("lock_row_lock_waits", transactions.lockWaits());
        values.put("dml_reads", transactions.rowsRead());
        values.put("dml_inserts", transactions.rowsInserted());
        values.put("dml_deletes", transactions.rowsDeleted());
        values.put("dml_updates", transactions.rowsUpdated());
        return Collections.unmodifiableMap(values);
    }

    /**
     * The pool under the columns of INFORMATION_SCHEMA.INNODB_BUFFER_POOL_STATS, all instances
     * together.
     */
    public Map<String, Long> bufferPoolColumns() {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("POOL_SIZE", (long) bufferPool.poolPages());
        values.put("FREE_BUFFERS", (long) bufferPool.freePages());
        values.put("DATABASE_PAGES", (long) bufferPool.lruPages());
        values.put("OLD_DATABASE_PAGES", (long) bufferPool.oldPages());
        values.put("MODIFIED_DATABASE_PAGES", (long) bufferPool.dirtyPages());
        values.put("PENDING_READS", (long) bufferPool.pendingReads());
        values.put("PAGES_MADE_YOUNG", bufferPool.pagesMadeYoung());
        values.put("PAGES_NOT_MADE_YOUNG", bufferPool.pagesNotMadeYoung());
        values.put("NUMBER_PAGES_READ", bufferPool.pagesRead());
        values.put("NUMBER_PAGES_CREATED", bufferPool.pagesCreated());
        values.put("NUMBER_PAGES_WRITTEN", bufferPool.pagesWritten());
        values.put("NUMBER_PAGES_GET", bufferPool.readRequests());
        values.put("NUMBER_PAGES_READ_AHEAD", bufferPool.pagesReadAhead());
        values.put("NUMBER_READ_AHEAD_EVICTED", bufferPool.readAheadEvicted());
        return Collections.unmodifiableMap(values);
    }

    /** One line a figure, under the names of the server's status variables. */
    public String text() {
        StringBuilder text = new StringBuilder(2048);
        variables()
                .forEach((name, value) -> text.append(name).append(' ').append(value).append('\n'));
        for (SpaceStatus space : spaces) {
            text.append("tablespace ").append(space.id());
            text.append(" name=").append(space.name());
            text.append(" pages=").append(space.pages());
            text.append(" n_pending_ops=").append(space.pendingOperations());
            text.append(" stop_new_ops=").append(space.stopping()).append('\n');
        }
        return text.toString();
    }

    /** The sections of SHOW ENGINE INNODB STATUS. */
    public String monitor() {
        return new Monitor(this).text();
    }
}
