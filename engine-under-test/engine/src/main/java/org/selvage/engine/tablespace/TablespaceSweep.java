package org.selvage.engine.tablespace;

/**
 * What deleting and exporting a tablespace need of the buffer pool: the three modes of
 * buf_LRU_flush_or_remove_pages.
 */
public interface TablespaceSweep {
    /**
     * Makes the tablespace's dirty pages clean without writing them (BUF_REMOVE_FLUSH_NO_WRITE).
     * Waits for pages that are io-fixed. Clean pages stay until they age out.
     */
    void removeDirtyPages(int spaceId);

    /**
     * Says that nobody makes a page of the tablespace dirty any more: who still does gets a {@link
     * org.selvage.engine.ValidationException} (the reason why the server needs n_pending_ops).
     */
    void becomeQuiet(int spaceId);

    /** Ends what {@link #becomeQuiet} began: the tablespace is gone. */
    void gone(int spaceId);

    /**
     * Removes all the tablespace's pages from the pool without writing them
     * (BUF_REMOVE_ALL_NO_WRITE). Waits for pages that are io-fixed or buffer-fixed.
     */
    void removeAllPages(int spaceId);

    /**
     * Writes the tablespace's dirty pages, waits until they are written and makes its file durable
     * (BUF_REMOVE_FLUSH_WRITE). The caller keeps others from changing its pages; they stay in the
     * pool.
     *
     * @throws org.selvage.engine.EngineException when a write failed; the page is still dirty
     */
    void writeDirtyPages(int spaceId);
}
