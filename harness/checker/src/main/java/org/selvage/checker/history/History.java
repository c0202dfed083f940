package org.selvage.checker.history;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of events in the order in which they happened. {@link Intervals} pairs them into
 * operations and finds what is not well formed.
 */
public final class History {
    private final String source;
    private final EventKind[] kinds;
    private final int[] processes;
    private final @Nullable String[] functions;
    private final @Nullable Object[] values;
    private final int @Nullable [] lines;
    private final int size;

    History(
            String source,
            EventKind[] kinds,
            int[] processes,
            @Nullable String[] functions,
            @Nullable Object[] values,
            int @Nullable [] lines,
            int size) {
        this.source = source;
        this.kinds = kinds;
        this.processes = processes;
        this.functions = functions;
        this.values = values;
        this.lines = lines;
        this.size = size;
    }

    /** Where the history comes from, for messages. */
    public String source() {
        return source;
    }

    /** The number of events. */
    public int size() {
        return size;
    }

    /** What the event says. */
    public EventKind kind(int event) {
        return kinds[Objects.checkIndex(event, size)];
    }

    /** The process of the event; -1 for a crash and for the end of a recovery. */
    public int process(int event) {
        return processes[Objects.checkIndex(event, size)];
    }

    /** The function of an invocation; null for any other event. */
    public @Nullable String function(int event) {
        return functions[Objects.checkIndex(event, size)];
    }

    /** The argument of an invocation or the response of a return. */
    public @Nullable Object value(int event) {
        return values[Objects.checkIndex(event, size)];
    }

    /** The line the event was read from, counted from 1; 0 when there is none. */
    public int line(int event) {
        return lines == null ? 0 : lines[Objects.checkIndex(event, size)];
    }

    /** True when the history has a crash. */
    public boolean hasCrash() {
        for (int i = 0; i < size; i++) {
            if (kinds[i] == EventKind.CRASH) {
                return true;
            }
        }
        return false;
    }

    /** A history of the same events that shares nothing with a recorder. */
    public History copy() {
        return prefix(size, true);
    }

    /**
     * The first {@code events} events; operations that have not returned by then are open in it.
     */
    public History prefix(int events) {
        return prefix(events, false);
    }

    /** The chosen events alone, in their order. */
    public History only(BitSet events) {
        int count = events.cardinality();
        EventKind[] keptKinds = new EventKind[count];
        int[] keptProcesses = new int[count];
        @Nullable String[] keptFunctions = new @Nullable String[count];
        @Nullable Object[] keptValues = new @Nullable Object[count];
        int[] keptLines = new int[count];
        int kept = 0;
        for (int i = events.nextSetBit(0); i >= 0 && i < size; i = events.nextSetBit(i + 1)) {
            keptKinds[kept] = kinds[i];
            keptProcesses[kept] = processes[i];
            keptFunctions[kept] = functions[i];
            keptValues[kept] = values[i];
            keptLines[kept++] = line(i);
        }
        return new History(
                source, keptKinds, keptProcesses, keptFunctions, keptValues, keptLines, kept);
    }

    private History prefix(int events, boolean copied) {
        Objects.checkIndex(events, size + 1);
        if (!copied) {
            return new History(source, kinds, processes, functions, values, lines, events);
        }
        return new History(
                source,
                Arrays.copyOf(kinds, events),
                Arrays.copyOf(processes, events),
                Arrays.copyOf(functions, events),
                Arrays.copyOf(values, events),
                lines == null ? null : Arrays.copyOf(lines, events),
                events);
    }

    /** Passes all events on, in order. */
    public void replayTo(EventSink sink) {
        for (int i = 0; i < size; i++) {
            sink.event(kind(i), processes[i], functions[i], values[i], line(i));
        }
    }

    /** The events one per line, for messages and for reading by eye. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size; i++) {
            text.append(i).append(' ').append(kind(i));
            if (processes[i] >= 0) {
                text.append(" process=").append(processes[i]);
            }
            if (functions[i] != null) {
                text.append(' ').append(functions[i]);
            }
            if (values[i] != null) {
                text.append(' ').append(values[i]);
            }
            text.append('\n');
        }
        return text.toString();
    }
}
