package org.selvage.checker.history;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records the events of one execution, in the order of the calls.
 *
 * <p>It only appends to arrays: no locks, no clocks, no checks. It is for one carrier thread, on
 * which a deterministic scheduler decides the order of events, and is reused between executions
 * with {@link #clear()}. Mistakes such as a return without a call are found when the history is
 * read.
 */
public final class HistoryRecorder implements EventSink {
    private EventKind[] kinds = new EventKind[64];
    private int[] processes = new int[64];
    private @Nullable String[] functions = new @Nullable String[64];
    private @Nullable Object[] values = new @Nullable Object[64];
    private int @Nullable [] lines;
    private int size;

    /** A process calls an operation without arguments. */
    public void invoke(int process, String function) {
        append(EventKind.INVOKE, process, function, null);
    }

    /** A process calls an operation with one argument, or with a list of arguments. */
    public void invoke(int process, String function, @Nullable Object argument) {
        append(EventKind.INVOKE, process, function, argument);
    }

    /** A process calls an operation with two arguments. */
    public void invoke(int process, String function, Object first, Object second) {
        append(EventKind.INVOKE, process, function, List.of(first, second));
    }

    /** A process calls an operation with three arguments. */
    public void invoke(int process, String function, Object first, Object second, Object third) {
        append(EventKind.INVOKE, process, function, List.of(first, second, third));
    }

    /** The open operation of the process returned without a value. */
    public void ok(int process) {
        append(EventKind.OK, process, null, null);
    }

    /** The open operation of the process returned {@code response}. */
    public void ok(int process, @Nullable Object response) {
        append(EventKind.OK, process, null, response);
    }

    /** The open operation of the process ended and certainly had no effect. */
    public void fail(int process) {
        append(EventKind.FAIL, process, null, null);
    }

    /** The process gave up on its open operation, which may still take effect at any later time. */
    public void unknown(int process) {
        append(EventKind.UNKNOWN, process, null, null);
    }

    /** Power is lost: every open operation ends without a response. */
    public void crash() {
        append(EventKind.CRASH, -1, null, null);
    }

    /** Recovery has finished; the process numbers may be used again. */
    public void recovered() {
        append(EventKind.RECOVERED, -1, null, null);
    }

    /** A process asks that everything completed so far be made durable, for instance by fsync. */
    public void barrierInvoked(int process) {
        append(EventKind.INVOKE, process, Operation.BARRIER, null);
    }

    /**
     * The durable barrier of the process returned: what had completed before its call survives from
     * here on.
     */
    public void barrierReturned(int process) {
        append(EventKind.OK, process, null, null);
    }

    /** The number of events recorded since the last {@link #clear()}. */
    public int size() {
        return size;
    }

    /**
     * Forgets all events and keeps the arrays. Histories taken from this recorder must not be used
     * afterwards.
     */
    public void clear() {
        Arrays.fill(values, 0, size, null);
        size = 0;
        lines = null;
    }

    /**
     * The events so far as a history that shares this recorder's arrays: it is valid until {@link
     * #clear()}; {@link History#copy()} keeps it longer.
     */
    public History history() {
        return history("history");
    }

    /** As {@link #history()}, with the name of the file it came from, for messages. */
    public History history(String source) {
        return new History(source, kinds, processes, functions, values, lines, size);
    }

    @Override
    public void event(
            EventKind kind,
            int process,
            @Nullable String function,
            @Nullable Object value,
            int line) {
        append(kind, process, kind == EventKind.INVOKE ? function : null, value);
        if (line > 0) {
            if (lines == null) {
                lines = new int[kinds.length];
            }
            lines[size - 1] = line;
        }
    }

    private void append(
            EventKind kind, int process, @Nullable String function, @Nullable Object value) {
        if (size == kinds.length) {
            grow();
        }
        kinds[size] = kind;
        processes[size] = process;
        functions[size] = function;
        values[size] = value;
        size++;
    }

    private void grow() {
        int capacity = size + (size >> 1) + 64;
        kinds = Arrays.copyOf(kinds, capacity);
        processes = Arrays.copyOf(processes, capacity);
        functions = Arrays.copyOf(functions, capacity);
        values = Arrays.copyOf(values, capacity);
        if (lines != null) {
            lines = Arrays.copyOf(lines, capacity);
        }
    }
}
