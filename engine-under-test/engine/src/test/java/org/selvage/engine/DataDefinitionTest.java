package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.engine.dictionary.Column;

/** Rename, truncate, discard, import and export of tables, and the limit of open files. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DataDefinitionTest {
    private static final int ROWS = 300;

    @TempDir Path dir;

    private Path folder() {
        return dir.resolve("data");
    }

    private Path exports() {
        return dir.resolve("exports");
    }

    private static EngineConfig.Builder logged() {
        return Engines.small().durability(Durability.FULL.withFsync(false));
    }

    private Engine open() {
        return Engine.open(folder(), logged().build());
    }

    private static void fill(Engine engine, String table) {
        Engines.createKv(engine, table);
        for (long key = 0; key < ROWS; key++) {
            engine.insert(table, key, Engines.spread(key), "c" + key);
        }
    }

    private static void requireRows(Engine engine, String table) {
        for (long key = 0; key < ROWS; key++) {
            assertThat(engine.get(table, key)).isEqualTo(List.of(Engines.spread(key), "c" + key));
        }
        assertThat(engine.validate()).isGreaterThanOrEqualTo(ROWS);
    }

    @Test
    void aRenamedTableKeepsItsRowsAndItsFile() {
        try (Engine engine = open()) {
            fill(engine, "a");
            engine.renameTable("a", "b");
            assertThatThrownBy(() -> engine.get("a", 1)).isInstanceOf(UnknownTableException.class);
            requireRows(engine, "b");
            fill(engine, "a");
            assertThat(engine.tableNames()).containsExactly("b", "a");
        }
        assertThat(folder().resolve("b.ibd")).exists();
        try (Engine engine = open()) {
            requireRows(engine, "a");
            requireRows(engine, "b");
        }
    }

    @Test
    void aRenameThatCannotBeChangesNothing() throws IOException {
        try (Engine engine = open()) {
            fill(engine, "a");
            Engines.createKv(engine, "b");
            assertThatThrownBy(() -> engine.renameTable("a", "b"))
                    .isInstanceOf(TableExistsException.class);
            assertThatThrownBy(() -> engine.renameTable("a", "a"))
                    .isInstanceOf(TableExistsException.class);
            assertThatThrownBy(() -> engine.renameTable("none", "b"))
                    .isInstanceOf(UnknownTableException.class);
            assertThatThrownBy(() -> engine.renameTable("a", "../a"))
                    .isInstanceOf(InvalidDefinitionException.class);
            Files.writeString(folder().resolve("c.ibd"), "somebody else's");
            assertThatThrownBy(() -> engine.renameTable("a", "c"))
                    .isInstanceOf(TablespaceExistsException.class)
                    .hasMessageContaining("c.ibd");
            requireRows(engine, "a");
        }
        assertThat(Files.readString(folder().resolve("c.ibd"))).isEqualTo("somebody else's");
        try (Engine engine = open()) {
            requireRows(engine, "a");
        }
    }

    @Test
    void aTruncatedTableIsEmptyInAnotherTablespace() {
        try (Engine engine = open()) {
            fill(engine, "a");
            engine.delete("a", 3);
            int before = engine.tablespaces().files().getFirst().spaceId();
            engine.truncateTable("a");
            assertThat(engine.get("a", 1)).isNull();
            assertThat(engine.validate()).isZero();
            assertThat(engine.tablespaces().files())
                    .singleElement()
                    .satisfies(file -> {
                        assertThat(file.name()).isEqualTo("a");
                        assertThat(file.spaceId()).isNotEqualTo(before);
                    });
            engine.insert("a", 1, 1L, "again");
        }
        try (Engine engine = open()) {
            assertThat(engine.get("a", 1)).isEqualTo(List.of(1L, "again"));
            assertThat(engine.validate()).isOne();
        }
    }

    @Test
    void aDiscardedTableAnswersOnlyDropRenameAndImport() {
        try (Engine engine = open()) {
            fill(engine, "a");
            engine.exportTable("a", exports());
            engine.discardTablespace("a");
            assertThat(folder().resolve("a.ibd")).doesNotExist();
            assertThat(engine.changeBuffer().countRecords()).isNotNegative();
        }
        try (Engine engine = open()) {
            assertThat(engine.isDiscarded("a")).isTrue();
            assertThatThrownBy(() -> engine.get("a", 1))
                    .isInstanceOf(TablespaceDiscardedException.class);
            assertThatThrownBy(() -> engine.insert("a", 1, 1L, "x"))
                    .isInstanceOf(TablespaceDiscardedException.class);
            assertThatThrownBy(() -> engine.truncateTable("a"))
                    .isInstanceOf(TablespaceDiscardedException.class);
            assertThatThrownBy(() -> engine.discardTablespace("a"))
                    .isInstanceOf(TablespaceDiscardedException.class);
            assertThat(engine.validate()).isZero();
            engine.renameTable("a", "b");
            engine.importTablespace("b", exports().resolve("a.ibd"));
            requireRows(engine, "b");
            assertThatThrownBy(() -> engine.importTablespace("b", exports().resolve("a.ibd")))
                    .isInstanceOf(TablespaceExistsException.class);
            engine.discardTablespace("b");
            engine.dropTable("b");
            assertThat(engine.tableNames()).isEmpty();
        }
    }

    @Test
    void aTableGoesToAnotherFolder() {
        try (Engine engine = open()) {
            Engines.createKv(engine, "first");
            fill(engine, "a");
            engine.exportTable("a", exports());
            requireRows(engine, "a");
        }
        try (Engine other = Engine.open(dir.resolve("other"), logged().build())) {
            Engines.createKv(other, "t");
            other.insert("t", 7, 7L, "before");
            other.discardTablespace("t");
            other.importTablespace("t", exports().resolve("a.ibd"));
            requireRows(other, "t");
            for (long key = 0; key < ROWS; key += 2) {
                assertThat(other.delete("t", key)).isTrue();
            }
            assertThat(other.validate()).isEqualTo(ROWS / 2);
        }
        try (Engine other = Engine.open(dir.resolve("other"), logged().build())) {
            assertThat(other.validate()).isEqualTo(ROWS / 2);
        }
    }

    @Test
    void whatCannotBeImportedLeavesTheTableDiscarded() throws IOException {
        try (Engine engine = open()) {
            fill(engine, "a");
            engine.exportTable("a", exports());
            engine.createTable("other", List.of(Column.ofLong("k")), List.of());
            engine.discardTablespace("other");
            engine.discardTablespace("a");
            Path file = exports().resolve("a.ibd");
            assertThatThrownBy(() -> engine.importTablespace("other", file))
                    .isInstanceOf(TablespaceImportException.class)
                    .hasMessageContaining("another table");
            assertThatThrownBy(() -> engine.importTablespace("a", exports().resolve("b.ibd")))
                    .isInstanceOf(TablespaceImportException.class)
                    .hasMessageContaining("b.cfg");
            byte[] good = Files.readAllBytes(file);
            overwrite(file, 5 * 512 + 100, (byte) (good[5 * 512 + 100] ^ 1));
            assertThatThrownBy(() -> engine.importTablespace("a", file))
                    .isInstanceOf(CorruptPageException.class)
                    .hasMessageContaining("page=5");
            Files.write(file, java.util.Arrays.copyOf(good, good.length - 100));
            assertThatThrownBy(() -> engine.importTablespace("a", file))
                    .isInstanceOf(TablespaceImportException.class);
            Files.write(file, java.util.Arrays.copyOf(good, 4 * 512));
            assertThatThrownBy(() -> engine.importTablespace("a", file))
                    .isInstanceOf(EngineException.class);
            assertThat(engine.isDiscarded("a")).isTrue();
            assertThat(engine.tablespaces().files()).isEmpty();
            Files.write(file, good);
            engine.importTablespace("a", file);
            requireRows(engine, "a");
        }
    }

    private static void overwrite(Path file, long offset, byte value) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {value}), offset);
        }
    }

    @Test
    void aFileWithAnotherNameIsFoundByItsId() throws IOException {
        try (Engine engine = open()) {
            fill(engine, "a");
            fill(engine, "b");
        }
        Files.move(folder().resolve("a.ibd"), folder().resolve("lost.ibd"));
        Files.delete(folder().resolve("b.ibd"));
        ErrorLog log = new ErrorLog();
        try (Engine engine = Engine.open(folder(), logged().build(), log)) {
            for (long key = 0; key < ROWS; key++) {
                assertThat(engine.get("a", key)).isNotNull();
            }
            assertThatThrownBy(() -> engine.get("b", 1))
                    .isInstanceOf(TablespaceMissingException.class);
            engine.dropTable("b");
        }
        assertThat(folder().resolve("a.ibd")).exists();
        assertThat(log.lines()).anyMatch(line -> line.contains("from=lost to=a"));
        assertThat(log.lines()).anyMatch(line -> line.contains("missing: table=b"));
    }

    @Test
    void fewFilesAreOpenHoweverManyTablesAreUsed() {
        EngineConfig config = logged().maxOpenFiles(10).build();
        try (Engine engine = Engine.open(folder(), config)) {
            for (int t = 0; t < 40; t++) {
                Engines.createKv(engine, "t" + t);
            }
            for (long key = 0; key < 20; key++) {
                for (int t = 0; t < 40; t++) {
                    engine.insert("t" + t, key, key, "c");
                }
                assertThat(engine.tablespaces().openFiles()).isBetween(1, 10);
            }
            assertThat(engine.validate()).isEqualTo(40 * 20);
            assertThat(engine.errorLog().lines()).noneMatch(line -> line.contains("Too many"));
        }
        try (Engine engine = Engine.open(folder(), config)) {
            assertThat(engine.validate()).isEqualTo(40 * 20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql-5.7.22", "mariadb-10.2.9", "mariadb-10.6.16", "mysql-8.0.23"})
    void statementsGoOnWhileTablesComeAndGo(String protocol) throws Exception {
        EngineConfig config =
                logged().deleteProtocol(protocol)
                        .backgroundThreads(true)
                        .masterIntervalMillis(2)
                        .maxOpenFiles(10)
                        .build();
        try (Engine engine = Engine.open(folder(), config)) {
            for (int t = 0; t < 3; t++) {
                Engines.createKv(engine, "t" + t);
            }
            FailureBox failures = new FailureBox();
            Thread[] threads = new Thread[4];
            for (int i = 0; i < threads.length; i++) {
                Random random = new Random(i);
                threads[i] = LowerFloor.start("worker", failures, () -> work(engine, random));
            }
            failures.join(threads);
            engine.validate();
            assertThat(engine.errorLog().lines())
                    .noneMatch(line ->
                            line.startsWith("[ERROR]")
                                    && !line.contains("tablespace which does not exist"));
        }
        try (Engine engine = Engine.open(folder(), config)) {
            engine.validate();
        }
    }

    private void work(Engine engine, Random random) {
        for (int step = 0; step < 250; step++) {
            String table = "t" + random.nextInt(4);
            try {
                int draw = random.nextInt(20);
                if (draw == 0) {
                    engine.renameTable(table, "t" + random.nextInt(4));
                } else if (draw == 1) {
                    engine.truncateTable(table);
                } else if (draw == 2) {
                    engine.exportTable(table, exports().resolve(table));
                    engine.discardTablespace(table);
                } else if (draw == 3) {
                    engine.importTablespace(
                            table, exports().resolve(table).resolve(table + ".ibd"));
                } else if (draw == 4) {
                    engine.dropTable(table);
                } else if (draw < 7) {
                    Engines.createKv(engine, table);
                } else {
                    engine.insert(table, random.nextInt(500), random.nextLong(), "c");
                }
            } catch (UnknownTableException
                    | TableExistsException
                    | TablespaceExistsException
                    | TablespaceDiscardedException
                    | TablespaceImportException
                    | CorruptPageException
                    | DuplicateKeyException expected) {
                // Another thread was there first; an export may be under way in the same folder.
                assertThat(expected).hasMessageContaining("=");
            }
        }
    }
}
