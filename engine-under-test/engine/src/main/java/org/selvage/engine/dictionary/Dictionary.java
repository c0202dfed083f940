package org.selvage.engine.dictionary;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.CorruptPageException;
import org.selvage.engine.ValidationException;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.index.BTree;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.index.LeafBuffering;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.tablespace.FilSystem;

/**
 * The tables of a data folder (InnoDB's dict0dict.cc, dict0boot.cc, dict0crea.cc): one tree in the
 * system tablespace with a record for each table, and the open tables in memory.
 *
 * <p>Who changes the dictionary holds the engine's DDL lock. Who looks a table up holds nothing:
 * the map in memory is replaced, never changed. A table that is being dropped stays in the map
 * until its file is gone, so that a new table of its name waits for that.
 */
public final class Dictionary {
    /** In the header page: page number of the tree's root, 4 bytes. */
    public static final int HEADER_ROOT = PageHeader.DATA;

    /** In the header page: next index id to give out, 8 bytes. */
    public static final int HEADER_NEXT_INDEX_ID = HEADER_ROOT + 4;

    /** Identity stamped on the tree's pages. */
    public static final long INDEX_ID = 1;

    private static final long FIRST_USER_INDEX_ID = 16;
    private static final int SYSTEM_SPACE = 0;
    private static final PageId HEADER = new PageId(SYSTEM_SPACE, FspHeader.DICTIONARY_PAGE_NO);

    private final PageStore store;
    private final LeafBuffering buffering;
    private final BTree tree;
    private volatile Map<String, Table> tables = Map.of();
    private Set<String> formerNames = Set.of();

    private Dictionary(PageStore store, LeafBuffering buffering, int root) {
        this.store = store;
        this.buffering = buffering;
        this.tree = new BTree(store, SYSTEM_SPACE, root, INDEX_ID, null);
    }

    /** Makes the header page and the empty tree of a new data folder (dict_create). */
    public static void create(MiniTransaction mtr, PageStore store) {
        BufferBlock header = mtr.newPage(HEADER, PageType.SYS);
        BufferBlock root = store.allocate(mtr, SYSTEM_SPACE);
        BTree.createRoot(mtr, root, INDEX_ID);
        header.frame().putInt(HEADER_ROOT, root.id().pageNo());
        header.frame().putLong(HEADER_NEXT_INDEX_ID, FIRST_USER_INDEX_ID);
    }

    /**
     * Whether the folder has a dictionary; not when a crash came before the first mini-transaction
     * of the folder was durable.
     *
     * @param changed whether something was changed since the folder was made
     * @throws CorruptPageException when the dictionary must be there and is not
     */
    public static boolean exists(PageStore store, boolean changed) {
        try (MiniTransaction mtr = store.begin()) {
            BufferBlock header = mtr.pageOrZeroes(HEADER, Latch.S);
            boolean exists = header.isType(PageType.SYS);
            if (changed && !exists) {
                throw store.corrupt(
                        header,
                        "page type",
                        PageType.SYS.code(),
                        PageHeader.typeCode(header.frame()));
            }
            return exists;
        }
    }

    /**
     * Opens the dictionary of a data folder and registers every table's space; no page of a table
     * is read (dict_boot, dict_check_tablespaces_and_store_max_id).
     *
     * @param interrupted what a crash left of data definition statements
     */
    public static Dictionary open(
            PageStore store,
            FilSystem fil,
            LeafBuffering buffering,
            List<DdlLog.Entry> interrupted) {
        int root;
        try (MiniTransaction mtr = store.begin()) {
            root = mtr.page(HEADER, Latch.S).frame().getInt(HEADER_ROOT);
        }
        Dictionary dictionary = new Dictionary(store, buffering, root);
        Map<String, Table> loaded = new LinkedHashMap<>();
        List<TableDefinition> definitions = dictionary.definitions();
        dictionary.formerNames = formerNames(definitions, interrupted);
        for (TableDefinition definition : definitions) {
            if (dictionary.formerNames.contains(definition.name())) {
                continue;
            }
            if (!definition.isDiscarded()) {
                fil.register(definition.spaceId(), definition.name());
            }
            loaded.put(definition.name(), new Table(definition, store, buffering));
        }
        dictionary.tables = loaded;
        return dictionary;
    }

