package org.selvage.engine.dictionary;

import java.util.Objects;

/** A column of a table, the primary key not among them: that is always one long. */
public record Column(String name, ColumnType type) {
    public Column {
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
    }

    /** A long column. */
    public static Column ofLong(String name) {
        return new Column(name, ColumnType.LONG);
    }

    /** A string column. */
    public static Column ofString(String name) {
        return new Column(name, ColumnType.STRING);
    }

    /** A byte column. */
    public static Column ofBytes(String name) {
        return new Column(name, ColumnType.BYTES);
    }
}
