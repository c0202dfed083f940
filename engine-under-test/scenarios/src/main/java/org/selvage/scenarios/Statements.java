package org.selvage.scenarios;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of a lifecycle scenario ask of tables with one indexed column of type long.
 * Errors are the engine's exceptions.
 */
interface Statements {
    /** Makes an empty table. */
    void create(String table);

    /** Drops a table. */
    void drop(String table);

    /** Gives a table another name. */
    void rename(String table, String to);

    /** Removes all rows of a table. */
    void truncate(String table);

    /** Deletes the tablespace of a table. */
    void discard(String table);

    /** Gives a table without a tablespace the one that was exported when the disk was prepared. */
    void importTablespace(String table);

    /** Inserts a row. */
    void insert(String table, long key, long value);

    /** Deletes a row; false when there is none of this key. */
    boolean delete(String table, long key);

    /** The value of a row, or null when there is none of this key. */
    @Nullable Long read(String table, long key);

    /** The keys of the rows that have a value, ascending, through the index of the column. */
    List<Long> scan(String table, long value);
}
