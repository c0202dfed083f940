package org.selvage.engine.tablespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.EngineException;
import org.selvage.engine.FailureBox;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.PageOutOfBoundsException;
import org.selvage.engine.page.PageId;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FilSystemTest {
    private static final String LINE =
            "[ERROR] InnoDB: Trying to do I/O to a tablespace which does not exist. I/O type: %s,"
                    + " page: [page id: space=%d, page number=%d], I/O length: 512 bytes";

    @TempDir Path dir;

    private static ByteBuffer page() {
        return ByteBuffer.allocate(512);
    }

    @Test
    void missingTablespaceIsReportedForReadsAndWrites() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            PageId id = new PageId(32, 57890);
            assertThat(floor.fil.io(IoRequest.READ_SYNC, id, page(), null))
                    .isEqualTo(IoResult.TABLESPACE_DELETED);
            assertThat(floor.fil.io(IoRequest.WRITE_SYNC, id, page(), null))
                    .isEqualTo(IoResult.TABLESPACE_DELETED);
            assertThat(floor.fil.io(IoRequest.READ_SYNC_IGNORE_MISSING, id, page(), null))
                    .isEqualTo(IoResult.TABLESPACE_DELETED);
            assertThat(floor.log.lines())
                    .containsExactly(
                            LINE.formatted("read", 32, 57890), LINE.formatted("write", 32, 57890));
        }
    }

    @Test
    void lineHasTheRealLengthAtTheDefaultPageSize() {
        var config = LowerFloor.config().pageSize(16384).build();
        try (LowerFloor floor = LowerFloor.open(dir, config)) {
            floor.pool.readMergePage(new PageId(32, 57890), false, false);
            assertThat(floor.log.lines())
                    .containsExactly(
                            "[ERROR] InnoDB: Trying to do I/O to a tablespace which does not exist."
                                    + " I/O type: read, page: [page id: space=32, page"
                                    + " number=57890], I/O length: 16384 bytes");
        }
    }

    @Test
    void stoppingTablespaceRefusesAsynchronousReadsOnly() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            FilSpace space = floor.createSpace("t", 1);
            floor.flushAndEvict();
            PageId id = new PageId(space.id(), 2);
            ByteBuffer content = page();
            assertThat(space.pendingOperations().stop()).isTrue();
            assertThat(floor.fil.io(IoRequest.READ_SYNC, id, content, null))
                    .isEqualTo(IoResult.SUCCESS);
            assertThat(floor.fil.io(IoRequest.WRITE_SYNC, id, content.clear(), null))
                    .isEqualTo(IoResult.SUCCESS);
            assertThat(floor.fil.io(IoRequest.WRITE_ASYNC, id, content.clear(), (t, f) -> {}))
                    .isEqualTo(IoResult.SUCCESS);
            LowerFloor.await(() -> floor.fil.pendingIo(space) == 0);
            assertThat(floor.fil.io(IoRequest.READ_ASYNC, id, page(), (t, f) -> {}))
                    .isEqualTo(IoResult.TABLESPACE_DELETED);
            assertThat(floor.log.lines()).containsExactly(LINE.formatted("read", space.id(), 2));
        }
    }

    @Test
    void truncatedTablespaceAnswersReadsAgainButNotOutsideTheFile() throws InterruptedException {
        FailureBox failures = new FailureBox();
        try (LowerFloor floor = LowerFloor.open(dir)) {
            FilSpace space = floor.createSpace("t", 1);
            floor.flushAndEvict();
            space.pendingOperations().stop();
            floor.fil.setBeingTruncated(space, true);
            Thread[] done = new Thread[1];
            assertThat(
                            floor.fil.io(
                                    IoRequest.READ_ASYNC,
                                    new PageId(space.id(), 2),
                                    page(),
                                    (t, f) -> done[0] = Thread.currentThread()))
                    .isEqualTo(IoResult.SUCCESS);
            LowerFloor.await(() -> floor.fil.readStats().completed() == 1);
            assertThat(
                            floor.fil.io(
                                    IoRequest.READ_ASYNC,
                                    new PageId(space.id(), 99),
                                    page(),
                                    (t, f) -> {}))
                    .isEqualTo(IoResult.TABLESPACE_TRUNCATED);
            assertThat(floor.fil.acquire(space.id())).isNull();
        }
        failures.join();
    }

    @Test
    void pageOutsideTheFileIsAnErrorUnlessIgnored() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            FilSpace space = floor.createSpace("t", 1);
            PageId outside = new PageId(space.id(), 4);
            assertThatThrownBy(() -> floor.fil.io(IoRequest.READ_SYNC, outside, page(), null))
                    .isInstanceOf(PageOutOfBoundsException.class)
                    .hasMessageContaining("page=4")
                    .hasMessageContaining("pages=4");
            assertThatThrownBy(() ->
                            floor.fil.io(
                                    IoRequest.READ_SYNC, new PageId(space.id(), -1), page(), null))
                    .isInstanceOf(PageOutOfBoundsException.class);
            assertThat(floor.fil.io(IoRequest.READ_SYNC_IGNORE_MISSING, outside, page(), null))
                    .isEqualTo(IoResult.ERROR);
        }
    }

    @Test
    void lookupSizeAndAcquireFollowTheTablespace() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            FilSpace space = floor.createSpace("t", 0);
            assertThat(floor.fil.lookup("t")).isSameAs(space);
            assertThat(floor.fil.lookup(space.id())).isSameAs(space);
            assertThat(floor.fil.size(space.id())).isEqualTo(4);
            assertThat(floor.fil.spaces()).hasSize(2).contains(space);
            assertThat(floor.protocol.acquire(space.id())).isSameAs(space);
            assertThat(space.pendingOperations().count()).isEqualTo(1);
            floor.protocol.release(space);
            assertThat(floor.protocol.acquire(99)).isNull();
            floor.protocol.deleteTablespace(space.id());
            assertThat(floor.fil.lookup("t")).isNull();
            assertThat(floor.fil.size(space.id())).isZero();
        }
    }

    @Test
    void fsyncHappensOncePerSetOfWrites() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            FilSpace space = floor.createSpace("t", 1);
            floor.flushAndEvict();
            long before = floor.fil.syncIoCounts().fsyncs();
            floor.fil.flush(space.id());
            assertThat(floor.fil.syncIoCounts().fsyncs()).isEqualTo(before);
            floor.putLong(new PageId(space.id(), 2), 1);
            floor.pool.flush(100);
            floor.fil.flush(space.id());
            floor.fil.flush(space.id());
            assertThat(floor.fil.syncIoCounts().fsyncs()).isEqualTo(before + 1);
            assertThat(floor.fil.pendingIo(space)).isZero();
        }
    }

    @Test
    void stoppingTablespaceIsNotSynchronised() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            FilSpace space = floor.createSpace("t", 1);
            floor.pool.flush(100);
            space.pendingOperations().stop();
            long before = floor.fil.syncIoCounts().fsyncs();
            floor.fil.flush(space.id());
            assertThat(floor.fil.syncIoCounts().fsyncs()).isEqualTo(before);
        }
    }

    @Test
    void extendGrowsTheFileOnce() throws Exception {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            FilSpace space = floor.createSpace("t", 0);
            floor.fil.extend(space.id(), 10);
            floor.fil.extend(space.id(), 7);
            assertThat(floor.fil.size(space.id())).isEqualTo(10);
            assertThat(Files.size(dir.resolve("t.ibd"))).isEqualTo(10 * 512);
        }
    }

    @Test
    void interruptedThreadDoesNotCloseTheFileForOthers() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            FilSpace space = floor.createSpace("t", 1);
            PageId id = new PageId(space.id(), 2);
            floor.putLong(id, 77);
            floor.flushAndEvict();
            Thread.currentThread().interrupt();
            assertThat(floor.getLong(id)).isEqualTo(77);
            assertThat(Thread.interrupted()).isTrue();
            floor.pool.evictUnused();
            assertThat(floor.getLong(id)).isEqualTo(77);
        }
    }

    @Test
    void dyingHandlerIsLoggedAndRefusesFurtherIo() {
        LowerFloor floor = LowerFloor.open(dir);
        FilSpace space = floor.createSpace("t", 1);
        floor.flushAndEvict();
        PageId id = new PageId(space.id(), 2);
        floor.fil.io(
                IoRequest.READ_ASYNC,
                id,
                page(),
                (type, failure) -> {
                    throw new IllegalStateException("broken completion");
                });
        LowerFloor.await(() -> !floor.log.lines().isEmpty());
        assertThat(floor.log.lines())
                .singleElement()
                .asString()
                .contains("I/O handler thread died: array=read")
                .contains("broken completion");
        assertThatThrownBy(() -> floor.fil.io(IoRequest.READ_SYNC, id, page(), null))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("broken completion");
        floor.abandon();
    }

    @Test
    void closedSystemRefusesIo() {
        LowerFloor floor = LowerFloor.open(dir);
        floor.close();
        assertThatThrownBy(() -> floor.fil.io(IoRequest.READ_SYNC, new PageId(0, 0), page(), null))
                .hasMessageContaining("closed");
        floor.fil.close();
    }

    @Test
    void logSequenceNumberSurvivesACleanShutdown() {
        long lsn;
        try (LowerFloor floor = LowerFloor.open(dir)) {
            assertThat(floor.fil.flushedLsn()).isZero();
            floor.createSpace("t", 1);
            lsn = floor.redo.lsn();
        }
        try (LowerFloor floor = LowerFloor.open(dir)) {
            assertThat(floor.fil.flushedLsn()).isEqualTo(lsn);
            assertThat(floor.redo.lsn()).isEqualTo(lsn);
        }
    }
}
