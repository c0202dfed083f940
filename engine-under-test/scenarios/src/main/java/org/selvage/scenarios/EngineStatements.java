package org.selvage.scenarios;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.Engine;
import org.selvage.engine.Row;
import org.selvage.engine.dictionary.Column;
import org.selvage.engine.dictionary.ColumnType;

/** The statements as the engine executes them. */
final class EngineStatements implements Statements {
    /** The column, and the name of its index. */
    static final String COLUMN = "c";

    private static final String EXPORTS = "exports";

    private final Engine engine;
    private final int padding;

    EngineStatements(Engine engine) {
        this(engine, 0);
    }

    /**
     * Statements on wide rows.
     *
     * @param padding length of a further column, 0 for none
     */
    EngineStatements(Engine engine, int padding) {
        this.engine = engine;
        this.padding = padding;
    }

    @Override
    public void create(String table) {
        Column column = new Column(COLUMN, ColumnType.LONG);
        engine.createTable(
                table,
                padding == 0 ? List.of(column) : List.of(column, Column.ofString("padding")),
                List.of(COLUMN));
    }

    @Override
    public void drop(String table) {
        engine.dropTable(table);
    }

    @Override
    public void rename(String table, String to) {
        engine.renameTable(table, to);
    }

    @Override
    public void truncate(String table) {
        engine.truncateTable(table);
    }

    @Override
    public void discard(String table) {
        engine.discardTablespace(table);
    }

    @Override
    public void importTablespace(String table) {
        Path dir = engine.tablespaces().dir().resolveSibling(EXPORTS);
        engine.importTablespace(table, dir.resolve(table + ".ibd"));
    }

    /** Copies a table for {@link #importTablespace}. */
    void export(String table) {
        engine.exportTable(table, engine.tablespaces().dir().resolveSibling(EXPORTS));
    }

    @Override
    public void insert(String table, long key, long value) {
        if (padding == 0) {
            engine.insert(table, key, value);
        } else {
            engine.insert(table, key, value, "x".repeat(padding));
        }
    }

    @Override
    public boolean delete(String table, long key) {
        return engine.delete(table, key);
    }

    @Override
    public @Nullable Long read(String table, long key) {
        List<Object> row = engine.get(table, key);
        return row == null ? null : (Long) row.getFirst();
    }

    @Override
    public List<Long> scan(String table, long value) {
        return engine.scan(table, COLUMN, value).stream().map(Row::key).toList();
    }
}
