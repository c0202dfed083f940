package org.selvage.checker.format;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.selvage.checker.history.EventKind;
import org.selvage.checker.history.EventSink;
import org.selvage.checker.history.History;

/**
 * The operation lines of Jepsen's etcd test logs, for a compare-and-set register: {@code INFO
 * jepsen.util - process :type :f value}. Other lines of the log are passed over.
 *
 * <p>A failed cas is an answer: the register did not hold the expected value. A failed read says
 * nothing.
 */
final class EtcdLines implements LineFormat {
    private static final String MARKER = "jepsen.util - ";
    private static final String BLANK = " \t";

    private final Map<Integer, String> openFunctions = new HashMap<>();

    @Override
    public void read(String line, int number, EventSink sink) {
        int marker = line.indexOf(MARKER);
        if (marker < 0) {
            return;
        }
        TextCursor cursor = new TextCursor(line.substring(marker + MARKER.length()));
        cursor.skip(BLANK);
        if (cursor.peek() == ':') {
            return;
        }
        Object process = cursor.number();
        EventKind kind = LineFormat.kind(keyword(cursor));
        String function = keyword(cursor);
        cursor.skip(BLANK);
        Object value = Edn.parse(cursor.rest());
        if (!(process instanceof Long id) || id < 0 || id > Integer.MAX_VALUE) {
            throw new TextCursor.SyntaxException(
                    "process=" + process + " is not a number from 0 on");
        }
        boolean failedCas =
                kind == EventKind.FAIL && function.equals("cas") && value instanceof List<?>;
        if (failedCas) {
            sink.event(EventKind.OK, id.intValue(), null, false, number);
        } else {
            sink.event(kind, id.intValue(), function, value, number);
        }
    }

    private static String keyword(TextCursor cursor) {
        cursor.skip(BLANK);
        if (!cursor.takeIf(':')) {
            throw cursor.problem("a keyword");
        }
        return cursor.until(BLANK);
    }

    @Override
    public String write(History history, int event) {
        EventKind kind = history.kind(event);
        int process = history.process(event);
        String function = history.function(event);
        if (function != null) {
            openFunctions.put(process, function);
        }
        String open = openFunctions.get(process);
        boolean cas = "cas".equals(open);
        if (process < 0 || open == null || (kind == EventKind.FAIL && cas)) {
            throw new TextCursor.SyntaxException("etcd lines cannot say " + kind + " of " + open);
        }
        boolean failedCas =
                kind == EventKind.OK && cas && Boolean.FALSE.equals(history.value(event));
        StringBuilder out = new StringBuilder("INFO  ").append(MARKER).append(process);
        out.append("\t:")
                .append(failedCas ? "fail" : LineFormat.name(kind))
                .append("\t:")
                .append(open)
                .append('\t');
        if (kind == EventKind.UNKNOWN || kind == EventKind.FAIL) {
            return out.append(":timed-out").toString();
        }
        Edn.write(out, failedCas ? List.of() : history.value(event));
        return out.toString();
    }
}
