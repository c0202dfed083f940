package org.selvage.checker.exact;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Intervals;
import org.selvage.checker.search.Problem;

/**
 * A problem's operations in arrays. Places in time are distinct integers, except that the deadlines
 * a crash sets coincide; {@link #NEVER} is after all of them.
 */
final class ExactInput {
    static final int NEVER = Problem.NEVER;

    final Problem problem;
    final int count;
    final int[] source;
    final int[] call;
    final int[] end;

    /** One more than the latest place. */
    final int places;

    ExactInput(Problem problem) {
        this.problem = problem;
        this.source = problem.operations();
        this.count = source.length;
        this.call = new int[count];
        this.end = new int[count];
        for (int i = 0; i < count; i++) {
            call[i] = problem.calledAt(source[i]);
            end[i] = problem.endsAt(source[i]);
        }
        this.places = 2 * problem.intervals().loaded().size() + 2;
    }

    boolean pending(int i) {
        return problem.pending(source[i]);
    }

    String function(int i) {
        return intervals().function(source[i]);
    }

    @Nullable Object argument(int i) {
        return intervals().argument(source[i]);
    }

    @Nullable Object response(int i) {
        return intervals().response(source[i]);
    }

    /** The operations that end, in the order of their ends. */
    int[] byEnd() {
        int[] order = new int[count];
        int[] first = new int[places + 1];
        int ended = 0;
        for (int i = 0; i < count; i++) {
            if (end[i] != NEVER) {
                first[end[i] + 1]++;
                ended++;
            }
        }
        for (int place = 0; place < places; place++) {
            first[place + 1] += first[place];
        }
        for (int i = 0; i < count; i++) {
            if (end[i] != NEVER) {
                order[first[end[i]]++] = i;
            }
        }
        return Arrays.copyOf(order, ended);
    }

    private Intervals intervals() {
        return problem.intervals();
    }
}
