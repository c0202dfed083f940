package org.selvage.engine;

/** The table has no secondary index of this name. */
public final class UnknownIndexException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** States the table and the name. */
    public UnknownIndexException(String table, String index) {
        super(
                "there is no such secondary index: table="
                        + table
                        + " index="
                        + index
                        + "; name a column that was given an index when the table was created");
    }
}
