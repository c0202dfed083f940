package org.selvage.engine.redo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.Durability;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.Engines;
import org.selvage.engine.Folders;

/**
 * The work of recovery grows as the log does. It is counted here, not timed; the time of the
 * recovering thread is only reported. -Dselvage.recovery.bytes=1048576 makes logs of 1 to 16 MiB.
 */
class RecoveryWorkTest {
    private static final long SMALLEST = Long.getLong("selvage.recovery.bytes", 1 << 17);
    private static final int SIZES = 5;

    /** Bytes that the scan reads at once. */
    private static final long WINDOW = 1 << 20;

    @TempDir Path dir;

    private record Measured(RecoveryStats work, long rows, long cpuMillis) {}

    private static EngineConfig config() {
        return Engines.small()
                .pageSize(4096)
                .poolPages(Math.toIntExact(Math.max(1024, 16 * SMALLEST / 1024)))
                .durability(Durability.FULL.withFsync(false).withLogFileBytes(24 * SMALLEST))
                .build();
    }

    @Test
    void workGrowsAsTheLogDoes(TestReporter reporter) throws Exception {
        List<Path> images = images();
        recover(images.getFirst(), "warm", 0);
        List<Measured> measured = new ArrayList<>();
        for (int i = 0; i < SIZES; i++) {
            measured.add(recover(images.get(i), "image" + i, i));
            reporter.publishEntry(measured.get(i).toString());
        }
        for (int i = 0; i < SIZES; i++) {
            RecoveryStats work = measured.get(i).work();
            assertThat(work.bytes()).isBetween(SMALLEST << i, (SMALLEST << i) + (SMALLEST >> 2));
            // The windows overlap by less than one record, and the last one ends behind the log.
            assertThat(work.bytesRead()).isBetween(work.bytes(), work.bytes() * 5 / 4 + 2 * WINDOW);
            assertThat(work.pagesRead()).isLessThanOrEqualTo(work.changes());
            assertThat(work.pagesWritten()).isLessThanOrEqualTo(work.changes());
        }
        for (int i = 1; i < SIZES; i++) {
            RecoveryStats half = measured.get(i - 1).work();
            RecoveryStats whole = measured.get(i).work();
            assertThat((double) whole.records() / half.records()).isBetween(1.7, 2.3);
            assertThat((double) whole.changes() / half.changes()).isBetween(1.7, 2.3);
            assertThat(whole.pagesWritten()).isLessThanOrEqualTo(half.pagesWritten() * 5 / 2);
        }
    }

    /** Copies of a folder whose log is twice as long each time and has no checkpoint in it. */
    private List<Path> images() throws IOException {
        List<Path> images = new ArrayList<>();
        Path live = dir.resolve("live");
        try (Engine engine = Engine.open(live, config())) {
            Engines.createKv(engine, "t");
            for (long key = 0; images.size() < SIZES; key++) {
                engine.insert("t", key, Engines.spread(key), "row " + key);
                if (engine.status().lsn() - RedoLog.START_LSN >= SMALLEST << images.size()) {
                    images.add(copy(live, "kept" + images.size()));
                }
            }
        }
        return images;
    }

    private Path copy(Path from, String name) {
        return Folders.copy(from, dir.resolve(name));
    }

    private Measured recover(Path kept, String name, int number) throws IOException {
        Path image = copy(kept, name);
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        try (Engine engine = Engine.open(image, config())) {
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
            RecoveryStats work = engine.status().recovery();
            long rows = engine.validate();
            for (long key = 0; key < rows; key += 1L << number) {
                assertThat(engine.get("t", key)).isNotNull();
            }
            return new Measured(work, rows, cpu / 1_000_000);
        }
    }
}
