package org.selvage.engine.bufferpool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.page.PageId;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OldBlocksTest {
    private static final int FRAMES = 600;
    private static final int HOT = 100;
    private static final int PAGES = 2000;

    @TempDir Path dir;
    private LowerFloor floor;
    private PoolInstance instance;
    private int space;
    private long nanos;

    @BeforeEach
    void open() {
        floor =
                LowerFloor.open(
                        dir, LowerFloor.config().poolPages(FRAMES).oldBlocksMillis(1000).build());
        space = floor.createSpace("t", PAGES).id();
        floor.flushAndEvict();
        instance = floor.pool.instance(page(0));
        instance.clock = () -> nanos;
    }

    @AfterEach
    void close() {
        floor.close();
    }

    private PageId page(int number) {
        return new PageId(space, 2 + number);
    }

    private BufferBlock block(int number) {
        return Objects.requireNonNull(instance.pageHash.get(page(number)));
    }

    private void use(int from, int to) {
        for (int i = from; i < to; i++) {
            floor.getLong(page(i));
        }
    }

    private void pass(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private long hotPagesInPool() {
        long count = 0;
        for (int i = 0; i < HOT; i++) {
            count += floor.pool.contains(page(i)) ? 1 : 0;
        }
        return count;
    }

    @Test
    void aScanDoesNotEvictThePagesInUse() {
        use(HOT, HOT + FRAMES);
        use(0, HOT);
        long madeYoung = floor.pool.stats().pagesMadeYoung();
        pass(1000);
        use(0, HOT);
        assertThat(floor.pool.stats().pagesMadeYoung() - madeYoung).isEqualTo(HOT);
        long notYoung = floor.pool.stats().pagesNotMadeYoung();
        for (int i = HOT; i < PAGES; i++) {
            use(i, i + 1);
            use(i, i + 1);
        }
        assertThat(hotPagesInPool()).isEqualTo(HOT);
        assertThat(floor.pool.stats().pagesNotMadeYoung() - notYoung)
                .isGreaterThan(PAGES - HOT - FRAMES);
        floor.pool.validate();
    }

    @Test
    void pagesUsedAgainTooSoonAreEvictedByAScan() {
        use(HOT, HOT + FRAMES);
        use(0, HOT);
        pass(999);
        use(0, HOT);
        use(HOT, PAGES);
        assertThat(hotPagesInPool()).isZero();
    }

    @Test
    void pagesReadEnterOldAlsoAheadOfTheirUse() {
        use(0, FRAMES);
        assertThat(floor.pool.readMergePage(page(1500), true, true)).isEqualTo(ReadResult.READ);
        assertThat(block(1500).old).isTrue();
        use(1501, 1502);
        assertThat(block(1501).old).isTrue();
    }

    @Test
    void theOldSublistIsTheConfiguredShare() {
        use(0, FRAMES);
        assertThat(floor.pool.stats().oldPages())
                .isCloseTo(FRAMES * 37 / 100, Offset.offset(LruList.OLD_TOLERANCE));
    }

    @Test
    void theMidpointStaysInItsPlaceWhateverComesAndGoes() {
        Random random = new Random(11);
        LruList list = new LruList(700, 37);
        List<BufferBlock> in = new ArrayList<>();
        List<BufferBlock> out = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            out.add(new BufferBlock(instance, 512));
        }
        int longSteps = 0;
        for (int step = 0; step < 20_000; step++) {
            boolean growing = step / 2000 % 2 == 0;
            if (!out.isEmpty() && (in.isEmpty() || random.nextInt(8) < (growing ? 6 : 3))) {
                BufferBlock block = out.remove(random.nextInt(out.size()));
                in.add(block);
                if (random.nextBoolean()) {
                    list.addFirst(block);
                } else {
                    list.addOld(block);
                }
            } else {
                BufferBlock block = in.remove(random.nextInt(in.size()));
                list.remove(block);
                out.add(block);
            }
            assertThat(list.length()).isEqualTo(in.size());
            if (step % 10 == 0 && !list.isOldConsistent()) {
                throw new AssertionError(
                        "the old sublist is not the end of the list: step=" + step);
            }
            if (list.length() >= LruList.OLD_MIN_LENGTH) {
                longSteps++;
                assertThat(list.oldLength())
                        .isCloseTo(
                                list.length() * 37 / 100, Offset.offset(LruList.OLD_TOLERANCE + 1));
            }
        }
        assertThat(longSteps).isBetween(5_000, 15_000);
    }
}
