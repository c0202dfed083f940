package org.selvage.engine.bufferpool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.page.PageId;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LruFlushTest {
    private static final int FRAMES = 32;
    private static final int SCAN_DEPTH = FRAMES / 2;

    @TempDir Path dir;
    private LowerFloor floor;
    private int space;

    @BeforeEach
    void open() {
        floor = LowerFloor.open(dir, LowerFloor.config().poolPages(FRAMES).build());
        space = floor.createSpace("t", 200).id();
        floor.flushAndEvict();
    }

    @AfterEach
    void close() {
        floor.close();
    }

    private PageId page(int number) {
        return new PageId(space, 2 + number);
    }

    /** Whether the blocks are dirty, the least recently used first. */
    private List<Boolean> dirtyFromTheEnd() {
        List<Boolean> dirty = new ArrayList<>();
        PoolInstance instance = floor.pool.instance(page(0));
        for (BufferBlock b = instance.lru.last(); b != null; b = b.lruPrev) {
            dirty.add(b.oldestModification != 0);
        }
        return dirty;
    }

    /** Notes who waits for it and how often it is asked to hurry. */
    private static final class FakeLog implements WriteAhead {
        final List<Long> waitedFor = new ArrayList<>();
        int announced;
        private final long durable;

        FakeLog(long durable) {
            this.durable = durable;
        }

        @Override
        public void flushUpTo(long lsn) {
            waitedFor.add(lsn);
        }

        @Override
        public void flushSoon() {
            announced++;
        }

        @Override
        public long durableLsn() {
            return durable;
        }
    }

    @Test
    void theEndOfTheListIsCleanAfterwardsAndTheRestStaysDirty() {
        for (int i = 0; i < FRAMES; i++) {
            floor.putLong(page(i), i);
        }
        assertThat(floor.pool.flushLru()).isEqualTo(SCAN_DEPTH);
        List<Boolean> dirty = dirtyFromTheEnd();
        assertThat(dirty.subList(0, SCAN_DEPTH)).containsOnly(false);
        assertThat(dirty.subList(SCAN_DEPTH, FRAMES)).containsOnly(true);
    }

    @Test
    void nothingIsWrittenWhileFramesAreFree() {
        for (int i = 0; i < FRAMES - SCAN_DEPTH; i++) {
            floor.putLong(page(i), i);
        }
        assertThat(floor.pool.flushLru()).isZero();
        floor.putLong(page(FRAMES), 1);
        assertThat(floor.pool.flushLru()).isPositive();
    }

    @Test
    void pageInUseIsNeitherWrittenNorWaitedFor() {
        for (int i = 0; i < FRAMES; i++) {
            floor.putLong(page(i), i);
        }
        BufferBlock used = floor.pool.get(page(3), Latch.X);
        try {
            assertThat(floor.pool.flushLru()).isEqualTo(SCAN_DEPTH - 1);
            assertThat(used.oldestModification).isNotZero();
        } finally {
            floor.pool.release(used, Latch.X);
        }
    }

    @Test
    void clientsWakeItOnceForAQuarterOfItsDepth() {
        AtomicInteger wakes = new AtomicInteger();
        floor.pool.setWakeLruManager(wakes::incrementAndGet);
        for (int i = 0; i < 200; i++) {
            floor.getLong(page(i));
        }
        int evictions = 200 - FRAMES;
        assertThat(wakes.get()).isBetween(evictions / (SCAN_DEPTH / 4) - 1, evictions / 2);
    }

    @Test
    void pagesThatWaitForTheLogAreLeftWhileThereAreOthers() {
        for (int i = 0; i < FRAMES; i += 2) {
            floor.putLong(page(i), i);
        }
        long durable = floor.redo.lsn();
        for (int i = 1; i < FRAMES; i += 2) {
            floor.putLong(page(i), i);
        }
        makeYoungInOrder();
        FakeLog log = new FakeLog(durable);
        floor.pool.setDurability(log, null);
        assertThat(floor.pool.flushLru()).isEqualTo(SCAN_DEPTH / 2);
        assertThat(log.waitedFor).isNotEmpty().allMatch(lsn -> lsn <= durable);
        assertThat(log.announced).isOne();
        assertThat(floor.pool.flushLru()).isEqualTo(SCAN_DEPTH / 2);
        assertThat(log.waitedFor).anyMatch(lsn -> lsn > durable);
        floor.pool.setDurability(WriteAhead.NONE, null);
    }

    /** An fsync for one page would only delay those of the batch that is being written. */
    @Test
    void logIsLeftAloneWhileFewPagesWaitForIt() {
        for (int i = 1; i < FRAMES; i++) {
            floor.putLong(page(i), i);
        }
        long durable = floor.redo.lsn();
        floor.putLong(page(0), 0);
        makeYoungInOrder();
        FakeLog log = new FakeLog(durable);
        floor.pool.setDurability(log, null);
        assertThat(floor.pool.flushLru()).isEqualTo(SCAN_DEPTH - 1);
        assertThat(log.announced).isZero();
        assertThat(log.waitedFor).allMatch(lsn -> lsn <= durable);
        floor.pool.setDurability(WriteAhead.NONE, null);
    }

    /** A load that only reads keeps the LRU manager awake, and must not make it flush the log. */
    @Test
    void logIsNotFlushedForCleanPages() {
        for (int i = 0; i < FRAMES; i++) {
            floor.getLong(page(i));
        }
        FakeLog log = new FakeLog(0);
        floor.pool.setDurability(log, null);
        assertThat(floor.pool.flushLru()).isZero();
        assertThat(log.announced).isZero();
        assertThat(log.waitedFor).isEmpty();
        floor.pool.setDurability(WriteAhead.NONE, null);
    }

    /**
     * A client that finds no clean page near the end of the list looks on through the part that the
     * LRU manager keeps clean: evicting a page there is cheaper than two fsyncs.
     */
    @Test
    void clientEvictsCleanPageBehindManyDirtyOnes() {
        int frames = 512;
        int dirty = frames / 2 - 1;
        floor.close();
        floor =
                LowerFloor.open(
                        dir.resolve("large"), LowerFloor.config().poolPages(frames).build());
        space = floor.createSpace("t", frames + 10).id();
        floor.flushAndEvict();
        for (int i = 0; i < frames; i++) {
            if (i < dirty) {
                floor.putLong(page(i), i);
            } else {
                floor.getLong(page(i));
            }
        }
        long written = floor.pool.stats().pagesWritten();
        floor.getLong(page(frames));
        assertThat(floor.pool.stats().pagesWritten()).isEqualTo(written);
        assertThat(floor.pool.stats().dirtyPages()).isEqualTo(dirty);
        assertThat(dirtyFromTheEnd().subList(0, dirty)).containsOnly(true);
    }

    /** Puts the pages into the list in the order of their numbers. */
    private void makeYoungInOrder() {
        PoolInstance instance = floor.pool.instance(page(0));
        for (int i = 0; i < FRAMES; i++) {
            BufferBlock block = Objects.requireNonNull(instance.pageHash.get(page(i)));
            instance.lru.remove(block);
            instance.lru.addFirst(block);
        }
    }
}
