package org.selvage.checker.format;

import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.EventKind;
import org.selvage.checker.history.EventSink;
import org.selvage.checker.history.History;

/** A format in which each line is at most one event. One object reads or writes one history. */
interface LineFormat {

    /** Reads one line; throws {@link TextCursor.SyntaxException} when it is malformed. */
    void read(String line, int number, EventSink sink);

    /**
     * The line for an event, or null when the event needs none; throws {@link
     * TextCursor.SyntaxException} when the format cannot say it.
     */
    @Nullable String write(History history, int event);

    /** The event kind with this name as the formats spell it. */
    static EventKind kind(@Nullable Object type) {
        return switch (String.valueOf(type)) {
            case "invoke" -> EventKind.INVOKE;
            case "ok" -> EventKind.OK;
            case "fail" -> EventKind.FAIL;
            case "info", "unknown" -> EventKind.UNKNOWN;
            case "crash" -> EventKind.CRASH;
            case "recovered" -> EventKind.RECOVERED;
            default ->
                    throw new TextCursor.SyntaxException(
                            "type="
                                    + type
                                    + " is not one of invoke, ok, fail, info, crash, recovered");
        };
    }

    /** The name of an event kind. */
    static String name(EventKind kind) {
        return switch (kind) {
            case INVOKE -> "invoke";
            case OK -> "ok";
            case FAIL -> "fail";
            case UNKNOWN -> "info";
            case CRASH -> "crash";
            case RECOVERED -> "recovered";
        };
    }
}
