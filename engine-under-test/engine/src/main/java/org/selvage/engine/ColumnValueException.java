package org.selvage.engine;

/** A statement's values do not match the table's columns. Nothing was changed. */
public final class ColumnValueException extends EngineException {
    private static final long serialVersionUID = 1L;

    private ColumnValueException(String message) {
        super(message);
    }

    /** Too many or too few values. */
    public static ColumnValueException count(String table, int columns, int values) {
        return new ColumnValueException(
                "the number of values is not the number of columns: table="
                        + table
                        + " columns="
                        + columns
                        + " values="
                        + values
                        + "; give one value for each column after the primary key");
    }

    /** A value of another type than its column. */
    public static ColumnValueException type(
            String table, String column, String expected, String actual) {
        return new ColumnValueException(
                "a value has the wrong type: table="
                        + table
                        + " column="
                        + column
                        + " expected="
                        + expected
                        + " actual="
                        + actual
                        + "; give a Long, a byte[] or a String as the column says");
    }

    /** A value longer than any record could hold. */
    public static ColumnValueException length(String table, String column, int bytes, int limit) {
        return new ColumnValueException(
                "a value is too long: table="
                        + table
                        + " column="
                        + column
                        + " bytes="
                        + bytes
                        + " limit="
                        + limit
                        + "; shorten it");
    }
}
