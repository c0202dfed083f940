package org.selvage.engine;

/** A value of {@link EngineConfig} is out of its range. */
public final class InvalidConfigException extends EngineException {
    private static final long serialVersionUID = 1L;

    public InvalidConfigException(String option, Object value, String range) {
        super("Invalid option: " + option + "=" + value + ". Choose " + range + ".");
    }
}
