package org.selvage.engine.bufferpool;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.page.PageId;

/** A page that is in the pool is found, latched and given back without allocating. */
class HitPathAllocationTest {
    private static final int HITS = 1_000_000;

    /** What the measurement itself and the JVM may allocate on this thread in the whole run. */
    private static final long TOLERATED_BYTES = 10_000;

    @TempDir Path dir;

    private static void hit(BufferPool pool, PageId id, Latch latch) {
        for (int i = 0; i < HITS; i++) {
            pool.release(pool.get(id, latch), latch);
        }
    }

    @Test
    void millionHitsAllocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var config = LowerFloor.config().latchOrderCheck(false).build();
        try (LowerFloor floor = LowerFloor.open(dir, config)) {
            PageId id = new PageId(floor.createSpace("t", 1).id(), 2);
            hit(floor.pool, id, Latch.S);
            long requests = floor.pool.stats().readRequests();
            long read = floor.pool.stats().pagesRead();
            long before = threads.getCurrentThreadAllocatedBytes();
            hit(floor.pool, id, Latch.S);
            hit(floor.pool, id, Latch.X);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(floor.pool.stats().readRequests() - requests).isEqualTo(2L * HITS);
            assertThat(floor.pool.stats().pagesRead()).isEqualTo(read);
            assertThat(allocated).isLessThan(TOLERATED_BYTES);
        }
    }
}
