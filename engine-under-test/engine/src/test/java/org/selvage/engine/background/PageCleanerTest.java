package org.selvage.engine.background;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.Durability;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.Engines;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PageCleanerTest {
    @TempDir Path dir;

    private Engine open(EngineConfig.Builder config) {
        Engine engine = Engine.open(dir, config.build());
        Engines.createKv(engine, "t");
        return engine;
    }

    private static EngineConfig.Builder lazyCommits() {
        return Engines.small()
                .poolPages(400)
                .durability(Durability.FULL.withFlushLogAtCommit(0).withLogFileBytes(1 << 20));
    }

    private static int dirtyPages(Engine engine) {
        return engine.status().bufferPool().dirtyPages();
    }

    @Test
    void fewDirtyPagesAndAYoungCheckpointAreLeftAloneUntilClientsAreIdle() {
        try (Engine engine = open(lazyCommits())) {
            engine.pageCleaner().round();
            engine.pageCleaner().round();
            assertThat(dirtyPages(engine)).isZero();
            engine.insert("t", 1, 10L, "a");
            int dirty = dirtyPages(engine);
            assertThat(dirty).isPositive();
            engine.pageCleaner().round();
            assertThat(dirtyPages(engine)).isEqualTo(dirty);
            engine.pageCleaner().round();
            assertThat(dirtyPages(engine)).isZero();
        }
    }

    @Test
    void anOldCheckpointIsAdvancedWhileClientsAreActive() {
        try (Engine engine = open(lazyCommits())) {
            for (long key = 0; key < 1500; key++) {
                engine.insert("t", key % 2 == 0 ? key : -key, Engines.spread(key), "some bytes");
            }
            long checkpoint = engine.status().log().checkpointLsn();
            engine.pageCleaner().round();
            assertThat(engine.status().log().checkpointLsn()).isGreaterThan(checkpoint);
        }
    }

    @Test
    void withoutALogAllOfTheCapacityIsUsed() {
        try (Engine engine = open(Engines.small())) {
            engine.insert("t", 1, 10L, "a");
            engine.pageCleaner().round();
            assertThat(dirtyPages(engine)).isZero();
        }
    }

    @Test
    void theLogFlusherMakesCommitsDurableThatDidNotWait() {
        try (Engine engine = open(lazyCommits())) {
            engine.insert("t", 1, 10L, "a");
            long committed = engine.status().log().lsn();
            assertThat(engine.status().log().durableLsn()).isLessThan(committed);
            engine.logFlusher().flush();
            assertThat(engine.status().log().durableLsn()).isEqualTo(committed);
        }
    }
}
