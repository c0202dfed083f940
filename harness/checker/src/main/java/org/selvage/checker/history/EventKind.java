package org.selvage.checker.history;

/** What one event of a history says. */
public enum EventKind {
    /** A process calls an operation. */
    INVOKE,
    /** The operation returned: it took effect, and the response is known. */
    OK,
    /** The operation returned and certainly had no effect: it puts no constraint on the history. */
    FAIL,
    /** The client gave up: the operation may take effect at any later time, or never. */
    UNKNOWN,
    /** Power is lost: every open operation of every process ends without a response. */
    CRASH,
    /** Recovery has finished: processes may call again. */
    RECOVERED
}
