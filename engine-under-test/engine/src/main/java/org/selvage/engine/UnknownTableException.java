package org.selvage.engine;

/** There is no table of this name, or it was dropped while the statement waited for it. */
public final class UnknownTableException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** States the name. */
    public UnknownTableException(String table) {
        super("there is no such table: table=" + table + "; create it first or check the name");
    }
}
