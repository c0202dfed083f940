package org.selvage.engine;

import java.io.IOException;

/** The operating system refused an operation on one of the engine's files. */
public final class EngineIoException extends EngineException {
    private static final long serialVersionUID = 1L;

    /**
     * @param operation what was tried, for example "read"
     * @param offset byte offset in the file
     * @param length bytes asked for
     */
    public EngineIoException(
            String operation, String file, long offset, int length, IOException cause) {
        super(
                "File operation failed: operation="
                        + operation
                        + " file="
                        + file
                        + " offset="
                        + offset
                        + " length="
                        + length
                        + " error="
                        + cause
                        + ". Check the file system, then open the engine again.",
                cause);
    }
}
