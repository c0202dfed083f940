package org.selvage.engine.sync;

/**
 * What can be waited for, in the order of LATCHES.md (InnoDB's latch_level_t, turned round): who
 * holds one level asks only for later ones.
 */
public enum LatchLevel {
    /** Round of a background thread. */
    ROUND("1"),
    /** Round of the purge thread, which is paused after the master thread. */
    PURGE_ROUND("1"),
    /** Use of a transaction by one thread. */
    TRANSACTION("1a"),
    /**
     * Metadata lock of a table. Held S by transactions, so S is asked for but held by no thread.
     */
    METADATA("2"),
    /** DDL lock. */
    DDL("3"),
    /** Mutex of the lock system; row locks are waited for under it. */
    LOCK_SYSTEM("4"),
    /** One checkpoint at a time, and all of freeCheck. */
    CHECKPOINT("4a"),
    /**
     * A batch over a flush list, where several buffer pool instances share the doublewrite file.
     */
    FLUSH_BATCH("4b"),
    /** Mutex of the transaction system. */
    TRX_SYSTEM("4c"),
    /** Transaction system page and undo pages. */
    TRX_PAGE("4d"),
    /** Header page of the dictionary. */
    DICTIONARY_HEADER("4e"),
    /** Latch of a tree, except the change buffer's. */
    TREE("5"),
    /** Page of such a tree. */
    TREE_PAGE("6"),
    /** Page 0 of a tablespace, except the system tablespace's. */
    SPACE_HEADER("7"),
    /** Tree latch of the change buffer. */
    IBUF_TREE("8"),
    /** Page of the change buffer's tree. */
    IBUF_TREE_PAGE("9"),
    /** Page 0 of the system tablespace. */
    SYSTEM_HEADER("10"),
    /** Bitmap page. */
    BITMAP("11"),
    /** Header page of the change buffer. */
    IBUF_HEADER("12"),
    /** Counters and draws of the change buffer. */
    IBUF_COUNTERS("13"),
    /** A batch over the LRU list. */
    LRU_BATCH("13a"),
    /** Write of the log buffer. */
    LOG_WRITE("13b"),
    /** Log mutex. */
    LOG("14"),
    /** Mutex of a buffer pool instance; one at a time. */
    POOL("15"),
    /** Flush list mutex of a buffer pool instance; one at a time. */
    FLUSH_LIST("16"),
    /** Tablespace cache. */
    TABLESPACES("17");

    private final String row;

    LatchLevel(String row) {
        this.row = row;
    }

    /** The row of LATCHES.md. */
    public String row() {
        return row;
    }
}
