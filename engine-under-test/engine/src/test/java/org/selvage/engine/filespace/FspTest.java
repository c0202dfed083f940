package org.selvage.engine.filespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.redo.MiniTransaction;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FspTest {
    @TempDir Path dir;

    private static int allocate(LowerFloor floor, int spaceId) {
        try (MiniTransaction mtr = floor.mtr()) {
            BufferBlock block = floor.fsp.allocatePage(mtr, spaceId);
            assertThat(block.isType(PageType.ALLOCATED)).isTrue();
            assertThat(block.frame().getLong(LowerFloor.VALUE)).isZero();
            block.frame().putLong(LowerFloor.VALUE, block.id().pageNo());
            return block.id().pageNo();
        }
    }

    private static void free(LowerFloor floor, PageId id) {
        try (MiniTransaction mtr = floor.mtr()) {
            floor.fsp.freePage(mtr, id);
        }
    }

    @Test
    void allocationSkipsBitmapPagesAndGrowsTheFile() throws Exception {
        int id;
        try (LowerFloor floor = LowerFloor.open(dir)) {
            id = floor.createSpace("t1", 0).id();
            List<Integer> pages = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                pages.add(allocate(floor, id));
            }
            assertThat(pages)
                    .doesNotContain(0, 1, 513)
                    .contains(2, 512, 514)
                    .doesNotHaveDuplicates();
            try (MiniTransaction mtr = floor.mtr()) {
                BufferBlock bitmap = mtr.page(new PageId(id, 513), Latch.S);
                assertThat(bitmap.isType(PageType.IBUF_BITMAP)).isTrue();
            }
        }
        assertThat(Files.size(dir.resolve("t1.ibd"))).isEqualTo(640 * 512);
        try (LowerFloor floor = LowerFloor.open(dir)) {
            floor.fil.register(id, "t1");
            for (int page : new int[] {2, 512, 514, 602}) {
                assertThat(floor.getLong(new PageId(id, page))).isEqualTo(page);
            }
        }
    }

    /** Changes of page 512 have their bits on page 513 before any later page is taken. */
    @Test
    void theFirstPageOfARunHasItsBitmapPage() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            int id = floor.createSpace("t1", 0).id();
            while (allocate(floor, id) != 512) {}
            try (MiniTransaction mtr = floor.mtr()) {
                BufferBlock bitmap = mtr.page(new PageId(id, 513), Latch.S);
                assertThat(bitmap.isType(PageType.IBUF_BITMAP)).isTrue();
            }
            assertThat(allocate(floor, id)).isEqualTo(514);
        }
    }

    @Test
    void freedPagesAreUsedAgainLikeASet() {
        Random random = new Random(3);
        int id = 0;
        TreeSet<Integer> used = new TreeSet<>();
        for (int session = 0; session < 3; session++) {
            try (LowerFloor floor = LowerFloor.open(dir)) {
                if (session == 0) {
                    id = floor.createSpace("t1", 0).id();
                } else {
                    floor.fil.register(id, "t1");
                }
                for (int i = 0; i < 1500; i++) {
                    if (used.isEmpty() || random.nextInt(100) < 52) {
                        assertThat(used.add(allocate(floor, id))).isTrue();
                    } else {
                        int page = used.ceiling(random.nextInt(used.last() + 1));
                        assertThat(floor.getLong(new PageId(id, page))).isEqualTo(page);
                        free(floor, new PageId(id, page));
                        used.remove(page);
                    }
                }
                assertThat(freeLength(floor, id) + used.size() + 2).isEqualTo(freeLimit(floor, id));
            }
        }
    }

    private static int freeLength(LowerFloor floor, int id) {
        try (MiniTransaction mtr = floor.mtr()) {
            return mtr.page(new PageId(id, 0), Latch.S).frame().getInt(FspHeader.FREE_LENGTH);
        }
    }

    private static int freeLimit(LowerFloor floor, int id) {
        try (MiniTransaction mtr = floor.mtr()) {
            return mtr.page(new PageId(id, 0), Latch.S).frame().getInt(FspHeader.FREE_LIMIT);
        }
    }

    @Test
    void pageFreedAndTakenInOneMiniTransaction() {
        try (LowerFloor floor = LowerFloor.open(dir)) {
            int id = floor.createSpace("t1", 2).id();
            PageId page = new PageId(id, 3);
            try (MiniTransaction mtr = floor.mtr()) {
                floor.fsp.freePage(mtr, page);
                assertThat(floor.fsp.allocatePage(mtr, id).id()).isEqualTo(page);
            }
            assertThat(freeLength(floor, id)).isZero();
        }
    }

    @Test
    void pagesThatAreNotInUseCannotBeFreed() {
        // Nobody else frees a bitmap page, so it is latched before page 0 here alone.
        EngineConfig config = LowerFloor.config().latchOrderCheck(false).build();
        try (LowerFloor floor = LowerFloor.open(dir, config)) {
            int id = floor.createSpace("t1", 1).id();
            for (PageId page :
                    new PageId[] {new PageId(id, 0), new PageId(id, 1), new PageId(id, 3)}) {
                assertThatThrownBy(() -> free(floor, page)).hasMessageContaining("not in use");
            }
            assertThatThrownBy(() -> free(floor, new PageId(0, FspHeader.IBUF_ROOT_PAGE_NO)))
                    .hasMessageContaining("not in use");
        }
    }

    @Test
    void spaceIdsAreNeverGivenOutTwice() {
        TreeSet<Integer> ids = new TreeSet<>();
        for (int session = 0; session < 3; session++) {
            try (LowerFloor floor = LowerFloor.open(dir)) {
                for (int i = 0; i < 3; i++) {
                    int id = floor.createSpace("s" + session + i, 0).id();
                    assertThat(ids.add(id)).isTrue();
                    floor.protocol.deleteTablespace(id);
                }
            }
        }
        assertThat(ids).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
}
