package org.selvage.enginebenchmarks;

/**
 * What the comparison asks of a store: one table of rows with a primary key, three indexed columns
 * and a payload. Used by one thread.
 */
interface Store extends AutoCloseable {
    /** Inserts a row and its three index records, all or nothing, as durable as was asked for. */
    void insert(long key, long[] indexed, byte[] payload);

    /** Whether there is a row of this key; its payload is read. */
    boolean read(long key);

    /** Reads the rows whose indexed column has this value, in the order of the index. */
    int readBy(int index, long value);

    /** Reads all rows in the order of the primary key; returns how many. */
    long scan();

    /** What the store says of its own work, or nothing. */
    default String remarks() {
        return "";
    }

    @Override
    void close();
}
