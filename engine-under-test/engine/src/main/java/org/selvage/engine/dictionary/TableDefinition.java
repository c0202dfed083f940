package org.selvage.engine.dictionary;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the dictionary stores of a table, as one record keyed by the table's name (InnoDB spreads it
 * over SYS_TABLES, SYS_COLUMNS, SYS_INDEXES and SYS_FIELDS).
 *
 * @param name name of the table, and of its file without the extension
 * @param spaceId its tablespace; never reused; 0 when that is discarded
 * @param clusteredIndexId identity of the clustered index
 * @param clusteredRoot page number of the clustered index's root
 * @param columns columns after the primary key, in order
 * @param secondary secondary indexes, in order
 */
public record TableDefinition(
        String name,
        int spaceId,
        long clusteredIndexId,
        int clusteredRoot,
        List<Column> columns,
        List<IndexDefinition> secondary) {

    public TableDefinition {
        columns = List.copyOf(columns);
        secondary = List.copyOf(secondary);
    }

    /** Whether the table has no tablespace until one is imported. */
    public boolean isDiscarded() {
        return spaceId == 0;
    }

    /** The same table under another name. */
    public TableDefinition renamed(String other) {
        return new TableDefinition(
                other, spaceId, clusteredIndexId, clusteredRoot, columns, secondary);
    }

    /**
     * The same table in another tablespace.
     *
     * @param firstIndexId identity of the clustered index; the secondary ones follow
     * @param roots root pages of the clustered and the secondary indexes
     */
    public TableDefinition inSpace(int space, long firstIndexId, int[] roots) {
        List<IndexDefinition> moved = new ArrayList<>(secondary.size());
        for (int i = 0; i < secondary.size(); i++) {
            IndexDefinition index = secondary.get(i);
            moved.add(
                    new IndexDefinition(
                            index.name(), index.column(), firstIndexId + 1 + i, roots[i + 1]));
        }
        return new TableDefinition(name, space, firstIndexId, roots[0], columns, moved);
    }

    /** The same table without a tablespace. */
    public TableDefinition discarded() {
        return inSpace(0, 0, new int[1 + secondary.size()]);
    }

    /** Root pages of the clustered and the secondary indexes. */
    public int[] roots() {
        int[] roots = new int[1 + secondary.size()];
        roots[0] = clusteredRoot;
        for (int i = 0; i < secondary.size(); i++) {
            roots[i + 1] = secondary.get(i).rootPage();
        }
        return roots;
    }

    /** Key of the table's dictionary record. */
    public byte[] key() {
        return key(name);
    }

    /** Key of the dictionary record of a table of this name. */
    static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /** Number of the secondary index of this name, or -1. */
    public int secondaryNumber(String indexName) {
        for (int i = 0; i < secondary.size(); i++) {
            if (secondary.get(i).name().equals(indexName)) {
                return i;
            }
        }
        return -1;
    }

    /** Value of the table's dictionary record. */
    public byte[] encode() {
        byte[][] names = new byte[columns.size()][];
        int length = Integer.BYTES + Long.BYTES + Integer.BYTES + 2;
        for (int i = 0; i < names.length; i++) {
            names[i] = columns.get(i).name().getBytes(StandardCharsets.UTF_8);
            length += 2 + names[i].length;
        }
        length += secondary.size() * (1 + Long.BYTES + Integer.BYTES);
        ByteBuffer value = ByteBuffer.allocate(length);
        value.putInt(spaceId).putLong(clusteredIndexId).putInt(clusteredRoot);
        value.put((byte) columns.size()).put((byte) secondary.size());
        for (int i = 0; i < names.length; i++) {
            value.put((byte) columns.get(i).type().code())
                    .put((byte) names[i].length)
                    .put(names[i]);
        }
        for (IndexDefinition index : secondary) {
            value.put((byte) index.column()).putLong(index.indexId()).putInt(index.rootPage());
        }
        return value.array();
    }

    /** The definition that {@link #encode} made; null when the bytes are not one. */
    public static @Nullable TableDefinition decode(byte[] key, byte[] bytes) {
        try {
            return decode(key, ByteBuffer.wrap(bytes));
        } catch (BufferUnderflowException e) {
            return null;
        }
    }

    /** Null, or an exception at the end of the bytes, when they are not a definition. */
    private static @Nullable TableDefinition decode(byte[] key, ByteBuffer value) {
        int spaceId = value.getInt();
        long clusteredIndexId = value.getLong();
        int clusteredRoot = value.getInt();
        int columnCount = value.get() & 0xFF;
        int secondaryCount = value.get() & 0xFF;
        List<Column> columns = new ArrayList<>(columnCount);
        for (int i = 0; i < columnCount; i++) {
            ColumnType type = ColumnType.ofCode(value.get());
            byte[] name = new byte[value.get() & 0xFF];
            value.get(name);
            if (type == null) {
                return null;
            }
            columns.add(new Column(new String(name, StandardCharsets.UTF_8), type));
        }
        List<IndexDefinition> secondary = new ArrayList<>(secondaryCount);
        for (int i = 0; i < secondaryCount; i++) {
            int column = value.get() & 0xFF;
            if (column >= columnCount) {
                return null;
            }
            secondary.add(
                    new IndexDefinition(
                            columns.get(column).name(), column, value.getLong(), value.getInt()));
        }
        if (value.hasRemaining() || spaceId < 0) {
            return null;
        }
        return new TableDefinition(
                new String(key, StandardCharsets.UTF_8),
                spaceId,
                clusteredIndexId,
                clusteredRoot,
                columns,
                secondary);
    }
}
