package org.selvage.engine;

/**
 * The data breaks a rule that it must keep: the evidence is in the message, the data was left as it
 * is.
 */
public final class ValidationException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** States the rule that is broken and the evidence as key=value. */
    public ValidationException(String rule, String evidence) {
        super(
                "validation failed: "
                        + rule
                        + ": "
                        + evidence
                        + "; keep the data folder for inspection");
    }
}
