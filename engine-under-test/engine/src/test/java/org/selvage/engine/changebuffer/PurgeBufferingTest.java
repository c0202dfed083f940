package org.selvage.engine.changebuffer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.Durability;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.Engines;
import org.selvage.engine.Folders;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.dictionary.RowFormat;
import org.selvage.engine.dictionary.Table;
import org.selvage.engine.index.BTree;
import org.selvage.engine.index.KeyEncoding;
import org.selvage.engine.index.LeafBuffering.Operation;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.tablespace.DeleteProtocol;
import org.selvage.engine.tablespace.FileLog;

/** The operation DELETE of the change buffer: a purge whose leaf is not in the pool. */
class PurgeBufferingTest {
    private static final int ROWS = 600;

    /** Three rows whose secondary records are on one leaf: k is the key. */
    private static final List<Long> NEIGHBOURS = List.of(300L, 301L, 302L);

    private static final EngineConfig CONFIG =
            Engines.small()
                    .changeBufferMaxPercent(50)
                    .durability(Durability.FULL.withFsync(false))
                    .build();

    @TempDir Path dir;
    private Path live;

    @BeforeEach
    void folder() {
        live = dir.resolve("live");
    }

    /** Rows in order of both trees, everything merged, nothing in the pool. */
    private static void load(Engine engine) {
        Engines.createKv(engine, "t");
        for (long key = 0; key < ROWS; key++) {
            engine.insert("t", key, key, "row");
        }
        engine.validate();
        evict(engine);
    }

    private static void evict(Engine engine) {
        engine.bufferPool().flushAll();
        engine.bufferPool().evictUnused();
    }

    /** Deletes neighbours and purges some of them, none of their leaves in the pool. */
    private static void deleteAndPurge(Engine engine, int purges) {
        for (long key : NEIGHBOURS) {
            evict(engine);
            assertThat(engine.delete("t", key)).isTrue();
        }
        for (int i = 0; i < purges; i++) {
            evict(engine);
            assertThat(engine.transactions().purge()).isTrue();
        }
        evict(engine);
    }

    private static Table table(Engine engine) {
        return engine.dictionary().tables().getFirst();
    }

    private static byte[] secondaryKey(Engine engine, long key) {
        byte[] row = requireNonNull(table(engine).clustered().get(KeyEncoding.ofLong(key)));
        return RowFormat.secondaryKeys(table(engine).definition(), key, row)[0];
    }

    private static PageId leafOf(Engine engine, byte[] key) {
        BTree tree = table(engine).secondary(0);
        tree.latch().lockShared();
        try (MiniTransaction mtr = engine.pages().begin()) {
            return tree.descend(mtr, key, Latch.S).id();
        } finally {
            tree.latch().unlockShared();
        }
    }

    @Test
    void aPurgeIsBufferedUntilItCouldEmptyTheLeaf() {
        try (Engine engine = Engine.open(live, CONFIG)) {
            load(engine);
            ChangeBufferStats before = engine.changeBuffer().stats();
            deleteAndPurge(engine, 3);
            ChangeBufferStats after = engine.changeBuffer().stats();
            assertThat(after.bufferedDeleteMarks() - before.bufferedDeleteMarks()).isEqualTo(3);
            // The last of three known records may be the leaf's last: its purge read the leaf.
            assertThat(after.bufferedDeletes() - before.bufferedDeletes()).isEqualTo(2);
            assertThat(after.mergedDeletes() - before.mergedDeletes()).isEqualTo(2);
            assertThat(engine.deleteMarkedRecords("t")).isZero();
            assertThat(engine.validate()).isEqualTo(ROWS - 3);
            assertThat(engine.status().text()).contains("Innodb_ibuf_merged_deletes 2\n");
            assertThat(engine.errorLog().lines()).isEmpty();
            engine.bufferPool().validate();
        }
    }

