package org.selvage.checker.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.specification.Specification;

/**
 * Numbers the states of a specification and remembers its steps. A state is stepped by an operation
 * at most once as long as the steps fit the table.
 */
public final class StateSpace<S> {
    /** The operation is impossible in the state. */
    public static final int NONE = -1;

    private static final int MOST_STEPS_KEPT = 1 << 21;
    private static final int BYTES_PER_STATE = 160;

    private final Specification<S> specification;
    private final Classes classes;
    private final Map<S, Integer> numbers = new HashMap<>();
    private final List<S> states = new ArrayList<>();
    private final List<int[]> alternatives = new ArrayList<>();
    private long[] stepKeys = new long[256];
    private int[] stepResults = new int[256];
    private int stepsKept;
    private Meter meter;

    /** The states of a specification, with no state known but the initial one. */
    public StateSpace(Specification<S> specification, Classes classes, Meter meter) {
        this.specification = specification;
        this.classes = classes;
        this.meter = meter;
        number(specification.initial());
    }

    /** Counts new states against another budget from here on. */
    public void meter(Meter next) {
        meter = next;
    }

    /** The number of the initial state. */
    public int initial() {
        return 0;
    }

    /** How many states are known. */
    public int size() {
        return states.size();
    }

    /** The state with this number. */
    public S state(int number) {
        return states.get(number);
    }

    /** The state in the specification's words. */
    public String describe(int number) {
        return specification.describe(states.get(number));
    }

    /** The operations that step these states. */
    public Classes classes() {
        return classes;
    }

    /**
     * The state after the operation, {@link #NONE}, or a number below it that stands for several:
     * see {@link #alternatives}.
     */
    public int step(int state, int operation) {
        long key = ((long) state << 32 | operation) + 1;
        int mask = stepKeys.length - 1;
        int at = Classes.mix((int) (key ^ key >>> 29)) & mask;
        while (stepKeys[at] != 0) {
            if (stepKeys[at] == key) {
                return stepResults[at];
            }
            at = (at + 1) & mask;
        }
        int result = compute(state, operation);
        keep(key, result);
        return result;
    }

    /** The states a result of {@link #step} below {@link #NONE} stands for. */
    public int[] alternatives(int result) {
        return alternatives.get(-2 - result);
    }

    private int compute(int state, int operation) {
        List<S> next = specification.steps(states.get(state), classes.operation(operation));
        if (next.isEmpty()) {
            return NONE;
        }
        if (next.size() == 1) {
            return number(next.getFirst());
        }
        int[] numbersOfNext = next.stream().mapToInt(this::number).distinct().toArray();
        if (numbersOfNext.length == 1) {
            return numbersOfNext[0];
        }
        alternatives.add(numbersOfNext);
        return -1 - alternatives.size();
    }

    /** The number of a state. */
    public int number(S state) {
        Integer known = numbers.get(state);
        if (known != null) {
            return known;
        }
        meter.hold(bytes(state));
        numbers.put(state, states.size());
        states.add(state);
        return states.size() - 1;
    }

    /** An estimate: what states share with one another is not known. */
    private static long bytes(@Nullable Object state) {
        return switch (state) {
            case null -> BYTES_PER_STATE;
            case Collection<?> values -> BYTES_PER_STATE + 8L * values.size();
            case Map<?, ?> map -> BYTES_PER_STATE + 64L * map.size();
            default -> BYTES_PER_STATE;
        };
    }

    private void keep(long key, int result) {
        if (stepsKept * 2 >= stepKeys.length) {
            if (stepsKept >= MOST_STEPS_KEPT) {
                Arrays.fill(stepKeys, 0);
                stepsKept = 0;
            } else {
                growSteps();
            }
        }
        put(key, result);
        stepsKept++;
    }

    private void put(long key, int result) {
        int mask = stepKeys.length - 1;
        int at = Classes.mix((int) (key ^ key >>> 29)) & mask;
        while (stepKeys[at] != 0) {
            at = (at + 1) & mask;
        }
        stepKeys[at] = key;
        stepResults[at] = result;
    }

    private void growSteps() {
        long[] oldKeys = stepKeys;
        int[] oldResults = stepResults;
        stepKeys = new long[oldKeys.length * 4];
        stepResults = new int[oldKeys.length * 4];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                put(oldKeys[i], oldResults[i]);
            }
        }
    }
}
