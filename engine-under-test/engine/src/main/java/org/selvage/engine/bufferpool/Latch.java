package org.selvage.engine.bufferpool;

/** How a page is latched when it is fetched (RW_S_LATCH, RW_X_LATCH, RW_NO_LATCH). */
public enum Latch {
    /** Shared with other readers. */
    S,
    /** Exclusive; needed to change the page. */
    X,
    /** Only buffer-fixed: the page stays in the pool, its content may change. */
    NONE
}
