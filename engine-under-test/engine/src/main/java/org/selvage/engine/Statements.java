package org.selvage.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.dictionary.RowFormat;
import org.selvage.engine.dictionary.Table;
import org.selvage.engine.index.BTree;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.index.KeyEncoding;
import org.selvage.engine.transaction.Transaction;
import org.selvage.engine.transaction.Transactions;

/**
 * Statements on rows inside a transaction that has the table's metadata lock (row0ins.cc,
 * row0upd.cc, row0sel.cc). A statement that throws may have changed some indexes; the caller takes
 * its changes back.
 */
final class Statements {
    private final Transactions transactions;
    private final int recordLimit;

    Statements(Transactions transactions, int pageSize) {
        this.transactions = transactions;
        this.recordLimit = IndexPage.maxRecordLength(pageSize);
    }

    void insert(Transaction trx, Table table, long key, Object[] values) {
        byte[] row = RowFormat.encode(table.definition(), values);
        byte[][] secondaryKeys = RowFormat.secondaryKeys(table.definition(), key, values);
        requireFits(table, row, secondaryKeys);
        transactions.prepareToWrite(trx);
        transactions.lockRow(trx, table, key);
        byte[] clusteredKey = KeyEncoding.ofLong(key);
        BTree.Version before = table.clustered().version(clusteredKey);
        if (before.isLive()) {
            throw new DuplicateKeyException(table.definition().name(), key);
        }
        transactions.logUndo(trx, table, key, before);
        RowFormat.setTrxId(row, trx.id());
        table.clustered().put(clusteredKey, new BTree.Version(row, false));
        for (int i = 0; i < secondaryKeys.length; i++) {
            insertSecondary(table, i, key, secondaryKeys[i]);
        }
        trx.countInserted();
    }

    /** Replaces the values of a row; false when there is none of this key. */
    boolean update(Transaction trx, Table table, long key, Object[] values) {
        byte[] row = RowFormat.encode(table.definition(), values);
        byte[][] secondaryKeys = RowFormat.secondaryKeys(table.definition(), key, values);
        requireFits(table, row, secondaryKeys);
        transactions.prepareToWrite(trx);
        transactions.lockRow(trx, table, key);
        byte[] clusteredKey = KeyEncoding.ofLong(key);
        BTree.Version before = table.clustered().version(clusteredKey);
        byte[] old = before.value();
        if (old == null || before.deleteMarked()) {
            return false;
        }
        byte[][] oldKeys = RowFormat.secondaryKeys(table.definition(), key, old);
        transactions.logUndo(trx, table, key, before);
        RowFormat.setTrxId(row, trx.id());
        table.clustered().put(clusteredKey, new BTree.Version(row, false));
        for (int i = 0; i < secondaryKeys.length; i++) {
            if (!Arrays.equals(oldKeys[i], secondaryKeys[i])) {
                markSecondary(table, i, key, oldKeys[i]);
                insertSecondary(table, i, key, secondaryKeys[i]);
            }
        }
        trx.countUpdated();
        return true;
    }

    /** Delete-marks a row; false when there is none of this key. */
    boolean delete(Transaction trx, Table table, long key) {
        transactions.prepareToWrite(trx);
        transactions.lockRow(trx, table, key);
        byte[] clusteredKey = KeyEncoding.ofLong(key);
        BTree.Version before = table.clustered().version(clusteredKey);
        byte[] old = before.value();
        if (old == null || before.deleteMarked()) {
            return false;
        }
        transactions.logUndo(trx, table, key, before);
        byte[] row = old.clone();
        RowFormat.setTrxId(row, trx.id());
        table.clustered().put(clusteredKey, new BTree.Version(row, true));
        byte[][] secondaryKeys = RowFormat.secondaryKeys(table.definition(), key, old);
        for (int i = 0; i < secondaryKeys.length; i++) {
            markSecondary(table, i, key, secondaryKeys[i]);
        }
        trx.countDeleted();
        return true;
    }

