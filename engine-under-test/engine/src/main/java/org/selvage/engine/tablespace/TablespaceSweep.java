package org.selvage.engine.tablespace;

/** What deleting a tablespace needs of the buffer pool (buf_LRU_flush_or_remove_pages). */
public interface TablespaceSweep {
    /**
     * Makes the tablespace's dirty pages clean without writing them (BUF_REMOVE_FLUSH_NO_WRITE).
     * Waits for pages that are io-fixed. Clean pages stay until they age out.
     */
    void removeDirtyPages(int spaceId);

    /**
     * Removes all the tablespace's pages from the pool without writing them
     * (BUF_REMOVE_ALL_NO_WRITE). Waits for pages that are io-fixed or buffer-fixed.
     */
    void removeAllPages(int spaceId);
}
