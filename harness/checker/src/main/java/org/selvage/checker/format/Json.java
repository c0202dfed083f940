package org.selvage.checker.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON values: null, Boolean, Long (or BigInteger, Double), String, List, Map. */
final class Json {
    private static final String BLANK = " \t\r\n";

    private Json() {}

    static @Nullable Object parse(String text) {
        TextCursor cursor = new TextCursor(text);
        Object value = value(cursor, 0);
        cursor.skip(BLANK);
        if (!cursor.done()) {
            throw cursor.problem("the end of the line");
        }
        return value;
    }

    private static @Nullable Object value(TextCursor cursor, int depth) {
        cursor.skip(BLANK);
        if (depth > TextCursor.DEEPEST) {
            throw cursor.problem("less nesting");
        }
        return switch (cursor.peek()) {
            case '{' -> object(cursor, depth);
            case '[' -> array(cursor, depth);
            case '"' -> cursor.quoted();
            case 't', 'f', 'n' -> word(cursor);
            default -> cursor.number();
        };
    }

    private static @Nullable Object word(TextCursor cursor) {
        String word = cursor.until(",]} \t\r\n");
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> null;
            default -> throw cursor.problem("true, false or null before here");
        };
    }

    private static List<@Nullable Object> array(TextCursor cursor, int depth) {
        List<@Nullable Object> list = new ArrayList<>();
        cursor.take();
        cursor.skip(BLANK);
        if (cursor.takeIf(']')) {
            return list;
        }
        do {
            list.add(value(cursor, depth + 1));
            cursor.skip(BLANK);
        } while (cursor.takeIf(','));
        if (!cursor.takeIf(']')) {
            throw cursor.problem("',' or ']'");
        }
        return Collections.unmodifiableList(list);
    }

    private static Map<String, @Nullable Object> object(TextCursor cursor, int depth) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        cursor.take();
        cursor.skip(BLANK);
        if (cursor.takeIf('}')) {
            return map;
        }
        do {
            cursor.skip(BLANK);
            String key = cursor.quoted();
            cursor.skip(BLANK);
            if (!cursor.takeIf(':')) {
                throw cursor.problem("':'");
            }
            map.put(key, value(cursor, depth + 1));
            cursor.skip(BLANK);
        } while (cursor.takeIf(','));
        if (!cursor.takeIf('}')) {
            throw cursor.problem("',' or '}'");
        }
        return Collections.unmodifiableMap(map);
    }

    static void write(StringBuilder out, @Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case String string -> TextCursor.quote(out, string);
            case List<?> list -> {
                out.append('[');
                for (int i = 0; i < list.size(); i++) {
                    out.append(i == 0 ? "" : ",");
                    write(out, list.get(i));
                }
                out.append(']');
            }
            case Map<?, ?> map -> {
                out.append('{');
                String separator = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator);
                    TextCursor.quote(out, String.valueOf(entry.getKey()));
                    out.append(':');
                    write(out, entry.getValue());
                    separator = ",";
                }
                out.append('}');
            }
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> TextCursor.quote(out, value.toString());
        }
    }
}
