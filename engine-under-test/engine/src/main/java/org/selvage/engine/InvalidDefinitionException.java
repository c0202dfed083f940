package org.selvage.engine;

/** A table cannot be created as asked. Nothing was changed. */
public final class InvalidDefinitionException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** States what is wrong with the definition. */
    public InvalidDefinitionException(String table, String reason, String evidence) {
        super(
                "a table cannot be created: "
                        + reason
                        + ": table="
                        + table
                        + " "
                        + evidence
                        + "; change the definition");
    }
}
