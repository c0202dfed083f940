package org.selvage.engine;

/** A page was asked of a tablespace that does not exist, is being deleted or has lost its file. */
public final class TablespaceMissingException extends EngineException {
    private static final long serialVersionUID = 1L;

    private final int spaceId;

    public TablespaceMissingException(int spaceId, String message) {
        super(message);
        this.spaceId = spaceId;
    }

    public int spaceId() {
        return spaceId;
    }
}
