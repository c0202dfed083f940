package org.selvage.checker.history;

/** How an operation of a history ended. */
public enum Outcome {
    /** It returned a response. */
    OK,
    /** It ended without an effect. */
    FAILED,
    /**
     * Nobody knows: the client gave up, a crash came first, or the history ends before the return.
     */
    UNKNOWN
}
