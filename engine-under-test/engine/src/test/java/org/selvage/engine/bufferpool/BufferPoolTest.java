package org.selvage.engine.bufferpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.BufferPoolExhaustedException;
import org.selvage.engine.CorruptPageException;
import org.selvage.engine.EngineException;
import org.selvage.engine.FailureBox;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.PageOutOfBoundsException;
import org.selvage.engine.TablespaceMissingException;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.redo.MiniTransaction;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BufferPoolTest {
    @TempDir Path dir;
    private final FailureBox failures = new FailureBox();

    private void flipByte(String name, int pageNo, int offset) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        dir.resolve(name + ".ibd"),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            long position = pageNo * 512L + offset;
            channel.read(one, position);
            one.put(0, (byte) ~one.get(0));
            channel.write(one.flip(), position);
        }
    }

    @Test
    void pagesSurviveEvictionAndReopening() {
        Random random = new Random(7);
        long[] model = new long[100];
        int id = 0;
        for (int session = 0; session < 4; session++) {
            try (LowerFloor floor = LowerFloor.open(dir)) {
                if (session == 0) {
                    id = floor.createSpace("t1", model.length).id();
                } else {
                    floor.fil.register(id, "t1");
                }
                for (int i = 0; i < 5000; i++) {
                    int page = random.nextInt(model.length);
                    PageId pageId = new PageId(id, page + 2);
                    if (random.nextInt(3) == 0) {
                        model[page] = random.nextLong();
                        floor.putLong(pageId, model[page]);
                    } else {
                        assertThat(floor.getLong(pageId)).isEqualTo(model[page]);
                    }
                }
                assertThat(floor.pool.stats().pagesEvicted()).isGreaterThan(1000);
                floor.pool.validate();
            }
        }
    }

    @Test
    void dirtyPagesAreNotInTheFileBeforeTheyAreFlushed() {
        int id;
        LowerFloor floor = LowerFloor.open(dir);
        id = floor.createSpace("t1", 1).id();
        floor.pool.flushAll();
        floor.putLong(new PageId(id, 2), 5);
        assertThat(floor.pool.stats().dirtyPages()).isEqualTo(1);
        floor.abandon();
        try (LowerFloor reopened = LowerFloor.open(dir)) {
            reopened.fil.register(id, "t1");
            assertThat(reopened.getLong(new PageId(id, 2))).isZero();
        }
    }

    @Test
    void flippedByteIsFoundBySynchronousRead() throws IOException {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            int id = floor.createSpace("t1", 2).id();
            floor.flushAndEvict();
            int free = floor.pool.stats().freePages();
            flipByte("t1", 2, 200);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> floor.pool.get(new PageId(id, 2), Latch.S))
                        .isInstanceOf(CorruptPageException.class)
                        .hasMessageContaining("file=" + dir.resolve("t1.ibd"))
                        .hasMessageContaining("page=2 ");
                floor.pool.validate();
                assertThat(floor.pool.stats().freePages()).isEqualTo(free);
            }
            floor.getLong(new PageId(id, 3));
            flipByte("t1", 2, 200);
            assertThat(floor.getLong(new PageId(id, 2))).isZero();
        }
    }

    @Test
    void flippedByteIsLoggedByAsynchronousReadAndThePageIsUndone() throws IOException {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            int id = floor.createSpace("t1", 2).id();
            floor.flushAndEvict();
            flipByte("t1", 3, 300);
            PageId page = new PageId(id, 3);
            assertThat(floor.pool.readMergePage(page, false, true)).isEqualTo(ReadResult.READ);
            LowerFloor.await(() -> !floor.log.lines().isEmpty());
            assertThat(floor.log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("[ERROR] InnoDB: Page is corrupt: bad checksum. file=");
            assertThat(floor.pool.contains(page)).isFalse();
            floor.pool.validate();
        }
    }

    @Test
    void asynchronousReadsCompleteOnce() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            int id = floor.createSpace("t1", 12).id();
            for (int page = 2; page < 14; page++) {
                floor.putLong(new PageId(id, page), page * 11L);
            }
            floor.flushAndEvict();
            long before = floor.pool.stats().pagesRead();
            for (int page = 2; page < 14; page++) {
                assertThat(floor.pool.readMergePage(new PageId(id, page), false, true))
                        .isEqualTo(ReadResult.READ);
            }
            assertThat(floor.pool.readMergePage(new PageId(id, 2), false, true))
                    .isEqualTo(ReadResult.ALREADY_IN_POOL);
            LowerFloor.await(() -> floor.pool.pendingReads() == 0);
            assertThat(floor.pool.stats().pagesRead()).isEqualTo(before + 12);
            for (int page = 2; page < 14; page++) {
                assertThat(floor.getLong(new PageId(id, page))).isEqualTo(page * 11L);
            }
            assertThat(floor.pool.stats().pagesRead()).isEqualTo(before + 12);
            assertThat(floor.fil.readStats().completed()).isEqualTo(12);
        }
    }

    @Test
    void ibufReadsHaveTheirOwnHandler() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            PageId page = new PageId(0, 9);
            assertThat(floor.pool.readIbufPage(page)).isEqualTo(ReadResult.READ);
            LowerFloor.await(() -> floor.pool.pendingReads() == 0);
            assertThat(floor.fil.ibufReadStats().completed()).isEqualTo(1);
            assertThat(floor.fil.readStats().submitted()).isZero();
        }
    }

    @Test
    void bitmapPagesAreReadSynchronously() {
        LowerFloor floor = LowerFloor.openWithoutIoThreads(dir, LowerFloor.config().build());
        PageId bitmap = new PageId(0, 1);
        assertThat(floor.pool.readMergePage(bitmap, false, true)).isEqualTo(ReadResult.READ);
        assertThat(floor.pool.pendingReads()).isZero();
        floor.abandon();
    }

    @Test
    void threadsThatFoundAPageBeingReadWaitForIt() throws InterruptedException {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            int id = floor.createSpace("t1", 1).id();
            floor.putLong(new PageId(id, 2), 42);
            floor.flushAndEvict();
        }
        LowerFloor floor = LowerFloor.openWithoutIoThreads(dir, LowerFloor.config().build());
        floor.fil.register(1, "t1");
        PageId page = new PageId(1, 2);
        floor.pool.readMergePage(page, false, true);
        long[] seen = new long[2];
        Thread reader = LowerFloor.start("reader", failures, () -> seen[0] = floor.getLong(page));
        Thread unlatched =
                LowerFloor.start(
                        "unlatched",
                        failures,
                        () -> {
                            BufferBlock block = floor.pool.get(page, Latch.NONE);
                            seen[1] = block.frame().getLong(LowerFloor.VALUE);
                            floor.pool.release(block, Latch.NONE);
                        });
        LowerFloor.await(() -> reader.getState() == Thread.State.WAITING);
        LowerFloor.await(() -> unlatched.getState() == Thread.State.WAITING);
        floor.fil.startIoThreads();
        failures.join(reader, unlatched);
        assertThat(seen).containsExactly(42, 42);
        floor.close();
    }

    @Test
    void threadsThatWaitedForAPageThatIsCorruptGetTheError() throws Exception {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            floor.createSpace("t1", 1);
            floor.flushAndEvict();
        }
        flipByte("t1", 2, 100);
        LowerFloor floor = LowerFloor.openWithoutIoThreads(dir, LowerFloor.config().build());
        floor.fil.register(1, "t1");
        PageId page = new PageId(1, 2);
        floor.pool.readMergePage(page, false, true);
        List<Thread> waiters = new ArrayList<>();
        for (Latch latch : Latch.values()) {
            waiters.add(
                    LowerFloor.start(
                            "waiter",
                            failures,
                            () ->
                                    assertThatThrownBy(() -> floor.pool.get(page, latch))
                                            .isInstanceOf(CorruptPageException.class)));
        }
        for (Thread waiter : waiters) {
            LowerFloor.await(() -> waiter.getState() == Thread.State.WAITING);
        }
        floor.fil.startIoThreads();
        failures.join(waiters.toArray(Thread[]::new));
        assertThat(floor.pool.stats().freePages() + floor.pool.stats().lruPages()).isEqualTo(16);
        floor.pool.validate();
        floor.close();
    }

    @Test
    void refusedReadsAreUndone() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            int id = floor.createSpace("t1", 1).id();
            floor.flushAndEvict();
            assertThatThrownBy(() -> floor.pool.get(new PageId(99, 2), Latch.S))
                    .isInstanceOf(TablespaceMissingException.class)
                    .hasMessageContaining("space=99 known=false");
            assertThatThrownBy(() -> floor.pool.get(new PageId(id, 50), Latch.S))
                    .isInstanceOf(PageOutOfBoundsException.class);
            assertThat(floor.pool.readMergePage(new PageId(id, 50), false, true))
                    .isEqualTo(ReadResult.PAGE_MISSING);
            floor.pool.validate();
            assertThat(floor.pool.stats().freePages()).isEqualTo(16);
            assertThat(floor.pool.pendingReads()).isZero();
        }
    }

    @Test
    void flushWritesTheOldestModificationFirst() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            int id = floor.createSpace("t1", 4).id();
            floor.flushAndEvict();
            for (int page : new int[] {4, 2, 5, 3, 4}) {
                floor.putLong(new PageId(id, page), page);
            }
            long oldest = floor.pool.oldestModification();
            assertThat(floor.pool.flush(2)).isEqualTo(2);
            assertThat(floor.pool.oldestModification()).isEqualTo(oldest + 2);
            assertThat(floor.pool.evictUnused()).isGreaterThanOrEqualTo(2);
            assertThat(floor.pool.contains(new PageId(id, 4))).isFalse();
            assertThat(floor.pool.contains(new PageId(id, 2))).isFalse();
            assertThat(floor.pool.contains(new PageId(id, 5))).isTrue();
            assertThat(floor.pool.flush(100)).isEqualTo(2);
            assertThat(floor.pool.oldestModification()).isZero();
        }
    }

    @Test
    void leastRecentlyUsedPagesGoFirst() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            int id = floor.createSpace("t1", 60).id();
            floor.flushAndEvict();
            for (int page = 40; page < 60; page++) {
                floor.getLong(new PageId(id, page));
            }
            PageId hot = new PageId(id, 2);
            long before = floor.pool.stats().pagesRead();
            for (int page = 3; page < 40; page++) {
                floor.getLong(hot);
                floor.getLong(new PageId(id, page));
            }
            assertThat(floor.pool.stats().pagesRead() - before).isEqualTo(38);
            assertThat(floor.pool.contains(hot)).isTrue();
            assertThat(floor.pool.contains(new PageId(id, 39))).isTrue();
            assertThat(floor.pool.contains(new PageId(id, 3))).isFalse();
        }
    }

    @Test
    void poolOfFixedPagesIsAnError() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            int id = floor.createSpace("t1", 20).id();
            floor.flushAndEvict();
            try (MiniTransaction mtr = floor.mtr()) {
                for (int page = 2; page < 18; page++) {
                    mtr.page(new PageId(id, page), Latch.S);
                }
                assertThatThrownBy(() -> mtr.page(new PageId(id, 18), Latch.S))
                        .isInstanceOf(BufferPoolExhaustedException.class)
                        .hasMessageContaining("pool_pages=16 fixed=16 dirty=0");
            }
            floor.getLong(new PageId(id, 18));
        }
    }

    @Test
    void pageThatCannotBeWrittenStaysDirty() throws Exception {
        LowerFloor floor = LowerFloor.open(dir);
        int id = floor.createSpace("t1", 1).id();
        PageId outside = new PageId(id, 1000);
        try (MiniTransaction mtr = floor.mtr()) {
            mtr.newPage(outside, PageType.SYS);
        }
        assertThatThrownBy(floor.pool::flushAll).isInstanceOf(PageOutOfBoundsException.class);
        assertThat(floor.pool.stats().dirtyPages()).isEqualTo(1);
        assertThat(floor.pool.stats().pendingWrites()).isZero();
        floor.pool.validate();
        floor.fil.extend(id, 1001);
        floor.pool.flushAll();
        floor.close();
    }

    @Test
    void removeAllPagesEmptiesThePoolOfATablespace() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            int one = floor.createSpace("t1", 3).id();
            int two = floor.createSpace("t2", 3).id();
            floor.flushAndEvict();
            for (int page = 2; page < 5; page++) {
                floor.putLong(new PageId(one, page), 1);
                floor.getLong(new PageId(two, page));
            }
            floor.pool.removeAllPages(one);
            for (int page = 2; page < 5; page++) {
                assertThat(floor.pool.contains(new PageId(one, page))).isFalse();
                assertThat(floor.pool.contains(new PageId(two, page))).isTrue();
            }
            assertThat(floor.pool.stats().dirtyPages()).isZero();
            floor.pool.validate();
        }
    }

    @Test
    void writeDirtyPagesWritesThePagesOfATablespaceAndOnlyThose() {
        int one;
        int two;
        LowerFloor floor = LowerFloor.open(dir);
        one = floor.createSpace("t1", 3).id();
        two = floor.createSpace("t2", 3).id();
        floor.flushAndEvict();
        for (int page = 2; page < 5; page++) {
            floor.putLong(new PageId(one, page), 10 + page);
            floor.putLong(new PageId(two, page), 20 + page);
        }
        long fsyncs = floor.fil.syncIoCounts().fsyncs();
        floor.pool.writeDirtyPages(one);
        assertThat(floor.fil.syncIoCounts().fsyncs() - fsyncs).isEqualTo(1);
        assertThat(floor.pool.stats().dirtyPages()).isEqualTo(3);
        assertThat(floor.pool.contains(new PageId(one, 2))).isTrue();
        floor.pool.validate();
        floor.abandon();
        try (LowerFloor reopened = LowerFloor.open(dir)) {
            reopened.fil.register(one, "t1");
            reopened.fil.register(two, "t2");
            for (int page = 2; page < 5; page++) {
                assertThat(reopened.getLong(new PageId(one, page))).isEqualTo(10 + page);
                assertThat(reopened.getLong(new PageId(two, page))).isZero();
            }
        }
    }

    /** Adds one to a page when it is read, and fails on request. */
    private static final class CountingMerge implements MergeOnRead {
        private final LowerFloor floor;
        final List<PageId> discarded = new ArrayList<>();
        boolean fail;

        CountingMerge(LowerFloor floor) {
            this.floor = floor;
        }

        @Override
        public void merge(BufferBlock block) {
            if (fail) {
                throw new EngineException("merge failed");
            }
            try (MiniTransaction mtr = floor.mtr()) {
                mtr.enlist(block);
                BufferBlock same = mtr.page(block.id(), Latch.X);
                long value = same.frame().getLong(LowerFloor.VALUE);
                same.frame().putLong(LowerFloor.VALUE, value + 1);
                mtr.setDirty(same);
            }
        }

        @Override
        public void discard(PageId id) {
            discarded.add(id);
        }
    }

    @Test
    void mergeRunsOnReadOfIndexPagesBeforeAnybodySeesThem() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            int id = floor.createSpace("t1", 2).id();
            PageId index = new PageId(id, 2);
            try (MiniTransaction mtr = floor.mtr()) {
                BufferBlock block = mtr.page(index, Latch.X);
                LowerFloor.makeIndexPage(block.frame());
                mtr.setDirty(block);
            }
            floor.flushAndEvict();
            CountingMerge merge = new CountingMerge(floor);
            floor.pool.setMergeOnRead(merge);
            assertThat(floor.getLong(index)).isEqualTo(1);
            assertThat(floor.getLong(index)).isEqualTo(1);
            assertThat(floor.getLong(new PageId(id, 3))).isZero();
            floor.flushAndEvict();
            floor.pool.readMergePage(index, false, true);
            assertThat(floor.getLong(index)).isEqualTo(2);
            floor.flushAndEvict();
            merge.fail = true;
            assertThatThrownBy(() -> floor.getLong(index)).hasMessage("merge failed");
            floor.pool.validate();
            assertThat(floor.pool.contains(index)).isFalse();
            merge.fail = false;
            assertThat(floor.getLong(index)).isEqualTo(3);
            try (MiniTransaction mtr = floor.mtr()) {
                mtr.newPage(new PageId(id, 3), PageType.INDEX);
            }
            assertThat(merge.discarded).containsExactly(new PageId(id, 3));
        }
    }

    @Test
    void manyThreadsFlusherAndEvictionLoseNoUpdate() throws InterruptedException {
        int pages = 40;
        int rounds = 3000;
        int id;
        try (LowerFloor floor = LowerFloor.open(dir)) {
            id = floor.createSpace("t1", pages).id();
            AtomicBoolean done = new AtomicBoolean();
            Thread flusher = LowerFloor.start("flusher", failures, () -> flushUntil(floor, done));
            Thread[] writers = new Thread[4];
            for (int w = 0; w < writers.length; w++) {
                Random random = new Random(w);
                writers[w] =
                        LowerFloor.start(
                                "writer",
                                failures,
                                () -> addManyTimes(floor, id, pages, rounds, random));
            }
            failures.join(writers);
            done.set(true);
            failures.join(flusher);
            floor.pool.validate();
        }
        try (LowerFloor floor = LowerFloor.open(dir)) {
            floor.fil.register(id, "t1");
            long sum = 0;
            for (int page = 2; page < pages + 2; page++) {
                sum += floor.getLong(new PageId(id, page));
            }
            assertThat(sum).isEqualTo(4L * rounds);
        }
    }

    private static void flushUntil(LowerFloor floor, AtomicBoolean done) {
        while (!done.get()) {
            floor.pool.flush(5);
        }
    }

    private static void addManyTimes(
            LowerFloor floor, int id, int pages, int rounds, Random random) {
        for (int i = 0; i < rounds; i++) {
            try (MiniTransaction mtr = floor.mtr()) {
                BufferBlock block = mtr.page(new PageId(id, 2 + random.nextInt(pages)), Latch.X);
                long value = block.frame().getLong(LowerFloor.VALUE);
                block.frame().putLong(LowerFloor.VALUE, value + 1);
                mtr.setDirty(block);
            }
        }
    }
}
