package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.dictionary.Column;
import org.selvage.engine.dictionary.DdlLog;
import org.selvage.engine.dictionary.TableDefinition;
import org.selvage.engine.index.BTree;
import org.selvage.engine.transaction.Transaction;

/** Files and statements that cannot be used: a typed error with the evidence, nothing half done. */
class BadInputTest {
    private static final int PAGE = 512;

    /** The statements of the engine, on the table "none" or an index "none". */
    private static final Map<String, Consumer<Engine>> STATEMENTS =
            Map.ofEntries(
                    Map.entry("insert", engine -> engine.insert("none", 1, 1L, "c")),
                    Map.entry("update", engine -> engine.update("none", 1, 1L, "c")),
                    Map.entry("delete", engine -> engine.delete("none", 1)),
                    Map.entry("get", engine -> engine.get("none", 1)),
                    Map.entry("scan", engine -> engine.scan("none", "k", 1L)),
                    Map.entry("range", engine -> engine.range("none", 0, 9, false, 9)),
                    Map.entry("dropTable", engine -> engine.dropTable("none")),
                    Map.entry("renameTable", engine -> engine.renameTable("none", "other")),
                    Map.entry("truncateTable", engine -> engine.truncateTable("none")),
                    Map.entry("discardTablespace", engine -> engine.discardTablespace("none")),
                    Map.entry(
                            "importTablespace",
                            engine -> engine.importTablespace("none", Path.of("none.ibd"))),
                    Map.entry("exportTable", engine -> engine.exportTable("none", Path.of("none"))),
                    Map.entry("isDiscarded", engine -> engine.isDiscarded("none")));

    @TempDir Path dir;
    private Path folder;

    private static EngineConfig config() {
        return Engines.logged().build();
    }

    @BeforeEach
    void fill() {
        folder = dir.resolve("data");
        try (Engine engine = Engine.open(folder, config())) {
            Engines.createKv(engine, "t");
            for (long key = 0; key < 100; key++) {
                engine.insert("t", key, key, "c");
            }
        }
    }

