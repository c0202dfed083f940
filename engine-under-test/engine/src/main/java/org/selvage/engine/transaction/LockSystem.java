package org.selvage.engine.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.DeadlockException;
import org.selvage.engine.LockWaitTimeoutException;
import org.selvage.engine.sync.LatchLevel;
import org.selvage.engine.sync.LatchOrder;

/**
 * Exclusive locks on rows and on all rows of a table, held until the transaction ends
 * (lock0lock.cc). A request that would close a circle of waiting transactions is refused at once;
 * that is a deadlock.
 */
final class LockSystem {
    /** Locks of one table. */
    private static final class TableLocks {
        final Map<Long, Transaction> rows = new HashMap<>();
        @Nullable Transaction all;
    }

    private final ReentrantLock mutex;
    private final Condition released;
    private final Map<Integer, TableLocks> tables = new HashMap<>();
    private final Map<Transaction, List<Transaction>> waiting = new HashMap<>();
    private final int waitSeconds;

    // Guarded by the mutex.
    private final RowCounts rows = new RowCounts();
    private long waits;
    private long deadlocks;

    LockSystem(int waitSeconds, LatchOrder order) {
        this.mutex = order.mutex(LatchLevel.LOCK_SYSTEM);
        this.released = mutex.newCondition();
        this.waitSeconds = waitSeconds;
    }

    /**
     * Locks a row for a transaction.
     *
     * @throws DeadlockException when waiting could never end
     * @throws LockWaitTimeoutException when it took too long
     */
    void lockRow(Transaction trx, int spaceId, long key) {
        lock(trx, spaceId, key);
    }

    /** Locks all rows of a table; throws as {@link #lockRow}. */
    void lockTable(Transaction trx, int spaceId) {
        lock(trx, spaceId, null);
    }

    /**
     * Locks a row if nobody else has it or its table.
     *
     * @param self another transaction of the calling thread, whose lock does as well
     */
    boolean tryLockRow(Transaction trx, @Nullable Transaction self, int spaceId, long key) {
        mutex.lock();
        try {
            TableLocks locks = tables.computeIfAbsent(spaceId, id -> new TableLocks());
            for (Transaction holder : holders(locks, trx, key)) {
                if (holder != self) {
                    return false;
                }
            }
            if (self != null && locks.rows.get(key) == self) {
                return true;
            }
            if (locks.rows.put(key, trx) == null) {
                trx.lockedRows().add(new Transaction.RowId(spaceId, key));
            }
            return true;
        } finally {
            mutex.unlock();
        }
    }

    private void lock(Transaction trx, int spaceId, @Nullable Long key) {
        mutex.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(waitSeconds);
            TableLocks locks = tables.computeIfAbsent(spaceId, id -> new TableLocks());
            List<Transaction> holders = holders(locks, trx, key);
            waits += holders.isEmpty() ? 0 : 1;
            while (!holders.isEmpty()) {
                waiting.put(trx, holders);
                try {
                    if (reaches(holders, trx)) {
                        deadlocks++;
                        throw new DeadlockException(trx.id(), spaceId, key);
                    }
                    if (left <= 0) {
                        throw new LockWaitTimeoutException(trx.id(), spaceId, key, waitSeconds);
                    }
                    left = await(left);
                } finally {
                    waiting.remove(trx);
                }
                locks = tables.computeIfAbsent(spaceId, id -> new TableLocks());
                holders = holders(locks, trx, key);
            }
            if (key == null) {
                locks.all = trx;
                trx.lockedTables().add(spaceId);
            } else if (locks.rows.put(key, trx) == null) {
                trx.lockedRows().add(new Transaction.RowId(spaceId, key));
            }
        } finally {
            mutex.unlock();
        }
    }

    private long await(long nanos) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return released.awaitNanos(nanos);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static List<Transaction> holders(
            TableLocks locks, Transaction trx, @Nullable Long key) {
        List<Transaction> holders = List.of();
        Transaction all = locks.all;
        if (all != null && all != trx) {
            holders = new ArrayList<>(List.of(all));
        }
        if (key != null) {
            Transaction row = locks.rows.get(key);
            if (row != null && row != trx) {
                holders = holders.isEmpty() ? new ArrayList<>() : holders;
                holders.add(row);
            }
            return holders;
        }
        for (Transaction row : locks.rows.values()) {
            if (row != trx) {
                holders = holders.isEmpty() ? new ArrayList<>() : holders;
                holders.add(row);
            }
        }
        return holders;
    }

    /** Whether one of the transactions waits, through others, for the given one. */
    private boolean reaches(List<Transaction> from, Transaction target) {
        List<Transaction> open = new ArrayList<>(from);
        Set<Transaction> seen = new HashSet<>(from);
        while (!open.isEmpty()) {
            for (Transaction next : waiting.getOrDefault(open.removeLast(), List.of())) {
                if (next == target) {
                    return true;
                }
                if (seen.add(next)) {
                    open.add(next);
                }
            }
        }
        return false;
    }

    /** Gives back every lock of a transaction that has ended (lock_trx_release_locks). */
    void releaseAll(Transaction trx) {
        if (trx.lockedRows().isEmpty() && trx.lockedTables().isEmpty()) {
            return;
        }
        mutex.lock();
        try {
            rows.take(trx.rowCounts());
            for (Transaction.RowId row : trx.lockedRows()) {
                TableLocks locks = tables.get(row.spaceId());
                if (locks != null) {
                    locks.rows.remove(row.key());
                    removeIfUnused(row.spaceId(), locks);
                }
            }
            for (int space : trx.lockedTables()) {
                TableLocks locks = tables.get(space);
                if (locks != null && locks.all == trx) {
                    locks.all = null;
                    removeIfUnused(space, locks);
                }
            }
            trx.lockedRows().clear();
            trx.lockedTables().clear();
            if (!waiting.isEmpty()) {
                released.signalAll();
            }
        } finally {
            mutex.unlock();
        }
    }

    TransactionStats stats(int open, int historyLength) {
        mutex.lock();
        try {
            return new TransactionStats(
                    rows.inserted,
                    rows.updated,
                    rows.deleted,
                    rows.read,
                    waits,
                    waiting.size(),
                    deadlocks,
                    open,
                    historyLength);
        } finally {
            mutex.unlock();
        }
    }

    private void removeIfUnused(int space, TableLocks locks) {
        if (locks.rows.isEmpty() && locks.all == null) {
            tables.remove(space);
        }
    }
}
