package org.selvage.engine.status;

import java.util.List;
import org.selvage.engine.bufferpool.BufferPoolStats;
import org.selvage.engine.changebuffer.ChangeBufferStats;
import org.selvage.engine.redo.RecoveryStats;

/**
 * The engine's figures at one moment; the parts are read one after the other, not all at once.
 *
 * @param bufferPool the pool and its I/O
 * @param changeBuffer the change buffer
 * @param lsn end LSN of the newest change
 * @param recovery what crash recovery did at the start
 * @param spaces the tablespaces in the cache, by id
 */
public record EngineStatus(
        BufferPoolStats bufferPool,
        ChangeBufferStats changeBuffer,
        long lsn,
        RecoveryStats recovery,
        List<SpaceStatus> spaces) {

    public EngineStatus {
        spaces = List.copyOf(spaces);
    }

    /** One line a figure, under the names of the server's status variables. */
    public String text() {
        StringBuilder text = new StringBuilder(1024);
        line(text, "Innodb_buffer_pool_pages_total", bufferPool.poolPages());
        line(text, "Innodb_buffer_pool_pages_free", bufferPool.freePages());
        line(text, "Innodb_buffer_pool_pages_data", bufferPool.lruPages());
        line(text, "Innodb_buffer_pool_pages_dirty", bufferPool.dirtyPages());
        line(text, "Innodb_buffer_pool_read_requests", bufferPool.readRequests());
        line(text, "Innodb_buffer_pool_read_ahead", bufferPool.pagesReadAhead());
        line(text, "Innodb_buffer_pool_read_ahead_evicted", bufferPool.readAheadEvicted());
        line(text, "Innodb_buffer_pool_pages_evicted", bufferPool.pagesEvicted());
        line(text, "Innodb_pages_read", bufferPool.pagesRead());
        line(text, "Innodb_pages_created", bufferPool.pagesCreated());
        line(text, "Innodb_pages_written", bufferPool.pagesWritten());
        line(text, "Innodb_data_pending_reads", bufferPool.pendingReads());
        line(text, "Innodb_data_pending_writes", bufferPool.pendingWrites());
        line(text, "Innodb_ibuf_size", changeBuffer.size());
        line(text, "Innodb_ibuf_max_size", changeBuffer.maxSize());
        line(text, "Innodb_ibuf_buffered_inserts", changeBuffer.bufferedInserts());
        line(text, "Innodb_ibuf_buffered_delete_marks", changeBuffer.bufferedDeleteMarks());
        line(text, "Innodb_ibuf_buffered_deletes", changeBuffer.bufferedDeletes());
        line(text, "Innodb_ibuf_merges", changeBuffer.merges());
        line(text, "Innodb_ibuf_merged_inserts", changeBuffer.mergedInserts());
        line(text, "Innodb_ibuf_merged_delete_marks", changeBuffer.mergedDeleteMarks());
        line(text, "Innodb_ibuf_merged_deletes", changeBuffer.mergedDeletes());
        line(text, "Innodb_ibuf_discarded_inserts", changeBuffer.discardedInserts());
        line(text, "Innodb_ibuf_discarded_delete_marks", changeBuffer.discardedDeleteMarks());
        line(text, "Innodb_ibuf_discarded_deletes", changeBuffer.discardedDeletes());
        line(text, "Innodb_lsn_current", lsn);
        for (SpaceStatus space : spaces) {
            text.append("tablespace ").append(space.id());
            text.append(" name=").append(space.name());
            text.append(" pages=").append(space.pages());
            text.append(" n_pending_ops=").append(space.pendingOperations());
            text.append(" stop_new_ops=").append(space.stopping()).append('\n');
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, long value) {
        text.append(name).append(' ').append(value).append('\n');
    }
}