    private static void overwrite(Path file, long offset, int length) throws IOException {
        byte[] noise = new byte[length];
        Arrays.fill(noise, (byte) 0x5A);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(noise), offset);
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
        return assertThatThrownBy(() -> Engine.open(folder, config()).close());
    }

    @Test
    void bothCheckpointsAreCorrupt() throws IOException {
        Path log = folder.resolve("ib_logfile0");
        overwrite(log, 512, 16);
        Engine.open(folder, config()).close();
        overwrite(log, 512, 16);
        overwrite(log, 1536, 16);
        assertRefused()
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("checkpoint")
                .hasMessageContaining(log.toString());
    }

    @Test
    void aTornPageWithATornCopy() throws IOException {
        overwrite(folder.resolve("t.ibd"), 3 * PAGE + 100, 300);
        Path copies = folder.resolve("ib_doublewrite");
        overwrite(copies, 0, (int) Files.size(copies));
        try (Engine engine = Engine.open(folder, config())) {
            assertThatThrownBy(engine::validate)
                    .isInstanceOf(CorruptPageException.class)
                    .hasMessageContaining("t.ibd")
                    .hasMessageContaining("page=3");
        }
    }

    /** Without it nothing is lost but the copies of torn pages, which their checksums tell. */
    @Test
    void aMissingDoublewriteFileIsMadeAgain() throws IOException {
        Path copies = folder.resolve("ib_doublewrite");
        long bytes = Files.size(copies);
        Files.delete(copies);
        try (Engine engine = Engine.open(folder, config())) {
            assertThat(engine.validate()).isEqualTo(100);
        }
        assertThat(Files.size(copies)).isEqualTo(bytes);
    }

    @Test
    void aPageOfTheDictionaryIsCorrupt() throws IOException {
        int root;
        try (Engine engine = Engine.open(folder, config())) {
            root = engine.dictionary().tree().rootPage();
        }
        overwrite(folder.resolve("ibdata1"), (long) root * PAGE + 60, 8);
        assertRefused()
                .isInstanceOf(CorruptPageException.class)
                .hasMessageContaining("ibdata1")
                .hasMessageContaining("page=" + root);
    }

    @Test
    void everyStatementOnAnUnknownTable() {
        try (Engine engine = Engine.open(folder, config())) {
            STATEMENTS.forEach((name, statement) ->
                    assertThatThrownBy(() -> statement.accept(engine))
                            .as(name)
                            .isInstanceOf(UnknownTableException.class)
                            .hasMessageContaining("none"));
            assertThatThrownBy(() -> engine.scan("t", "none", 1L))
                    .isInstanceOf(UnknownIndexException.class)
                    .hasMessageContaining("none");
            assertThat(engine.validate()).isEqualTo(100);
        }
    }

    @Test
    void everyStatementOnAClosedEngine() {
        Engine engine = Engine.open(folder, config());
        engine.close();
        STATEMENTS.forEach((name, statement) ->
                assertThatThrownBy(() -> statement.accept(engine))
                        .as(name)
                        .isInstanceOf(EngineClosedException.class));
        List<Consumer<Engine>> others =
                List.of(
                        Engine::begin,
                        Engine::tableNames,
                        Engine::status,
                        Engine::validate,
                        closed -> Engines.createKv(closed, "u"),
                        closed -> closed.deleteMarkedRecords("t"));
        others.forEach(statement ->
                assertThatThrownBy(() -> statement.accept(engine))
                        .isInstanceOf(EngineClosedException.class));
    }

    @Test
    void aDuplicateKeyHalfWayInATransaction() {
        try (Engine engine = Engine.open(folder, config())) {
            try (Transaction trx = engine.begin()) {
                engine.insert(trx, "t", 200, 1L, "before");
                assertThatThrownBy(() -> engine.insert(trx, "t", 5, 1L, "twice"))
                        .isInstanceOf(DuplicateKeyException.class)
                        .hasMessageContaining("key=5");
                engine.insert(trx, "t", 201, 1L, "after");
                trx.commit();
            }
            assertThat(engine.get("t", 5)).isEqualTo(List.of(5L, "c"));
            assertThat(engine.validate()).isEqualTo(102);
        }
    }

    @Test
    void keysAndValuesThatAreTooLong() {
        try (Engine engine = Engine.open(folder, config())) {
            engine.createTable("s", List.of(Column.ofString("c")), List.of("c"));
            assertThatThrownBy(() -> engine.insert("s", 1, "x".repeat(400)))
                    .isInstanceOf(RecordTooLongException.class);
            // Fits its row, but not its secondary key, where each zero byte takes two.
            assertThatThrownBy(() -> engine.insert("s", 1, "\0".repeat(150)))
                    .isInstanceOf(RecordTooLongException.class);
            assertThatThrownBy(() -> engine.insert("s", 1, "x".repeat(65_536)))
                    .isInstanceOf(ColumnValueException.class)
                    .hasMessageContaining("65536");
            assertThat(engine.validate()).isEqualTo(100);
        }
    }

    @Test
    void recordsOfTheDictionaryThatCannotBeRead() {
        byte[] whole;
        try (Engine engine = Engine.open(folder, config())) {
            TableDefinition definition =
                    Objects.requireNonNull(engine.dictionary().find("t")).definition();
            whole = definition.encode();
            assertThat(TableDefinition.decode(definition.key(), whole)).isEqualTo(definition);
            engine.dictionary()
                    .tree()
                    .put(definition.key(), new BTree.Version(Arrays.copyOf(whole, 20), false));
        }
        byte[] key = "t".getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length++) {
            assertThat(TableDefinition.decode(key, Arrays.copyOf(whole, length))).isNull();
        }
        assertThat(TableDefinition.decode(key, Arrays.copyOf(whole, whole.length + 1))).isNull();
        assertRefused()
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("a dictionary record cannot be read");
    }

    @Test
    void recordsOfTheDdlLogThatCannotBeRead() {
        try (Engine engine = Engine.open(folder, config())) {
            DdlLog log = new DdlLog(engine.pages());
            byte[] key = {0, 0, 0, 9};
            for (byte[] value : new byte[][] {{}, {'D'}, {'R', 5, 'a'}, {'X', 0}}) {
                log.tree().insert(key, value);
                assertThatThrownBy(log::entries)
                        .isInstanceOf(ValidationException.class)
                        .hasMessageContaining("a record of the DDL log cannot be read")
                        .hasMessageContaining("length=" + value.length);
                log.tree().remove(key);
            }
            assertThat(log.entries()).isEmpty();
        }
    }
}
