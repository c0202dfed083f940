package org.selvage.engine.bufferpool;

/** Outcome of asking the pool to read a page (buf_read_page_low). */
public enum ReadResult {
    /** The read was done (synchronous) or is on its way (asynchronous). */
    READ,
    /** The page was in the pool, or another thread is reading it. */
    ALREADY_IN_POOL,
    /** The tablespace does not exist or is being deleted (DB_TABLESPACE_DELETED). */
    TABLESPACE_DELETED,
    /** The tablespace is being truncated and no longer has the page (DB_TABLESPACE_TRUNCATED). */
    TABLESPACE_TRUNCATED,
    /** The page lies outside the tablespace and the caller accepts that (DB_ERROR). */
    PAGE_MISSING
}
