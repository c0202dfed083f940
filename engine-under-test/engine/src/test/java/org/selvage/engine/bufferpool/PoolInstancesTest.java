package org.selvage.engine.bufferpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.InvalidConfigException;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.page.PageId;

/** A buffer pool of four instances, in which pages 0 to 63, 64 to 127 and so on live apart. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PoolInstancesTest {
    private static final int INSTANCES = 4;
    private static final int AREA = 64;
    private static final int PAGES = AREA * INSTANCES * 2;
    private static final EngineConfig CONFIG =
            LowerFloor.config().poolPages(100).poolInstances(INSTANCES).build();

    @TempDir Path dir;

    @Test
    void anAreaIsInOneInstanceAndAreasAreSpread() {
        try (LowerFloor floor = LowerFloor.open(dir, CONFIG)) {
            Set<PoolInstance> seen = new HashSet<>();
            for (int area = 0; area < INSTANCES; area++) {
                PoolInstance first = floor.pool.instance(new PageId(7, area * AREA));
                for (int i = 1; i < AREA; i++) {
                    PageId id = new PageId(7, area * AREA + i);
                    assertThat(floor.pool.instance(id)).isSameAs(first);
                }
                seen.add(first);
            }
            assertThat(seen).hasSize(INSTANCES);
            assertThat(seen.stream().mapToInt(PoolInstance::poolPages).sum()).isEqualTo(100);
            assertThat(floor.pool.stats().freePages()).isGreaterThan(90);
        }
    }

    @Test
    void pagesSurviveEvictionAndReopening() {
        Random random = new Random(7);
        long[] model = new long[PAGES];
        int id = 0;
        for (int session = 0; session < 3; session++) {
            try (LowerFloor floor = LowerFloor.open(dir, CONFIG)) {
                if (session == 0) {
                    id = floor.createSpace("t1", PAGES).id();
                } else {
                    floor.fil.register(id, "t1");
                }
                for (int i = 0; i < 3000; i++) {
                    int page = random.nextInt(PAGES);
                    PageId pageId = new PageId(id, 2 + page);
                    if (random.nextBoolean()) {
                        model[page] = random.nextLong();
                        floor.putLong(pageId, model[page]);
                    } else {
                        assertThat(floor.getLong(pageId)).isEqualTo(model[page]);
                    }
                }
                floor.pool.validate();
                assertThat(floor.pool.stats().pagesEvicted()).isGreaterThan(1000);
            }
        }
    }

    @Test
    void theOldestChangeOfAllInstancesKeepsTheCheckpointBack() {
        try (LowerFloor floor = LowerFloor.open(dir, CONFIG)) {
            int id = floor.createSpace("t1", PAGES).id();
            floor.flushAndEvict();
            assertThat(floor.pool.oldestModification()).isZero();
            long[] before = new long[INSTANCES];
            for (int area = INSTANCES - 1; area >= 0; area--) {
                before[area] = floor.redo.lsn();
                floor.putLong(new PageId(id, area * AREA + 10), area);
            }
            for (int area = INSTANCES - 1; area >= 0; area--) {
                assertThat(floor.pool.oldestModification()).isEqualTo(before[area]);
                PoolInstance instance = floor.pool.instance(new PageId(id, area * AREA + 10));
                assertThat(instance.dirtyPages()).isEqualTo(1);
                instance.flushing.flushUpTo(before[area]);
            }
            assertThat(floor.pool.oldestModification()).isZero();
        }
    }

    @Test
    void aSweepAndABatchGoOverAllInstances() {
        try (LowerFloor floor = LowerFloor.open(dir, CONFIG)) {
            int id = floor.createSpace("t1", PAGES).id();
            floor.flushAndEvict();
            for (int area = 0; area < INSTANCES; area++) {
                floor.putLong(new PageId(id, area * AREA + 10), area);
                floor.putLong(new PageId(id, area * AREA + 11), area);
            }
            assertThat(floor.pool.stats().dirtyPages()).isEqualTo(2 * INSTANCES);
            assertThat(floor.pool.flush(INSTANCES)).isEqualTo(INSTANCES);
            assertThat(floor.pool.stats().dirtyPages()).isEqualTo(INSTANCES);
            floor.pool.removeDirtyPages(id);
            assertThat(floor.pool.stats().dirtyPages()).isZero();
            floor.pool.removeAllPages(id);
            for (int area = 0; area < INSTANCES; area++) {
                assertThat(floor.pool.contains(new PageId(id, area * AREA + 10))).isFalse();
            }
        }
    }

    @Test
    void aWatchSeesItsPageCome() {
        try (LowerFloor floor = LowerFloor.open(dir, CONFIG)) {
            int id = floor.createSpace("t1", PAGES).id();
            floor.flushAndEvict();
            for (int area = 0; area < INSTANCES; area++) {
                PageId page = new PageId(id, area * AREA + 20);
                assertThat(floor.pool.watch(page)).isTrue();
                assertThat(floor.pool.watchOccurred(page)).isFalse();
                assertThat(floor.getLong(page)).isZero();
                assertThat(floor.pool.watchOccurred(page)).isTrue();
                floor.pool.unwatch(page);
                assertThat(floor.pool.watch(page)).isFalse();
            }
        }
    }

    @Test
    void theDefaultGoesByTheSizeOfThePool() {
        EngineConfig.Builder config = EngineConfig.builder().pageSize(16384);
        assertThat(config.poolPages(65535).build().poolInstances()).isEqualTo(1);
        assertThat(config.poolPages(65536).build().poolInstances()).isEqualTo(8);
        assertThatThrownBy(() -> config.poolPages(63).poolInstances(4).build())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage("Invalid option: poolInstances=4. Choose 1 to 3.");
    }
}
