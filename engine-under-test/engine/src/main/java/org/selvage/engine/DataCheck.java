package org.selvage.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.changebuffer.ChangeBufferCheck;
import org.selvage.engine.changebuffer.ChangeBufferTree;
import org.selvage.engine.dictionary.Dictionary;
import org.selvage.engine.dictionary.IndexDefinition;
import org.selvage.engine.dictionary.RowFormat;
import org.selvage.engine.dictionary.Table;
import org.selvage.engine.dictionary.TableDefinition;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.index.KeyEncoding;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.index.TreeCheck;
import org.selvage.engine.tablespace.FilSystem;

/**
 * The deep check behind {@link Engine#validate} (InnoDB's CHECK TABLE EXTENDED and ibuf_validate).
 * Nobody changes anything meanwhile. The bitmap is compared with the change buffer first, since
 * reading a leaf merges what is buffered for it.
 */
final class DataCheck {
    private static final int SYSTEM_SPACE = 0;

    private final FilSystem fil;
    private final PageStore store;
    private final ChangeBufferTree changes;
    private final Dictionary dictionary;
    private final boolean interrupted;

    DataCheck(
            FilSystem fil,
            PageStore store,
            ChangeBufferTree changes,
            Dictionary dictionary,
            boolean interrupted) {
        this.interrupted = interrupted;
        this.fil = fil;
        this.store = store;
        this.changes = changes;
        this.dictionary = dictionary;
    }

    /** Returns the number of rows. */
    long check(List<Table> tables) {
        new SpaceCheck(fil, store).check(tables);
        ChangeBufferCheck bits = new ChangeBufferCheck(changes, interrupted);
        bits.checkSpace(SYSTEM_SPACE, fil.size(SYSTEM_SPACE));
        for (Table table : tables) {
            int space = table.definition().spaceId();
            if (!table.definition().isDiscarded()) {
                bits.checkSpace(space, fil.size(space));
            }
        }
        checkDictionary(tables);
        long rows = 0;
        for (Table table : tables) {
            if (!table.definition().isDiscarded()) {
                rows += checkTable(table, bits);
            }
        }
        return rows;
    }

    /**
     * Checks one table, which nobody changes meanwhile, without its bits; every page of its indexes
     * is read, so that no change of it is left in the change buffer.
     */
    void checkTable(Table table) {
        checkTable(table, null);
    }

    private void checkDictionary(List<Table> tables) {
        int[] records = new int[1];
        TreeCheck.check(
                store,
                dictionary.tree(),
                (page, frame) -> {
                    if (IndexPage.isLeaf(frame)) {
                        records[0] += IndexPage.recordCount(frame);
                    }
                });
        if (records[0] != tables.size()) {
            throw new ValidationException(
                    "the dictionary's records are not the open tables",
                    "records=" + records[0] + " tables=" + tables.size());
        }
    }

    private long checkTable(Table table, @Nullable ChangeBufferCheck bits) {
        TableDefinition definition = table.definition();
        int indexes = definition.secondary().size();
        List<List<byte[]>> expected = new ArrayList<>(indexes);
        for (int i = 0; i < indexes; i++) {
            expected.add(new ArrayList<>());
        }
        long[] rows = new long[1];
        TreeCheck.check(
                store,
                table.clustered(),
                (page, frame) -> {
                    if (IndexPage.isLeaf(frame)) {
                        rows[0] += liveRecords(frame);
                        expectKeys(definition, frame, expected);
                    }
                });
        for (int i = 0; i < indexes; i++) {
            List<byte[]> keys = expected.get(i);
            keys.sort(Arrays::compareUnsigned);
            checkSecondary(table, i, keys, bits);
        }
        return rows[0];
    }

    private static int liveRecords(ByteBuffer frame) {
        int live = 0;
        for (int position = 0; position < IndexPage.recordCount(frame); position++) {
            live += IndexPage.isDeleteMarked(frame, position) ? 0 : 1;
        }
        return live;
    }

    private static void expectKeys(
            TableDefinition definition, ByteBuffer frame, List<List<byte[]>> expected) {
        int count = IndexPage.recordCount(frame);
        for (int position = 0; position < count; position++) {
            if (IndexPage.isDeleteMarked(frame, position)) {
                continue;
            }
            long key = KeyEncoding.getLong(IndexPage.key(frame, position), 0);
            List<Object> values = RowFormat.decode(definition, IndexPage.value(frame, position));
            for (int i = 0; i < expected.size(); i++) {
                IndexDefinition index = definition.secondary().get(i);
                expected.get(i).add(RowFormat.secondaryKey(values.get(index.column()), key));
            }
        }
    }

    private void checkSecondary(
            Table table, int number, List<byte[]> expected, @Nullable ChangeBufferCheck bits) {
        int[] at = new int[1];
        TreeCheck.check(
                store,
                table.secondary(number),
                (page, frame) -> {
                    if (IndexPage.isLeaf(frame)) {
                        if (bits != null) {
                            bits.leaf(page, frame);
                        }
                        at[0] = compareKeys(table, number, frame, expected, at[0]);
                    }
                });
        if (bits != null) {
            bits.checkFree(table.definition().spaceId());
        }
        if (at[0] != expected.size()) {
            throw disagreement(table, number, "lacks a row's record", expected.get(at[0]));
        }
    }

    /**
     * Compares a leaf's live keys with the expected ones from {@code at} on; returns where it
     * ended.
     */
    private static int compareKeys(
            Table table, int number, ByteBuffer frame, List<byte[]> expected, int at) {
        int next = at;
        int count = IndexPage.recordCount(frame);
        for (int position = 0; position < count; position++) {
            if (IndexPage.isDeleteMarked(frame, position)) {
                continue;
            }
            byte[] key = IndexPage.key(frame, position);
            int order =
                    next == expected.size() ? -1 : Arrays.compareUnsigned(key, expected.get(next));
            if (order > 0) {
                throw disagreement(table, number, "lacks a row's record", expected.get(next));
            }
            if (order < 0) {
                throw disagreement(table, number, "has a live record of no row", key);
            }
            next++;
        }
        return next;
    }

    private static ValidationException disagreement(
            Table table, int number, String what, byte[] key) {
        return new ValidationException(
                "a secondary index " + what,
                "table="
                        + table.definition().name()
                        + " index="
                        + table.definition().secondary().get(number).name()
                        + " key="
                        + KeyEncoding.primaryKeyOf(key));
    }
}
