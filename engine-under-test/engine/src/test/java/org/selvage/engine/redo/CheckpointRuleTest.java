package org.selvage.engine.redo;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.ValidationException;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.sync.LatchOrder;

/** A checkpoint never passes a change that is in no file (MDEV-22027). */
class CheckpointRuleTest {
    private static final String RULE = "a checkpoint has passed a change that is in no file";

    @TempDir Path dir;
    private LowerFloor floor;
    private LogFiles files;
    private RedoLog log;
    private PageId page;

    @BeforeEach
    void open() {
        floor = LowerFloor.open(dir.resolve("data"));
        page = new PageId(floor.createSpace("t1", 1).id(), 2);
        floor.flushAndEvict();
        LogFiles.create(dir, 1 << 20, LowerFloor.PAGE_SIZE);
        files = LogFiles.open(dir, LowerFloor.PAGE_SIZE, false);
        log = new RedoLog(files, RedoLog.START_LSN, 1, 1 << 16, 1, LatchOrder.OFF);
    }

    @AfterEach
    void close() {
        log.close();
        floor.abandon();
    }

    private void change() {
        try (MiniTransaction mtr = new MiniTransaction(floor.pool, log)) {
            BufferBlock block = mtr.page(page, Latch.X);
            mtr.setDirty(block);
            block.frame().putLong(PageHeader.DATA, 1);
        }
    }

    @Test
    void aCheckpointAfterADirtyPagesOldestChange() {
        change();
        log.validate(floor.pool);
        log.setCheckpointLsn(RedoLog.START_LSN + 1);
        assertThatThrownBy(() -> log.validate(floor.pool))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(RULE)
                .hasMessageContaining("checkpoint_lsn=8193 oldest_modification=8192");
    }

    @Test
    void aChangeWhoseLsnACheckpointHasPassed() {
        log.setCheckpointLsn(RedoLog.START_LSN + 1);
        assertThatThrownBy(this::change)
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(RULE)
                .hasMessageContaining("oldest_modification=8192");
    }
}
