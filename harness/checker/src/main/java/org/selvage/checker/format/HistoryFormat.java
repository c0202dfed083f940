package org.selvage.checker.format;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.EventSink;
import org.selvage.checker.history.History;
import org.selvage.checker.history.HistoryException;
import org.selvage.checker.history.HistoryRecorder;

/** The text formats of histories. Reading goes line by line and holds no more than one line. */
public enum HistoryFormat {
    /** One JSON object a line: {@code {"process":0,"type":"invoke","f":"write","value":1}}. */
    JSON_LINES,
    /** One EDN map a line, as Jepsen and Knossos write histories. */
    EDN,
    /** The operation lines of Jepsen's etcd logs. */
    ETCD_LOG,
    /** Violin's call and return lines. */
    VIOLIN;

    /** The longest line that is read, in bytes. */
    public static final int LONGEST_LINE = 1 << 20;

    /** Reads a whole history into memory, in the format its first lines show. */
    public static History read(Path file) {
        HistoryRecorder recorder = new HistoryRecorder();
        read(file, recorder);
        return recorder.history(file.toString());
    }

    /**
     * Passes the events of a file on one by one, in the format its first lines show; throws {@link
     * HistoryException} with the line when one is malformed or when there are no events.
     */
    public static void read(Path file, EventSink sink) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            read(in, file.toString(), null, sink);
        } catch (IOException e) {
            throw new HistoryException(file.toString(), 0, "cannot be read: " + e);
        }
    }

    /**
     * Passes the events of a stream on one by one, in the given format or, when it is null, in the
     * one its first lines show.
     */
    public static void read(
            InputStream in, String source, @Nullable HistoryFormat format, EventSink sink)
            throws IOException {
        Lines lines = new Lines(in, source, LONGEST_LINE);
        LineFormat reader = format == null ? null : format.lines();
        boolean[] any = {false};
        EventSink counted =
                (kind, process, function, value, line) -> {
                    any[0] = true;
                    sink.event(kind, process, function, value, line);
                };
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (reader == null) {
                HistoryFormat shown = shownBy(line);
                if (shown == null) {
                    if (line.isBlank()) {
                        continue;
                    }
                    throw new HistoryException(
                            source,
                            lines.number(),
                            "not a line of JSON, EDN, an etcd log or Violin");
                }
                reader = shown.lines();
            }
            try {
                reader.read(line, lines.number(), counted);
            } catch (TextCursor.SyntaxException e) {
                throw new HistoryException(source, lines.number(), String.valueOf(e.getMessage()));
            }
        }
        if (!any[0]) {
            throw new HistoryException(source, 0, "no events; is it a history?");
        }
    }

    /**
     * Writes a history; throws {@link HistoryException} when the format cannot say what it holds.
     */
    public void write(History history, Appendable out) throws IOException {
        LineFormat writer = lines();
        for (int event = 0; event < history.size(); event++) {
            try {
                String line = writer.write(history, event);
                if (line != null) {
                    out.append(line).append('\n');
                }
            } catch (TextCursor.SyntaxException e) {
                throw new HistoryException(
                        history.source(), history.line(event), String.valueOf(e.getMessage()));
            }
        }
    }

    private LineFormat lines() {
        return switch (this) {
            case JSON_LINES -> new MapLines(false);
            case EDN -> new MapLines(true);
            case ETCD_LOG -> new EtcdLines();
            case VIOLIN -> new ViolinLines();
        };
    }

    private static @Nullable HistoryFormat shownBy(String line) {
        String text = line.strip();
        if (text.startsWith("{")) {
            return text.substring(1).stripLeading().startsWith(":") ? EDN : JSON_LINES;
        }
        if (text.startsWith(";")) {
            return EDN;
        }
        if (text.startsWith("[") || text.startsWith("#")) {
            return VIOLIN;
        }
        return text.contains("jepsen.") ? ETCD_LOG : null;
    }
}
