package org.selvage.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.aio.OsThread;
import org.selvage.engine.background.LogFlusher;
import org.selvage.engine.background.LruManager;
import org.selvage.engine.background.MasterThread;
import org.selvage.engine.background.PageCleaner;
import org.selvage.engine.background.PurgeThread;
import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.changebuffer.ChangeBuffer;
import org.selvage.engine.changebuffer.ChangeBufferPages;
import org.selvage.engine.changebuffer.ChangeBufferTree;
import org.selvage.engine.changebuffer.Contraction;
import org.selvage.engine.dictionary.Column;
import org.selvage.engine.dictionary.DdlLog;
import org.selvage.engine.dictionary.Dictionary;
import org.selvage.engine.dictionary.RowFormat;
import org.selvage.engine.dictionary.Table;
import org.selvage.engine.doublewrite.DoublewriteBuffer;
import org.selvage.engine.filespace.Fsp;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.redo.Checkpointing;
import org.selvage.engine.redo.DeletionLog;
import org.selvage.engine.redo.LogFiles;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.redo.Recovery;
import org.selvage.engine.redo.RecoveryStats;
import org.selvage.engine.redo.RedoLog;
import org.selvage.engine.status.EngineStatus;
import org.selvage.engine.status.IoStatus;
import org.selvage.engine.status.SpaceStatus;
import org.selvage.engine.sync.LatchLevel;
import org.selvage.engine.sync.LatchOrder;
import org.selvage.engine.tablespace.DeleteProtocol;
import org.selvage.engine.tablespace.FilSpace;
import org.selvage.engine.tablespace.FilSystem;
import org.selvage.engine.transaction.Transaction;
import org.selvage.engine.transaction.Transactions;

/**
 * A small InnoDB over one data folder: tables with a long primary key, a clustered index and
 * secondary indexes, a change buffer, and background threads. Safe for use by any number of
 * threads.
 *
 * <p>A statement is a transaction of its own unless it is given one. A transaction takes effect
 * whole or not at all, also across a crash, and is then as durable as {@link Durability} says.
 * There is no MVCC: a reader waits for whoever has changed the row. A statement blocks while its
 * table is being dropped, and then finds it gone; statements on other tables go on.
 *
 * <p>Every method throws {@link EngineClosedException} once the engine is closed, and an {@link
 * EngineException} of the lower floor when a file or a page cannot be used.
 */
public final class Engine implements AutoCloseable {
    private static final int NEXT_TABLE_WAIT_MILLIS = 10;
    private static final int PENDING_READS_POLL_MICROS = 20_000;

    /** As innodb_lock_wait_timeout by default. */
    private static final int LOCK_WAIT_SECONDS = 50;

    private final FilSystem fil;
    private final BufferPool pool;
    private final RedoLog log;
    private final Checkpointing checkpointing;
    private @Nullable DoublewriteBuffer doublewrite;

    /** Tablespaces with changes in the log and without a file. */
    private final Set<Integer> missingSpaces;

    /** What was done for a folder that was not closed the last time. */
    private final RecoveryStats recovery;

    private final PageStore store;
    private final DeleteProtocol protocol;
    private final ChangeBufferTree changes;
    private final Contraction contraction;
    private final Dictionary dictionary;
    private final DataDefinition ddl;
    private final Transactions transactions;
    private final Statements statements;
    private final PurgeThread purge;
    private final boolean purges;
    private final MasterThread master;
    private final PageCleaner pageCleaner;
    private final LruManager lruManager;
    private final LogFlusher logFlusher;
    private final boolean backgroundThreads;
    private final ErrorLog errorLog;

    /** Moves with every statement, so that the master thread knows whether clients are active. */
    private final AtomicLong activityCount = new AtomicLong();

    /** Guards the dictionary's records and its map (dict_operation_lock); after metadata locks. */
    private final ReentrantLock ddlLock;

    private volatile boolean closed;

