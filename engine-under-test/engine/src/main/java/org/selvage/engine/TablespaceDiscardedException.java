package org.selvage.engine;

/** The tablespace of the table is discarded (DB_TABLESPACE_NOT_FOUND). Nothing was changed. */
public final class TablespaceDiscardedException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** States the table. */
    public TablespaceDiscardedException(String table) {
        super(
                "the tablespace has been discarded: table="
                        + table
                        + "; import a tablespace or drop the table");
    }
}
