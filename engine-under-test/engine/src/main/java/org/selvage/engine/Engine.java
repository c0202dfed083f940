package org.selvage.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.aio.OsThread;
import org.selvage.engine.background.MasterThread;
import org.selvage.engine.background.PageCleaner;
import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.changebuffer.ChangeBuffer;
import org.selvage.engine.changebuffer.ChangeBufferPages;
import org.selvage.engine.changebuffer.ChangeBufferTree;
import org.selvage.engine.changebuffer.Contraction;
import org.selvage.engine.dictionary.Column;
import org.selvage.engine.dictionary.Dictionary;
import org.selvage.engine.dictionary.RowFormat;
import org.selvage.engine.dictionary.Table;
import org.selvage.engine.filespace.Fsp;
import org.selvage.engine.index.BTree;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.index.KeyEncoding;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.redo.RedoLog;
import org.selvage.engine.status.EngineStatus;
import org.selvage.engine.status.SpaceStatus;
import org.selvage.engine.tablespace.DeleteProtocol;
import org.selvage.engine.tablespace.FilSpace;
import org.selvage.engine.tablespace.FilSystem;

/**
 * A small InnoDB over one data folder: tables with a long primary key, a clustered index and
 * secondary indexes, a change buffer, and background threads. Safe for use by any number of
 * threads.
 *
 * <p>There are no transactions: a statement takes effect whole, and is then as durable as the page
 * cleaner or {@link #close} has made it. A statement blocks while its table is being dropped, and
 * then finds it gone; statements on other tables go on.
 *
 * <p>Every method throws {@link EngineClosedException} once the engine is closed, and an {@link
 * EngineException} of the lower floor when a file or a page cannot be used.
 */
public final class Engine implements AutoCloseable {
    private static final int PENDING_READS_POLL_MICROS = 20_000;

    private final FilSystem fil;
    private final BufferPool pool;
    private final RedoLog log;
    private final PageStore store;
    private final DeleteProtocol protocol;
    private final ChangeBufferTree changes;
    private final Contraction contraction;
    private final Dictionary dictionary;
    private final TableDefinitions definitions;
    private final MasterThread master;
    private final PageCleaner pageCleaner;
    private final boolean backgroundThreads;
    private final ErrorLog errorLog;

    /** Moves with every statement, so that the master thread knows whether clients are active. */
    private final AtomicLong activityCount = new AtomicLong();

    /** Guards the dictionary's records and its map (dict_operation_lock); after metadata locks. */
    private final ReentrantLock ddlLock = new ReentrantLock();

    private volatile boolean closed;

    private Engine(FilSystem fil, EngineConfig config, ErrorLog errorLog) {
        this.fil = fil;
        this.errorLog = errorLog;
        pool = new BufferPool(config, fil);
        log = new RedoLog(fil.flushedLsn());
        Fsp fsp = new Fsp(fil);
        store = new PageStore(pool, log, fsp, config.pageSize());
        ChangeBufferPages changePages = new ChangeBufferPages(pool, log, fsp, config.pageSize());
        protocol = DeleteProtocol.named(config.deleteProtocol(), fil, pool);
        if (fil.isNew()) {
            ChangeBufferTree.create(changePages);
            Dictionary.create(store);
        }
        int maxSize = (int) ((long) pool.poolPages() * config.changeBufferMaxPercent() / 100);
        changes = ChangeBufferTree.open(changePages, maxSize, config.seed());
        ChangeBuffer changeBuffer = new ChangeBuffer(changes, protocol, fil, errorLog);
        pool.setMergeOnRead(changeBuffer);
        contraction =
                new Contraction(
                        changeBuffer,
                        pool,
                        fil,
                        protocol,
                        config.ioCapacity(),
                        config.skipFailedSpace());
        dictionary = Dictionary.open(store, fil, changeBuffer);
        fil.startIoThreads();
        definitions = new TableDefinitions(fil, fsp, store, dictionary);
        master =
                new MasterThread(
                        contraction, activityCount, config.masterIntervalMillis(), errorLog);
        pageCleaner = new PageCleaner(pool, config.ioCapacity(), errorLog);
        backgroundThreads = config.backgroundThreads();
    }

    /**
     * Opens a data folder with an error log in memory; see {@link #open(Path, EngineConfig,
     * ErrorLog)}.
     */
    public static Engine open(Path dir, EngineConfig config) {
        return open(dir, config, new ErrorLog());
    }

