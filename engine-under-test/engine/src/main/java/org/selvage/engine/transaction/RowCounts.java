package org.selvage.engine.transaction;

/** Rows that statements have touched; belongs to one transaction, or is guarded by a mutex. */
final class RowCounts {
    long inserted;
    long updated;
    long deleted;
    long read;

    /** Adds the other's rows and makes the other zero. */
    void take(RowCounts other) {
        inserted += other.inserted;
        updated += other.updated;
        deleted += other.deleted;
        read += other.read;
        other.inserted = 0;
        other.updated = 0;
        other.deleted = 0;
        other.read = 0;
    }
}
