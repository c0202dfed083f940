package org.selvage.engine.bufferpool;

/** What a block of the pool holds (buf_page_state). */
enum BlockState {
    /** Nothing: on the free list, or taken from it and not yet in the page hash. */
    NOT_USED,
    /** A page; in the page hash and on the LRU list. */
    FILE_PAGE,
    /**
     * A page whose read failed: out of hash and LRU, waiting for the last thread that had fixed it.
     */
    READ_FAILED
}
