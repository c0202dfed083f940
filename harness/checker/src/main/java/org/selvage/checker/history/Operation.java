package org.selvage.checker.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation as a sequential specification sees it: what was called and what came back.
 *
 * <p>Values are data with equality: null, booleans, numbers, strings, and lists and maps of these.
 * Several arguments are one list. Two equal operations are interchangeable to every specification.
 *
 * @param function the operation's name, as the specification spells it
 * @param argument the argument, or a list of them, or null
 * @param pending true when no response is known; {@code response} is then null and means nothing
 * @param response what was returned
 */
public record Operation(
        String function, @Nullable Object argument, boolean pending, @Nullable Object response) {

    /**
     * The reserved function of a durable barrier: operations completed before its call are durable
     * once it returned.
     */
    public static final String BARRIER = "durable-barrier";

    /** An operation that returned {@code response}. */
    public static Operation returned(
            String function, @Nullable Object argument, @Nullable Object response) {
        return new Operation(function, argument, false, response);
    }

    /** An operation without a known response. */
    public static Operation pending(String function, @Nullable Object argument) {
        return new Operation(function, argument, true, null);
    }

    /** The number of arguments: the length of a list, otherwise 0 for null and 1 for a value. */
    public int arity() {
        if (argument instanceof List<?> list) {
            return list.size();
        }
        return argument == null ? 0 : 1;
    }

    /**
     * The argument at {@code position}, counted from 0; null when there is none. A single value is
     * argument 0.
     */
    public @Nullable Object argument(int position) {
        if (argument instanceof List<?> list) {
            return position < list.size() ? list.get(position) : null;
        }
        return position == 0 ? argument : null;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(function).append('(');
        if (argument instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                text.append(i == 0 ? "" : ", ").append(list.get(i));
            }
        } else if (argument != null) {
            text.append(argument);
        }
        text.append(')');
        return pending
                ? text.append(" pending").toString()
                : text.append(" -> ").append(response).toString();
    }
}
