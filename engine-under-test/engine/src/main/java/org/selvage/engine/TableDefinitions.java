package org.selvage.engine;

import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.dictionary.Column;
import org.selvage.engine.dictionary.DdlLog;
import org.selvage.engine.dictionary.Dictionary;
import org.selvage.engine.dictionary.IndexDefinition;
import org.selvage.engine.dictionary.Table;
import org.selvage.engine.dictionary.TableDefinition;
import org.selvage.engine.filespace.Fsp;
import org.selvage.engine.index.BTree;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.redo.RedoLog;
import org.selvage.engine.tablespace.DataFolder;
import org.selvage.engine.tablespace.FilSpace;
import org.selvage.engine.tablespace.FilSystem;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The steps of DDL below the locks (InnoDB's row0mysql.cc and dict0crea.cc). */
final class TableDefinitions {
    private static final int MAX_NAME_LENGTH = 64;
    private static final int MAX_COLUMNS = 255;

    private final FilSystem fil;
    private final Fsp fsp;
    private final PageStore store;
    private final Dictionary dictionary;
    private final RedoLog log;
    private final BufferPool pool;
    private final DdlLog ddlLog;

    TableDefinitions(
            FilSystem fil,
            Fsp fsp,
            PageStore store,
            Dictionary dictionary,
            RedoLog log,
            BufferPool pool) {
        this.log = log;
        this.pool = pool;
        this.ddlLog = new DdlLog(store);
        this.fil = fil;
        this.fsp = fsp;
        this.store = store;
        this.dictionary = dictionary;
    }

    /** Throws {@link InvalidDefinitionException} unless a table could be created so. */
    void requireValid(String name, List<Column> columns, List<String> indexedColumns) {
        if (!isName(name)) {
            throw new InvalidDefinitionException(
                    name, "its name is not 1 to 64 letters, digits or underscores", "name=" + name);
        }
        if (columns.size() > MAX_COLUMNS) {
            throw new InvalidDefinitionException(
                    name, "it has too many columns", "columns=" + columns.size());
        }
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            if (!isName(column.name()) || !names.add(column.name())) {
                throw new InvalidDefinitionException(
                        name,
                        "a column's name is not allowed or used twice",
                        "column=" + column.name());
            }
        }
        Set<String> indexed = new HashSet<>();
        for (String column : indexedColumns) {
            if (!names.contains(column) || !indexed.add(column)) {
                throw new InvalidDefinitionException(
                        name,
                        "an index is on an unknown column or twice on one",
                        "index=" + column);
            }
        }
        TableDefinition definition = definition(name, columns, indexedColumns, 0, 0, new int[0]);
        if (!dictionary.fits(definition)) {
            throw new InvalidDefinitionException(
                    name,
                    "its definition is too long for the dictionary's pages",
                    "bytes=" + dictionary.recordLength(definition));
        }
    }

    /** A file is named after the table, so nothing but plain characters may be in a name. */
    private static boolean isName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean allowed = letter || (c >= '0' && c <= '9') || c == '_';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    /**
     * Makes the space, the roots and the dictionary record; the caller holds the DDL lock. Returns
     * when the table survives a crash; before, a crash leaves neither record nor file.
     */
    void create(String name, List<Column> columns, List<String> indexedColumns) {
        int trees = 1 + indexedColumns.size();
        int spaceId = assignSpaceId();
        beginFileOperation(spaceId, name);
        if (log.isLogging()) {
            log.writeUpTo(log.fileCreate(pool, spaceId, name), true);
        }
        boolean added = false;
        try {
            fil.create(spaceId, name);
            long firstIndexId = dictionary.assignIndexIds(trees);
            int[] roots = createIndexTrees(spaceId, firstIndexId, trees);
            dictionary.add(definition(name, columns, indexedColumns, spaceId, firstIndexId, roots));
            added = true;
        } finally {
            if (!added) {
                undoCreate(spaceId);
            }
            endFileOperation(spaceId);
        }
        log.sync();
    }

    /** The file was not made, or the disk is full: nothing of the table may stay. */
    private void undoCreate(int spaceId) {
        FilSpace space = fil.lookup(spaceId);
        if (space != null) {
            pool.removeAllPages(spaceId);
            fil.forget(spaceId);
            fil.deleteOrphan(space.name());
        }
    }

    /** From here on a crash removes the file, unless the dictionary has its table. */
    private void beginFileOperation(int spaceId, String name) {
        if (log.isLogging()) {
            ddlLog.add(spaceId, name);
        }
    }

    private void endFileOperation(int spaceId) {
        if (log.isLogging()) {
            ddlLog.remove(spaceId);
        }
    }

    /**
     * Takes a table out of the dictionary; the caller holds the DDL lock. Returns when that
     * survives a crash, after which the file goes, now or at the next start.
     */
    void remove(Table table) {
        TableDefinition definition = table.definition();
        beginFileOperation(definition.spaceId(), definition.name());
        dictionary.remove(table);
        log.sync();
        freeIndexTrees(definition);
    }

    /** The file of a removed table is gone. */
    void removed(Table table) {
        endFileOperation(table.definition().spaceId());
    }

    /**
     * Works off what a crash left of CREATE and DROP TABLE, and looks for files without a table.
     */
    void finishAfterCrash(ErrorLog errorLog) {
        Map<Integer, String> tables = new HashMap<>();
        for (Table table : dictionary.tables()) {
            tables.put(table.definition().spaceId(), table.definition().name());
        }
        for (DdlLog.Entry entry : ddlLog.entries()) {
            if (!tables.containsKey(entry.spaceId())) {
                if (!tables.containsValue(entry.name())) {
                    fil.deleteOrphan(entry.name());
                }
                errorLog.note(
                        "DDL recovery: the file of a table that is not in the dictionary is gone:"
                                + " space="
                                + entry.spaceId()
                                + " name="
                                + entry.name());
            }
            ddlLog.remove(entry.spaceId());
        }
        for (DataFolder.Found file : fil.files()) {
            if (!tables.containsKey(file.spaceId())) {
                errorLog.warning(
                        "A tablespace file belongs to no table, it is left alone: name="
                                + file.name()
                                + " space="
                                + file.spaceId());
            }
        }
        for (Map.Entry<Integer, String> table : tables.entrySet()) {
            if (fil.size(table.getKey()) == 0) {
                errorLog.warning(
                        "The tablespace file of a table is missing: table="
                                + table.getValue()
                                + " space="
                                + table.getKey());
            }
        }
    }

    private int assignSpaceId() {
        try (MiniTransaction mtr = store.begin()) {
            return fsp.assignSpaceId(mtr);
        }
    }

    /** dict_create_index_tree. */
    private int[] createIndexTrees(int spaceId, long firstIndexId, int trees) {
        int[] roots = new int[trees];
        try (MiniTransaction mtr = store.begin()) {
            for (int i = 0; i < trees; i++) {
                BufferBlock root = store.allocate(mtr, spaceId);
                BTree.createRoot(mtr, root, firstIndexId + i);
                roots[i] = root.id().pageNo();
            }
        }
        return roots;
    }

    /**
     * Frees the roots of a table that leaves the dictionary (dict_drop_index_tree). The space goes
     * away next, so the other pages need not be freed one by one; but as in MySQL 5.7 the drop
     * itself dirties pages of the space it is about to delete.
     */
    private void freeIndexTrees(TableDefinition table) {
        try (MiniTransaction mtr = store.begin()) {
            freeRoot(mtr, table.spaceId(), table.clusteredRoot());
            for (IndexDefinition index : table.secondary()) {
                freeRoot(mtr, table.spaceId(), index.rootPage());
            }
        }
    }

    private void freeRoot(MiniTransaction mtr, int spaceId, int root) {
        PageId page = new PageId(spaceId, root);
        mtr.page(page, Latch.X);
        store.free(mtr, page);
    }

    private static TableDefinition definition(
            String name,
            List<Column> columns,
            List<String> indexedColumns,
            int spaceId,
            long firstIndexId,
            int[] roots) {
        List<IndexDefinition> secondary = new ArrayList<>(indexedColumns.size());
        for (int i = 0; i < indexedColumns.size(); i++) {
            String indexed = indexedColumns.get(i);
            int column = 0;
            while (!columns.get(column).name().equals(indexed)) {
                column++;
            }
            int root = i + 1 < roots.length ? roots[i + 1] : 0;
            secondary.add(new IndexDefinition(indexed, column, firstIndexId + 1 + i, root));
        }
        int clusteredRoot = roots.length > 0 ? roots[0] : 0;
        return new TableDefinition(name, spaceId, firstIndexId, clusteredRoot, columns, secondary);
    }
}