    private Engine(FilSystem fil, EngineConfig config, ErrorLog errorLog) {
        this.fil = fil;
        this.errorLog = errorLog;
        LatchOrder order = fil.latchOrder();
        ddlLock = order.mutex(LatchLevel.DDL);
        pool = new BufferPool(config, fil);
        if (fil.isLogged()) {
            Recovery.Recovered result = recover(config);
            fil.verifySystemHeader();
            log = result.log();
            checkpointing = result.checkpointing();
            missingSpaces = result.missingSpaces();
            recovery = result.stats();
        } else {
            doublewrite = null;
            log = new RedoLog(fil.flushedLsn(), order);
            checkpointing = Checkpointing.none(log, pool, fil);
            missingSpaces = Set.of();
            recovery = RecoveryStats.NONE;
        }
        pool.setDurability(log, config.durability().doublewrite() ? doublewrite : null);
        Fsp fsp = new Fsp(fil);
        store = new PageStore(pool, log, fsp, config.pageSize());
        ChangeBufferPages changePages = new ChangeBufferPages(pool, log, fsp, config.pageSize());
        protocol =
                DeleteProtocol.named(config.deleteProtocol(), fil, pool, DeletionLog.of(log, pool));
        if (!Dictionary.exists(store, isChanged())) {
            bootstrap(changePages);
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
        DdlLog ddlLog = new DdlLog(store);
        dictionary =
                Dictionary.open(
                        store, fil, changeBuffer, log.isLogging() ? ddlLog.entries() : List.of());
        requireFiles();
        fil.startIoThreads();
        if (log.isLogging()) {
            new DdlRecovery(fil, ddlLog, dictionary, errorLog).finish();
        }
        ddl =
                new DataDefinition(
                        this,
                        new TableDefinitions(
                                fil, fsp, store, dictionary, log, pool, ddlLog, errorLog),
                        protocol,
                        new DataCheck(fil, store, changes, dictionary, isInterrupted()));
        transactions = Transactions.open(store, log, LOCK_WAIT_SECONDS, dictionary::findBySpace);
        statements = new Statements(transactions, config.pageSize());
        purge = new PurgeThread(transactions, contraction, checkpointing, order, errorLog);
        purges = config.purge();
        master =
                new MasterThread(
                        contraction, activityCount, config.masterIntervalMillis(), order, errorLog);
        pageCleaner =
                new PageCleaner(pool, checkpointing, config.ioCapacity(), activityCount, errorLog);
        checkpointing.setWakePageCleaner(pageCleaner::wake);
        lruManager = new LruManager(pool, errorLog);
        logFlusher = new LogFlusher(log, order, errorLog);
        backgroundThreads = config.backgroundThreads();
    }

    /** Whether something was changed since the folder was made. */
    private boolean isChanged() {
        return log.isLogging() ? log.lsn() > RedoLog.START_LSN : fil.flushedLsn() > 0;
    }

    /**
     * Whether an earlier run of the engine may have been killed in the middle of a merge. The next
     * merge of that page goes on there, and that may be many starts later.
     */
    private boolean isInterrupted() {
        return log.isLogging() && !fil.isNew();
    }

    /** Brings the pages of a folder with a redo log to the state of its last moment. */
    private Recovery.Recovered recover(EngineConfig config) {
        doublewrite = DoublewriteBuffer.open(fil.dir(), fil, config.durability().fsync(), errorLog);
        return Recovery.run(fil.dir(), fil, pool, config, doublewrite, errorLog);
    }

    /** The fixed pages of a new folder, in one mini-transaction: all of them are there or none. */
    private void bootstrap(ChangeBufferPages changePages) {
        long lsn;
        try (MiniTransaction mtr = store.begin()) {
            Dictionary.create(mtr, store);
            ChangeBufferTree.create(mtr, changePages);
            Transactions.create(mtr);
            DdlLog.create(mtr);
            lsn = mtr.commit();
        }
        log.writeUpTo(lsn, true);
    }

    /** A table whose changes could not be recovered must not be used as if it were whole. */
    private void requireFiles() {
        for (Table table : dictionary.tables()) {
            if (missingSpaces.contains(table.definition().spaceId())) {
                throw fil.missing(table.definition().spaceId());
            }
        }
    }

    /** What a new folder has beside its system tablespace. */
    private static void prepareFolder(Path dir, EngineConfig config) {
        if (config.durability().redoLog()) {
            LogFiles.create(dir, config.logFileBytes(), config.pageSize());
            DoublewriteBuffer.create(dir, config.pageSize());
        }
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
        FilSystem fil =
                FilSystem.open(dir, config, errorLog, folder -> prepareFolder(folder, config));
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
            if (log.isLogging()) {
                log.setWakeFlusher(logFlusher::wake);
                logFlusher.start();
                pool.setWakeLruManager(lruManager::wake);
                lruManager.start();
            }
            if (purges) {
                purge.start();
            }
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
        ddl.create(name, columns, indexedColumns);
        activityCount.incrementAndGet();
    }

    /**
     * Drops a table in the order of MySQL 5.7: the dictionary forgets it, then its tablespace and
     * file are deleted. Buffered changes of its indexes stay and are discarded when the change
     * buffer comes upon them. Returns when the file is gone.
     *
     * @throws UnknownTableException when there is no such table
     */
    public void dropTable(String name) {
        ddl.drop(name);
        activityCount.incrementAndGet();
    }

    /**
     * Gives a table another name, and its file with it. A crash leaves it with one of the two.
     *
     * @throws UnknownTableException when there is no such table
     * @throws TableExistsException when there is a table of the new name, which may be the old one
     * @throws TablespaceExistsException when there is a file of the new name
     * @throws InvalidDefinitionException when the new name is not allowed
     */
    public void renameTable(String name, String to) {
        ddl.rename(name, to);
        activityCount.incrementAndGet();
    }

    /**
     * Removes all rows of a table by giving it a new tablespace. A crash leaves all rows or none.
     *
     * @throws UnknownTableException when there is no such table
     * @throws TablespaceDiscardedException when its tablespace is discarded
     */
    public void truncateTable(String name) {
        ddl.truncate(name);
        activityCount.incrementAndGet();
    }

    /**
     * Deletes a table's tablespace and keeps its definition (ALTER TABLE DISCARD TABLESPACE).
     *
     * @throws UnknownTableException when there is no such table
     * @throws TablespaceDiscardedException when its tablespace is discarded
     */
    public void discardTablespace(String name) {
        ddl.discard(name);
        activityCount.incrementAndGet();
    }

    /**
     * Gives a table whose tablespace is discarded a copy of an exported one (ALTER TABLE IMPORT
     * TABLESPACE). A crash leaves the table discarded or with all the rows.
     *
     * @param file what {@link #exportTable} wrote; NAME.cfg lies beside it
     * @throws UnknownTableException when there is no such table
     * @throws TablespaceExistsException when its tablespace is not discarded
     * @throws TablespaceImportException when the file is missing or another table's
     * @throws CorruptPageException when a page of the file is not what was written
     */
    public void importTablespace(String name, Path file) {
        ddl.importTablespace(name, file);
        activityCount.incrementAndGet();
    }

    /**
     * Copies a table's tablespace as NAME.ibd and NAME.cfg, whole and without buffered changes
     * (FLUSH TABLES FOR EXPORT). Statements on the table wait meanwhile.
     *
     * @param dir a folder outside the data folder; made when it is missing
     * @throws UnknownTableException when there is no such table
     * @throws TablespaceDiscardedException when its tablespace is discarded
     */
    public void exportTable(String name, Path dir) {
        ddl.export(name, dir);
    }

    /** Whether a table's tablespace is discarded. */
    public boolean isDiscarded(String name) {
        return require(name, "isDiscarded").definition().isDiscarded();
    }

    /**
     * Begins a transaction. It is to be ended by the caller; the close of the engine rolls it back.
     */
    public Transaction begin() {
        requireOpen("begin");
        return transactions.begin();
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
        autocommit(trx -> {
            insert(trx, name, key, values);
            return true;
        });
    }

    /**
     * As {@link #insert(String, long, Object...)}, inside a transaction. What throws leaves the
     * transaction as it was before the statement, except that a deadlock rolls all of it back.
     */
    public void insert(Transaction trx, String name, long key, Object... values) {
        run(
                trx,
                name,
                "insert",
                table -> {
                    statements.insert(trx, table, key, values);
                    return true;
                });
        contraction.contractAfterInsert();
    }

    /** Replaces the values of a row; false when there is none of this key. */
    public boolean update(String name, long key, Object... values) {
        return autocommit(trx -> update(trx, name, key, values));
    }

    /** As {@link #update(String, long, Object...)}, inside a transaction. */
    public boolean update(Transaction trx, String name, long key, Object... values) {
        boolean updated =
                run(trx, name, "update", table -> statements.update(trx, table, key, values));
        contraction.contractAfterInsert();
        return updated;
    }

    /** Deletes a row; false when there is none of this key. */
    public boolean delete(String name, long key) {
        return autocommit(trx -> delete(trx, name, key));
    }

    /** As {@link #delete(String, long)}, inside a transaction. */
    public boolean delete(Transaction trx, String name, long key) {
        boolean deleted = run(trx, name, "delete", table -> statements.delete(trx, table, key));
        contraction.contractAfterInsert();
        return deleted;
    }

    /** The values of a row, or null when there is none of this key. */
    public @Nullable List<Object> get(String name, long key) {
        return autocommit(trx -> Optional.ofNullable(get(trx, name, key))).orElse(null);
    }

    /**
     * As {@link #get(String, long)}, inside a transaction: the row stays as it is until its end.
     */
    public @Nullable List<Object> get(Transaction trx, String name, long key) {
        return run(trx, name, "get", table -> Optional.ofNullable(statements.get(trx, table, key)))
                .orElse(null);
    }

    /**
     * The rows whose column has a value, by primary key, found through the column's secondary
     * index.
     *
     * @throws UnknownIndexException when the column has no index
     * @throws ColumnValueException when the value is not of the column's type
     */
    public List<Row> scan(String name, String indexName, Object value) {
        return autocommit(trx -> scan(trx, name, indexName, value));
    }

    /**
     * As {@link #scan(String, String, Object)}; the table's rows stay as they are until its end.
     */
    public List<Row> scan(Transaction trx, String name, String indexName, Object value) {
        return scan(trx, name, indexName, value, false);
    }

    /**
     * As {@link #scan(Transaction, String, String, Object)}.
     *
     * @param descending whether the row with the highest primary key comes first; the index is then
     *     read backward
     */
    public List<Row> scan(
            Transaction trx, String name, String indexName, Object value, boolean descending) {
        return run(
                trx,
                name,
                "scan",
                table -> {
                    int number = table.definition().secondaryNumber(indexName);
                    if (number < 0) {
                        throw new UnknownIndexException(name, indexName);
                    }
                    int column = table.definition().secondary().get(number).column();
                    byte[] prefix =
                            RowFormat.secondaryPrefix(
                                    table.definition(),
                                    table.definition().columns().get(column),
                                    value);
                    return statements.scan(trx, table, number, prefix, descending);
                });
    }

    /**
     * The rows with primary keys from {@code low} to {@code high}, both included, in the order of
     * their keys.
     *
     * @param descending whether the highest key comes first; the index is then read backward
     * @param limit most rows to return, at least 0
     */
    public List<Row> range(String name, long low, long high, boolean descending, int limit) {
        return autocommit(trx -> range(trx, name, low, high, descending, limit));
    }

    /**
     * As {@link #range(String, long, long, boolean, int)}; the table's rows stay as they are until
     * the transaction's end.
     */
    public List<Row> range(
            Transaction trx, String name, long low, long high, boolean descending, int limit) {
        return run(
                trx,
                name,
                "range",
                table -> statements.range(trx, table, low, high, descending, limit));
    }

    private <T> T autocommit(Function<Transaction, T> statement) {
        try (Transaction trx = transactions.begin()) {
            T result = statement.apply(trx);
            trx.commit();
            return result;
        }
    }

    private <T> T run(
            Transaction trx, String name, String operation, Function<Table, T> statement) {
        requireOpen(operation);
        trx.beginUse();
        try {
            Table table = lockForStatement(trx, name, operation);
            int savepoint = trx.savepoint();
            boolean done = false;
            try {
                T result = statement.apply(table);
                done = true;
                return result;
            } catch (DeadlockException e) {
                done = true;
                trx.rollback();
                throw e;
            } finally {
                if (!done) {
                    transactions.rollbackTo(trx, savepoint);
                }
            }
        } finally {
            trx.endUse();
            activityCount.incrementAndGet();
        }
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

    /** The log flusher's work, which a caller may do itself in the same way. */
    public LogFlusher logFlusher() {
        return logFlusher;
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

    /** Transactions and purge. */
    public Transactions transactions() {
        return transactions;
    }

    /** Delete-marked records in a table's indexes, which wait for the purge. */
    public int deleteMarkedRecords(String name) {
        try (Transaction trx = begin()) {
            return run(
                    trx,
                    name,
                    "deleteMarkedRecords",
                    table -> {
                        int marked = table.clustered().countMarked();
                        for (int i = 0; i < table.secondaryCount(); i++) {
                            marked += table.secondary(i).countMarked();
                        }
                        return marked;
                    });
        }
    }

    /** Where mini-transactions come from. */
    public PageStore pages() {
        return store;
    }

    /** The engine's figures now. */
    public EngineStatus status() {
        if (closed) {
            throw new EngineClosedException("status");
        }
        List<SpaceStatus> spaces = new ArrayList<>();
        for (FilSpace space : fil.spaces()) {
            spaces.add(
                    new SpaceStatus(
                            space.id(),
                            space.name(),
                            fil.size(space.id()),
                            space.pendingOperations().count(),
                            space.isStopping()));
        }
        return new EngineStatus(
                activityCount.get(),
                pool.stats(),
                changes.stats(),
                checkpointing.stats(),
                recovery,
                transactions.stats(),
                new IoStatus(
                        fil.readStats(),
                        fil.ibufReadStats(),
                        fil.writeStats(),
                        fil.syncIoCounts(),
                        fil.openFiles()),
                spaces);
    }

    /**
     * Checks the whole data folder and returns the number of rows: every tree, the bitmap pages
     * against the change buffer, each secondary index against its clustered index, tablespaces,
     * files and dictionary against each other, the buffer pool, and the checkpoint against the
     * dirty pages. Statements, merges and the purge wait meanwhile. Reading a leaf merges its
     * buffered changes, so afterwards only changes of dropped tables are left in the change buffer.
     *
     * @throws ValidationException at the first rule that is broken
     * @throws CorruptPageException when a page cannot be read
     */
    public long validate() {
        requireOpen("validate");
        master.pause();
        if (purges) {
            purge.pause();
        }
        List<Table> tables = lockAllTables();
        try {
            requireOpen("validate");
            drainReads();
            long rows =
                    new DataCheck(fil, store, changes, dictionary, isInterrupted()).check(tables);
            drainReads();
            transactions.whileNoneBegins(pool::validateAtRest);
            log.validate(pool);
            fil.latchOrder().requireKept();
            return rows;
        } finally {
            unlockAllTables(tables);
            if (purges) {
                purge.resume();
            }
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
            if (purges) {
                purge.stop();
            }
            pageCleaner.stop();
            if (log.isLogging()) {
                lruManager.stop();
                logFlusher.stop();
            }
        }
        try {
            transactions.rollbackOpen();
            List<Table> tables = lockAllTables();
            try {
                for (Table table : tables) {
                    table.markDropped();
                }
            } finally {
                unlockAllTables(tables);
            }
            drainReads();
            if (log.isLogging()) {
                checkpointing.makeSharp();
            } else {
                pool.flushAll();
                fil.writeFlushedLsn(log.lsn());
            }
        } finally {
            closeFiles();
        }
    }

    private void closeFiles() {
        DoublewriteBuffer twice = doublewrite;
        try {
            log.close();
            if (twice != null) {
                twice.close();
            }
        } finally {
            fil.close();
        }
    }

    /** Waits until no read is under way; an asynchronous one may still be merging. */
    private void drainReads() {
        while (pool.pendingReads() > 0) {
            fil.requireHandlers();
            OsThread.sleepMicros(PENDING_READS_POLL_MICROS);
        }
    }

    /**
     * Takes every metadata lock X, then the DDL lock; again when a table came or went. Waits for
     * long only while it has none: a transaction that has one table's lock may need another's, or
     * need its rows purged, before it can end.
     */
    private List<Table> lockAllTables() {
        Table first = null;
        while (true) {
            List<Table> tables = tablesBySpace();
            if (first != null && tables.remove(first)) {
                tables.addFirst(first);
            }
            List<Table> locked = new ArrayList<>();
            first = lockUntilRefused(tables, locked);
            if (first == null && lockDictionary(tables)) {
                return tables;
            }
            unlockTables(locked);
        }
    }

    /** Takes the DDL lock and keeps it if these are still all tables. */
    private boolean lockDictionary(List<Table> tables) {
        boolean same = false;
        ddlLock.lock();
        try {
            same = Set.copyOf(tables).equals(Set.copyOf(dictionary.tables()));
            return same;
        } finally {
            if (!same) {
                ddlLock.unlock();
            }
        }
    }

    /** The table whose lock X did not become free in time, or null when all are taken. */
    private static @Nullable Table lockUntilRefused(List<Table> tables, List<Table> locked) {
        for (Table table : tables) {
            if (locked.isEmpty()) {
                table.metadataLock().lockExclusive();
            } else if (!table.metadataLock().tryLockExclusive(NEXT_TABLE_WAIT_MILLIS)) {
                return table;
            }
            locked.add(table);
        }
        return null;
    }

    private void unlockAllTables(List<Table> tables) {
        ddlLock.unlock();
        unlockTables(tables);
    }

    private static void unlockTables(List<Table> tables) {
        for (Table table : tables) {
            table.metadataLock().unlockExclusive();
        }
    }

    private List<Table> tablesBySpace() {
        List<Table> tables = new ArrayList<>(dictionary.tables());
        tables.sort((a, b) -> Integer.compare(a.definition().spaceId(), b.definition().spaceId()));
        return tables;
    }

    /** The table, with its metadata lock S until the transaction ends. */
    private Table lockForStatement(Transaction trx, String name, String operation) {
        while (true) {
            Table table = require(name, operation);
            checkpointing.freeCheck();
            if (transactions.uses(trx, table)) {
                return table;
            }
            table.metadataLock().lockShared();
            boolean usable = false;
            try {
                if (isUsable(table, operation)) {
                    requireTablespace(table);
                    transactions.addTable(trx, table);
                    usable = true;
                    return table;
                }
            } finally {
                if (!usable) {
                    table.metadataLock().unlockShared();
                }
            }
        }
    }

    /** The table that has the name now, which may be one that is being dropped. */
    Table require(String name, String operation) {
        requireOpen(operation);
        Table table = dictionary.find(name);
        if (table == null) {
            throw new UnknownTableException(name);
        }
        return table;
    }

    /**
     * Whether the table that was waited for is still the one of its name; when not, the name is
     * looked up again. The caller holds the metadata lock.
     */
    boolean isUsable(Table table, String operation) {
        if (table.dropped()) {
            requireOpen(operation);
            return false;
        }
        return true;
    }

    /** The caller holds the metadata lock. */
    static void requireTablespace(Table table) {
        if (table.definition().isDiscarded()) {
            throw new TablespaceDiscardedException(table.definition().name());
        }
    }

    /** Writes a tablespace's changes to its file; the caller keeps others away. */
    void flushSpace(int spaceId) {
        pool.writeDirtyPages(spaceId);
    }

    /** Guards the dictionary's records and its map. */
    ReentrantLock ddlLock() {
        return ddlLock;
    }

    /** Makes room in the log; the caller holds nothing that a flush waits for. */
    void freeCheck() {
        checkpointing.freeCheck();
    }

    void requireOpen(String operation) {
        if (closed) {
            throw new EngineClosedException(operation);
        }
        log.requireUsable();
    }
}
