package org.selvage.engine.doublewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.doublewrite.DoublewriteBuffer.Region;
import org.selvage.engine.page.PageChecksum;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.tablespace.IoRequest;

class DoublewriteBufferTest {
    private static final int LRU_BATCHES = 8;

    @TempDir Path dir;

    private static ByteBuffer page(PageId id, long lsn) {
        ByteBuffer frame = ByteBuffer.allocate(512);
        PageHeader.initialise(frame, id, PageType.INDEX);
        PageHeader.setLsn(frame, lsn);
        PageChecksum.stamp(frame);
        return frame;
    }

    private static void writeBatch(
            LowerFloor floor, DoublewriteBuffer twice, PageId id, int pages, long lsn) {
        List<ByteBuffer> frames = new ArrayList<>();
        for (int i = 0; i < pages; i++) {
            frames.add(page(id, lsn));
        }
        twice.writeCopies(Region.LRU, frames);
        floor.fil.io(IoRequest.WRITE_SYNC, id, page(id, lsn), null);
    }

    private static long fsyncs(LowerFloor floor) {
        return floor.fil.syncIoCounts().fsyncs();
    }

    @Test
    void copiesAreOverwrittenOnlyAfterTheirPagesAreDurable() {
        try (LowerFloor floor = LowerFloor.open(dir);
                DoublewriteBuffer twice =
                        DoublewriteBuffer.open(dir, floor.fil, true, new ErrorLog())) {
            PageId id = new PageId(floor.createSpace("t", 1).id(), 2);
            floor.flushAndEvict();
            long before = fsyncs(floor);
            for (int lap = 0; lap < 3; lap++) {
                for (int batch = 0; batch < LRU_BATCHES; batch++) {
                    writeBatch(floor, twice, id, DoublewriteBuffer.LRU_BATCH_PAGES, 9000);
                    assertThat(fsyncs(floor) - before).isEqualTo(lap);
                }
            }
        }
    }

    @Test
    void fewTablespacesWaitForTheirFsyncSinceTheirFilesStayOpen() {
        try (LowerFloor floor = LowerFloor.open(dir);
                DoublewriteBuffer twice =
                        DoublewriteBuffer.open(dir, floor.fil, true, new ErrorLog())) {
            List<PageId> ids = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                ids.add(new PageId(floor.createSpace("t" + i, 1).id(), 2));
            }
            floor.flushAndEvict();
            long before = fsyncs(floor);
            ids.forEach(id -> writeBatch(floor, twice, id, 1, 9000));
            assertThat(fsyncs(floor) - before).isEqualTo(5);
        }
    }

    @Test
    void restoresTheNewestCopyAndMakesWhatAnEarlierProcessWroteDurable() {
        try (LowerFloor floor = LowerFloor.open(dir);
                DoublewriteBuffer twice =
                        DoublewriteBuffer.open(dir, floor.fil, true, new ErrorLog())) {
            PageId torn = new PageId(floor.createSpace("t", 1).id(), 2);
            PageId whole = new PageId(floor.createSpace("u", 1).id(), 2);
            floor.flushAndEvict();
            writeBatch(floor, twice, torn, 1, 9000);
            writeBatch(floor, twice, torn, 1, 9500);
            writeBatch(floor, twice, whole, 1, 9600);
            ByteBuffer half = page(torn, 9500);
            half.putLong(PageHeader.DATA, 1);
            floor.fil.io(IoRequest.WRITE_SYNC, torn, half, null);
            floor.fil.flushFileSpaces();
            long before = fsyncs(floor);
            try (DoublewriteBuffer next =
                    DoublewriteBuffer.open(dir, floor.fil, true, new ErrorLog())) {
                next.restore(0);
            }
            assertThat(fsyncs(floor) - before).isEqualTo(2);
            ByteBuffer restored = ByteBuffer.allocate(512);
            floor.fil.io(IoRequest.READ_SYNC, torn, restored, null);
            assertThat(restored.array()).isEqualTo(page(torn, 9500).array());
        }
    }

    /** The page may have been written anew since, and the log has those changes no more. */
    @Test
    void copyFromBeforeTheCheckpointIsNotRestored() {
        try (LowerFloor floor = LowerFloor.open(dir);
                DoublewriteBuffer twice =
                        DoublewriteBuffer.open(dir, floor.fil, true, new ErrorLog())) {
            PageId id = new PageId(floor.createSpace("t", 1).id(), 2);
            floor.flushAndEvict();
            writeBatch(floor, twice, id, 1, 9000);
            ByteBuffer damaged = page(id, 9500);
            damaged.putLong(PageHeader.DATA, 1);
            floor.fil.io(IoRequest.WRITE_SYNC, id, damaged, null);
            twice.restore(9001);
            ByteBuffer found = ByteBuffer.allocate(512);
            floor.fil.io(IoRequest.READ_SYNC, id, found, null);
            assertThat(found.getLong(PageHeader.DATA)).isEqualTo(1);
            twice.restore(9000);
            floor.fil.io(IoRequest.READ_SYNC, id, found.clear(), null);
            assertThat(found.array()).isEqualTo(page(id, 9000).array());
        }
    }
}
