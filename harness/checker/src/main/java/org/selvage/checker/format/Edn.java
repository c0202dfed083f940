package org.selvage.checker.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of EDN that histories use. Keywords and symbols are read as their names; vectors, lists
 * and sets as lists.
 */
final class Edn {
    private static final String BLANK = " \t\r\n,";
    private static final String ENDS = " \t\r\n,()[]{}\"";

    private Edn() {}

    static @Nullable Object parse(String text) {
        TextCursor cursor = new TextCursor(text);
        Object value = value(cursor, 0);
        cursor.skip(BLANK);
        if (!cursor.done() && cursor.peek() != ';') {
            throw cursor.problem("the end of the line");
        }
        return value;
    }

    private static @Nullable Object value(TextCursor cursor, int depth) {
        cursor.skip(BLANK);
        if (depth > TextCursor.DEEPEST) {
            throw cursor.problem("less nesting");
        }
        char first = cursor.peek();
        return switch (first) {
            case '{' -> map(cursor, depth);
            case '[' -> list(cursor, ']', depth);
            case '(' -> list(cursor, ')', depth);
            case '"' -> cursor.quoted();
            case ':' -> {
                cursor.take();
                yield name(cursor);
            }
            case '#' -> {
                cursor.take();
                if (cursor.peek() == '{') {
                    yield list(cursor, '}', depth);
                }
                name(cursor);
                yield value(cursor, depth + 1);
            }
            default -> Character.isDigit(first) || first == '-' ? cursor.number() : word(cursor);
        };
    }

    private static String name(TextCursor cursor) {
        String name = cursor.until(ENDS);
        if (name.isEmpty()) {
            throw cursor.problem("a name");
        }
        return name;
    }

    private static @Nullable Object word(TextCursor cursor) {
        String name = name(cursor);
        return switch (name) {
            case "nil" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> name;
        };
    }

    private static List<@Nullable Object> list(TextCursor cursor, char end, int depth) {
        List<@Nullable Object> list = new ArrayList<>();
        cursor.take();
        cursor.skip(BLANK);
        while (!cursor.takeIf(end)) {
            if (cursor.done()) {
                throw cursor.problem("'" + end + "'");
            }
            list.add(value(cursor, depth + 1));
            cursor.skip(BLANK);
        }
        return Collections.unmodifiableList(list);
    }

    private static Map<String, @Nullable Object> map(TextCursor cursor, int depth) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        cursor.take();
        cursor.skip(BLANK);
        while (!cursor.takeIf('}')) {
            if (cursor.done()) {
                throw cursor.problem("'}'");
            }
            String key = String.valueOf(value(cursor, depth + 1));
            map.put(key, value(cursor, depth + 1));
            cursor.skip(BLANK);
        }
        return Collections.unmodifiableMap(map);
    }

    static void write(StringBuilder out, @Nullable Object value) {
        switch (value) {
            case null -> out.append("nil");
            case String string -> TextCursor.quote(out, string);
            case List<?> list -> {
                out.append('[');
                for (int i = 0; i < list.size(); i++) {
                    out.append(i == 0 ? "" : " ");
                    write(out, list.get(i));
                }
                out.append(']');
            }
            case Map<?, ?> map -> {
                out.append('{');
                String separator = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator);
                    write(out, entry.getKey());
                    out.append(' ');
                    write(out, entry.getValue());
                    separator = ", ";
                }
                out.append('}');
            }
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> TextCursor.quote(out, value.toString());
        }
    }
}
