package org.selvage.checker.history;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a history with the events at which they begin and end, in the order of their
 * calls. Pairing is also where a history is validated. The object can be loaded again and keeps its
 * arrays.
 */
public final class Intervals {
    /** The end of an operation that never ends. */
    public static final int NEVER = Integer.MAX_VALUE;

    private static final int DIRECT_PROCESSES = 1024;

    private final Map<Integer, Integer> openElsewhere = new HashMap<>();
    private final int[] openDirect = new int[DIRECT_PROCESSES];
    private int highestDirect = -1;
    private int[] invokedAt = new int[16];
    private int[] endedAt = new int[16];
    private int[] crashedAt = new int[16];
    private Outcome[] outcomes = new Outcome[16];
    private int count;
    private boolean crashed;
    private @Nullable History history;

    /**
     * Pairs the events of a history; throws {@link HistoryException} with the line when it is not
     * well formed.
     */
    public static Intervals of(History history) {
        Intervals intervals = new Intervals();
        intervals.load(history);
        return intervals;
    }

    /** Pairs the events of another history into this object. */
    public void load(History next) {
        history = next;
        count = 0;
        crashed = false;
        Arrays.fill(openDirect, 0, highestDirect + 1, 0);
        highestDirect = -1;
        openElsewhere.clear();
        boolean down = false;
        int era = 0;
        for (int event = 0; event < next.size(); event++) {
            switch (next.kind(event)) {
                case INVOKE -> {
                    if (down) {
                        throw problem(next, event, "invoke after a crash and before recovered");
                    }
                    begin(next, event);
                }
                case OK -> end(next, event, Outcome.OK);
                case FAIL -> end(next, event, Outcome.FAILED);
                case UNKNOWN -> end(next, event, Outcome.UNKNOWN);
                case CRASH -> {
                    crash(event, era);
                    era = count;
                    down = true;
                    crashed = true;
                }
                case RECOVERED -> {
                    if (!down) {
                        throw problem(next, event, "recovered without a crash before it");
                    }
                    down = false;
                }
            }
        }
    }

    /** The number of operations, barriers included. */
    public int count() {
        return count;
    }

    /** True when the history has a crash. */
    public boolean hasCrash() {
        return crashed;
    }

    /** The event of the call. */
    public int invokedAt(int operation) {
        return invokedAt[operation];
    }

    /** The event of the return; {@link #NEVER} when the outcome is unknown. */
    public int endedAt(int operation) {
        return outcomes[operation] == Outcome.UNKNOWN ? NEVER : endedAt[operation];
    }

    /**
     * The last event of the operation, which is its return or the event that said that the outcome
     * is unknown; {@link #NEVER} when there is none.
     */
    public int lastEvent(int operation) {
        return endedAt[operation];
    }

    /**
     * The first crash after the call of an operation whose outcome is unknown; {@link #NEVER} when
     * there is none.
     */
    public int crashedAt(int operation) {
        return crashedAt[operation];
    }

    /** How the operation ended. */
    public Outcome outcome(int operation) {
        return outcomes[operation];
    }

    /** The calling process. */
    public int process(int operation) {
        return loaded().process(invokedAt[operation]);
    }

    /** The function called. */
    public String function(int operation) {
        String function = loaded().function(invokedAt[operation]);
        if (function == null) {
            throw new IllegalStateException(
                    "an invocation without a function: event=" + invokedAt[operation]);
        }
        return function;
    }

    /** The argument of the call. */
    public @Nullable Object argument(int operation) {
        return loaded().value(invokedAt[operation]);
    }

    /** The response, null unless the outcome is {@link Outcome#OK}. */
    public @Nullable Object response(int operation) {
        return outcomes[operation] == Outcome.OK ? loaded().value(endedAt[operation]) : null;
    }

    /** The operation as a specification sees it. */
    public Operation operation(int operation) {
        return new Operation(
                function(operation),
                argument(operation),
                outcomes[operation] != Outcome.OK,
                response(operation));
    }

    /** The history these operations come from. */
    public History loaded() {
        if (history == null) {
            throw new IllegalStateException("no history has been loaded");
        }
        return history;
    }

    private void begin(History next, int event) {
        if (next.function(event) == null) {
            throw problem(next, event, "invoke without an operation name");
        }
        if (count == invokedAt.length) {
            int capacity = count * 2;
            invokedAt = Arrays.copyOf(invokedAt, capacity);
            endedAt = Arrays.copyOf(endedAt, capacity);
            crashedAt = Arrays.copyOf(crashedAt, capacity);
            outcomes = Arrays.copyOf(outcomes, capacity);
        }
        int process = next.process(event);
        int before = exchangeOpen(process, count);
        if (before >= 0) {
            throw problem(
                    next,
                    event,
                    "process="
                            + process
                            + " calls "
                            + next.function(event)
                            + " while its call of "
                            + function(before)
                            + " is open"
                            + at(next, invokedAt[before])
                            + "; give each client its own process");
        }
        invokedAt[count] = event;
        endedAt[count] = NEVER;
        crashedAt[count] = NEVER;
        outcomes[count] = Outcome.UNKNOWN;
        count++;
    }

    private void end(History next, int event, Outcome outcome) {
        int process = next.process(event);
        int operation = exchangeOpen(process, -1);
        if (operation < 0) {
            throw problem(
                    next,
                    event,
                    next.kind(event) + " of process=" + process + " without an open call");
        }
        outcomes[operation] = outcome;
        endedAt[operation] = event;
    }

    /** A crash also limits operations whose clients gave up before it, back to the crash before. */
    private void crash(int event, int era) {
        for (int i = era; i < count; i++) {
            if (outcomes[i] == Outcome.UNKNOWN && crashedAt[i] == NEVER) {
                crashedAt[i] = event;
            }
        }
        Arrays.fill(openDirect, 0, highestDirect + 1, 0);
        openElsewhere.clear();
    }

    /** Sets the open operation of a process, -1 for none, and returns the one before. */
    private int exchangeOpen(int process, int operation) {
        if (process >= 0 && process < DIRECT_PROCESSES) {
            int before = openDirect[process] - 1;
            openDirect[process] = operation + 1;
            highestDirect = Math.max(highestDirect, process);
            return before;
        }
        Integer before =
                operation < 0
                        ? openElsewhere.remove(process)
                        : openElsewhere.put(process, operation);
        return before == null ? -1 : before;
    }

    private static String at(History history, int event) {
        int line = history.line(event);
        return line > 0 ? " since line=" + line : " since event=" + event;
    }

    private static HistoryException problem(History history, int event, String what) {
        String where = history.line(event) > 0 ? "" : "event=" + event + " ";
        return new HistoryException(history.source(), history.line(event), where + what);
    }
}
