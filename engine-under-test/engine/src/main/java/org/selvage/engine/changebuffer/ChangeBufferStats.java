package org.selvage.engine.changebuffer;

/**
 * Figures of the change buffer since the engine was opened, under the names of the server's status
 * variables.
 *
 * @param size pages of the tree (Innodb_ibuf_size)
 * @param maxSize pages the tree should not outgrow
 * @param bufferedInserts inserts it took
 * @param bufferedDeleteMarks delete marks it took
 * @param bufferedDeletes purges it took
 * @param merges pages that changes were merged into (Innodb_ibuf_merges)
 * @param mergedInserts inserts applied (Innodb_ibuf_merged_inserts)
 * @param mergedDeleteMarks delete marks applied (Innodb_ibuf_merged_delete_marks)
 * @param mergedDeletes purges applied (Innodb_ibuf_merged_deletes)
 * @param discardedInserts inserts thrown away with their tablespace (Innodb_ibuf_discarded_inserts)
 * @param discardedDeleteMarks delete marks thrown away with their tablespace
 *     (Innodb_ibuf_discarded_delete_marks)
 * @param discardedDeletes purges thrown away with their tablespace (Innodb_ibuf_discarded_deletes)
 */
public record ChangeBufferStats(
        int size,
        int maxSize,
        long bufferedInserts,
        long bufferedDeleteMarks,
        long bufferedDeletes,
        long merges,
        long mergedInserts,
        long mergedDeleteMarks,
        long mergedDeletes,
        long discardedInserts,
        long discardedDeleteMarks,
        long discardedDeletes) {}
