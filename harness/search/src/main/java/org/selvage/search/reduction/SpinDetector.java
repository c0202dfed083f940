package org.selvage.search.reduction;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.CollectionCalls;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Task;

/**
 * Tells a task that goes round in a loop until another one does something: it is about to read what
 * it has read at the same place before, and nothing has changed since. Such a task should let the
 * others go first; no number of rounds has to be chosen for that. Musuvathi and Qadeer, "Fair
 * stateless model checking" (PLDI 2008), ask the program to yield in such loops.
 */
public final class SpinDetector {
    /** How many reads of a round are remembered for each task. */
    private static final int ROUND = 8;

    private @Nullable Object[] objects = new @Nullable Object[ROUND * 8];
    private int[] sites = new int[ROUND * 8];
    private long[] steps = new long[ROUND * 8];

    /** Gets ready for the next execution. */
    public void begin() {
        Arrays.fill(objects, null);
    }

    /** Whether the drawer only repeats itself. To be asked once at each draw. */
    public boolean isSpinning(Choice choice) {
        Task task = choice.drawer();
        Object object = task.object();
        if (task.kind() != OperationKind.READ
                || object == null
                || !choice.isPreemption()
                || isAmidCall(task)) {
            return false;
        }
        int base = task.id() * ROUND;
        if (base >= sites.length) {
            int size = Math.max(base + ROUND, sites.length * 2);
            objects = Arrays.copyOf(objects, size);
            sites = Arrays.copyOf(sites, size);
            steps = Arrays.copyOf(steps, size);
        }
        int oldest = base;
        for (int i = base; i < base + ROUND; i++) {
            if (objects[i] == object && sites[i] == task.site()) {
                boolean unchanged = steps[i] > choice.lastChange();
                steps[i] = choice.steps();
                return unchanged;
            }
            if (objects[i] == null || steps[i] < steps[oldest]) {
                oldest = objects[oldest] == null ? oldest : i;
            }
        }
        objects[oldest] = object;
        sites[oldest] = task.site();
        steps[oldest] = choice.steps();
        return false;
    }

    /** Whether a call on a collection goes on: it may well read a variable twice. */
    private static boolean isAmidCall(Task task) {
        return task.draws() > CollectionCalls.ACCESSES
                && task.draws() % CollectionCalls.ACCESSES != 0;
    }
}
