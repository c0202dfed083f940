package org.selvage.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.Durability;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.Engines;
import org.selvage.engine.FailureBox;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.BufferPoolStats;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.changebuffer.ChangeBufferStats;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.LogStats;

/** A recording and the engine's own counters tell the same. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FlightRecorderTest {
    private static final int ROWS = 1000;

    @TempDir Path dir;

    private static void load(Engine engine, String table) {
        Engines.createKv(engine, table);
        for (long key = 0; key < ROWS; key++) {
            engine.insert(table, key, Engines.spread(key), "c" + key);
        }
    }

    private static int space(Engine engine, String table) {
        return Objects.requireNonNull(engine.dictionary().find(table)).definition().spaceId();
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, Class<?> type) {
        String name = "org.selvage.engine." + type.getSimpleName().replace("Event", "");
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }

    private static long count(List<RecordedEvent> events, String flag) {
        return events.stream().filter(event -> event.getBoolean(flag)).count();
    }

    private static long sum(List<RecordedEvent> events, ToLongFunction<RecordedEvent> field) {
        return events.stream().mapToLong(field).sum();
    }

    private List<RecordedEvent> stop(Recording recording) throws IOException {
        Path file = dir.resolve("engine.jfr");
        recording.stop();
        recording.dump(file);
        return RecordingFile.readAllEvents(file);
    }

    @Test
    void everyReadWriteFlushCheckpointMergeAndDropIsAnEvent() throws IOException {
        EngineConfig.Builder config =
                Engines.small()
                        .changeBufferMaxPercent(50)
                        .durability(Durability.FULL.withFsync(false).withLogFileBytes(264_192));
        try (Engine engine = Engines.open(dir.resolve("data"), config);
                Recording recording = new Recording()) {
            load(engine, "dropped");
            load(engine, "kept");
            BufferPoolStats pool = engine.bufferPool().stats();
            LogStats log = engine.status().log();
            ChangeBufferStats changes = engine.changeBuffer().stats();
            recording.start();
            int space = space(engine, "dropped");
            engine.dropTable("dropped");
            while (engine.changeBuffer().countRecords() > 0) {
                engine.master().doIdleTasks();
            }
            long key = ROWS;
            while (engine.status().log().checkpoints() == log.checkpoints()) {
                engine.insert("kept", key++, 1L, "one more");
            }
            engine.bufferPool().flushAll();
            engine.validate();
            BufferPoolStats poolAfter = engine.bufferPool().stats();
            LogStats logAfter = engine.status().log();
            ChangeBufferStats changesAfter = engine.changeBuffer().stats();
            List<RecordedEvent> events = stop(recording);

            List<RecordedEvent> reads = of(events, PageReadEvent.class);
            assertThat(reads).hasSize((int) (poolAfter.pagesRead() - pool.pagesRead()));
            assertThat(count(reads, "asynchronous")).isBetween(1L, reads.size() - 1L);
            List<RecordedEvent> writes = of(events, PageWriteEvent.class);
            assertThat(writes).hasSize((int) (poolAfter.pagesWritten() - pool.pagesWritten()));
            assertThat(count(writes, "asynchronous")).isBetween(1L, writes.size() - 1L);
            assertThat(writes)
                    .isNotEmpty()
                    .allMatch(event -> event.getLong("lsn") <= logAfter.lsn())
                    .anyMatch(event -> event.getLong("lsn") > log.lsn())
                    .anyMatch(event -> event.getInt("space") == 0 && event.getInt("page") > 0);

            List<RecordedEvent> flushes = of(events, LogFlushEvent.class);
            assertThat(count(flushes, "durable")).isEqualTo(logAfter.syncs() - log.syncs());
            assertThat(sum(flushes, event -> event.getLong("bytes")))
                    .isPositive()
                    .isEqualTo(logAfter.writtenLsn() - log.writtenLsn());
            assertThat(flushes.getLast().getLong("lsn")).isEqualTo(logAfter.writtenLsn());

            List<RecordedEvent> checkpoints = of(events, CheckpointEvent.class);
            assertThat(checkpoints).hasSize((int) (logAfter.checkpoints() - log.checkpoints()));
            assertThat(sum(checkpoints, event -> event.getLong("released")))
                    .isPositive()
                    .isEqualTo(logAfter.checkpointLsn() - log.checkpointLsn());
            assertThat(checkpoints.getLast().getLong("lsn")).isEqualTo(logAfter.checkpointLsn());
            assertThat(checkpoints.getLast().getLong("number")).isEqualTo(logAfter.checkpoints());

            List<RecordedEvent> merges = of(events, ChangeBufferMergeEvent.class);
            assertThat(sum(merges, event -> event.getLong("applied")))
                    .isPositive()
                    .isEqualTo(changesAfter.mergedInserts() - changes.mergedInserts());
            assertThat(sum(merges, event -> event.getLong("discarded")))
                    .isPositive()
                    .isEqualTo(changesAfter.discardedInserts() - changes.discardedInserts());
            assertThat(merges)
                    .allMatch(event ->
                            (event.getInt("space") == space) == (event.getLong("applied") == 0));

            assertThat(of(events, TablespaceDropEvent.class))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.getInt("space")).isEqualTo(space);
                        assertThat(event.getString("table")).isEqualTo("dropped");
                        assertThat(event.getString("protocol"))
                                .isEqualTo(EngineConfig.DEFAULT_PROTOCOL);
                        assertThat(event.getDuration()).isPositive();
                    });
        }
    }

    @Test
    void aWaitForALatchNamesThePage() throws Exception {
        FailureBox failures = new FailureBox();
        try (LowerFloor floor = LowerFloor.open(dir.resolve("data"));
                Recording recording = new Recording()) {
            recording.enable("org.selvage.engine.LatchWait").withThreshold(Duration.ZERO);
            recording.start();
            PageId id = new PageId(floor.createSpace("t", 1).id(), 2);
            BufferBlock block = floor.pool.get(id, Latch.S);
            Thread waiter =
                    LowerFloor.start(
                            "waiter",
                            failures,
                            () -> floor.pool.release(floor.pool.get(id, Latch.X), Latch.X));
            LowerFloor.await(() -> waiter.getState() == Thread.State.WAITING);
            floor.pool.release(block, Latch.S);
            failures.join(waiter);
            assertThat(of(stop(recording), LatchWaitEvent.class))
                    .filteredOn(
                            event -> event.getThread("eventThread").getJavaName().equals("waiter"))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.getInt("space")).isEqualTo(id.spaceId());
                        assertThat(event.getInt("page")).isEqualTo(id.pageNo());
                        assertThat(event.getBoolean("exclusive")).isTrue();
                    });
        }
    }
}
