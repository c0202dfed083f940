package org.selvage.engine.transaction;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.EngineException;
import org.selvage.engine.aio.OsThread;
import org.selvage.engine.dictionary.RowFormat;
import org.selvage.engine.dictionary.Table;
import org.selvage.engine.index.BTree;
import org.selvage.engine.index.KeyEncoding;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.redo.RedoLog;
import org.selvage.engine.sync.LatchOrder;

/**
 * Begins and ends transactions, takes changes back, and purges what committed ones delete-marked
 * (trx0trx.cc, trx0roll.cc, row0undo.cc, row0purge.cc).
 *
 * <h2>All or nothing</h2>
 *
 * <p>Before a row is changed, the clustered record as it was is written to the undo log, in a
 * mini-transaction of its own. The clustered record gets the transaction's id, then the secondary
 * records are changed. Taking back goes the other way round, the clustered record last. So whatever
 * a crash leaves of it, a clustered record that has the transaction's id is one whose change is
 * still to be taken back, and doing it again changes nothing.
 *
 * <p>There is no MVCC: nobody reads an old version, so a secondary record of a change that is taken
 * back can go at once.
 */
public final class Transactions {
    private static final int MOST_PURGE_ROUNDS = 20_000;
    private static final int PURGE_RETRY_MICROS = 500;

    private final TrxSys system;
    private final LockSystem locks;
    private final LatchOrder latchOrder;
    private final RedoLog log;
    private final IntFunction<@Nullable Table> tableOfSpace;
    private final Set<Transaction> open = ConcurrentHashMap.newKeySet();

    private Transactions(
            TrxSys system,
            RedoLog log,
            int lockWaitSeconds,
            LatchOrder latchOrder,
            IntFunction<@Nullable Table> tableOfSpace) {
        this.system = system;
        this.latchOrder = latchOrder;
        this.locks = new LockSystem(lockWaitSeconds, latchOrder);
        this.log = log;
        this.tableOfSpace = tableOfSpace;
    }

    /** Makes the transaction system page of a new data folder. */
    public static void create(MiniTransaction mtr) {
        TrxSys.create(mtr);
    }

    /**
     * Opens the transaction system and takes back what a crash interrupted
     * (trx_rollback_recovered).
     *
     * @param tableOfSpace the table of a tablespace, or null
     */
    public static Transactions open(
            PageStore store,
            RedoLog log,
            int lockWaitSeconds,
            IntFunction<@Nullable Table> tableOfSpace) {
        TrxSys system = TrxSys.open(store);
        Transactions transactions =
                new Transactions(system, log, lockWaitSeconds, store.latchOrder(), tableOfSpace);
        for (UndoLog interrupted : system.interrupted()) {
            transactions.rollbackInterrupted(interrupted);
        }
        return transactions;
    }

    private void rollbackInterrupted(UndoLog undoLog) {
        long id = undoLog.trxId();
        for (UndoRecord record : undoLog.records().reversed()) {
            Table table = tableOfSpace.apply(record.spaceId());
            if (table != null) {
                takeBack(table, id, record);
            }
        }
        undoLog.reset();
        system.release(undoLog);
    }

    LatchOrder latchOrder() {
        return latchOrder;
    }

    /** Does something while no transaction begins. */
    public void whileNoneBegins(Runnable action) {
        system.whileNoneBegins(action);
    }

    /** Begins a transaction (trx_start). */
    public Transaction begin() {
        Transaction trx = new Transaction(this, system.assignId());
        open.add(trx);
        return trx;
    }

    /** Committed transactions whose delete marks wait for the purge. */
    public int historyLength() {
        return system.historyLength();
    }

    /** Figures of what ended and what is open. */
    public TransactionStats stats() {
        return locks.stats(openCount(), historyLength());
    }

    /** Transactions that have not ended. */
    public int openCount() {
        return open.size();
    }

    /** Whether the transaction has the table's metadata lock. */
    public boolean uses(Transaction trx, Table table) {
        return trx.tables().contains(table);
    }

