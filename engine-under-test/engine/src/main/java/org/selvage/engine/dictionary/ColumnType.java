package org.selvage.engine.dictionary;

/** Type of a column; values are never null. The ordinal is never stored, {@link #code} is. */
public enum ColumnType {
    /** A {@code Long}, 8 bytes. */
    LONG(1),
    /** A {@code byte[]}, up to what fits in a record. */
    BYTES(2),
    /** A {@code String}, stored as UTF-8 and ordered by its bytes. */
    STRING(3);

    private final int code;

    ColumnType(int code) {
        this.code = code;
    }

    /** Number that stands for the type in the dictionary's pages. */
    public int code() {
        return code;
    }

    /** Type of a stored code, or null when no type has it. */
    static @org.jspecify.annotations.Nullable ColumnType ofCode(int code) {
        for (ColumnType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }
}
