package org.selvage.engine.redo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MiniTransactionTest {
    @TempDir Path dir;
    private LowerFloor floor;
    private PageId page;

    @BeforeEach
    void open() {
        floor = LowerFloor.open(dir);
        page = new PageId(floor.createSpace("t1", 2).id(), 2);
        floor.flushAndEvict();
    }

    @AfterEach
    void close() {
        floor.close();
    }

    @Test
    void pageInTheMemoIsReturnedAgain() {
        try (MiniTransaction mtr = floor.mtr()) {
            BufferBlock block = mtr.page(page, Latch.X);
            assertThat(mtr.page(page, Latch.X)).isSameAs(block);
            assertThat(mtr.page(page, Latch.S)).isSameAs(block);
            assertThat(mtr.pageIfInPool(page, Latch.NONE)).isSameAs(block);
        }
        assertThat(floor.pool.evictUnused()).isEqualTo(1);
    }

    @Test
    void sharedLatchCannotBecomeExclusive() {
        try (MiniTransaction mtr = floor.mtr()) {
            mtr.page(page, Latch.S);
            assertThatThrownBy(() -> mtr.page(page, Latch.X))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("held=S wanted=X");
        }
    }

    @Test
    void changesNeedTheExclusiveLatch() {
        try (MiniTransaction mtr = floor.mtr()) {
            BufferBlock block = mtr.page(page, Latch.S);
            assertThatThrownBy(() -> mtr.setDirty(block))
                    .hasMessageContaining("without an X-latch");
        }
        assertThat(floor.pool.stats().dirtyPages()).isZero();
    }

    @Test
    void commitStampsOneLsnOnAllChangedPages() {
        PageId other = new PageId(page.spaceId(), 3);
        long before = floor.redo.lsn();
        MiniTransaction mtr = floor.mtr();
        for (PageId id : new PageId[] {page, other}) {
            mtr.setDirty(mtr.page(id, Latch.X));
        }
        long end = mtr.commit();
        assertThat(end).isGreaterThan(before).isEqualTo(floor.redo.lsn());
        assertThat(floor.pool.oldestModification()).isEqualTo(before);
        try (MiniTransaction reader = floor.mtr()) {
            assertThat(PageHeader.lsn(reader.page(page, Latch.S).frame())).isEqualTo(end);
            assertThat(PageHeader.lsn(reader.page(other, Latch.S).frame())).isEqualTo(end);
        }
    }

    @Test
    void commitWithoutChangesTakesNoLsn() {
        long before = floor.redo.lsn();
        MiniTransaction mtr = floor.mtr();
        mtr.page(page, Latch.X);
        assertThat(mtr.commit()).isZero();
        assertThat(floor.redo.lsn()).isEqualTo(before);
        assertThatThrownBy(mtr::commit).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void cleanPageMayBeReleasedEarlyAndAChangedOneNot() {
        try (MiniTransaction mtr = floor.mtr()) {
            BufferBlock block = mtr.page(page, Latch.X);
            mtr.release(block);
            try (MiniTransaction second = floor.mtr()) {
                BufferBlock again = second.page(page, Latch.X);
                second.setDirty(again);
                assertThatThrownBy(() -> second.release(again))
                        .hasMessageContaining("before the commit");
            }
            assertThatThrownBy(() -> mtr.release(block)).hasMessageContaining("not in the memo");
        }
    }

    @Test
    void newPageIsZeroedAndKeepsItsPlace() {
        floor.putLong(page, 9);
        try (MiniTransaction mtr = floor.mtr()) {
            BufferBlock block = mtr.newPage(page, PageType.SYS);
            assertThat(block.frame().getLong(LowerFloor.VALUE)).isZero();
            assertThat(PageHeader.pageNo(block.frame())).isEqualTo(2);
            assertThat(block.isType(PageType.SYS)).isTrue();
            block.frame().putLong(LowerFloor.VALUE, 10);
            assertThat(mtr.newPage(page, PageType.UNDO_LOG)).isSameAs(block);
            assertThat(block.frame().getLong(LowerFloor.VALUE)).isZero();
        }
        floor.flushAndEvict();
        assertThat(floor.getLong(page)).isZero();
    }
}