    /** The transaction has taken the table's metadata lock S, which it gives back at its end. */
    public void addTable(Transaction trx, Table table) {
        trx.tables().add(table);
    }

    /** Locks a row until the transaction ends. */
    public void lockRow(Transaction trx, Table table, long key) {
        locks.lockRow(trx, table.definition().spaceId(), key);
    }

    /** Locks all rows of a table until the transaction ends. */
    public void lockTable(Transaction trx, Table table) {
        locks.lockTable(trx, table.definition().spaceId());
    }

    /** Writes what a row was before its change (trx_undo_report_row_operation). */
    public void logUndo(Transaction trx, Table table, long key, BTree.Version before) {
        prepareToWrite(trx);
        UndoLog undoLog = Objects.requireNonNull(trx.undoLog());
        UndoRecord record = new UndoRecord(table.definition().spaceId(), key, before);
        trx.markLogged();
        undoLog.append(trx.id(), record);
        trx.undo().add(record);
    }

    /**
     * Gets the transaction an undo log (trx_assign_rseg). Best called before it locks a row: when
     * every log waits for the purge, the calling thread purges, and cannot purge what others have
     * locked while they wait for it.
     *
     * @throws EngineException when no log becomes free
     */
    public void prepareToWrite(Transaction trx) {
        for (int round = 0; trx.undoLog() == null; round++) {
            UndoLog undoLog = system.tryTake();
            if (undoLog != null) {
                trx.setUndoLog(undoLog);
            } else if (!purge(trx)) {
                if (round > MOST_PURGE_ROUNDS) {
                    throw new EngineException(
                            "Too many transactions have not ended: open="
                                    + open.size()
                                    + " waiting_for_purge="
                                    + system.historyLength()
                                    + ". End some, then begin this one again.");
                }
                OsThread.sleepMicros(PURGE_RETRY_MICROS);
            }
        }
    }

    void commit(Transaction trx) {
        UndoLog undoLog = trx.undoLog();
        if (undoLog != null && !trx.isLogged()) {
            end(trx);
            system.release(undoLog);
        } else if (undoLog != null) {
            long lsn;
            if (trx.undo().stream().anyMatch(record -> record.before().isLive())) {
                lsn = undoLog.commitForPurge();
                end(trx);
                system.addHistory(undoLog);
            } else {
                lsn = undoLog.reset();
                end(trx);
                system.release(undoLog);
            }
            log.commit(lsn);
        } else {
            end(trx);
        }
    }

    void rollback(Transaction trx) {
        rollbackTo(trx, 0);
        UndoLog undoLog = trx.undoLog();
        if (undoLog != null) {
            if (trx.isLogged()) {
                undoLog.reset();
            }
            end(trx);
            system.release(undoLog);
        } else {
            end(trx);
        }
    }

    private void end(Transaction trx) {
        trx.markEnded();
        open.remove(trx);
        locks.releaseAll(trx);
        for (Table table : trx.tables()) {
            table.metadataLock().unlockShared();
        }
        trx.tables().clear();
    }

    /**
     * Takes back the changes since a savepoint. Their undo records stay in the log; taking them
     * back once more does no harm.
     */
    public void rollbackTo(Transaction trx, int savepoint) {
        List<UndoRecord> undo = trx.undo();
        while (undo.size() > savepoint) {
            UndoRecord record = undo.getLast();
            for (Table table : trx.tables()) {
                if (table.definition().spaceId() == record.spaceId()) {
                    takeBack(table, trx.id(), record);
                }
            }
            undo.removeLast();
        }
    }

    /** Rolls back every transaction that is still open; the engine is closing. */
    public void rollbackOpen() {
        for (Transaction trx : List.copyOf(open)) {
            trx.rollbackByClose();
        }
    }

