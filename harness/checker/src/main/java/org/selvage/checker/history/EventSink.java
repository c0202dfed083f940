package org.selvage.checker.history;

import org.jspecify.annotations.Nullable;

/** Takes the events of a history one after another, in the order in which they happened. */
public interface EventSink {

    /**
     * Takes one event.
     *
     * @param kind what happened
     * @param process the calling process; ignored for {@link EventKind#CRASH} and {@link
     *     EventKind#RECOVERED}
     * @param function the operation's name for {@link EventKind#INVOKE}; otherwise ignored
     * @param value the argument of an invocation, the response of an {@link EventKind#OK};
     *     otherwise ignored
     * @param line the line the event was read from, counted from 1; 0 when there is none
     */
    void event(
            EventKind kind,
            int process,
            @Nullable String function,
            @Nullable Object value,
            int line);
}