    /**
     * Opens a data folder, or makes one in an empty or missing folder.
     *
     * @throws DataFolderException when the folder is not the engine's, was made with another page
     *     size, or is open elsewhere
     */
    public static Engine open(Path dir, EngineConfig config, ErrorLog errorLog) {
        FilSystem fil = FilSystem.open(dir, config, errorLog);
        boolean opened = false;
        try {
            Engine engine = new Engine(fil, config, errorLog);
            engine.startBackgroundThreads();
            opened = true;
            return engine;
        } finally {
            if (!opened) {
                fil.close();
            }
        }
    }

    private void startBackgroundThreads() {
        if (backgroundThreads) {
            master.start();
            pageCleaner.start();
        }
    }

    /**
     * Creates a table.
     *
     * @param name 1 to 64 letters, digits or underscores
     * @param columns the columns after the primary key
     * @param indexedColumns names of the columns that get a secondary index
     * @throws TableExistsException when there is a table of this name
     * @throws InvalidDefinitionException when a name is not allowed, used twice or unknown, or when
     *     the definition is too long for the dictionary
     */
    public void createTable(String name, List<Column> columns, List<String> indexedColumns) {
        requireOpen("createTable");
        definitions.requireValid(name, columns, indexedColumns);
        while (true) {
            requireAbsent(name);
            ddlLock.lock();
            try {
                requireOpen("createTable");
                if (dictionary.find(name) == null) {
                    definitions.create(name, columns, indexedColumns);
                    break;
                }
            } finally {
                ddlLock.unlock();
            }
        }
        activityCount.incrementAndGet();
    }

    /** Waits for a drop of the name that is under way; throws when a table of the name stays. */
    private void requireAbsent(String name) {
        Table table = dictionary.find(name);
        if (table == null) {
            return;
        }
        table.metadataLock().lockShared();
        try {
            if (!table.dropped()) {
                throw new TableExistsException(name);
            }
        } finally {
            table.metadataLock().unlockShared();
        }
    }

    /**
     * Drops a table in the order of MySQL 5.7: the dictionary forgets it, then its tablespace and
     * file are deleted. Buffered changes of its indexes stay and are discarded when the change
     * buffer comes upon them. Returns when the file is gone.
     *
     * @throws UnknownTableException when there is no such table
     */
    public void dropTable(String name) {
        Table table = require(name, "dropTable");
        table.metadataLock().lockExclusive();
        try {
            requireUsable(table, "dropTable");
            removeFromDictionary(table);
            try {
                protocol.deleteTablespace(table.definition().spaceId());
            } finally {
                forget(table);
            }
        } finally {
            table.metadataLock().unlockExclusive();
        }
        activityCount.incrementAndGet();
    }

    private void removeFromDictionary(Table table) {
        ddlLock.lock();
        try {
            table.markDropped();
            definitions.freeIndexTrees(table.definition());
            dictionary.remove(table);
        } finally {
            ddlLock.unlock();
        }
    }

    private void forget(Table table) {
        ddlLock.lock();
        try {
            dictionary.forget(table);
        } finally {
            ddlLock.unlock();
        }
    }

    /**
     * Inserts a row.
     *
     * @param values one {@code Long}, {@code byte[]} or {@code String} for each column, as its type
     *     says
     * @throws DuplicateKeyException when the table has a row of this key
     * @throws ColumnValueException when a value does not match its column
     * @throws RecordTooLongException when a record would take more than half a page
     */
    public void insert(String name, long key, Object... values) {
        Table table = lockForStatement(name, "insert");
        try {
            byte[] row = RowFormat.encode(table.definition(), values);
            byte[][] secondaryKeys = secondaryKeys(table, key, values);
            requireFits(table, row, secondaryKeys);
            table.lockRow(key);
            try {
                insertIntoIndexes(table, key, row, secondaryKeys);
            } finally {
                table.unlockRow(key);
            }
            contraction.contractAfterInsert();
        } finally {
            table.metadataLock().unlockShared();
        }
        activityCount.incrementAndGet();
    }

    private static byte[][] secondaryKeys(Table table, long key, Object[] values) {
        byte[][] keys = new byte[table.secondaryCount()][];
        for (int i = 0; i < keys.length; i++) {
            int column = table.definition().secondary().get(i).column();
            keys[i] = RowFormat.secondaryKey(values[column], key);
        }
        return keys;
    }

    private void requireFits(Table table, byte[] row, byte[][] secondaryKeys) {
        int limit = IndexPage.maxRecordLength(store.pageSize());
        String name = table.definition().name();
        int rowLength = IndexPage.recordLength(KeyEncoding.LONG_LENGTH, row.length);
        if (rowLength > limit) {
            throw new RecordTooLongException(name, "row", rowLength, limit);
        }
        for (int i = 0; i < secondaryKeys.length; i++) {
            int length = IndexPage.recordLength(secondaryKeys[i].length, Integer.BYTES);
            if (length > limit) {
                String index = table.definition().secondary().get(i).name();
                throw new RecordTooLongException(name, "key of index " + index, length, limit);
            }
        }
    }

