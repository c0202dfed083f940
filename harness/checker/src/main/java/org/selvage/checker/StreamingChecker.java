package org.selvage.checker;

import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.format.HistoryFormat;
import org.selvage.checker.history.EventKind;
import org.selvage.checker.history.EventSink;
import org.selvage.checker.history.HistoryException;
import org.selvage.checker.history.Operation;
import org.selvage.checker.search.Meter;
import org.selvage.checker.search.StreamLane;
import org.selvage.checker.specification.Specification;

/**
 * Checks a history while it arrives, for {@link Criterion#STRICT} linearizability, in memory that
 * does not grow with its length: for files of many gigabytes and for runs without an end. It tells
 * whether and where the history goes wrong; it keeps no linearization, and an explanation takes a
 * {@link Checker} and the history itself.
 *
 * @param <S> the specification's state
 */
public final class StreamingChecker<S> implements EventSink {

    /** What is known when the history has ended. */
    public sealed interface Result {
        /** The history is valid. */
        record Valid(long events) implements Result {}

        /**
         * The history is not valid.
         *
         * @param event the call, counted from 0, of the operation whose return cannot be explained
         * @param line its line, 0 when there is none
         * @param function the function called
         */
        record Invalid(long event, int line, String function) implements Result {}

        /** The budget was spent, or more than 64 operations were open at once. */
        record Unknown(long events, String spent) implements Result {}
    }

    /** A history cannot be checked key by key: an operation does not touch exactly one. */
    public static final class SeveralKeys extends RuntimeException {
        @Serial private static final long serialVersionUID = 1L;

        SeveralKeys(String source, int line, Operation operation) {
            super(
                    source
                            + (line > 0 ? ":" + line : "")
                            + ": "
                            + operation
                            + " does not touch one key; check the history without splitting by key");
        }
    }

    private final Checker<S> states;
    private final Specification<S> specification;
    private final String source;
    private final Meter meter;
    private boolean byKey;
    private final Map<Object, StreamLane<S>> lanes = new HashMap<>();
    private final Map<Integer, Open<S>> open = new HashMap<>();
    private @Nullable Result result;
    private long events;
    private boolean down;

    /**
     * @param source the name of the history, for messages
     * @param byKey whether to check each key apart where every operation touches one key: {@link
     *     #event} throws {@link SeveralKeys} when one does not, unless it is the first
     */
    public StreamingChecker(
            Specification<S> specification, String source, boolean byKey, Budget budget) {
        this.specification = specification;
        this.states = new Checker<>(specification);
        this.source = source;
        this.byKey = byKey;
        this.meter = new Meter(budget);
    }

    @Override
    public void event(
            EventKind kind,
            int process,
            @Nullable String function,
            @Nullable Object value,
            int line) {
        events++;
        if (result != null) {
            return;
        }
        switch (kind) {
            case INVOKE -> call(process, function, value, line);
            case OK, FAIL, UNKNOWN -> end(kind, process, value, line);
            case CRASH -> {
                down = true;
                open.clear();
                lanes.values().forEach(StreamLane::crash);
            }
            case RECOVERED -> down = false;
        }
    }

    /**
     * Checks a file of any size: key by key where its operations allow, which a regular file may
     * take a second reading to find out. Throws {@link HistoryException} with the line when the
     * file is malformed or not well formed.
     */
    public static <S> Result check(Path file, Specification<S> specification, Budget budget) {
        try {
            return check(file, specification, true, budget);
        } catch (SeveralKeys severalKeys) {
            if (!Files.isRegularFile(file)) {
                throw new HistoryException(
                        file.toString(),
                        0,
                        "has to be read a second time, as an operation touches several keys;"
                                + " make it a regular file");
            }
            return check(file, specification, false, budget);
        }
    }

    private static <S> Result check(
            Path file, Specification<S> specification, boolean byKey, Budget budget) {
        StreamingChecker<S> checker =
                new StreamingChecker<>(specification, file.toString(), byKey, budget);
        try {
            HistoryFormat.read(file, checker);
            return checker.finish();
        } catch (OutOfMemoryError heapIsSmallerThanTheBudget) {
            checker.lanes.clear();
            return new Result.Unknown(checker.events, "memory=the JVM's heap");
        }
    }

    /** The result; no events may follow. */
    public Result finish() {
        for (StreamLane<S> lane : lanes.values()) {
            if (result == null) {
                lane.end();
                advance(lane);
            }
        }
        return result == null ? new Result.Valid(events) : result;
    }

    private void call(int process, @Nullable String function, @Nullable Object argument, int line) {
        if (function == null || down || open.containsKey(process)) {
            String why =
                    down
                            ? "invoke after a crash and before recovered"
                            : "process=" + process + " calls while its call is open";
            throw new HistoryException(source, line, why);
        }
        if (function.equals(Operation.BARRIER)) {
            open.put(process, new Open<>(null, null));
            return;
        }
        if (!specification.functions().contains(function)) {
            throw new HistoryException(
                    source,
                    line,
                    "model=" + specification.name() + " has no operation " + function);
        }
        StreamLane<S> lane = lane(Operation.pending(function, argument), line);
        open.put(process, new Open<>(lane, lane.call(function, argument, events - 1, line)));
    }

    private StreamLane<S> lane(Operation operation, int line) {
        Object key = this;
        if (byKey) {
            List<?> touched = specification.touches(operation);
            if (touched.size() == 1) {
                key = touched.getFirst();
            } else if (!lanes.isEmpty()) {
                throw new SeveralKeys(source, line, operation);
            } else {
                byKey = false;
            }
        }
        return lanes.computeIfAbsent(key, k -> new StreamLane<>(specification.initial()));
    }

    private void end(EventKind kind, int process, @Nullable Object value, int line) {
        Open<S> ended = open.remove(process);
        if (ended == null) {
            throw new HistoryException(
                    source, line, kind + " of process=" + process + " without an open call");
        }
        StreamLane<S> lane = ended.lane;
        StreamLane.Call call = ended.call;
        if (lane == null || call == null) {
            return;
        }
        if (kind == EventKind.OK) {
            lane.returned(call, value);
        } else if (kind == EventKind.FAIL) {
            lane.failed(call);
        } else {
            lane.unknown(call);
        }
        if (lane.crowded()) {
            advance(lane);
        }
    }

    private void advance(StreamLane<S> lane) {
        long held = meter.bytes();
        try {
            StreamLane.Call bad = lane.advance(states.space(meter), meter);
            if (bad != null) {
                result = new Result.Invalid(bad.event(), bad.line(), bad.function());
            }
        } catch (Meter.Spent spent) {
            result = new Result.Unknown(events, String.valueOf(spent.getMessage()));
        }
        meter.release(held);
    }

    /** An open operation and the lane it belongs to; both null for a barrier. */
    private record Open<S>(@Nullable StreamLane<S> lane, StreamLane.@Nullable Call call) {}
}
