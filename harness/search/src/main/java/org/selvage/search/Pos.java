package org.selvage.search;

import java.util.Arrays;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;

/**
 * Partial-order sampling: Yuan, Yang, Gu, "Partial order aware concurrency sampling" (CAV 2018).
 *
 * <p>The next operation of each task has a random priority; the enabled one of highest priority
 * runs; then it and those that race with it get new ones. So each order of two racing operations is
 * about as likely as the other, however many independent operations are in between. Two deviations:
 * priorities are drawn where there is a choice, not at each operation, and a task that yields draws
 * the lowest, so that it does not starve the one it waits for.
 */
final class Pos implements Strategy {
    private final long seed;
    private final Xoroshiro random;
    private long[] priorities = new long[8];
    private int[] operations = new int[8];

    Pos(long seed) {
        this.seed = seed;
        this.random = new Xoroshiro(seed);
    }

    @Override
    public boolean begin(long index) {
        random.reseed(Xoroshiro.combine(seed, index));
        Arrays.fill(operations, -1);
        return true;
    }

    @Override
    public int choose(Choice choice) {
        if (choice.kind() != Choice.Kind.TASK) {
            return random.nextInt(choice.count());
        }
        int best = 0;
        long highest = Long.MIN_VALUE;
        for (int i = 0; i < choice.count(); i++) {
            long priority = priority(choice.task(i));
            if (priority > highest) {
                highest = priority;
                best = i;
            }
        }
        Task chosen = choice.task(best);
        for (int i = 0; i < choice.count(); i++) {
            Task other = choice.task(i);
            if (i == best || race(chosen, other)) {
                operations[other.id()] = -1;
            }
        }
        return best;
    }

    private long priority(Task task) {
        int id = task.id();
        if (id >= operations.length) {
            int old = operations.length;
            operations = Arrays.copyOf(operations, Math.max(id + 1, old * 2));
            priorities = Arrays.copyOf(priorities, operations.length);
            Arrays.fill(operations, old, operations.length, -1);
        }
        if (operations[id] != task.operations()) {
            operations[id] = task.operations();
            long drawn = random.nextLong() >>> 1;
            priorities[id] = task.kind() == OperationKind.YIELD ? -1L - (drawn >>> 1) : drawn;
        }
        return priorities[id];
    }

    private static boolean race(Task a, Task b) {
        return a.object() != null
                && a.object() == b.object()
                && !(a.kind().isRead() && b.kind().isRead());
    }

    @Override
    public void end(Execution execution, Verdict verdict) {
        // Each execution is independent of the others.
    }

    @Override
    public String toString() {
        return "pos";
    }
}