    private static void insertSecondary(Table table, int index, long key, byte[] secondaryKey) {
        if (table.secondary(index).insert(secondaryKey, BTree.NO_VALUE)
                == BTree.Inserted.DUPLICATE) {
            throw disagreement(table, index, key, "has a live record of a row that did not exist");
        }
    }

    private static void markSecondary(Table table, int index, long key, byte[] secondaryKey) {
        if (table.secondary(index).deleteMark(secondaryKey) == BTree.Marked.ABSENT) {
            throw disagreement(table, index, key, "has no live record of a row that existed");
        }
    }

    @Nullable List<Object> get(Transaction trx, Table table, long key) {
        transactions.lockRow(trx, table, key);
        byte[] row = table.clustered().get(KeyEncoding.ofLong(key));
        trx.countRead(row == null ? 0 : 1);
        return row == null ? null : RowFormat.decode(table.definition(), row);
    }

    List<Row> scan(Transaction trx, Table table, int number, byte[] prefix, boolean descending) {
        transactions.lockTable(trx, table);
        List<Long> keys = new ArrayList<>();
        BTree.Visitor visitor =
                (frame, position) -> {
                    byte[] key = IndexPage.key(frame, position);
                    if (!KeyEncoding.startsWith(key, prefix)) {
                        return false;
                    }
                    if (!IndexPage.isDeleteMarked(frame, position)) {
                        keys.add(KeyEncoding.primaryKeyOf(key));
                    }
                    return true;
                };
        if (descending) {
            table.secondary(number).scanBackward(KeyEncoding.after(prefix), visitor);
        } else {
            table.secondary(number).scan(prefix, visitor);
        }
        List<Row> rows = new ArrayList<>(keys.size());
        for (long key : keys) {
            byte[] row = table.clustered().get(KeyEncoding.ofLong(key));
            if (row == null) {
                throw disagreement(table, number, key, "has a live record of no row");
            }
            rows.add(new Row(key, RowFormat.decode(table.definition(), row)));
        }
        trx.countRead(rows.size());
        return rows;
    }

    /** The rows with keys from low to high, at most so many. */
    List<Row> range(
            Transaction trx, Table table, long low, long high, boolean descending, int limit) {
        transactions.lockTable(trx, table);
        List<Row> rows = new ArrayList<>();
        if (low > high || limit == 0) {
            return rows;
        }
        BTree.Visitor visitor =
                (frame, position) -> {
                    long key = KeyEncoding.getLong(IndexPage.key(frame, position), 0);
                    if (key < low || key > high) {
                        return false;
                    }
                    if (!IndexPage.isDeleteMarked(frame, position)) {
                        byte[] row = IndexPage.value(frame, position);
                        rows.add(new Row(key, RowFormat.decode(table.definition(), row)));
                    }
                    return rows.size() < limit;
                };
        if (descending) {
            byte[] before = KeyEncoding.after(KeyEncoding.ofLong(high));
            table.clustered().scanBackward(before, visitor);
        } else {
            table.clustered().scan(KeyEncoding.ofLong(low), visitor);
        }
        return rows;
    }

    private void requireFits(Table table, byte[] row, byte[][] secondaryKeys) {
        String name = table.definition().name();
        int rowLength = IndexPage.recordLength(KeyEncoding.LONG_LENGTH, row.length);
        if (rowLength > recordLimit) {
            throw new RecordTooLongException(name, "row", rowLength, recordLimit);
        }
        for (int i = 0; i < secondaryKeys.length; i++) {
            int length = IndexPage.recordLength(secondaryKeys[i].length, Integer.BYTES);
            if (length > recordLimit) {
                String index = table.definition().secondary().get(i).name();
                throw new RecordTooLongException(
                        name, "key of index " + index, length, recordLimit);
            }
        }
    }

    private static ValidationException disagreement(
            Table table, int number, long key, String what) {
        return new ValidationException(
                "a secondary index " + what,
                "table="
                        + table.definition().name()
                        + " index="
                        + table.definition().secondary().get(number).name()
                        + " key="
                        + key);
    }
}
