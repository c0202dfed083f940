package org.selvage.engine;

/** The table already has a row with this primary key. Nothing was changed. */
public final class DuplicateKeyException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** States the table and the key. */
    public DuplicateKeyException(String table, long key) {
        super(
                "a row with this primary key exists: table="
                        + table
                        + " key="
                        + key
                        + "; delete it first or choose another key");
    }
}
