package org.selvage.engine;

/** The engine was closed, or is being closed. Nothing was changed. */
public final class EngineClosedException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** States what was asked of the closed engine. */
    public EngineClosedException(String operation) {
        super("the engine is closed: operation=" + operation + "; open the data folder again");
    }
}
