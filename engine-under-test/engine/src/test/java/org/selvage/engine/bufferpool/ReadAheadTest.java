package org.selvage.engine.bufferpool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.Engines;
import org.selvage.engine.dictionary.Column;

/** Linear read-ahead: when it begins, and what it brings. */
class ReadAheadTest {
    /** About three rows a leaf, the leaves one after the other in the file. */
    private static final int ROWS = 300;

    /** Areas of eight pages. */
    private static final EngineConfig.Builder CONFIG = Engines.small().poolPages(256);

    @TempDir Path dir;

    @BeforeEach
    void load() {
        try (Engine engine = Engines.open(dir, CONFIG)) {
            engine.createTable("t", List.of(Column.ofString("c")), List.of());
            for (long key = 0; key < ROWS; key++) {
                engine.insert("t", key, "x".repeat(120));
            }
        }
    }

    private BufferPoolStats afterReading(EngineConfig.Builder config, long first, long step) {
        try (Engine engine = Engines.open(dir, config)) {
            for (long key = first; key >= 0 && key < ROWS; key += step) {
                assertThat(engine.get("t", key)).isNotNull();
            }
            BufferPoolStats stats = engine.status().bufferPool();
            assertThat(engine.validate()).isEqualTo(ROWS);
            assertThat(engine.errorLog().lines()).isEmpty();
            return stats;
        }
    }

    @Test
    void aScanForwardOrBackwardReadsAhead() {
        assertThat(afterReading(CONFIG, 0, 1).pagesReadAhead()).isGreaterThan(50);
        assertThat(afterReading(CONFIG, ROWS - 1, -1).pagesReadAhead()).isGreaterThan(50);
    }

    @Test
    void noneIsReadAheadWhenAccessesAreFarApartOrItIsTurnedOff() {
        EngineConfig.Builder strict = CONFIG.build().toBuilder().readAheadThreshold(64);
        assertThat(afterReading(strict, 0, 1).pagesReadAhead()).isGreaterThan(50);
        assertThat(afterReading(strict, 0, 7).pagesReadAhead()).isZero();
        EngineConfig.Builder off = CONFIG.build().toBuilder().readAheadThreshold(0);
        assertThat(afterReading(off, 0, 1).pagesReadAhead()).isZero();
    }

    @Test
    void anAreaOfWhichManyPagesWereUsedIsReadWhole() {
        EngineConfig.Builder random =
                CONFIG.build().toBuilder().readAheadThreshold(0).randomReadAhead(true);
        assertThat(afterReading(random, 0, 1).pagesReadAhead()).isGreaterThan(20);
        // One page in seven is not enough of an area.
        assertThat(afterReading(random, 0, 21).pagesReadAhead()).isZero();
        EngineConfig.Builder spread = random.build().toBuilder().poolPages(1024).poolInstances(4);
        assertThat(afterReading(spread, 0, 1).pagesReadAhead()).isGreaterThan(20);
    }

    @Test
    void aPageThatNobodyAskedForIsCountedWhenItGoes() {
        try (Engine engine = Engines.open(dir, CONFIG)) {
            long key = 0;
            while (engine.status().bufferPool().pagesReadAhead() == 0) {
                assertThat(engine.get("t", key++)).isNotNull();
            }
            while (engine.bufferPool().pendingReads() > 0) {
                Thread.onSpinWait();
            }
            engine.bufferPool().evictUnused();
            BufferPoolStats stats = engine.status().bufferPool();
            assertThat(stats.readAheadEvicted()).isEqualTo(stats.pagesReadAhead());
            assertThat(engine.status().text())
                    .contains("Innodb_buffer_pool_read_ahead " + stats.pagesReadAhead() + "\n");
        }
    }
}
