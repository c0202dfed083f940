package org.selvage.checker.format;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.EventKind;
import org.selvage.checker.history.EventSink;
import org.selvage.checker.history.History;

/**
 * One map a line with the keys process, type, f, value and, where the object has keys, key: JSON
 * lines and EDN. The argument of an invocation with a key is the list of key and value. Events of
 * processes that are not numbers, such as Jepsen's nemesis, are passed over.
 */
final class MapLines implements LineFormat {
    private final boolean edn;

    MapLines(boolean edn) {
        this.edn = edn;
    }

    @Override
    public void read(String line, int number, EventSink sink) {
        if (line.isBlank() || (edn && line.stripLeading().startsWith(";"))) {
            return;
        }
        Object parsed = edn ? Edn.parse(line) : Json.parse(line);
        if (!(parsed instanceof Map<?, ?> map)) {
            throw new TextCursor.SyntaxException("expected a map with type, process, f and value");
        }
        EventKind kind = LineFormat.kind(map.get("type"));
        if (kind == EventKind.CRASH || kind == EventKind.RECOVERED) {
            sink.event(kind, -1, null, null, number);
            return;
        }
        Object process = map.get("process");
        if (!(process instanceof Long id) || id < 0 || id > Integer.MAX_VALUE) {
            if (process instanceof String) {
                return;
            }
            throw new TextCursor.SyntaxException(
                    "process=" + process + " is not a number from 0 on");
        }
        Object function = map.get("f");
        if (kind == EventKind.INVOKE && !(function instanceof String)) {
            throw new TextCursor.SyntaxException(
                    "f=" + function + " is not the name of an operation");
        }
        Object value = map.get("value");
        if (kind == EventKind.INVOKE && map.get("key") != null) {
            value = withKey(map.get("key"), value);
        }
        sink.event(
                kind, id.intValue(), function == null ? null : function.toString(), value, number);
    }

    private static List<@Nullable Object> withKey(@Nullable Object key, @Nullable Object value) {
        if (value == null) {
            return Collections.<@Nullable Object>singletonList(key);
        }
        return Collections.unmodifiableList(Arrays.<@Nullable Object>asList(key, value));
    }

    @Override
    public String write(History history, int event) {
        EventKind kind = history.kind(event);
        StringBuilder out = new StringBuilder();
        String type = LineFormat.name(kind);
        if (kind == EventKind.CRASH || kind == EventKind.RECOVERED) {
            return edn ? "{:type :" + type + "}" : "{\"type\":\"" + type + "\"}";
        }
        out.append(edn ? "{:process " : "{\"process\":").append(history.process(event));
        out.append(edn ? ", :type :" : ",\"type\":\"").append(type).append(edn ? "" : "\"");
        String function = history.function(event);
        if (function != null && edn) {
            out.append(", :f :").append(function);
        } else if (function != null) {
            out.append(",\"f\":");
            Json.write(out, function);
        }
        out.append(edn ? ", :value " : ",\"value\":");
        if (edn) {
            Edn.write(out, history.value(event));
        } else {
            Json.write(out, history.value(event));
        }
        return out.append('}').toString();
    }
}
