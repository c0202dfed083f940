package org.selvage.engine;

import org.jspecify.annotations.Nullable;

/**
 * An error of the engine. The message is one line: what happened, the evidence as key=value, and
 * what to do next.
 */
public class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EngineException(String message) {
        super(message);
    }

    public EngineException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
