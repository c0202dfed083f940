package org.selvage.engine;

/** A table of this name exists. Nothing was changed. */
public final class TableExistsException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** States the name. */
    public TableExistsException(String table) {
        super(
                "a table of this name exists: table="
                        + table
                        + "; drop it first or choose another name");
    }
}
