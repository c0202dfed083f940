package org.selvage.engine;

/**
 * There is a tablespace, or a file, where one is to be made (DB_TABLESPACE_EXISTS). Nothing was
 * changed.
 */
public final class TablespaceExistsException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** States the tablespace and its file. */
    public TablespaceExistsException(String name, String file) {
        super(
                "The tablespace exists already: name="
                        + name
                        + " file="
                        + file
                        + ". Discard or drop it, or move the file away.");
    }
}
