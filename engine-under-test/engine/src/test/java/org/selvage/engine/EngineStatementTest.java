package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.dictionary.Column;

class EngineStatementTest {
    @TempDir Path dir;

    @Test
    void insertsReadsScansAndDeletes() {
        try (Engine engine = Engines.open(dir, Engines.small())) {
            Engines.createKv(engine, "t");
            engine.insert("t", 2, 7L, "two");
            engine.insert("t", -1, 7L, "minus one");
            engine.insert("t", 3, 8L, "three");
            assertThat(engine.get("t", 2)).containsExactly(7L, "two");
            assertThat(engine.get("t", 4)).isNull();
            assertThat(engine.scan("t", "k", 7L))
                    .containsExactly(
                            new Row(-1, List.of(7L, "minus one")), new Row(2, List.of(7L, "two")));
            assertThat(engine.delete("t", 2)).isTrue();
            assertThat(engine.delete("t", 2)).isFalse();
            assertThat(engine.scan("t", "k", 7L)).extracting(Row::key).containsExactly(-1L);
            engine.insert("t", 2, 7L, "again");
            assertThat(engine.scan("t", "k", 7L)).extracting(Row::key).containsExactly(-1L, 2L);
            assertThat(engine.validate()).isEqualTo(3);
        }
    }

    @Test
    void scansByBytesAndStringsInTheirOrder() {
        try (Engine engine = Engines.open(dir, Engines.small())) {
            engine.createTable(
                    "t", List.of(Column.ofBytes("b"), Column.ofString("s")), List.of("b", "s"));
            byte[] shorter = {1, 0};
            byte[] longer = {1, 0, 0};
            engine.insert("t", 1, shorter, "ä");
            engine.insert("t", 2, longer, "a");
            engine.insert("t", 3, shorter, "a");
            assertThat(engine.scan("t", "b", shorter)).extracting(Row::key).containsExactly(1L, 3L);
            assertThat(engine.scan("t", "b", longer)).extracting(Row::key).containsExactly(2L);
            assertThat(engine.scan("t", "s", "a")).extracting(Row::key).containsExactly(2L, 3L);
            assertThat(engine.scan("t", "s", "ä")).extracting(Row::key).containsExactly(1L);
            engine.validate();
        }
    }

    @Test
    void keepsEverythingOverAReopen() {
        try (Engine engine = Engines.open(dir, Engines.small())) {
            for (String name : List.of("a", "b", "c")) {
                Engines.createKv(engine, name);
                for (long key = 0; key < 500; key++) {
                    engine.insert(name, key, Engines.spread(key), name + key);
                }
            }
            engine.dropTable("b");
        }
        try (Engine engine = Engines.open(dir, Engines.small())) {
            assertThat(engine.tableNames()).containsExactly("a", "c");
            assertThat(engine.get("c", 499)).containsExactly(Engines.spread(499), "c499");
            assertThat(engine.scan("a", "k", Engines.spread(77))).hasSize(1);
            assertThat(engine.validate()).isEqualTo(1000);
            Engines.createKv(engine, "b");
            assertThat(engine.validate()).isEqualTo(1000);
        }
    }

    @Test
    void dropsRemoveTheFileAndFreeTheName() throws Exception {
        try (Engine engine = Engines.open(dir, Engines.small())) {
            Engines.createKv(engine, "t");
            engine.insert("t", 1, 1L, "x");
            assertThat(filesOf("t")).isEqualTo(1);
            engine.dropTable("t");
            assertThat(filesOf("t")).isZero();
            assertThatThrownBy(() -> engine.get("t", 1))
                    .isInstanceOf(UnknownTableException.class)
                    .hasMessageContaining("table=t");
            assertThat(engine.tableNames()).isEmpty();
            Engines.createKv(engine, "t");
            assertThat(engine.get("t", 1)).isNull();
        }
    }

    private static List<Column> longNames() {
        return List.of(
                Column.ofLong("k".repeat(64)),
                Column.ofLong("l".repeat(64)),
                Column.ofLong("m".repeat(64)),
                Column.ofLong("n".repeat(64)));
    }

    private long filesOf(String table) throws Exception {
        try (var files = Files.list(dir)) {
            return files.filter(f -> f.getFileName().toString().equals(table + ".ibd")).count();
        }
    }

    @Test
    void namesEachMistake() {
        Engine engine = Engines.open(dir, Engines.small());
        Engines.createKv(engine, "t");
        engine.insert("t", 1, 1L, "x");
        assertThatThrownBy(() -> engine.insert("t", 1, 2L, "y"))
                .isInstanceOf(DuplicateKeyException.class)
                .hasMessageContaining("table=t key=1");
        assertThatThrownBy(() -> engine.insert("u", 1, 2L, "y"))
                .isInstanceOf(UnknownTableException.class);
        assertThatThrownBy(() -> engine.scan("t", "c", "x"))
                .isInstanceOf(UnknownIndexException.class)
                .hasMessageContaining("index=c");
        assertThatThrownBy(() -> Engines.createKv(engine, "t"))
                .isInstanceOf(TableExistsException.class);
        assertThatThrownBy(() -> engine.insert("t", 2, 2L))
                .isInstanceOf(ColumnValueException.class)
                .hasMessageContaining("columns=2 values=1");
        assertThatThrownBy(() -> engine.insert("t", 2, "2", "y"))
                .isInstanceOf(ColumnValueException.class)
                .hasMessageContaining("column=k expected=LONG");
        assertThatThrownBy(() -> engine.insert("t", 2, 2L, "y".repeat(300)))
                .isInstanceOf(RecordTooLongException.class)
                .hasMessageContaining("part=row");
        assertThatThrownBy(() -> engine.createTable("../x", List.of(), List.of()))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("name=../x");
        assertThatThrownBy(() -> engine.createTable("v", List.of(Column.ofLong("k")), List.of("z")))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("index=z");
        assertThatThrownBy(() -> engine.createTable("v", longNames(), List.of()))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("bytes=");
        assertThat(engine.validate()).isEqualTo(1);
        engine.close();
        engine.close();
        assertThatThrownBy(() -> engine.get("t", 1))
                .isInstanceOf(EngineClosedException.class)
                .hasMessageContaining("operation=get");
    }
}
