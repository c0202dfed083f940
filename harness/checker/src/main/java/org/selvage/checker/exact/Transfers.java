package org.selvage.checker.exact;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.specification.Values;

/**
 * The values that pass through a queue, stack or priority queue, each put in at most once, with the
 * intervals of its put and its take narrowed to what the pair allows: a put takes effect before its
 * take ends, and a take after its put is called.
 *
 * <p>A pending put counts when its value was taken, and otherwise can be left out. A pending take
 * can only help when some value was never taken.
 */
final class Transfers {
    final ExactInput input;

    /** Later than every place. */
    final int horizon;

    int count;
    int[] put;
    int[] take;
    int[] putCall;
    int[] putEnd;
    int[] takeCall;
    int[] takeEnd;
    @Nullable Object[] value;

    /** Takes that found nothing. */
    int[] empties;

    /** Whether a pending take could have taken a value that is still there. */
    boolean pendingTakeMayMatter;

    private final ValueTable values;
    private int[] putOf = new int[0];
    private int[] takeOf = new int[0];
    private int[] suspects = new int[0];
    private int takenTwice = -1;
    private int again;

    private Transfers(ExactInput input) {
        this.input = input;
        this.horizon = input.places;
        this.values = new ValueTable(input.count / 2 + 1);
        this.empties = new int[input.count];
        this.put = new int[0];
        this.take = put;
        this.putCall = put;
        this.putEnd = put;
        this.takeCall = put;
        this.takeEnd = put;
        this.value = new @Nullable Object[0];
    }

    /** The transfers of a history; null when values are ambiguous. */
    static @Nullable Transfers of(ExactInput input, String putName) {
        Transfers transfers = new Transfers(input);
        return transfers.collect(putName) ? transfers : null;
    }

    /**
     * Operations that contradict each other whatever the order of the object; empty when there are
     * none.
     */
    int[] suspects() {
        return suspects;
    }

    /**
     * The verdict that there is no linearization, unless a pending take that was left out might
     * make one.
     */
    ExactResult none(int[] operations) {
        return pendingTakeMayMatter
                ? ExactResult.notApplicable()
                : ExactResult.notLinearizable(operations);
    }

    private boolean collect(String putName) {
        putOf = new int[input.count + 1];
        takeOf = new int[input.count + 1];
        Arrays.fill(putOf, -1);
        Arrays.fill(takeOf, -1);
        int foundEmpty = 0;
        boolean pendingTake = false;
        for (int i = 0; i < input.count; i++) {
            boolean puts = input.function(i).equals(putName);
            if (!puts && input.pending(i)) {
                pendingTake = true;
                continue;
            }
            Object passed = puts ? input.argument(i) : input.response(i);
            if (Values.isEmpty(passed)) {
                if (puts) {
                    return false;
                }
                empties[foundEmpty++] = i;
                continue;
            }
            int number = values.of(0, passed);
            int[] side = puts ? putOf : takeOf;
            if (side[number] >= 0) {
                if (puts) {
                    return false;
                }
                takenTwice = number;
                again = i;
                continue;
            }
            side[number] = i;
        }
        empties = Arrays.copyOf(empties, foundEmpty);
        narrow(pendingTake);
        return true;
    }

    private void narrow(boolean pendingTake) {
        int size = values.size();
        put = new int[size];
        take = new int[size];
        putCall = new int[size];
        putEnd = new int[size];
        takeCall = new int[size];
        takeEnd = new int[size];
        value = new @Nullable Object[size];
        for (int number = 0; number < size; number++) {
            int puts = putOf[number];
            int takes = takeOf[number];
            if (puts < 0) {
                suspects = new int[] {input.source[takes]};
                continue;
            }
            if (takes < 0 && input.pending(puts)) {
                continue;
            }
            put[count] = puts;
            take[count] = takes;
            value[count] = values.value(number);
            int ends = takes < 0 ? horizon : input.end[takes];
            putCall[count] = input.call[puts];
            putEnd[count] = Math.min(input.end[puts], ends);
            takeCall[count] = takes < 0 ? horizon : Math.max(input.call[takes], input.call[puts]);
            takeEnd[count] = takes < 0 ? horizon + 1 : ends;
            if (ends < putCall[count]) {
                suspects = new int[] {input.source[puts], input.source[takes]};
            }
            pendingTakeMayMatter |= pendingTake && takes < 0;
            count++;
        }
        if (takenTwice >= 0) {
            int puts = putOf[takenTwice];
            int first = input.source[takeOf[takenTwice]];
            int second = input.source[again];
            suspects =
                    puts < 0
                            ? new int[] {first, second}
                            : new int[] {input.source[puts], first, second};
        }
        Arrays.sort(suspects);
    }

    /**
     * For each cell between two neighbouring places, the first one from there on during which no
     * value is certainly inside; {@code horizon} when there is none. Cell c lies after place c.
     */
    int[] nextFree() {
        int[] inside = new int[horizon + 2];
        for (int v = 0; v < count; v++) {
            if (putEnd[v] < takeCall[v]) {
                inside[putEnd[v]]++;
                inside[takeCall[v]]--;
            }
        }
        for (int cell = 1; cell <= horizon; cell++) {
            inside[cell] += inside[cell - 1];
        }
        int[] free = inside;
        int next = horizon;
        for (int cell = horizon; cell >= 0; cell--) {
            next = inside[cell] == 0 ? cell : next;
            free[cell] = next;
        }
        return free;
    }

    int source(int operation) {
        return input.source[operation];
    }
}
