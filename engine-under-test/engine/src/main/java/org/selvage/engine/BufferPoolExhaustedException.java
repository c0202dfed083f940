package org.selvage.engine;

/** No frame became free: every page of the pool is buffer-fixed, io-fixed or cannot be written. */
public final class BufferPoolExhaustedException extends EngineException {
    private static final long serialVersionUID = 1L;

    public BufferPoolExhaustedException(int poolPages, int fixedPages, int dirtyPages) {
        super(
                "No free page in the buffer pool: pool_pages="
                        + poolPages
                        + " fixed="
                        + fixedPages
                        + " dirty="
                        + dirtyPages
                        + ". Open the engine with a larger pool.");
    }
}
