package org.selvage.engine.bufferpool;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.ValidationException;
import org.selvage.engine.page.PageId;

/** Damages one part of the buffer pool at a time and sees it named. */
class PoolValidationTest {
    @TempDir Path dir;

    private void damage(Consumer<PoolInstance> damage, String named) {
        LowerFloor floor = LowerFloor.open(dir);
        try {
            int space = floor.createSpace("t1", 3).id();
            floor.flushAndEvict();
            floor.getLong(new PageId(space, 2));
            floor.putLong(new PageId(space, 3), 1);
            floor.putLong(new PageId(space, 4), 1);
            floor.pool.validateAtRest();
            damage.accept(floor.pool.instance(new PageId(space, 2)));
            assertThatThrownBy(floor.pool::validateAtRest)
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("the buffer pool is inconsistent: " + named + "=");
        } finally {
            floor.abandon();
        }
    }

    private static BufferBlock lastUsed(PoolInstance pool) {
        return Objects.requireNonNull(pool.lru.last());
    }

    private static BufferBlock oldest(PoolInstance pool) {
        return Objects.requireNonNull(pool.flushList.last());
    }

    @Test
    void aPageThatStaysFixed() {
        damage(pool -> lastUsed(pool).fixCount.incrementAndGet(), "fix_count");
    }

    @Test
    void aPageThatStaysLatched() {
        damage(pool -> lastUsed(pool).latch.lockS(), "latch");
    }

    @Test
    void aReadThatDoesNotEnd() {
        damage(
                pool -> {
                    lastUsed(pool).ioFix = IoFix.READ;
                    pool.pendingReads++;
                },
                "io_fix");
    }

    @Test
    void aWriteThatIsNotCounted() {
        damage(pool -> lastUsed(pool).ioFix = IoFix.WRITE, "pending_writes");
    }

    @Test
    void aReadThatIsCountedTwice() {
        damage(pool -> pool.pendingReads++, "pending_reads");
    }

    @Test
    void aFrameThatIsInNoList() {
        damage(pool -> pool.freeList.pollFirst(), "pool_pages");
    }

    @Test
    void aPageThatTheHashLost() {
        damage(pool -> pool.pageHash.remove(lastUsed(pool).id), "hash_of");
    }

    @Test
    void aDirtyPageThatIsNotListed() {
        damage(
                pool -> {
                    BufferBlock dirty = oldest(pool);
                    long oldest = dirty.oldestModification;
                    pool.flushList.remove(dirty);
                    dirty.oldestModification = oldest;
                },
                "dirty_pages");
    }

    @Test
    void aFlushListOutOfOrder() {
        damage(pool -> oldest(pool).oldestModification = Long.MAX_VALUE - 1, "flush_order");
    }
}
