package org.selvage.engine;

import org.jspecify.annotations.Nullable;

/**
 * The data folder, or a tablespace file in it, cannot be used: it is not the engine's, was made
 * with another page size or format version, or another process holds it.
 */
public final class DataFolderException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** Why the folder or file was refused. */
    public enum Reason {
        NOT_OURS,
        FORMAT_VERSION,
        PAGE_SIZE,
        SPACE_ID,
        LOCKED,
        IO
    }

    private final Reason reason;

    public DataFolderException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
