package org.selvage.engine.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.DuplicateKeyException;
import org.selvage.engine.Durability;
import org.selvage.engine.Engine;
import org.selvage.engine.Engines;
import org.selvage.engine.FailureBox;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.transaction.Transaction;

/** Each figure moves with the event that it counts, and by as much. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EngineStatusTest {
    private static final Map<String, String> COLUMNS =
            Map.ofEntries(
                    Map.entry("POOL_SIZE", "Innodb_buffer_pool_pages_total"),
                    Map.entry("FREE_BUFFERS", "Innodb_buffer_pool_pages_free"),
                    Map.entry("DATABASE_PAGES", "Innodb_buffer_pool_pages_data"),
                    Map.entry("OLD_DATABASE_PAGES", "Innodb_buffer_pool_pages_old"),
                    Map.entry("PAGES_MADE_YOUNG", "Innodb_buffer_pool_pages_made_young"),
                    Map.entry("PAGES_NOT_MADE_YOUNG", "Innodb_buffer_pool_pages_made_not_young"),
                    Map.entry("MODIFIED_DATABASE_PAGES", "Innodb_buffer_pool_pages_dirty"),
                    Map.entry("PENDING_READS", "Innodb_data_pending_reads"),
                    Map.entry("NUMBER_PAGES_READ", "Innodb_pages_read"),
                    Map.entry("NUMBER_PAGES_CREATED", "Innodb_pages_created"),
                    Map.entry("NUMBER_PAGES_WRITTEN", "Innodb_pages_written"),
                    Map.entry("NUMBER_PAGES_GET", "Innodb_buffer_pool_read_requests"),
                    Map.entry("NUMBER_PAGES_READ_AHEAD", "Innodb_buffer_pool_read_ahead"),
                    Map.entry(
                            "NUMBER_READ_AHEAD_EVICTED", "Innodb_buffer_pool_read_ahead_evicted"));

    @TempDir Path dir;

    private Engine open() {
        return Engines.open(
                dir.resolve("data"), Engines.small().durability(Durability.FULL.withFsync(false)));
    }

    private static long value(Engine engine, String name) {
        Long value = engine.status().variables().get(name);
        assertThat(value).as(name).isNotNull();
        return value == null ? -1 : value;
    }

    @Test
    void rowsAreCountedByTheStatementThatTouchedThem() {
        try (Engine engine = open()) {
            Engines.createKv(engine, "t");
            for (long key = 0; key < 5; key++) {
                engine.insert("t", key, key % 2, "c");
            }
            assertThatThrownBy(() -> engine.insert("t", 1, 1L, "c"))
                    .isInstanceOf(DuplicateKeyException.class);
            assertThat(engine.update("t", 1, 7L, "d")).isTrue();
            assertThat(engine.update("t", 99, 7L, "d")).isFalse();
            assertThat(engine.delete("t", 2)).isTrue();
            assertThat(engine.delete("t", 2)).isFalse();
            assertThat(engine.get("t", 3)).isNotNull();
            assertThat(engine.get("t", 99)).isNull();
            assertThat(engine.scan("t", "k", 0L)).hasSize(2);
            assertThat(value(engine, "Innodb_rows_inserted")).isEqualTo(5);
            assertThat(value(engine, "Innodb_rows_updated")).isEqualTo(1);
            assertThat(value(engine, "Innodb_rows_deleted")).isEqualTo(1);
            assertThat(value(engine, "Innodb_rows_read")).isEqualTo(3);
            // The update and the delete left something to purge.
            assertThat(value(engine, "Innodb_history_list_length")).isEqualTo(2);
            assertThat(engine.status().monitor())
                    .contains("Number of rows inserted 5, updated 1, deleted 1, read 3\n")
                    .contains("History list length 2\n");
        }
    }

    @Test
    void aWaitForARowIsSeenWhileItLastsAndCountedOnce() throws Exception {
        try (Engine engine = open()) {
            Engines.createKv(engine, "t");
            engine.insert("t", 1, 1L, "c");
            FailureBox failures = new FailureBox();
            Thread reader;
            try (Transaction trx = engine.begin()) {
                engine.update(trx, "t", 1, 2L, "c");
                reader = LowerFloor.start("reader", failures, () -> engine.get("t", 1));
                while (value(engine, "Innodb_row_lock_current_waits") == 0) {
                    Thread.onSpinWait();
                }
                assertThat(engine.status().transactions().open()).isEqualTo(2);
                trx.commit();
            }
            failures.join(reader);
            assertThat(value(engine, "Innodb_row_lock_waits")).isEqualTo(1);
            assertThat(value(engine, "Innodb_row_lock_current_waits")).isZero();
            assertThat(value(engine, "Innodb_deadlocks")).isZero();
        }
    }

    @Test
    void logPagesAndFilesAreCounted() {
        try (Engine engine = open()) {
            Engines.createKv(engine, "t");
            Map<String, Long> before = engine.status().variables();
            engine.insert("t", 1, 1L, "c");
            Map<String, Long> after = engine.status().variables();
            assertThat(moved(before, after, "Innodb_log_writes")).isEqualTo(1);
            assertThat(moved(before, after, "Innodb_os_log_fsyncs")).isEqualTo(1);
            assertThat(moved(before, after, "Innodb_lsn_current")).isPositive();
            assertThat(after.get("Innodb_lsn_flushed")).isEqualTo(after.get("Innodb_lsn_current"));
            long dirty = value(engine, "Innodb_buffer_pool_pages_dirty");
            assertThat(dirty).isPositive();
            long written = value(engine, "Innodb_pages_written");
            engine.bufferPool().flushAll();
            assertThat(value(engine, "Innodb_pages_written")).isEqualTo(written + dirty);
            assertThat(value(engine, "Innodb_buffer_pool_pages_dirty")).isZero();
            long pages = value(engine, "Innodb_buffer_pool_pages_data");
            assertThat(engine.bufferPool().evictUnused()).isEqualTo((int) pages);
            assertThat(value(engine, "Innodb_buffer_pool_pages_evicted")).isEqualTo(pages);
            long read = value(engine, "Innodb_pages_read");
            long reads = engine.status().io().sync().reads();
            assertThat(engine.get("t", 1)).isNotNull();
            long readNow = value(engine, "Innodb_pages_read") - read;
            assertThat(readNow).isPositive();
            assertThat(engine.status().io().sync().reads() - reads).isEqualTo(readNow);
            assertThat(value(engine, "Innodb_num_open_files")).isEqualTo(1);
        }
    }

    @Test
    void aReadIsRequestedWhenThePageIsNotInThePool() {
        try (Engine engine = open()) {
            Engines.createKv(engine, "t");
            engine.insert("t", 1, 1L, "c");
            long before = value(engine, "Innodb_buffer_pool_reads");
            assertThat(engine.get("t", 1)).isNotNull();
            assertThat(value(engine, "Innodb_buffer_pool_reads")).isEqualTo(before);
            engine.bufferPool().flushAll();
            engine.bufferPool().evictUnused();
            long read = value(engine, "Innodb_pages_read");
            assertThat(engine.get("t", 1)).isNotNull();
            long requested = value(engine, "Innodb_buffer_pool_reads") - before;
            // The engine has no read-ahead here that would read for nobody.
            assertThat(requested).isPositive();
            assertThat(requested).isEqualTo(value(engine, "Innodb_pages_read") - read);
        }
    }

    @Test
    void metricsAndColumnsShowTheFiguresOfTheStatusVariables() {
        try (Engine engine = open()) {
            Engines.createKv(engine, "t");
            for (long key = 0; key < 7; key++) {
                engine.insert("t", key, key, "c");
            }
            engine.update("t", 1, 9L, "d");
            engine.update("t", 2, 9L, "d");
            engine.delete("t", 3);
            engine.bufferPool().flushAll();
            engine.bufferPool().evictUnused();
            engine.insert("t", 8, 8L, "c");
            EngineStatus status = engine.status();
            Map<String, Long> variables = status.variables();
            Map<String, Long> metrics = status.metrics();
            assertThat(metrics).hasSize(30);
            assertThat(metrics)
                    .containsEntry("dml_inserts", 8L)
                    .containsEntry("dml_updates", 2L)
                    .containsEntry("dml_deletes", 1L)
                    .containsEntry("trx_rseg_history_len", 3L);
            metrics.forEach((name, figure) ->
                    assertThat(figure).as(name).isEqualTo(variables.get(variable(name))));
            Map<String, Long> columns = status.bufferPoolColumns();
            assertThat(columns).hasSize(14);
            columns.forEach((name, figure) ->
                    assertThat(figure).as(name).isEqualTo(variables.get(COLUMNS.get(name))));
        }
    }

    /** The server's status variable with the figure of a metric. */
    private static String variable(String metric) {
        return "Innodb_"
                + switch (metric) {
                    case "log_lsn_current" -> "lsn_current";
                    case "log_lsn_last_flush" -> "lsn_flushed";
                    case "log_lsn_last_checkpoint" -> "lsn_last_checkpoint";
                    case "log_lsn_checkpoint_age" -> "checkpoint_age";
                    case "trx_rseg_history_len" -> "history_list_length";
                    case "lock_deadlocks" -> "deadlocks";
                    case "lock_row_lock_current_waits" -> "row_lock_current_waits";
                    case "lock_row_lock_waits" -> "row_lock_waits";
                    case "dml_reads" -> "rows_read";
                    case "dml_inserts" -> "rows_inserted";
                    case "dml_deletes" -> "rows_deleted";
                    case "dml_updates" -> "rows_updated";
                    case "ibuf_merges_insert" -> "ibuf_merged_inserts";
                    case "ibuf_merges_delete_mark" -> "ibuf_merged_delete_marks";
                    case "ibuf_merges_delete" -> "ibuf_merged_deletes";
                    case "ibuf_merges_discard_insert" -> "ibuf_discarded_inserts";
                    case "ibuf_merges_discard_delete_mark" -> "ibuf_discarded_delete_marks";
                    case "ibuf_merges_discard_delete" -> "ibuf_discarded_deletes";
                    case "buffer_pages_created" -> "pages_created";
                    case "buffer_pages_written" -> "pages_written";
                    case "buffer_pages_read" -> "pages_read";
                    default -> metric;
                };
    }

    private static long moved(Map<String, Long> before, Map<String, Long> after, String name) {
        return after.getOrDefault(name, -1L) - before.getOrDefault(name, -1L);
    }

    @Test
    void theMonitorHasTheSectionsOfInnoDbInItsOrder() {
        try (Engine engine = open()) {
            Engines.createKv(engine, "t");
            engine.insert("t", 1, 1L, "c");
            EngineStatus status = engine.status();
            List<String> lines = status.monitor().lines().toList();
            assertThat(lines)
                    .containsSubsequence(
                            "BACKGROUND THREAD",
                            "SEMAPHORES",
                            "TRANSACTIONS",
                            "FILE I/O",
                            "INSERT BUFFER AND ADAPTIVE HASH INDEX",
                            "LOG",
                            "Log sequence number " + status.lsn(),
                            "BUFFER POOL AND MEMORY",
                            "Old database pages " + status.bufferPool().oldPages(),
                            "Modified db pages  " + status.bufferPool().dirtyPages(),
                            "Pages made young 0, not young 0",
                            "ROW OPERATIONS",
                            "END OF INNODB MONITOR OUTPUT");
        }
    }
}
