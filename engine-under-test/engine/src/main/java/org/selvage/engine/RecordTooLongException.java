package org.selvage.engine;

/** A record is longer than half a page can hold. Nothing was changed. */
public final class RecordTooLongException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** States what was too long. */
    public RecordTooLongException(String table, String part, int bytes, int limit) {
        super(
                "a record is too long: table="
                        + table
                        + " part="
                        + part
                        + " bytes="
                        + bytes
                        + " limit="
                        + limit
                        + "; shorten the values or use a larger page size");
    }
}
