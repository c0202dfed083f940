package org.selvage.engine;

import org.jspecify.annotations.Nullable;

/** A row stayed locked by another transaction for too long (innodb_lock_wait_timeout). */
public final class LockWaitTimeoutException extends EngineException {
    private static final long serialVersionUID = 1L;

    public LockWaitTimeoutException(
            long transaction, int spaceId, @Nullable Long key, int waitSeconds) {
        super(
                "A row stayed locked: transaction="
                        + transaction
                        + " space="
                        + spaceId
                        + " row="
                        + (key == null ? "all" : key)
                        + " waited_seconds="
                        + waitSeconds
                        + ". The statement is undone: try it again, or roll back.");
    }
}