    private static void insertIntoIndexes(
            Table table, long key, byte[] row, byte[][] secondaryKeys) {
        BTree.Inserted inserted = table.clustered().insert(KeyEncoding.ofLong(key), row);
        if (inserted == BTree.Inserted.DUPLICATE) {
            throw new DuplicateKeyException(table.definition().name(), key);
        }
        for (int i = 0; i < secondaryKeys.length; i++) {
            if (table.secondary(i).insert(secondaryKeys[i], BTree.NO_VALUE)
                    == BTree.Inserted.DUPLICATE) {
                throw disagreement(table, i, key, "has a live record of a row that did not exist");
            }
        }
    }

    /** The values of a row, or null when there is none of this key. */
    public @Nullable List<Object> get(String name, long key) {
        Table table = lockForStatement(name, "get");
        try {
            byte[] row;
            table.lockRow(key);
            try {
                row = table.clustered().get(KeyEncoding.ofLong(key));
            } finally {
                table.unlockRow(key);
            }
            return row == null ? null : RowFormat.decode(table.definition(), row);
        } finally {
            table.metadataLock().unlockShared();
        }
    }

    /** Deletes a row; false when there is none of this key. */
    public boolean delete(String name, long key) {
        Table table = lockForStatement(name, "delete");
        boolean deleted;
        try {
            table.lockRow(key);
            try {
                deleted = deleteFromIndexes(table, key);
            } finally {
                table.unlockRow(key);
            }
            contraction.contractAfterInsert();
        } finally {
            table.metadataLock().unlockShared();
        }
        activityCount.incrementAndGet();
        return deleted;
    }

    private static boolean deleteFromIndexes(Table table, long key) {
        byte[] clusteredKey = KeyEncoding.ofLong(key);
        byte[] row = table.clustered().get(clusteredKey);
        if (row == null) {
            return false;
        }
        Object[] values = RowFormat.decode(table.definition(), row).toArray();
        byte[][] secondaryKeys = secondaryKeys(table, key, values);
        table.clustered().remove(clusteredKey);
        for (int i = 0; i < secondaryKeys.length; i++) {
            if (table.secondary(i).deleteMark(secondaryKeys[i]) == BTree.Marked.ABSENT) {
                throw disagreement(table, i, key, "has no live record of a row that existed");
            }
        }
        return true;
    }

    /**
     * The rows whose column has a value, by primary key, found through the column's secondary
     * index.
     *
     * @throws UnknownIndexException when the column has no index
     * @throws ColumnValueException when the value is not of the column's type
     */
    public List<Row> scan(String name, String indexName, Object value) {
        Table table = lockForStatement(name, "scan");
        try {
            int number = table.definition().secondaryNumber(indexName);
            if (number < 0) {
                throw new UnknownIndexException(name, indexName);
            }
            int column = table.definition().secondary().get(number).column();
            byte[] prefix =
                    RowFormat.secondaryPrefix(
                            table.definition(), table.definition().columns().get(column), value);
            table.lockAllRows();
            try {
                return rows(table, number, prefix);
            } finally {
                table.unlockAllRows();
            }
        } finally {
            table.metadataLock().unlockShared();
        }
    }