    @Test
    void aRowComesBackAfterItsBufferedPurge() {
        try (Engine engine = Engine.open(live, CONFIG)) {
            load(engine);
            deleteAndPurge(engine, 2);
            assertThat(engine.changeBuffer().countRecords()).isEqualTo(5);
            engine.insert("t", 300L, 300L, "back");

            assertThat(engine.scan("t", "k", 300L)).hasSize(1);
            assertThat(engine.scan("t", "k", 301L)).isEmpty();
            assertThat(engine.validate()).isEqualTo(ROWS - 2);
            assertThat(engine.errorLog().lines()).isEmpty();
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theMasterThreadMergesPurges() {
        try (Engine engine = Engine.open(live, CONFIG)) {
            load(engine);
            deleteAndPurge(engine, 2);
            int records = engine.changeBuffer().countRecords();
            assertThat(records).isEqualTo(5);
            int pages = 0;
            while (engine.changeBuffer().countRecords() > 0) {
                // A read under way may merge what is left before a round looks for it.
                pages += engine.master().doIdleTasks();
            }
            assertThat(pages).isPositive();
            // The thread that completes a read counts once it has merged.
            LowerFloor.await(() -> engine.changeBuffer().stats().mergedDeletes() > 0);
            assertThat(engine.changeBuffer().stats().mergedDeletes()).isEqualTo(2);
            assertThat(engine.validate()).isEqualTo(ROWS - 3);
        }
    }

    @Test
    void aDroppedTableTakesItsPurgesAlong() {
        try (Engine engine = Engine.open(live, CONFIG)) {
            load(engine);
            deleteAndPurge(engine, 2);
            assertThat(engine.changeBuffer().stats().discardedDeletes()).isZero();
            engine.dropTable("t");
            while (engine.changeBuffer().countRecords() > 0) {
                engine.master().doIdleTasks();
            }
            assertThat(engine.changeBuffer().stats().discardedDeletes()).isEqualTo(2);
        }
    }

    @Test
    void aBufferedPurgeIsThereAfterACrash() throws IOException {
        Path image = dir.resolve("image");
        try (Engine engine = Engine.open(live, CONFIG)) {
            load(engine);
            deleteAndPurge(engine, 2);
            // A commit makes the log of the purge durable.
            engine.insert("t", ROWS, (long) ROWS, "last");
            Folders.copy(live, image);
        }
        try (Engine engine = Engine.open(image, CONFIG)) {
            assertThat(engine.changeBuffer().countRecords()).isGreaterThanOrEqualTo(5);
            assertThat(engine.validate()).isEqualTo(ROWS - 2);
            assertThat(engine.changeBuffer().stats().mergedDeletes()).isEqualTo(2);
            assertThat(engine.transactions().purge()).isTrue();
            assertThat(engine.deleteMarkedRecords("t")).isZero();
            assertThat(engine.errorLog().lines()).noneMatch(line -> line.startsWith("[ERROR]"));
        }
    }

    /** Changes buffered for the leaf of the neighbours, none of them in the pool. */
    private static ChangeBuffer bufferTwoMarks(Engine engine) {
        for (long key : NEIGHBOURS.subList(0, 2)) {
            engine.delete("t", key);
        }
        evict(engine);
        return new ChangeBuffer(
                engine.changeBuffer(),
                DeleteProtocol.named(
                        CONFIG.deleteProtocol(),
                        engine.tablespaces(),
                        engine.bufferPool(),
                        FileLog.NONE),
                engine.tablespaces(),
                engine.errorLog());
    }

    @Test
    void othersDoNotBufferForAPageThatAPurgeWatches() {
        try (Engine engine = Engine.open(live, CONFIG)) {
            load(engine);
            byte[] first = secondaryKey(engine, 300L);
            byte[] other = secondaryKey(engine, 302L);
            PageId leaf = leafOf(engine, first);
            evict(engine);
            ChangeBuffer buffer = bufferTwoMarks(engine);
            assertThat(engine.pages().watch(leaf)).isTrue();
            assertThat(buffer.buffer(Operation.DELETE_MARK, leaf, other)).isFalse();
            assertThat(buffer.buffer(Operation.DELETE, leaf, first)).isTrue();
            engine.pages().unwatch(leaf);
            assertThat(buffer.buffer(Operation.DELETE_MARK, leaf, other)).isTrue();
        }
    }

    @Test
    void aPurgeIsRefusedWhenThePageCameUnderItsWatch() {
        try (Engine engine = Engine.open(live, CONFIG)) {
            load(engine);
            byte[] first = secondaryKey(engine, 300L);
            PageId leaf = leafOf(engine, first);
            evict(engine);
            ChangeBuffer buffer = bufferTwoMarks(engine);
            assertThat(engine.pages().watch(leaf)).isTrue();
            assertThat(engine.scan("t", "k", 300L)).isEmpty();
            assertThat(engine.pages().isInPool(leaf)).isTrue();
            assertThat(buffer.buffer(Operation.DELETE, leaf, first)).isFalse();
            engine.pages().unwatch(leaf);
            assertThat(engine.pages().watch(leaf)).isFalse();
            // Gone again, and with enough buffered, only the watch says that it was there.
            evict(engine);
            engine.delete("t", 302L);
            engine.delete("t", 303L);
            assertThat(engine.pages().watch(leaf)).isTrue();
            engine.scan("t", "k", 300L);
            evict(engine);
            assertThat(engine.pages().watchOccurred(leaf)).isTrue();
            assertThat(buffer.buffer(Operation.DELETE, leaf, first)).isFalse();
            engine.pages().unwatch(leaf);
        }
    }
}
