package org.selvage.engine;

/** A file cannot be imported as the tablespace of a table. Nothing was changed. */
public final class TablespaceImportException extends EngineException {
    private static final long serialVersionUID = 1L;

    /**
     * @param what why not
     * @param evidence as key=value
     */
    public TablespaceImportException(String file, String what, String evidence) {
        super(
                "the tablespace cannot be imported: "
                        + what
                        + ". file="
                        + file
                        + " "
                        + evidence
                        + "; import what exportTable wrote of a table of the same definition");
    }
}
