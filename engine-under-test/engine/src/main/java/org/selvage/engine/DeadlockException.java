package org.selvage.engine;

import org.jspecify.annotations.Nullable;

/** Two or more transactions wait for each other; this one was chosen to be rolled back. */
public final class DeadlockException extends EngineException {
    private static final long serialVersionUID = 1L;

    public DeadlockException(long transaction, int spaceId, @Nullable Long key) {
        super(
                "Deadlock: transaction="
                        + transaction
                        + " space="
                        + spaceId
                        + " row="
                        + (key == null ? "all" : key)
                        + ". The transaction is rolled back: begin it again.");
    }
}
