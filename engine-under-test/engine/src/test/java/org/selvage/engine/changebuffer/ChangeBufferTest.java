package org.selvage.engine.changebuffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.Engines;
import org.selvage.engine.Row;

class ChangeBufferTest {
    private static final int ROWS = 2000;

    /**
     * Deleting one row in so many leaves the buffer below its limit, so nothing contracts it
     * meanwhile.
     */
    private static final int FEW = 20;

    @TempDir Path dir;

    /** Pages that nobody merges unless asked: nothing but statements runs. */
    private static EngineConfig.Builder config() {
        return Engines.small().poolPages(64).changeBufferMaxPercent(50);
    }

    /** Rows in key order whose k is all over the index, so most leaves are out of the pool. */
    private static void load(Engine engine, String table) {
        Engines.createKv(engine, table);
        for (long key = 0; key < ROWS; key++) {
            engine.insert(table, key, Engines.spread(key), "c" + key);
        }
    }

    private static void deleteEvery(Engine engine, String table, int step) {
        for (long key = 0; key < ROWS; key += step) {
            engine.delete(table, key);
        }
    }

    /** Merges what loading left, by reading every leaf. */
    private static void settle(Engine engine) {
        engine.validate();
        assertThat(engine.changeBuffer().countRecords()).isZero();
        engine.bufferPool().flushAll();
        engine.bufferPool().evictUnused();
    }

    /** Idle rounds until nothing is left; each begins many merges, so there are few. */
    private static void mergeAll(Engine engine) {
        for (int round = 0; engine.changeBuffer().countRecords() > 0; round++) {
            assertThat(round).isLessThan(1000);
            engine.master().doIdleTasks();
        }
    }

    @Test
    void takesInsertsAndDeleteMarksOfLeavesThatAreNotInThePool() {
        try (Engine engine = Engines.open(dir, config())) {
            load(engine, "t");
            settle(engine);
            ChangeBufferStats before = engine.changeBuffer().stats();
            engine.delete("t", 7);
            engine.bufferPool().evictUnused();
            engine.delete("t", 8);
            assertThat(engine.changeBuffer().stats().bufferedDeleteMarks())
                    .isGreaterThanOrEqualTo(before.bufferedDeleteMarks() + 2);
            assertThat(engine.changeBuffer().countRecords()).isEqualTo(2);
            for (long key = ROWS; key < ROWS + 300; key++) {
                engine.insert("t", key, Engines.spread(key), "new");
            }
            assertThat(engine.changeBuffer().stats().bufferedInserts())
                    .isGreaterThan(before.bufferedInserts());
            assertThat(engine.validate()).isEqualTo(ROWS - 2 + 300);
        }
    }

    @Test
    void mergesIntoALeafWhenItIsRead() {
        try (Engine engine = Engines.open(dir, config())) {
            load(engine, "t");
            settle(engine);
            engine.delete("t", 7);
            ChangeBufferStats before = engine.changeBuffer().stats();
            assertThat(engine.changeBuffer().countRecords()).isEqualTo(1);
            assertThat(engine.scan("t", "k", Engines.spread(7))).isEmpty();
            ChangeBufferStats after = engine.changeBuffer().stats();
            assertThat(after.mergedDeleteMarks()).isEqualTo(before.mergedDeleteMarks() + 1);
            assertThat(after.merges()).isEqualTo(before.merges() + 1);
            assertThat(engine.changeBuffer().countRecords()).isZero();
            assertThat(engine.errorLog().lines()).isEmpty();
        }
    }

    @Test
    void bringsADeletedRowBackThroughTheBuffer() {
        try (Engine engine = Engines.open(dir, config())) {
            load(engine, "t");
            settle(engine);
            engine.delete("t", 7);
            engine.insert("t", 7, Engines.spread(7), "back");
            engine.delete("t", 7);
            engine.insert("t", 7, Engines.spread(7), "again");
            assertThat(engine.scan("t", "k", Engines.spread(7)))
                    .containsExactly(new Row(7, List.of(Engines.spread(7), "again")));
            assertThat(engine.validate()).isEqualTo(ROWS);
            assertThat(engine.errorLog().lines()).isEmpty();
        }
    }

    @Test
    void masterRoundsMergeUntilNothingIsLeft() {
        try (Engine engine = Engines.open(dir, config())) {
            load(engine, "t");
            settle(engine);
            deleteEvery(engine, "t", FEW);
            assertThat(engine.changeBuffer().countRecords()).isPositive();
            ChangeBufferStats before = engine.changeBuffer().stats();
            int records = engine.changeBuffer().countRecords();
            mergeAll(engine);
            ChangeBufferStats after = engine.changeBuffer().stats();
            assertThat(after.mergedDeleteMarks() - before.mergedDeleteMarks()).isEqualTo(records);
            assertThat(after.discardedDeleteMarks()).isZero();
            assertThat(after.size()).isEqualTo(1);
            assertThat(engine.validate()).isEqualTo(ROWS - ROWS / FEW);
            assertThat(engine.errorLog().lines()).isEmpty();
        }
    }

