package org.selvage.engine.transaction;

/**
 * Figures of the transactions that have ended since the engine was opened, and of those that are
 * open. Rows count when their transaction ends, committed or not.
 *
 * @param rowsInserted Innodb_rows_inserted
 * @param rowsUpdated Innodb_rows_updated
 * @param rowsDeleted Innodb_rows_deleted
 * @param rowsRead Innodb_rows_read
 * @param lockWaits times a statement waited for a row (Innodb_row_lock_waits)
 * @param lockWaitsNow statements that wait now (Innodb_row_lock_current_waits)
 * @param deadlocks lock_deadlocks
 * @param open transactions that have not ended
 * @param historyLength committed transactions that wait for the purge
 */
public record TransactionStats(
        long rowsInserted,
        long rowsUpdated,
        long rowsDeleted,
        long rowsRead,
        long lockWaits,
        int lockWaitsNow,
        long deadlocks,
        int open,
        int historyLength) {}
