package org.selvage.checker.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A history that is searched while it arrives. Events wait until the outcome of every operation
 * called before them is known; then {@link JustInTime} explains them, and only the configurations
 * and the operations still open are kept. Memory grows with the longest operation, not with the
 * history.
 *
 * @param <S> the specification's state
 */
public final class StreamLane<S> {
    private static final int FEWEST_EVENTS = 2048;

    /** An operation of the stream. */
    public static final class Call {
        private final String function;
        private final @Nullable Object argument;
        private final long event;
        private final int line;
        private @Nullable Object response;
        private boolean known;
        private boolean pending;
        private boolean dropped;
        private boolean closed;
        private int number;

        Call(String function, @Nullable Object argument, long event, int line) {
            this.function = function;
            this.argument = argument;
            this.event = event;
            this.line = line;
        }

        /** The event of the call. */
        public long event() {
            return event;
        }

        /** The line of the call, 0 when there is none. */
        public int line() {
            return line;
        }

        /** The function called. */
        public String function() {
            return function;
        }
    }

    private List<Call> calls = new ArrayList<>();
    private int carried;
    private int[] events = new int[64];
    private int size;
    private int nextAt = FEWEST_EVENTS;
    private List<S> states;
    private long[] masks = new long[1];

    /** A lane in which nothing has happened. */
    public StreamLane(S initial) {
        states = List.of(initial);
    }

    /** An operation is called. */
    public Call call(String function, @Nullable Object argument, long event, int line) {
        Call call = new Call(function, argument, event, line);
        call.number = calls.size();
        calls.add(call);
        append(call.number << 1);
        return call;
    }

    /** An operation returns. */
    public void returned(Call call, @Nullable Object response) {
        call.response = response;
        call.known = true;
        append(call.number << 1 | 1);
    }

    /** An operation had no effect. */
    public void failed(Call call) {
        call.known = true;
        call.dropped = true;
    }

    /** The outcome of an operation is unknown. */
    public void unknown(Call call) {
        call.known = true;
        call.pending = true;
    }

    /** A crash: operations without a response take effect before it or never. */
    public void crash() {
        for (Call call : calls) {
            if (!call.known) {
                unknown(call);
            }
            if (call.pending && !call.closed) {
                call.closed = true;
                append(call.number << 1 | 1);
            }
        }
    }

    /** True when so many events wait that it is worth calling {@link #advance}. */
    public boolean crowded() {
        return size >= nextAt;
    }

    /** The history ends: operations without a response stay open for ever. */
    public void end() {
        for (Call call : calls) {
            if (!call.known) {
                unknown(call);
            }
        }
    }

    /**
     * Explains the events whose operations have known outcomes; the operation whose return cannot
     * be explained, or null. Throws {@link Meter.Spent} when the budget ends.
     */
    public @Nullable Call advance(StateSpace<S> space, Meter meter) {
        int cut = 0;
        while (cut < size && calls.get(events[cut] >> 1).known) {
            cut++;
        }
        List<Call> used = new ArrayList<>();
        int[] numbers = new int[calls.size()];
        Arrays.fill(numbers, -1);
        int[] prefix = new int[carried + cut];
        int placed = 0;
        for (int i = 0; i < carried; i++) {
            numbers[i] = used.size();
            prefix[placed++] = used.size() << 1;
            used.add(calls.get(i));
        }
        for (int i = 0; i < cut; i++) {
            Call call = calls.get(events[i] >> 1);
            if (call.dropped || unneeded(space, call)) {
                continue;
            }
            if ((events[i] & 1) == 0) {
                numbers[call.number] = used.size();
                used.add(call);
            }
            prefix[placed++] = numbers[call.number] << 1 | (events[i] & 1);
        }
        Timeline timeline = timeline(space.classes(), used, prefix, placed);
        int rank = timeline.ends.length;
        for (int i = cut; i < size; i++) {
            int number = numbers[events[i] >> 1];
            if (number >= 0 && (events[i] & 1) == 1) {
                timeline.endRank[number] = rank++;
            }
        }
        if (timeline.window > Long.SIZE) {
            throw new Meter.Spent("window=64 slots");
        }
        int[] from = states.stream().mapToInt(space::number).toArray();
        JustInTime search = new JustInTime(timeline, space, meter, masks, from);
        if (search.advance(Long.MAX_VALUE >> 1) == Search.Status.NOT_LINEARIZABLE) {
            return used.get(timeline.ends[search.failedEnd()]);
        }
        carry(space, search, timeline, used, cut);
        return null;
    }

    private static boolean unneeded(StateSpace<?> space, Call call) {
        return call.pending
                && space.classes()
                        .readOnly(space.classes().of(call.function, call.argument, true, null));
    }

    private static Timeline timeline(
            Classes classes, List<Call> used, int[] events, int eventCount) {
        int count = used.size();
        int[] classOf = new int[count];
        int[] source = new int[count];
        boolean[] optional = new boolean[count];
        for (int i = 0; i < count; i++) {
            Call call = used.get(i);
            classOf[i] = classes.of(call.function, call.argument, call.pending, call.response);
            source[i] = i;
            optional[i] = call.pending;
        }
        return new Timeline(classOf, source, optional, events, eventCount);
    }

    /** Keeps what is open, and the events that wait. */
    private void carry(
            StateSpace<S> space, JustInTime search, Timeline timeline, List<Call> used, int cut) {
        List<Call> kept = new ArrayList<>();
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < used.size(); i++) {
            if (timeline.endOrder[i] == Timeline.NEVER) {
                open.add(i);
                kept.add(used.get(i));
            }
        }
        carried = kept.size();
        masks = new long[search.configurations()];
        states = new ArrayList<>();
        for (int c = 0; c < masks.length; c++) {
            states.add(space.state(search.state(c)));
            for (int k = 0; k < carried; k++) {
                masks[c] |= search.linearized(c, open.get(k)) ? 1L << k : 0;
            }
        }
        int waiting = 0;
        int[] numbers = new int[calls.size()];
        Arrays.fill(numbers, -1);
        for (int k = 0; k < carried; k++) {
            numbers[kept.get(k).number] = k;
        }
        for (int i = cut; i < size; i++) {
            int number = events[i] >> 1;
            if (numbers[number] < 0) {
                if ((events[i] & 1) == 1) {
                    continue;
                }
                numbers[number] = kept.size();
                kept.add(calls.get(number));
            }
            events[waiting++] = numbers[number] << 1 | (events[i] & 1);
        }
        calls = kept;
        for (int i = 0; i < kept.size(); i++) {
            kept.get(i).number = i;
        }
        size = waiting;
        nextAt = Math.max(FEWEST_EVENTS, 2 * waiting);
    }

    private void append(int event) {
        if (size == events.length) {
            events = Arrays.copyOf(events, size * 2);
        }
        events[size++] = event;
    }
}