    /** Ends early, for the test to fail, when the test's time is over. */
    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    @Test
    @Timeout(60)
    void theBackgroundThreadsMergeAndFlushByThemselves() {
        try (Engine engine =
                Engines.open(dir, config().backgroundThreads(true).masterIntervalMillis(1))) {
            load(engine, "t");
            deleteEvery(engine, "t", 5);
            await(() -> engine.changeBuffer().countRecords() == 0);
            await(() -> engine.status().bufferPool().dirtyPages() == 0);
            ChangeBufferStats stats = engine.changeBuffer().stats();
            assertThat(stats.mergedInserts()).isEqualTo(stats.bufferedInserts()).isPositive();
            assertThat(stats.mergedDeleteMarks()).isEqualTo(stats.bufferedDeleteMarks());
            assertThat(engine.errorLog().lines()).isEmpty();
        }
    }

    @Test
    void anActiveRoundBeginsFewerMergesThanAnIdleOne() {
        try (Engine engine = Engines.open(dir, config().ioCapacity(20))) {
            load(engine, "t");
            settle(engine);
            deleteEvery(engine, "t", 25);
            assertThat(engine.changeBuffer().size())
                    .isLessThanOrEqualTo(engine.changeBuffer().maxSize() / 2);
            // 5 % of 20 is one page; a batch may hold up to eight.
            assertThat(engine.master().doActiveTasks()).isBetween(1, 8);
            assertThat(engine.master().doIdleTasks()).isBetween(20, 27);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void discardsTheChangesOfADroppedTable(boolean skipFailedSpace) {
        try (Engine engine = Engines.open(dir, config().skipFailedSpace(skipFailedSpace))) {
            load(engine, "kept");
            load(engine, "dropped");
            settle(engine);
            deleteEvery(engine, "dropped", FEW);
            int records = engine.changeBuffer().countRecords();
            assertThat(records).isPositive();
            engine.dropTable("dropped");
            assertThat(engine.changeBuffer().countRecords()).isEqualTo(records);
            mergeAll(engine);
            assertThat(engine.changeBuffer().stats().discardedDeleteMarks()).isEqualTo(records);
            assertThat(engine.validate()).isEqualTo(ROWS);
            assertThat(engine.errorLog().lines()).isEmpty();
        }
    }

    @Test
    void keepsItsRecordsOverAReopen() {
        int records;
        int size;
        try (Engine engine = Engines.open(dir, config())) {
            load(engine, "t");
            settle(engine);
            deleteEvery(engine, "t", FEW);
            records = engine.changeBuffer().countRecords();
            size = engine.changeBuffer().size();
            assertThat(records).isPositive();
        }
        try (Engine engine = Engines.open(dir, config())) {
            assertThat(engine.changeBuffer().countRecords()).isEqualTo(records);
            assertThat(engine.changeBuffer().size()).isEqualTo(size);
            assertThat(engine.validate()).isEqualTo(ROWS - ROWS / FEW);
            assertThat(engine.changeBuffer().stats().mergedDeleteMarks()).isEqualTo(records);
        }
    }

    @Test
    void staysNearItsLimitByContracting() {
        try (Engine engine = Engines.open(dir, config().changeBufferMaxPercent(10))) {
            load(engine, "t");
            settle(engine);
            int largest = 0;
            for (long key = 0; key < ROWS; key++) {
                engine.delete("t", key);
                largest = Math.max(largest, engine.changeBuffer().size());
            }
            int limit = engine.changeBuffer().maxSize();
            assertThat(limit).isEqualTo(6);
            assertThat(largest).isBetween(limit, limit + Contraction.SIZE_SYNC + 2);
            assertThat(engine.changeBuffer().stats().mergedDeleteMarks()).isPositive();
            assertThat(engine.validate()).isZero();
        }
    }

    @Test
    void takesNothingWhenItsLimitIsZero() {
        try (Engine engine = Engines.open(dir, config().changeBufferMaxPercent(0))) {
            load(engine, "t");
            deleteEvery(engine, "t", 3);
            ChangeBufferStats stats = engine.changeBuffer().stats();
            assertThat(stats.bufferedInserts() + stats.bufferedDeleteMarks()).isZero();
            assertThat(stats.size()).isEqualTo(1);
            engine.validate();
        }
    }

    @Test
    void roomPromisedByTheBitmapIsNeverMoreThanThePageHas() {
        for (int pageSize = 512; pageSize <= 65536; pageSize *= 2) {
            for (int free = 0; free < pageSize; free += 7) {
                int bits = BitmapPage.freeBits(free, pageSize);
                assertThat(BitmapPage.freeBytes(bits, pageSize)).isLessThanOrEqualTo(free);
            }
            assertThat(BitmapPage.freeBits(pageSize / 8, pageSize)).isEqualTo(3);
        }
    }
}
