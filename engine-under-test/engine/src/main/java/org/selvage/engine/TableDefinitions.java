package org.selvage.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
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
import org.selvage.engine.tablespace.FilSystem;

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
    private final ErrorLog errorLog;

    TableDefinitions(
            FilSystem fil,
            Fsp fsp,
            PageStore store,
            Dictionary dictionary,
            RedoLog log,
            BufferPool pool,
            DdlLog ddlLog,
            ErrorLog errorLog) {
        this.log = log;
        this.pool = pool;
        this.ddlLog = ddlLog;
        this.errorLog = errorLog;
        this.fil = fil;
        this.fsp = fsp;
        this.store = store;
        this.dictionary = dictionary;
    }

    /** Throws {@link InvalidDefinitionException} unless a table could be created so. */
    void requireValid(String name, List<Column> columns, List<String> indexedColumns) {
        if (!isName(name)) {
            throw badName(name);
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
     * Throws {@link InvalidDefinitionException} unless a table could have that name.
     *
     * @param definition the table with its new name
     */
    void requireValidName(TableDefinition definition) {
        String name = definition.name();
        if (!isName(name)) {
            throw badName(name);
        }
        if (!dictionary.fits(definition)) {
            throw new InvalidDefinitionException(
                    name,
                    "its definition is too long for the dictionary's pages",
                    "bytes=" + dictionary.recordLength(definition));
        }
    }

    private static InvalidDefinitionException badName(String name) {
        return new InvalidDefinitionException(
                name, "its name is not 1 to 64 letters, digits or underscores", "name=" + name);
    }

    /** What fills a new tablespace; returns the definition that the dictionary is to have. */
    interface Content {
        TableDefinition fill(int spaceId, String file);
    }

    /** What becomes of a tablespace that {@link #make} made. */
    interface Use {
        void accept(TableDefinition definition);
    }

    /**
     * Makes the space, the roots and the dictionary record; the caller holds the DDL lock. Returns
     * when the table survives a crash; before, a crash leaves neither record nor file.
     */
    void create(String name, List<Column> columns, List<String> indexedColumns) {
        DdlLog.Entry made =
                make(
                        spaceId -> name,
                        (spaceId, file) -> {
                            int[] roots = newSpace(spaceId, file, 1 + indexedColumns.size());
                            long firstIndexId = dictionary.assignIndexIds(roots.length);
                            createRoots(spaceId, firstIndexId, roots);
                            return definition(
                                    name, columns, indexedColumns, spaceId, firstIndexId, roots);
                        },
                        dictionary::add);
        finished(made);
        log.sync();
    }

    /**
     * Makes a tablespace, and lets the dictionary have it; when either fails, nothing of it stays.
     *
     * @param fileName name of the file, by the tablespace's id
     * @return the record of the DDL log, which stays until {@link #finished}
     */
    private DdlLog.Entry make(IntFunction<String> fileName, Content content, Use use) {
        int spaceId = assignSpaceId();
        String file = fileName.apply(spaceId);
        DdlLog.Entry entry = new DdlLog.DeleteSpace(spaceId, file);
        begun(entry);
        if (log.isLogging()) {
            log.writeUpTo(log.fileCreate(pool, spaceId, file), true);
        }
        boolean made = false;
        try {
            use.accept(content.fill(spaceId, file));
            made = true;
            return entry;
        } finally {
            if (!made) {
                undoMake(spaceId, file);
                finished(entry);
            }
        }
    }

    private int[] newSpace(int spaceId, String file, int trees) {
        fil.create(spaceId, file);
        return new int[trees];
    }

    /** The file was not made, or the disk is full: nothing of the table may stay. */
    private void undoMake(int spaceId, String file) {
        boolean known = fil.lookup(spaceId) != null;
        if (known) {
            pool.removeAllPages(spaceId);
            fil.forget(spaceId);
        }
        if (known || file.equals(temporaryName(spaceId))) {
            fil.deleteFile(file);
        }
    }

    /** From here on a crash is put right by the record. */
    private void begun(DdlLog.Entry entry) {
        if (log.isLogging()) {
            ddlLog.add(entry);
        }
    }

    /** Changes the dictionary under a record of the DDL log, which goes when the change fails. */
    private void begin(DdlLog.Entry entry, Runnable change) {
        begun(entry);
        try {
            change.run();
        } catch (Throwable e) {
            finished(entry);
            throw e;
        }
    }

    private void finished(DdlLog.Entry entry) {
        if (log.isLogging()) {
            ddlLog.remove(entry);
        }
    }

    /**
     * Takes a table out of the dictionary; the caller holds the DDL lock. Returns when that
     * survives a crash, after which the file goes, now or at the next start.
     */
    void remove(Table table) {
        begin(entryOf(table), () -> dictionary.remove(table));
        log.sync();
        freeIndexTrees(table.definition());
    }

    private static DdlLog.Entry entryOf(Table table) {
        return new DdlLog.DeleteSpace(table.definition().spaceId(), table.definition().name());
    }

    /** The file of a removed table is gone. */
    void removed(Table table) {
        finished(entryOf(table));
    }

    /** The dictionary forgets a table that has no file. */
    void removeDiscarded(Table table) {
        dictionary.remove(table);
        log.sync();
    }

    /**
     * Gives a table and its file another name; the caller holds the DDL lock and has made sure that
     * no table has the name. After a crash the table has one of the two names, and so has its file.
     *
     * @throws TablespaceExistsException when there is a file of that name; nothing was changed
     */
    void rename(Table table, String to) {
        TableDefinition from = table.definition();
        TableDefinition renamed = from.renamed(to);
        DdlLog.Entry entry = new DdlLog.RenameTable(from.spaceId(), from.name(), to);
        begun(entry);
        boolean done = false;
        try {
            if (!from.isDiscarded()) {
                renameFile(from.spaceId(), to);
            }
            addRenamed(renamed, from);
            done = true;
        } finally {
            if (!done) {
                finished(entry);
            }
        }
        dictionary.remove(table);
        finished(entry);
        log.sync();
        dictionary.replace(table, renamed);
    }

    private void addRenamed(TableDefinition renamed, TableDefinition from) {
        boolean added = false;
        try {
            dictionary.addRecord(renamed);
            added = true;
        } finally {
            if (!added && !from.isDiscarded()) {
                renameFile(from.spaceId(), from.name());
            }
        }
    }

    private void renameFile(int spaceId, String to) {
        if (log.isLogging()) {
            log.writeUpTo(log.fileRename(pool, spaceId, to), true);
        }
        fil.rename(spaceId, to);
    }

    /** A tablespace that takes the place of a table's, and what is to be done afterwards. */
    record Replacement(TableDefinition definition, DdlLog.Entry made) {}

    /**
     * Makes an empty tablespace for a table and lets the dictionary have it in the place of the old
     * one (TRUNCATE TABLE of MariaDB 10.3, MDEV-13564); the caller holds the DDL lock. The old
     * tablespace is to be deleted next, then {@link #installed}.
     */
    Replacement beginTruncate(Table table) {
        TableDefinition old = table.definition();
        begun(entryOf(table));
        TableDefinition[] truncated = new TableDefinition[1];
        boolean made = false;
        try {
            DdlLog.Entry entry =
                    make(
                            TableDefinitions::temporaryName,
                            (spaceId, file) -> {
                                int[] roots = newSpace(spaceId, file, old.roots().length);
                                long firstIndexId = dictionary.assignIndexIds(roots.length);
                                createRoots(spaceId, firstIndexId, roots);
                                return old.inSpace(spaceId, firstIndexId, roots);
                            },
                            definition -> {
                                dictionary.changeRecord(definition);
                                truncated[0] = definition;
                            });
            made = true;
            log.sync();
            freeIndexTrees(old);
            return new Replacement(truncated[0], entry);
        } finally {
            if (!made) {
                finished(entryOf(table));
            }
        }
    }

    /** As InnoDB names the files of tables that are about to take another's place. */
    private static String temporaryName(int spaceId) {
        return "#sql-ib" + spaceId;
    }

    /**
     * The new tablespace of a table gets the table's name, and waiters find it; the caller holds
     * the DDL lock.
     */
    void installed(Table table, Replacement replacement) {
        TableDefinition definition = replacement.definition();
        try {
            renameFile(definition.spaceId(), definition.name());
        } finally {
            dictionary.replace(table, definition);
        }
        finished(replacement.made());
    }

    /**
     * The dictionary forgets a table's tablespace, which is to be deleted next; the caller holds
     * the DDL lock.
     */
    TableDefinition beginDiscard(Table table) {
        TableDefinition discarded = table.definition().discarded();
        begin(entryOf(table), () -> dictionary.changeRecord(discarded));
        log.sync();
        freeIndexTrees(table.definition());
        return discarded;
    }

    /** Waiters find the table without its tablespace. */
    void discarded(Table table, TableDefinition definition) {
        dictionary.replace(table, definition);
    }

    /**
     * Makes a tablespace from an exported file and gives it to a table whose own is discarded; the
     * caller holds the DDL lock.
     *
     * @param check throws when the table is not what its file promised
     * @throws TablespaceImportException when the file is not one for this table
     * @throws CorruptPageException when a page of it is not what was written
     */
    void importTablespace(Table table, TablespaceTransfer.Source source, Consumer<Table> check) {
        TableDefinition old = table.definition();
        TableDefinition[] imported = new TableDefinition[1];
        DdlLog.Entry entry =
                make(
                        TableDefinitions::temporaryName,
                        (spaceId, file) -> {
                            int[] roots = source.definition().roots();
                            long firstIndexId = dictionary.assignIndexIds(roots.length);
                            TableDefinition definition = old.inSpace(spaceId, firstIndexId, roots);
                            // No page in a file may be newer than the durable log.
                            long lsn = log.lsn();
                            log.writeUpTo(lsn, true);
                            source.copyTo(fil.pathOf(file), definition, lsn);
                            fil.register(spaceId, file);
                            check.accept(dictionary.tableOf(definition));
                            return definition;
                        },
                        definition -> {
                            dictionary.changeRecord(definition);
                            imported[0] = definition;
                        });
        log.sync();
        installed(table, new Replacement(imported[0], entry));
    }

    private int assignSpaceId() {
        try (MiniTransaction mtr = store.begin()) {
            return fsp.assignSpaceId(mtr);
        }
    }

    /** dict_create_index_tree, for all indexes of a table; fills in their roots. */
    private void createRoots(int spaceId, long firstIndexId, int[] roots) {
        try (MiniTransaction mtr = store.begin()) {
            for (int i = 0; i < roots.length; i++) {
                BufferBlock root = store.allocate(mtr, spaceId);
                BTree.createRoot(mtr, root, firstIndexId + i);
                roots[i] = root.id().pageNo();
            }
        }
    }

    /**
     * Frees the roots of a table that leaves the dictionary (dict_drop_index_tree). The space goes
     * away next, so the other pages need not be freed one by one; but as in MySQL 5.7 the drop
     * itself dirties pages of the space it is about to delete. A page that cannot be read does not
     * keep the space from going away.
     */
    private void freeIndexTrees(TableDefinition table) {
        try (MiniTransaction mtr = store.begin()) {
            freeRoot(mtr, table.spaceId(), table.clusteredRoot());
            for (IndexDefinition index : table.secondary()) {
                freeRoot(mtr, table.spaceId(), index.rootPage());
            }
        } catch (TablespaceMissingException e) {
            // Its file was taken away; there is nothing to free.
            errorLog.warning(
                    "The tablespace file of a table that is dropped is missing: table="
                            + table.name()
                            + " space="
                            + e.spaceId());
        } catch (EngineException e) {
            // The dictionary has forgotten the tablespace for good: it goes with its roots.
            errorLog.error(
                    "The index roots of a table that is dropped cannot be freed: table="
                            + table.name()
                            + " error="
                            + e.getMessage());
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
