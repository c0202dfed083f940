package org.selvage.report;

import org.jspecify.annotations.Nullable;

/** A finding cannot be written or read: one line that says what, where and why. */
public final class FindingException extends Exception {
    private static final long serialVersionUID = 1L;

    FindingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
