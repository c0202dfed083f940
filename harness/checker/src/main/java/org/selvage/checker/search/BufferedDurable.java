package org.selvage.checker.search;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.EventKind;
import org.selvage.checker.history.History;
import org.selvage.checker.history.Intervals;
import org.selvage.checker.history.Operation;
import org.selvage.checker.history.Outcome;

/**
 * Buffered durable linearizability, with the cut of each era taken from the linearization that
 * explains the era.
 *
 * <p>A breadth-first search as in {@link JustInTime}, with a second pair beside the mask and the
 * state: what a crash now would leave. That pair is a copy of the first at some earlier moment of
 * the linearization. It may be taken at any moment, and must have been taken late enough when a
 * durable barrier returns. At a crash it becomes the present, and completed operations that it
 * lacks are gone for good; those that were open may still take effect.
 */
public final class BufferedDurable {
    /** In a path: the present is copied. */
    public static final int COPY = -2;

    /** In a path: an operation or a barrier ends, or a crash comes. */
    public static final int EVENT = -3;

    private static final int BYTES_PER_CONFIGURATION = 120;

    private final Intervals intervals;
    private final StateSpace<?> space;
    private final Meter meter;
    private final Steps steps;
    private final int[] classOf;
    private final int[] slotOf;
    private final int[] operationAt;
    private final int[] slotOperation = new int[Long.SIZE];
    private long open;
    private Map<Configuration, Integer> front = new LinkedHashMap<>();

    /** A search over the operations of a history. */
    public BufferedDurable(Intervals intervals, StateSpace<?> space, Meter meter) {
        this.intervals = intervals;
        this.space = space;
        this.meter = meter;
        this.steps = new Steps(meter);
        this.classOf = new int[intervals.count()];
        this.slotOf = new int[intervals.count()];
        this.operationAt = new int[intervals.loaded().size()];
        Arrays.fill(operationAt, -1);
        for (int i = 0; i < intervals.count(); i++) {
            if (intervals.outcome(i) == Outcome.FAILED) {
                continue;
            }
            operationAt[intervals.invokedAt(i)] = i;
            if (intervals.endedAt(i) != Intervals.NEVER) {
                operationAt[intervals.endedAt(i)] = i;
            }
            Operation operation = intervals.operation(i);
            classOf[i] =
                    space.classes()
                            .of(
                                    operation.function(),
                                    operation.argument(),
                                    operation.pending(),
                                    operation.response());
        }
        int initial = space.initial();
        front.put(new Configuration(0, initial, 0, initial, Intervals.NEVER), Steps.ROOT);
    }

    /**
     * The operations in a legal order with {@link #COPY} and {@link #EVENT} between them, or null
     * when there is none; throws {@link Meter.Spent} when the budget ends first, or more than 64
     * operations are open at once.
     */
    public int @Nullable [] decide() {
        History history = intervals.loaded();
        for (int event = 0; event < history.size(); event++) {
            EventKind kind = history.kind(event);
            int operation = operationAt[event];
            if (kind == EventKind.CRASH) {
                crash();
            } else if (operation < 0 || kind == EventKind.UNKNOWN) {
                continue;
            } else if (intervals.function(operation).equals(Operation.BARRIER)) {
                if (kind == EventKind.OK) {
                    barrier(intervals.invokedAt(operation));
                }
            } else if (kind == EventKind.INVOKE) {
                call(operation);
            } else {
                end(operation, event);
            }
            if (front.isEmpty()) {
                return null;
            }
        }
        return steps.path(front.values().iterator().next());
    }

    private void call(int operation) {
        if (intervals.outcome(operation) == Outcome.UNKNOWN
                && space.classes().readOnly(classOf[operation])) {
            return;
        }
        int slot = Long.numberOfTrailingZeros(~open);
        if (slot == Long.SIZE) {
            throw new Meter.Spent("window=64 slots");
        }
        slotOf[operation] = slot;
        slotOperation[slot] = operation;
        open |= 1L << slot;
    }

    private void end(int operation, int event) {
        long bit = 1L << slotOf[operation];
        Map<Configuration, Integer> seen = new LinkedHashMap<>(front);
        Map<Configuration, Integer> next = new LinkedHashMap<>();
        ArrayDeque<Configuration> work = new ArrayDeque<>(front.keySet());
        while (!work.isEmpty()) {
            meter.step();
            Configuration from = work.removeLast();
            int node = node(seen, from);
            if ((from.mask & bit) != 0) {
                boolean missing = (from.keptMask & bit) == 0;
                Configuration after =
                        new Configuration(
                                from.mask & ~bit,
                                from.state,
                                from.keptMask & ~bit,
                                from.keptState,
                                missing ? Math.min(from.missing, event) : from.missing);
                next.putIfAbsent(after, steps.add(node, EVENT));
                continue;
            }
            for (long rest = open & ~from.mask; rest != 0; rest &= rest - 1) {
                int slot = Long.numberOfTrailingZeros(rest);
                int result = space.step(from.state, classOf[slotOperation[slot]]);
                if (result == StateSpace.NONE) {
                    continue;
                }
                int[] states = result >= 0 ? new int[] {result} : space.alternatives(result);
                for (int state : states) {
                    Configuration to = from.linearize(slot, state);
                    int linearized = steps.add(node, slotOperation[slot]);
                    reach(to, linearized, seen, work);
                    reach(to.copied(), steps.add(linearized, COPY), seen, work);
                }
            }
        }
        open &= ~bit;
        meter.hold((long) BYTES_PER_CONFIGURATION * (next.size() - seen.size()));
        front = next;
    }

    private void reach(
            Configuration to,
            int node,
            Map<Configuration, Integer> seen,
            ArrayDeque<Configuration> work) {
        if (seen.putIfAbsent(to, node) == null) {
            meter.hold(BYTES_PER_CONFIGURATION);
            work.add(to);
        }
    }

    private void barrier(int called) {
        Map<Configuration, Integer> next = new LinkedHashMap<>();
        front.forEach((from, node) -> {
            if (from.missing > called) {
                next.putIfAbsent(from, steps.add(node, EVENT));
            }
            next.putIfAbsent(from.copied(), steps.add(steps.add(node, COPY), EVENT));
        });
        front = next;
    }

    private void crash() {
        Map<Configuration, Integer> next = new LinkedHashMap<>();
        front.forEach((from, node) -> {
            next.putIfAbsent(from.crashed(), steps.add(node, EVENT));
            next.putIfAbsent(from.copied(), steps.add(steps.add(node, COPY), EVENT));
        });
        front = next;
    }

    private static int node(Map<Configuration, Integer> seen, Configuration configuration) {
        Integer node = seen.get(configuration);
        if (node == null) {
            throw new IllegalStateException("a configuration at work was never reached");
        }
        return node;
    }

    /**
     * What is linearized and what a crash would leave.
     *
     * @param mask the open operations that are linearized
     * @param state the state now
     * @param keptMask those of them that a crash would leave
     * @param keptState the state a crash would leave
     * @param missing the end of the first completed operation that a crash would take back
     */
    private record Configuration(long mask, int state, long keptMask, int keptState, int missing) {
        Configuration linearize(int slot, int next) {
            return new Configuration(mask | 1L << slot, next, keptMask, keptState, missing);
        }

        Configuration copied() {
            return new Configuration(mask, state, mask, state, Intervals.NEVER);
        }

        Configuration crashed() {
            return new Configuration(keptMask, keptState, keptMask, keptState, Intervals.NEVER);
        }
    }
}
