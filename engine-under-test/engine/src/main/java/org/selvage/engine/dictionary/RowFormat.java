package org.selvage.engine.dictionary;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.selvage.engine.ColumnValueException;
import org.selvage.engine.ValidationException;
import org.selvage.engine.index.KeyEncoding;

/**
 * Bytes of a row in its clustered index record: the id of the transaction that last changed it in 8
 * bytes, then the columns one after the other, a long as 8 bytes, the others as their length in 2
 * bytes and their bytes.
 */
public final class RowFormat {
    /** Bytes of the transaction id. */
    public static final int TRX_ID_LENGTH = 8;

    private static final int LENGTH_BYTES = 2;
    private static final int MAX_LENGTH = 0xFFFF;

    private RowFormat() {}

    /**
     * Encodes the values of a row.
     *
     * @throws ColumnValueException when the count, a type or a length is wrong
     */
    public static byte[] encode(TableDefinition table, Object[] values) {
        List<Column> columns = table.columns();
        if (values.length != columns.size()) {
            throw ColumnValueException.count(table.name(), columns.size(), values.length);
        }
        byte[][] parts = new byte[values.length][];
        int length = 0;
        for (int i = 0; i < values.length; i++) {
            Column column = columns.get(i);
            parts[i] = part(table, column, values[i]);
            length += parts[i].length + (column.type() == ColumnType.LONG ? 0 : LENGTH_BYTES);
        }
        ByteBuffer row = ByteBuffer.allocate(TRX_ID_LENGTH + length).position(TRX_ID_LENGTH);
        for (int i = 0; i < values.length; i++) {
            if (columns.get(i).type() != ColumnType.LONG) {
                row.putShort((short) parts[i].length);
            }
            row.put(parts[i]);
        }
        return row.array();
    }

    /** Decodes a row that {@link #encode} made. */
    public static List<Object> decode(TableDefinition table, byte[] row) {
        try {
            return decode(table, ByteBuffer.wrap(row));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new ValidationException(
                    "a row is shorter than its columns",
                    "table=" + table.name() + " length=" + row.length);
        }
    }

    private static List<Object> decode(TableDefinition table, ByteBuffer row) {
        List<Object> values = new ArrayList<>(table.columns().size());
        ByteBuffer source = row.position(TRX_ID_LENGTH);
        for (Column column : table.columns()) {
            values.add(
                    switch (column.type()) {
                        case LONG -> source.getLong();
                        case BYTES -> bytes(source);
                        case STRING -> new String(bytes(source), StandardCharsets.UTF_8);
                    });
        }
        return values;
    }

    /** The transaction that last changed the row (DB_TRX_ID). */
    public static long trxId(byte[] row) {
        if (row.length < TRX_ID_LENGTH) {
            throw new ValidationException(
                    "a row is shorter than its transaction id",
                    "length=" + row.length + " expected=" + TRX_ID_LENGTH);
        }
        return ByteBuffer.wrap(row).getLong();
    }

    /** Stamps the row with the transaction that changes it. */
    public static void setTrxId(byte[] row, long trxId) {
        ByteBuffer.wrap(row).putLong(0, trxId);
    }

    /** Keys of a row in its secondary indexes, by their number. */
    public static byte[][] secondaryKeys(TableDefinition table, long key, byte[] row) {
        return secondaryKeys(table, key, decode(table, row).toArray());
    }

    /** As the other, from the values. */
    public static byte[][] secondaryKeys(TableDefinition table, long key, Object[] values) {
        byte[][] keys = new byte[table.secondary().size()][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = secondaryKey(values[table.secondary().get(i).column()], key);
        }
        return keys;
    }

    /** Key of a secondary index for a value of its column. */
    public static byte[] secondaryKey(Object value, long primaryKey) {
        return value instanceof Long number
                ? KeyEncoding.secondary(number, primaryKey)
                : KeyEncoding.secondary(plain(value), primaryKey);
    }

    /**
     * Bytes that every key of a secondary index begins with for a value of its column.
     *
     * @throws ColumnValueException when the value is not of the column's type
     */
    public static byte[] secondaryPrefix(TableDefinition table, Column column, Object value) {
        byte[] part = part(table, column, value);
        return value instanceof Long number ? KeyEncoding.prefix(number) : KeyEncoding.prefix(part);
    }

    private static byte[] part(TableDefinition table, Column column, Object value) {
        boolean fits =
                switch (column.type()) {
                    case LONG -> value instanceof Long;
                    case BYTES -> value instanceof byte[];
                    case STRING -> value instanceof String;
                };
        if (!fits) {
            throw ColumnValueException.type(
                    table.name(), column.name(), column.type().name(), value.getClass().getName());
        }
        if (value instanceof Long number) {
            return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        }
        byte[] part = plain(value);
        if (part.length > MAX_LENGTH) {
            throw ColumnValueException.length(table.name(), column.name(), part.length, MAX_LENGTH);
        }
        return part;
    }

    private static byte[] plain(Object value) {
        return value instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : (byte[]) value;
    }

    private static byte[] bytes(ByteBuffer source) {
        byte[] bytes = new byte[source.getShort() & 0xFFFF];
        source.get(bytes);
        return bytes;
    }
}
