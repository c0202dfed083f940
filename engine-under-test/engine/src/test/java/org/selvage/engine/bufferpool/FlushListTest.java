package org.selvage.engine.bufferpool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.page.PageId;

/** The flush list's hazard pointer. */
class FlushListTest {
    @TempDir Path dir;

    /** A scan goes on at a block that is still on the list, and with the next younger one. */
    @Test
    void removingTheBlockOfTheHazardPointerMovesItOn() {
        try (LowerFloor floor = LowerFloor.open(dir, LowerFloor.config().build())) {
            PoolInstance pool = floor.pool.instance(new PageId(0, 0));
            FlushList list = new FlushList();
            BufferBlock oldest = new BufferBlock(pool, 512);
            BufferBlock middle = new BufferBlock(pool, 512);
            BufferBlock newest = new BufferBlock(pool, 512);
            list.addFirst(oldest, 1);
            list.addFirst(middle, 2);
            list.addFirst(newest, 3);
            list.setHazard(middle);
            list.remove(oldest);
            assertThat(list.hazard()).isSameAs(middle);
            list.remove(middle);
            assertThat(list.hazard()).isSameAs(newest);
            list.remove(newest);
            assertThat(list.hazard()).isNull();
            assertThat(list.length()).isZero();
        }
    }
}
