package org.selvage.engine.tablespace;

/** What fil_io answers (dberr_t). */
public enum IoResult {
    /** Done, or handed to an I/O handler thread. */
    SUCCESS,
    /** The tablespace is missing, or an asynchronous read met one that is being deleted. */
    TABLESPACE_DELETED,
    /** The tablespace is being truncated and the page is no longer in it. */
    TABLESPACE_TRUNCATED,
    /** The page is outside the tablespace and the caller ignores missing pages. */
    ERROR
}