    private static Set<String> formerNames(
            List<TableDefinition> definitions, List<DdlLog.Entry> interrupted) {
        Set<String> names = new HashSet<>();
        definitions.forEach(definition -> names.add(definition.name()));
        Set<String> former = new HashSet<>();
        for (DdlLog.Entry entry : interrupted) {
            if (entry instanceof DdlLog.RenameTable rename && names.contains(rename.to())) {
                former.add(rename.from());
            }
        }
        former.retainAll(names);
        return former;
    }

    /** Names whose records a crash in RENAME TABLE left beside those of the new names. */
    public Set<String> formerNames() {
        return formerNames;
    }

    /** Removes the record of a name, of which no table is open. */
    public void removeRecord(String name) {
        tree.remove(TableDefinition.key(name));
    }

    /** Adds a record; the open table stays what it is until {@link #replace}. */
    public void addRecord(TableDefinition definition) {
        tree.insert(definition.key(), definition.encode());
    }

    /** Gives the record of a name another content, in one mini-transaction. */
    public void changeRecord(TableDefinition definition) {
        tree.put(definition.key(), new BTree.Version(definition.encode(), false));
    }

    /** A table that is not open for others yet. */
    public Table tableOf(TableDefinition definition) {
        return new Table(definition, store, buffering);
    }

    /** Puts an open table in the place of another, whose waiters then find it. */
    public void replace(Table table, TableDefinition definition) {
        Map<String, Table> changed = new LinkedHashMap<>(tables);
        if (!definition.name().equals(table.definition().name())) {
            changed.remove(table.definition().name());
        }
        changed.put(definition.name(), tableOf(definition));
        tables = changed;
    }

    private List<TableDefinition> definitions() {
        List<TableDefinition> definitions = new ArrayList<>();
        tree.scan(
                BTree.NO_VALUE,
                (frame, position) -> {
                    byte[] key = IndexPage.key(frame, position);
                    TableDefinition definition =
                            TableDefinition.decode(key, IndexPage.value(frame, position));
                    if (definition == null) {
                        throw new ValidationException(
                                "a dictionary record cannot be read",
                                "record=" + position + " key_length=" + key.length);
                    }
                    definitions.add(definition);
                    return true;
                });
        return definitions;
    }

    /** The tree of table records. */
    public BTree tree() {
        return tree;
    }

    /** The table of a name, which may be one that is being dropped; or null. */
    public @Nullable Table find(String name) {
        return tables.get(name);
    }

    /** The table of a tablespace, which may be one that is being dropped; or null. */
    public @Nullable Table findBySpace(int spaceId) {
        for (Table table : tables.values()) {
            if (table.definition().spaceId() == spaceId) {
                return table;
            }
        }
        return null;
    }

    /** The open tables, in the order they came. */
    public List<Table> tables() {
        return List.copyOf(tables.values());
    }

    /** Gives out index ids: the first of {@code count} in a row (dict_hdr_get_new_id). */
    public long assignIndexIds(int count) {
        try (MiniTransaction mtr = store.begin()) {
            BufferBlock header = mtr.page(HEADER, Latch.X);
            mtr.setDirty(header);
            long first = header.frame().getLong(HEADER_NEXT_INDEX_ID);
            header.frame().putLong(HEADER_NEXT_INDEX_ID, first + count);
            return first;
        }
    }

    /** Whether a table's record fits the dictionary's pages. */
    public boolean fits(TableDefinition definition) {
        return recordLength(definition) <= IndexPage.maxRecordLength(store.pageSize());
    }

    /** Bytes of a table's record. */
    public int recordLength(TableDefinition definition) {
        return IndexPage.recordLength(definition.key().length, definition.encode().length);
    }

    /** Stores a table whose space and roots exist, and opens it. */
    public void add(TableDefinition definition) {
        addRecord(definition);
        Map<String, Table> changed = new LinkedHashMap<>(tables);
        changed.put(definition.name(), tableOf(definition));
        tables = changed;
    }

    /** Removes a table's record; the table stays in memory until {@link #forget}. */
    public void remove(Table table) {
        tree.remove(table.definition().key());
    }

    /** Takes a dropped table out of memory; its name is free again. */
    public void forget(Table table) {
        Map<String, Table> changed = new LinkedHashMap<>(tables);
        changed.remove(table.definition().name());
        tables = changed;
    }
}
