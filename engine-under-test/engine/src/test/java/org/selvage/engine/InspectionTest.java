package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of the files that an engine has left. */
class InspectionTest {
    private static final int ROWS = 500;

    @TempDir Path dir;

    @BeforeEach
    void fill() {
        EngineConfig config =
                Engines.small()
                        .poolPages(32)
                        .changeBufferMaxPercent(50)
                        .durability(Durability.FULL.withFsync(false))
                        .build();
        try (Engine engine = Engine.open(dir, config)) {
            Engines.createKv(engine, "t");
            for (long key = 0; key < ROWS; key++) {
                engine.insert("t", key, Engines.spread(key), "c");
            }
            assertThat(engine.changeBuffer().countRecords()).isPositive();
        }
    }

    @Test
    void countsThePagesAndRecordsOfATablespace() {
        Inspection.Report report = Inspection.file(dir.resolve("t.ibd"));
        assertThat(report.damagedPages()).isZero();
        assertThat(report.lines().getFirst()).startsWith("tablespace: id=1 page_size=512 pages=");
        assertThat(report.lines())
                .anyMatch(line -> line.matches("index 16: pages=\\d+ leaf_records=" + ROWS));
    }

    @Test
    void namesWhatIsBuffered() {
        Inspection.Report report = Inspection.file(dir.resolve("ibdata1"));
        assertThat(report.lines())
                .anyMatch(line -> line.startsWith("index of the change buffer: pages="))
                .anyMatch(
                        line -> line.matches("buffered for \\[page id: space=1, .*\\]: [1-9]\\d*"));
    }

    @Test
    void showsOnePageAndNoOther() {
        Inspection.Report report = Inspection.page(dir.resolve("t.ibd"), 2);
        assertThat(report.lines().get(0)).contains("number=2 space=1 type=INDEX");
        assertThat(report.lines().get(1)).startsWith("index page: index=16 level=");
        assertThatThrownBy(() -> Inspection.page(dir.resolve("t.ibd"), 100_000))
                .isInstanceOf(DataFolderException.class)
                .hasMessageContaining("page=100000");
    }

    @Test
    void showsTheLog() {
        assertThat(Inspection.file(dir.resolve("ib_logfile0")).lines())
                .anyMatch(line -> line.startsWith("redo log: capacity="))
                .anyMatch(line -> line.contains("end_lsn="));
    }

    @Test
    void validatesAFolderAndNamesADamagedPage() throws IOException {
        assertThat(Inspection.check(dir).lines()).contains("valid: tables=1 rows=" + ROWS);
        byte[] bytes = Files.readAllBytes(dir.resolve("t.ibd"));
        bytes[3 * 512 + 77] ^= 1;
        Files.write(dir.resolve("t.ibd"), bytes);
        Inspection.Report report = Inspection.file(dir.resolve("t.ibd"));
        assertThat(report.damagedPages()).isOne();
        assertThat(report.lines()).anyMatch(line -> line.contains("page=3"));
    }

    @Test
    void leavesForeignFilesAlone() throws IOException {
        Path foreign = Files.writeString(dir.resolve("thesis.txt"), "x".repeat(2000));
        assertThatThrownBy(() -> Inspection.file(foreign))
                .isInstanceOf(DataFolderException.class)
                .hasMessageContaining("thesis.txt");
        assertThatThrownBy(() -> Inspection.file(dir.resolve("none.ibd")))
                .isInstanceOf(EngineIoException.class);
        assertThatThrownBy(() -> Inspection.check(dir.resolve("none")))
                .isInstanceOf(DataFolderException.class);
    }
}
