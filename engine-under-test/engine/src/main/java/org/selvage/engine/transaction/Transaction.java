package org.selvage.engine.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.EngineClosedException;
import org.selvage.engine.EngineException;
import org.selvage.engine.dictionary.Table;
import org.selvage.engine.sync.LatchLevel;

/**
 * A transaction (trx_t): its changes become durable together or are taken back together. It keeps
 * the locks of the rows it touched, and keeps its tables from being dropped, until it ends. For one
 * thread at a time.
 */
public final class Transaction implements AutoCloseable {
    /** A locked row. */
    record RowId(int spaceId, long key) {}

    private final Transactions owner;
    private final long id;
    private final ReentrantLock use;
    private final List<RowId> lockedRows = new ArrayList<>(2);
    private final List<Integer> lockedTables = new ArrayList<>(0);
    private final List<Table> tables = new ArrayList<>(1);
    private final List<UndoRecord> undo = new ArrayList<>(1);
    private final RowCounts rowCounts = new RowCounts();
    private @Nullable UndoLog undoLog;
    private boolean logged;
    private boolean ended;
    private boolean endedByClose;

    Transaction(Transactions owner, long id) {
        this.owner = owner;
        this.use = owner.latchOrder().mutex(LatchLevel.TRANSACTION);
        this.id = id;
    }

    /** Number of the transaction; later ones have higher numbers. */
    public long id() {
        return id;
    }

    /**
     * Makes the changes final. They survive a crash as the engine's durability says.
     *
     * @throws EngineException when the transaction has ended before
     */
    public void commit() {
        use.lock();
        try {
            requireOpen();
            owner.commit(this);
        } finally {
            use.unlock();
        }
    }

    /** Takes the changes back; does nothing when the transaction has ended before. */
    public void rollback() {
        use.lock();
        try {
            if (!ended) {
                owner.rollback(this);
            }
        } finally {
            use.unlock();
        }
    }

    /** Rolls back because the engine is closing, which who uses it next is told. */
    void rollbackByClose() {
        use.lock();
        try {
            if (!ended) {
                endedByClose = true;
                owner.rollback(this);
            }
        } finally {
            use.unlock();
        }
    }

    /** Rolls back unless the transaction was committed. */
    @Override
    public void close() {
        rollback();
    }

    /** Lets nobody else use the transaction until {@link #endUse}. */
    public void beginUse() {
        use.lock();
        if (ended) {
            use.unlock();
            requireOpen();
        }
    }

    /** Ends what {@link #beginUse} began. */
    public void endUse() {
        use.unlock();
    }

    private void requireOpen() {
        if (ended && endedByClose) {
            throw new EngineClosedException("transaction");
        }
        if (ended) {
            throw new EngineException(
                    "The transaction has ended: transaction=" + id + ". Begin another one.");
        }
    }

    /** Changes so far, to return to with {@link Transactions#rollbackTo}. */
    public int savepoint() {
        return undo.size();
    }

    /** By the number, so that maps of transactions are the same in every execution. */
    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    /** A statement of this transaction has inserted a row. */
    public void countInserted() {
        rowCounts.inserted++;
    }

    /** A statement has changed a row. */
    public void countUpdated() {
        rowCounts.updated++;
    }

    /** A statement has deleted a row. */
    public void countDeleted() {
        rowCounts.deleted++;
    }

    /** A statement has read rows. */
    public void countRead(int rows) {
        rowCounts.read += rows;
    }

    RowCounts rowCounts() {
        return rowCounts;
    }

    List<RowId> lockedRows() {
        return lockedRows;
    }

    List<Integer> lockedTables() {
        return lockedTables;
    }

    List<Table> tables() {
        return tables;
    }

    List<UndoRecord> undo() {
        return undo;
    }

    @Nullable UndoLog undoLog() {
        return undoLog;
    }

    void setUndoLog(UndoLog log) {
        undoLog = log;
    }

    boolean isLogged() {
        return logged;
    }

    /** Its undo log has a record. */
    void markLogged() {
        logged = true;
    }

    void markEnded() {
        ended = true;
    }
}
