package org.selvage.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server's error log. Keeps the newest {@value #CAPACITY} lines in memory and, when opened with
 * a path, appends every line to that file. Safe for use by any thread.
 */
public final class ErrorLog implements AutoCloseable {
    /** How many lines are kept in memory. */
    public static final int CAPACITY = 10_000;

    /** Told of every line, on the thread that logged it and before the logging call returns. */
    public interface Listener {
        void line(String line);
    }

    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final @Nullable Listener listener;
    private final @Nullable FileChannel sink;
    private boolean sinkFailed;

    /** A log in memory only. */
    public ErrorLog() {
        this(null, null);
    }

    /** A log in memory whose lines are also passed to the listener. */
    public ErrorLog(Listener listener) {
        this(null, listener);
    }

    private ErrorLog(@Nullable FileChannel sink, @Nullable Listener listener) {
        this.sink = sink;
        this.listener = listener;
    }

    /** Opens a log that also appends to the file, which is created when missing. */
    public static ErrorLog appendingTo(Path file, @Nullable Listener listener) {
        try {
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return new ErrorLog(channel, listener);
        } catch (IOException e) {
            throw new EngineIoException("open", file.toString(), 0, 0, e);
        }
    }

    public void error(String line) {
        append("[ERROR] InnoDB: " + line);
    }

    public void warning(String line) {
        append("[Warning] InnoDB: " + line);
    }

    public void note(String line) {
        append("[Note] InnoDB: " + line);
    }

    /** A copy of the lines kept in memory, oldest first. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    private void append(String line) {
        synchronized (this) {
            keep(line);
            write(line);
        }
        if (listener != null) {
            listener.line(line);
        }
    }

    private void keep(String line) {
        if (lines.size() == CAPACITY) {
            lines.removeFirst();
        }
        lines.addLast(line);
    }

    private void write(String line) {
        if (sink == null || sinkFailed) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                sink.write(bytes);
            }
        } catch (IOException e) {
            // A full disk must not stop the engine; the memory keeps the lines and says why the
            // file ends.
            sinkFailed = true;
            keep("[ERROR] InnoDB: The error log file cannot be written: " + e);
        }
    }

    /** Closes the file, when there is one. */
    @Override
    public synchronized void close() {
        if (sink == null) {
            return;
        }
        try {
            sink.close();
        } catch (IOException e) {
            keep("[ERROR] InnoDB: The error log file cannot be closed: " + e);
        }
    }
}
