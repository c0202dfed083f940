package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

    @Test
    void showsTheCopiesOfTheDoublewriteFile() throws IOException {
        Path file = dir.resolve("ib_doublewrite");
        Inspection.Report report = Inspection.file(file);
        assertThat(report.lines().getFirst())
                .matches("doublewrite: page_size=512 slots=\\d+ copies=[1-9]\\d* torn=0");
        String copy = report.lines().get(1);
        assertThat(copy).matches("copy \\d+: page=\\[page id: space=\\d, .*\\] lsn=\\d+");
        byte[] bytes = Files.readAllBytes(file);
        int slot = Integer.parseInt(copy.replaceAll("copy (\\d+): .*", "$1"));
        bytes[slot * 512 + 100] ^= 1;
        Files.write(file, bytes);
        assertThat(Inspection.file(file).lines().getFirst()).endsWith(" torn=1");
        assertThat(Inspection.file(file).lines().get(1)).isEqualTo(copy + " torn");
    }

    @Test
    void aTruncatedTablespaceIsDamaged() throws IOException {
        byte[] bytes = Files.readAllBytes(dir.resolve("t.ibd"));
        Path cut = dir.resolve("cut.ibd");
        Files.write(cut, Arrays.copyOf(bytes, bytes.length - 100));
        Inspection.Report report = Inspection.file(cut);
        assertThat(report.damagedPages()).isOne();
        assertThat(report.lines())
                .contains(
                        "The file is truncated: bytes="
                                + (bytes.length - 100)
                                + " expected="
                                + bytes.length
                                + ". Restore this file from a backup.");
    }

    @Test
    void whatIsNoFileOfTheEngineIsATypedError() throws IOException {
        Path empty = Files.createFile(dir.resolve("empty.ibd"));
        Path folder = Files.createDirectory(dir.resolve("folder.ibd"));
        Path alone = Files.createDirectory(dir.resolve("alone"));
        Files.copy(dir.resolve("ib_doublewrite"), alone.resolve("ib_doublewrite"));
        Files.createFile(alone.resolve("ib_logfile0"));
        for (Path file :
                new Path[] {
                    empty,
                    folder,
                    dir.resolve("selvage.lock"),
                    alone.resolve("ib_doublewrite"),
                    alone.resolve("ib_logfile0")
                }) {
            assertThatThrownBy(() -> Inspection.file(file))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining(dir.toString());
        }
    }

    /** A folder in which nothing can be made, and a file where a folder is wanted. */
    @Test
    void aFolderThatCannotBeWrittenIsATypedError() throws IOException {
        Path file = Files.createFile(dir.resolve("file"));
        for (Path folder : new Path[] {Path.of("/proc/selvage"), file, file.resolve("below")}) {
            assertThatThrownBy(() -> Engine.open(folder, EngineConfig.defaults()))
                    .isInstanceOfSatisfying(
                            DataFolderException.class,
                            e -> assertThat(e.reason()).isEqualTo(DataFolderException.Reason.IO))
                    .hasMessageContaining(folder.toString());
        }
        Files.delete(dir.resolve("selvage.lock"));
        Files.createDirectory(dir.resolve("selvage.lock"));
        assertThatThrownBy(() -> Engine.open(dir, EngineConfig.builder().pageSize(512).build()))
                .isInstanceOf(DataFolderException.class)
                .hasMessageContaining("selvage.lock");
    }
}