    /** Makes a row what it was before one change of the transaction (row_undo). */
    private static void takeBack(Table table, long trxId, UndoRecord record) {
        byte[] key = KeyEncoding.ofLong(record.key());
        BTree.Version now = table.clustered().version(key);
        byte[] value = now.value();
        if (value == null || RowFormat.trxId(value) != trxId) {
            return;
        }
        BTree.Version before = record.before();
        byte[][] current = secondaryKeys(table, record.key(), now);
        byte[][] old = secondaryKeys(table, record.key(), before);
        for (int i = 0; i < table.secondaryCount(); i++) {
            if (current != null && (old == null || !Arrays.equals(current[i], old[i]))) {
                table.secondary(i).remove(current[i]);
            }
            if (old != null && (current == null || !Arrays.equals(current[i], old[i]))) {
                table.secondary(i).put(old[i], BTree.Version.LIVE_KEY);
            }
        }
        if (before.value() == null) {
            table.clustered().remove(key);
        } else {
            table.clustered().put(key, before);
        }
    }

    private static byte @Nullable [][] secondaryKeys(Table table, long key, BTree.Version version) {
        byte[] value = version.value();
        if (value == null || version.deleteMarked()) {
            return null;
        }
        return RowFormat.secondaryKeys(table.definition(), key, value);
    }

    // ---- purge ----

    /**
     * Purges the oldest committed transaction (trx_purge): what it delete-marked and nobody needs
     * is removed. Waits for no lock; when a row is locked, the transaction's turn comes again.
     *
     * @return false when there was nothing to purge, or it could not be done now
     */
    public boolean purge() {
        return purge(null);
    }

    /**
     * @param self a transaction that has changed nothing yet, whose own row locks do not count
     */
    private boolean purge(@Nullable Transaction self) {
        UndoLog undoLog = system.takeHistory();
        if (undoLog == null) {
            return false;
        }
        boolean done = false;
        Transaction purger = new Transaction(this, 0);
        try {
            done = purgeAll(purger, self, undoLog);
        } finally {
            locks.releaseAll(purger);
            if (done) {
                undoLog.reset();
                system.release(undoLog);
            } else {
                system.addHistory(undoLog);
            }
        }
        return done;
    }

    private boolean purgeAll(Transaction purger, @Nullable Transaction self, UndoLog undoLog) {
        long id = undoLog.trxId();
        for (UndoRecord record : undoLog.records()) {
            Table table = tableOfSpace.apply(record.spaceId());
            if (table == null || !record.before().isLive()) {
                continue;
            }
            boolean held = self != null && uses(self, table);
            if (!held && !table.metadataLock().tryLockShared()) {
                return false;
            }
            try {
                if (!purgeUnlocked(purger, self, table, id, record)) {
                    return false;
                }
            } finally {
                if (!held) {
                    table.metadataLock().unlockShared();
                }
            }
        }
        return true;
    }

    /** False when the row is locked. REQUIRES: the table's metadata lock S. */
    private boolean purgeUnlocked(
            Transaction purger,
            @Nullable Transaction self,
            Table table,
            long id,
            UndoRecord record) {
        if (table.dropped()) {
            // Renamed, its records are another table's to purge; gone, they are nobody's.
            return tableOfSpace.apply(record.spaceId()) == null;
        }
        if (!locks.tryLockRow(purger, self, record.spaceId(), record.key())) {
            return false;
        }
        purge(table, id, record);
        locks.releaseAll(purger);
        return true;
    }

    /** row_purge_record: REQUIRES the row's lock, so its clustered record is a committed one. */
    private static void purge(Table table, long trxId, UndoRecord record) {
        byte[] key = KeyEncoding.ofLong(record.key());
        BTree.Version now = table.clustered().version(key);
        byte[][] current = secondaryKeys(table, record.key(), now);
        byte[][] old = secondaryKeys(table, record.key(), record.before());
        for (int i = 0; old != null && i < old.length; i++) {
            if (current == null || !Arrays.equals(current[i], old[i])) {
                table.secondary(i).removeMarked(old[i]);
            }
        }
        byte[] value = now.value();
        if (value != null && now.deleteMarked() && RowFormat.trxId(value) == trxId) {
            table.clustered().removeMarked(key);
        }
    }
}
