package org.selvage.checker.format;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.EventKind;
import org.selvage.checker.history.EventSink;
import org.selvage.checker.history.History;
import org.selvage.checker.specification.Values;

/**
 * The call and return lines of Violin (Emmi, Enea, Hamza 2015): {@code [id] call add(1)}, {@code
 * [id] return}, {@code [id] return 1}, {@code [id] return empty}. An id is an operation, not a
 * client. The comment {@code # @object queue} or {@code stack} names the object, whose operations
 * are called add and remove.
 */
final class ViolinLines implements LineFormat {
    private static final String OBJECT = "@object";

    private final Map<String, String> names = new HashMap<>();
    private final Map<Integer, Integer> idOfProcess = new HashMap<>();
    private int written;

    @Override
    public void read(String line, int number, EventSink sink) {
        TextCursor cursor = new TextCursor(line);
        cursor.skip(" \t");
        if (cursor.done()) {
            return;
        }
        if (cursor.peek() == '#') {
            header(line);
            return;
        }
        if (!cursor.takeIf('[')) {
            throw cursor.problem("'[' and the number of an operation");
        }
        if (!(cursor.number() instanceof Long id)
                || id < 0
                || id > Integer.MAX_VALUE
                || !cursor.takeIf(']')) {
            throw cursor.problem("the number of an operation and ']'");
        }
        cursor.skip(" \t");
        String verb = cursor.until(" \t");
        cursor.skip(" \t");
        switch (verb) {
            case "call" -> {
                String name = cursor.until("( \t");
                Object argument = cursor.takeIf('(') ? value(cursor.until(")")) : null;
                sink.event(
                        EventKind.INVOKE,
                        id.intValue(),
                        names.getOrDefault(name, name),
                        argument,
                        number);
            }
            case "return" -> {
                String rest = cursor.rest().strip();
                sink.event(
                        EventKind.OK,
                        id.intValue(),
                        null,
                        rest.isEmpty() ? null : value(rest),
                        number);
            }
            default ->
                    throw new TextCursor.SyntaxException("expected call or return, found " + verb);
        }
    }

    private void header(String line) {
        int at = line.indexOf(OBJECT);
        if (at < 0) {
            return;
        }
        String object = line.substring(at + OBJECT.length()).strip();
        names.put("add", object.equals("stack") ? "push" : "enqueue");
        names.put("remove", object.equals("stack") ? "pop" : "dequeue");
    }

    private static Object value(String text) {
        try {
            return Long.valueOf(text.strip());
        } catch (NumberFormatException e) {
            return text.strip();
        }
    }

    @Override
    public @Nullable String write(History history, int event) {
        int process = history.process(event);
        StringBuilder out = new StringBuilder();
        return switch (history.kind(event)) {
            case INVOKE -> {
                String function = String.valueOf(history.function(event));
                boolean stack = function.equals("push") || function.equals("pop");
                if (written == 0) {
                    out.append("# @object ").append(stack ? "stack" : "queue").append('\n');
                }
                boolean adds = function.equals("push") || function.equals("enqueue");
                if (!adds && !stack && !function.equals("dequeue")) {
                    throw new TextCursor.SyntaxException(
                            "Violin lines cannot say operation=" + function);
                }
                idOfProcess.put(process, ++written);
                out.append('[').append(written).append("] call ").append(adds ? "add(" : "remove");
                yield adds
                        ? out.append(history.value(event)).append(')').toString()
                        : out.toString();
            }
            case OK -> {
                Object value = history.value(event);
                out.append('[').append(idOfProcess.get(process)).append("] return");
                if (value != null && !(value instanceof Boolean)) {
                    out.append(' ').append(Values.isEmpty(value) ? Values.EMPTY : value);
                }
                yield out.toString();
            }
            case UNKNOWN -> null;
            case FAIL, CRASH, RECOVERED ->
                    throw new TextCursor.SyntaxException(
                            "Violin lines cannot say " + history.kind(event));
        };
    }
}
