package org.selvage.engine.tablespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.EngineException;
import org.selvage.engine.FailureBox;
import org.selvage.engine.InvalidConfigException;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.TablespaceMissingException;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.BufferPoolStats;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.bufferpool.MergeOnRead;
import org.selvage.engine.bufferpool.ReadResult;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeleteProtocolTest {
    @TempDir Path dir;
    private final FailureBox failures = new FailureBox();

    private static EngineConfig config(String protocol) {
        return LowerFloor.config().deleteProtocol(protocol).build();
    }

    private Thread drop(LowerFloor floor, FilSpace space) {
        return LowerFloor.start(
                "drop", failures, () -> floor.protocol.deleteTablespace(space.id()));
    }

    private Path file(String name) {
        return dir.resolve(name + ".ibd");
    }

    private static void assertGone(LowerFloor floor, FilSpace space) {
        assertThat(floor.fil.lookup(space.id())).isNull();
        assertThat(floor.fil.lookup(space.name())).isNull();
        assertThat(floor.protocol.acquire(space.id())).isNull();
        floor.pool.validate();
        assertThat(floor.pool.stats().pendingReads()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                EngineConfig.MYSQL_5_7_22,
                EngineConfig.MARIADB_10_2_9,
                EngineConfig.MYSQL_8_0_23
            })
    void dropDrainsPendingOperationsAndRemovesTheFile(String protocol) throws Exception {
        try (LowerFloor floor = LowerFloor.open(dir, config(protocol))) {
            FilSpace space = floor.createSpace("t1", 2);
            FilSpace held = floor.protocol.acquire(space.id());
            assertThat(held).isSameAs(space);
            Thread drop = drop(floor, space);
            LowerFloor.awaitPolling(drop);
            assertThat(space.pendingOperations().isStopping()).isTrue();
            assertThat(floor.protocol.acquire(space.id())).isNull();
            assertThat(file("t1")).exists();
            assertThat(floor.fil.lookup(space.id())).isSameAs(space);
            assertThat(floor.fil.size(space.id())).isEqualTo(4);
            floor.protocol.release(Objects.requireNonNull(held));
            failures.join(drop);
            assertThat(file("t1")).doesNotExist();
            assertGone(floor, space);
            assertThat(floor.log.lines()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                EngineConfig.MYSQL_5_7_22,
                EngineConfig.MARIADB_10_2_9,
                EngineConfig.MYSQL_8_0_23
            })
    void dropWaitsForAReadInFlight(String protocol) throws Exception {
        int id;
        try (LowerFloor floor = LowerFloor.open(dir, config(protocol))) {
            id = floor.createSpace("t1", 2).id();
        }
        LowerFloor floor = LowerFloor.openWithoutIoThreads(dir, config(protocol));
        FilSpace space = floor.fil.register(id, "t1");
        assertThat(floor.pool.readMergePage(new PageId(id, 2), false, false))
                .isEqualTo(ReadResult.READ);
        assertThat(floor.fil.pendingIo(space)).isEqualTo(1);
        Thread drop = drop(floor, space);
        LowerFloor.awaitPolling(drop);
        assertThat(drop.isAlive()).isTrue();
        assertThat(file("t1")).exists();
        floor.fil.startIoThreads();
        failures.join(drop);
        assertThat(file("t1")).doesNotExist();
        LowerFloor.await(() -> floor.pool.pendingReads() == 0);
        assertGone(floor, space);
        floor.close();
    }

    @ParameterizedTest
    @MethodSource("org.selvage.engine.Engines#protocols")
    void dropWaitsForAWriteInFlight(String protocol) throws Exception {
        LowerFloor floor = LowerFloor.openWithoutIoThreads(dir, config(protocol));
        FilSpace space = floor.createSpace("t1", 1);
        Thread flush = LowerFloor.start("flush", failures, () -> floor.pool.flush(1000));
        LowerFloor.await(() -> floor.fil.pendingIo(space) > 0);
        Thread drop = drop(floor, space);
        LowerFloor.awaitPolling(drop);
        assertThat(drop.isAlive()).isTrue();
        floor.fil.startIoThreads();
        failures.join(drop, flush);
        assertGone(floor, space);
        floor.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {EngineConfig.MYSQL_5_7_22, EngineConfig.MARIADB_10_2_9})
    void dirtyPagesOfTheTablespaceAreForgottenAndOthersKept(String protocol) {
        // A drop search size of 1 makes the sweep yield after every page.
        EngineConfig config = config(protocol).toBuilder().dropSearchSize(1).build();
        try (LowerFloor floor = LowerFloor.open(dir, config)) {
            FilSpace kept = floor.createSpace("kept", 3);
            FilSpace dropped = floor.createSpace("dropped", 3);
            floor.flushAndEvict();
            for (int page = 2; page < 5; page++) {
                floor.putLong(new PageId(dropped.id(), page), page);
                floor.putLong(new PageId(kept.id(), page), page);
            }
            BufferPoolStats before = floor.pool.stats();
            assertThat(before.dirtyPages()).isEqualTo(6);
            floor.protocol.deleteTablespace(dropped.id());
            BufferPoolStats after = floor.pool.stats();
            assertThat(after.dirtyPages()).isEqualTo(3);
            assertThat(after.pagesWritten()).isEqualTo(before.pagesWritten());
            assertGone(floor, dropped);
            floor.flushAndEvict();
            for (int page = 2; page < 5; page++) {
                assertThat(floor.getLong(new PageId(kept.id(), page))).isEqualTo(page);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.selvage.engine.Engines#protocols")
    void mergeReadMeetingAStoppingTablespaceIsUndone(String protocol) throws Exception {
        try (LowerFloor floor = LowerFloor.open(dir, config(protocol))) {
            FilSpace space = floor.createSpace("t1", 2);
            floor.flushAndEvict();
            int free = floor.pool.stats().freePages();
            FilSpace held = floor.protocol.acquire(space.id());
            Thread drop = drop(floor, space);
            LowerFloor.awaitPolling(drop);
            PageId id = new PageId(space.id(), 3);
            ReadResult result =
                    floor.pool.readMergePage(
                            id, false, floor.protocol.mergeReadIgnoresMissingSpace());
            assertThat(result).isEqualTo(ReadResult.TABLESPACE_DELETED);
            assertThat(floor.pool.contains(id)).isFalse();
            assertThat(floor.pool.stats().freePages()).isEqualTo(free);
            floor.pool.validate();
            floor.protocol.release(Objects.requireNonNull(held));
            failures.join(drop);
            String line =
                    "[ERROR] InnoDB: Trying to do I/O to a tablespace which does not exist. I/O"
                            + " type: read, page: [page id: space="
                            + space.id()
                            + ", page number=3], I/O length: 512 bytes";
            switch (protocol) {
                case EngineConfig.MYSQL_5_7_22 ->
                        assertThat(floor.log.lines()).containsExactly(line);
                default -> assertThat(floor.log.lines()).isEmpty();
            }
        }
    }

    /** A merge that tells when it began and goes on when it may. */
    private static final class HeldMerge implements MergeOnRead {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public void merge(BufferBlock block) {
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void discard(PageId id) {}
    }

    private LowerFloor openWithIndexPageBeingMerged(String protocol, HeldMerge merge)
            throws InterruptedException {
        int id;
        try (LowerFloor floor = LowerFloor.open(dir, config(protocol))) {
            id = floor.createSpace("t1", 1).id();
            try (MiniTransaction mtr = floor.mtr()) {
                BufferBlock block = mtr.page(new PageId(id, 2), Latch.X);
                LowerFloor.makeIndexPage(block.frame());
                mtr.setDirty(block);
            }
        }
        LowerFloor floor = LowerFloor.open(dir, config(protocol));
        floor.fil.register(id, "t1");
        floor.pool.setMergeOnRead(merge);
        floor.pool.readMergePage(new PageId(id, 2), false, false);
        merge.begun.await();
        return floor;
    }

    @Test
    void mysqlDropsWhileACompletionStillRuns() throws Exception {
        HeldMerge merge = new HeldMerge();
        LowerFloor floor = openWithIndexPageBeingMerged(EngineConfig.MYSQL_5_7_22, merge);
        FilSpace space = Objects.requireNonNull(floor.fil.lookup("t1"));
        floor.protocol.deleteTablespace(space.id());
        assertThat(file("t1")).doesNotExist();
        merge.goOn.countDown();
        LowerFloor.await(() -> floor.pool.pendingReads() == 0);
        assertGone(floor, space);
        floor.close();
    }

    @Test
    void mariaDbKeepsTheFileUntilTheCompletionIsOver() throws Exception {
        HeldMerge merge = new HeldMerge();
        LowerFloor floor = openWithIndexPageBeingMerged(EngineConfig.MARIADB_10_2_9, merge);
        FilSpace space = Objects.requireNonNull(floor.fil.lookup("t1"));
        Thread drop = drop(floor, space);
        LowerFloor.await(() -> floor.fil.lookup(space.id()) == null);
        LowerFloor.awaitPolling(drop);
        assertThat(drop.isAlive()).isTrue();
        assertThat(file("t1")).exists();
        merge.goOn.countDown();
        failures.join(drop);
        assertThat(file("t1")).doesNotExist();
        assertGone(floor, space);
        floor.close();
    }

    @ParameterizedTest
    @MethodSource("org.selvage.engine.Engines#protocols")
    void whatCannotBeDeletedIsRefused(String protocol) throws Exception {
        try (LowerFloor floor = LowerFloor.open(dir, config(protocol))) {
            assertThatThrownBy(() -> floor.protocol.deleteTablespace(0))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("system tablespace");
            assertThatThrownBy(() -> floor.protocol.deleteTablespace(99))
                    .isInstanceOf(TablespaceMissingException.class);
            FilSpace space = floor.createSpace("t1", 0);
            floor.protocol.acquire(space.id());
            Thread drop = drop(floor, space);
            LowerFloor.awaitPolling(drop);
            assertThatThrownBy(() -> floor.protocol.deleteTablespace(space.id()))
                    .isInstanceOf(TablespaceMissingException.class)
                    .hasMessageContaining("known=true");
            floor.protocol.release(space);
            failures.join(drop);
        }
    }

    @ParameterizedTest
    @MethodSource("org.selvage.engine.Engines#protocols")
    void dropsAgainstMergeReadsOfManyTables(String protocol) throws Exception {
        EngineConfig config = config(protocol).toBuilder().poolPages(32).build();
        try (LowerFloor floor = LowerFloor.open(dir, config)) {
            FilSpace[] spaces = new FilSpace[24];
            for (int i = 0; i < spaces.length; i++) {
                spaces[i] = floor.createSpace("t" + i, 6);
            }
            floor.flushAndEvict();
            Thread[] mergers = new Thread[3];
            for (int m = 0; m < mergers.length; m++) {
                mergers[m] =
                        LowerFloor.start("merge", failures, () -> mergeAllUntilGone(floor, spaces));
            }
            for (FilSpace space : spaces) {
                floor.protocol.deleteTablespace(space.id());
                assertThat(file(space.name())).doesNotExist();
            }
            failures.join(mergers);
            LowerFloor.await(() -> floor.pool.pendingReads() == 0);
            floor.pool.validate();
            assertThat(floor.fil.spaces()).hasSize(1);
            assertThat(floor.fil.readStats().pending()).isZero();
        }
    }

    private static void mergeAllUntilGone(LowerFloor floor, FilSpace[] spaces) {
        boolean anyLeft = true;
        while (anyLeft) {
            anyLeft = false;
            for (FilSpace space : spaces) {
                for (int page = 2; page < 8 && floor.fil.size(space.id()) > 0; page++) {
                    anyLeft = true;
                    floor.pool.readMergePage(new PageId(space.id(), page), false, true);
                }
                FilSpace held = floor.protocol.acquire(space.id());
                if (held != null) {
                    floor.protocol.release(held);
                }
            }
            floor.pool.evictUnused();
        }
    }

    @Test
    void unknownProtocolIsRefused() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            assertThatThrownBy(() ->
                            DeleteProtocol.named("oracle-7", floor.fil, floor.pool, FileLog.NONE))
                    .isInstanceOf(InvalidConfigException.class)
                    .hasMessageContaining(
                            "mysql-5.7.22, mariadb-10.2.9, mariadb-10.6.16, mysql-8.0.23",
                            FileLog.NONE);
        }
        assertThat(dir).isDirectoryContaining("glob:**ibdata1");
    }

    @ParameterizedTest
    @ValueSource(strings = {EngineConfig.MARIADB_10_6_16, EngineConfig.MYSQL_8_0_23})
    void withoutASweepDirtyPagesAreDroppedWhenTheCleanerMeetsThem(String protocol) {
        try (LowerFloor floor = LowerFloor.open(dir, config(protocol))) {
            FilSpace space = floor.createSpace("t1", 3);
            floor.putLong(new PageId(space.id(), 2), 7);
            floor.protocol.deleteTablespace(space.id());
            assertGone(floor, space);
            assertThat(file("t1")).doesNotExist();
            floor.pool.flushAll();
            assertThat(floor.pool.oldestModification()).isZero();
            assertThat(floor.log.lines()).isEmpty();
        }
    }

    /** MariaDB 10.6 unlinks while references are held, and closes when the last is given back. */
    @Test
    void theFileGoesFirstAndTheTablespaceWithItsLastReference() throws Exception {
        try (LowerFloor floor = LowerFloor.open(dir, config(EngineConfig.MARIADB_10_6_16))) {
            FilSpace space = floor.createSpace("t1", 2);
            FilSpace held = Objects.requireNonNull(floor.protocol.acquire(space.id()));
            Thread drop = drop(floor, space);
            LowerFloor.awaitPolling(drop);
            assertThat(file("t1")).doesNotExist();
            assertThat(floor.fil.lookup(space.id())).isSameAs(space);
            assertThat(floor.protocol.acquire(space.id())).isNull();
            floor.protocol.release(held);
            failures.join(drop);
            assertGone(floor, space);
        }
    }
}