    private static List<Row> rows(Table table, int number, byte[] prefix) {
        List<Long> keys = new ArrayList<>();
        table.secondary(number)
                .scan(
                        prefix,
                        (frame, position) -> {
                            byte[] key = IndexPage.key(frame, position);
                            if (!KeyEncoding.startsWith(key, prefix)) {
                                return false;
                            }
                            if (!IndexPage.isDeleteMarked(frame, position)) {
                                keys.add(KeyEncoding.primaryKeyOf(key));
                            }
                            return true;
                        });
        List<Row> rows = new ArrayList<>(keys.size());
        for (long key : keys) {
            byte[] row = table.clustered().get(KeyEncoding.ofLong(key));
            if (row == null) {
                throw disagreement(table, number, key, "has a live record of no row");
            }
            rows.add(new Row(key, RowFormat.decode(table.definition(), row)));
        }
        return rows;
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

    /** Names of the tables, in the order they came; one being dropped may still be among them. */
    public List<String> tableNames() {
        requireOpen("tableNames");
        return dictionary.tables().stream().map(table -> table.definition().name()).toList();
    }

    /** The error log. */
    public ErrorLog errorLog() {
        return errorLog;
    }

    /**
     * The master thread's work, which a caller may do itself when the engine runs without
     * background threads.
     */
    public MasterThread master() {
        return master;
    }

    /** The page cleaner's work, which a caller may do itself in the same way. */
    public PageCleaner pageCleaner() {
        return pageCleaner;
    }

    /** The change buffer's tree. */
    public ChangeBufferTree changeBuffer() {
        return changes;
    }

    /** The open tables. */
    public Dictionary dictionary() {
        return dictionary;
    }

    /** The buffer pool. */
    public BufferPool bufferPool() {
        return pool;
    }

    /** The tablespace cache. */
    public FilSystem tablespaces() {
        return fil;
    }

    /** Where mini-transactions come from. */
    public PageStore pages() {
        return store;
    }

    /** The engine's figures now. */
    public EngineStatus status() {
        requireOpen("status");
        List<SpaceStatus> spaces = new ArrayList<>();
        for (FilSpace space : fil.spaces()) {
            spaces.add(
                    new SpaceStatus(
                            space.id(),
                            space.name(),
                            fil.size(space.id()),
                            space.pendingOperations().count(),
                            space.pendingOperations().isStopping()));
        }
        return new EngineStatus(pool.stats(), changes.stats(), log.lsn(), spaces);
    }

    /**
     * Checks the whole data folder and returns the number of rows: every tree, the bitmap pages
     * against the change buffer, and each secondary index against its clustered index. Statements
     * and merges wait meanwhile. Reading a leaf merges its buffered changes, so afterwards only
     * changes of dropped tables are left in the change buffer.
     *
     * @throws ValidationException at the first rule that is broken
     * @throws CorruptPageException when a page cannot be read
     */
    public long validate() {
        requireOpen("validate");
        master.pause();
        List<Table> tables = lockAllTables();
        try {
            requireOpen("validate");
            drainReads();
            return new DataCheck(fil, store, changes, dictionary).check(tables);
        } finally {
            unlockAllTables(tables);
            master.resume();
        }
    }

    /**
     * Closes the engine: waits for the statements under way, stops the background threads, writes
     * every dirty page and closes the files. Closing again does nothing.
     */
    @Override
    public void close() {
        ddlLock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            ddlLock.unlock();
        }
        if (backgroundThreads) {
            master.stop();
            pageCleaner.stop();
        }
        List<Table> tables = lockAllTables();
        try {
            for (Table table : tables) {
                table.markDropped();
            }
        } finally {
            unlockAllTables(tables);
        }
        try {
            drainReads();
            pool.flushAll();
            fil.writeFlushedLsn(log.lsn());
        } finally {
            fil.close();
        }
    }

    /** Waits until no read is under way; an asynchronous one may still be merging. */
    private void drainReads() {
        while (pool.pendingReads() > 0) {
            OsThread.sleepMicros(PENDING_READS_POLL_MICROS);
        }
    }

    /**
     * Takes every metadata lock X by space id, then the DDL lock; again when a table came or went.
     */
    private List<Table> lockAllTables() {
        while (true) {
            List<Table> tables = tablesBySpace();
            for (Table table : tables) {
                table.metadataLock().lockExclusive();
            }
            ddlLock.lock();
            if (tables.equals(tablesBySpace())) {
                return tables;
            }
            unlockAllTables(tables);
        }
    }

    private void unlockAllTables(List<Table> tables) {
        ddlLock.unlock();
        for (Table table : tables) {
            table.metadataLock().unlockExclusive();
        }
    }

    private List<Table> tablesBySpace() {
        List<Table> tables = new ArrayList<>(dictionary.tables());
        tables.sort((a, b) -> Integer.compare(a.definition().spaceId(), b.definition().spaceId()));
        return tables;
    }

    private Table lockForStatement(String name, String operation) {
        Table table = require(name, operation);
        table.metadataLock().lockShared();
        boolean usable = false;
        try {
            requireUsable(table, operation);
            usable = true;
            return table;
        } finally {
            if (!usable) {
                table.metadataLock().unlockShared();
            }
        }
    }

    private Table require(String name, String operation) {
        requireOpen(operation);
        Table table = dictionary.find(name);
        if (table == null) {
            throw new UnknownTableException(name);
        }
        return table;
    }

    private void requireUsable(Table table, String operation) {
        if (table.dropped()) {
            requireOpen(operation);
            throw new UnknownTableException(table.definition().name());
        }
    }

    private void requireOpen(String operation) {
        if (closed) {
            throw new EngineClosedException(operation);
        }
    }
}
