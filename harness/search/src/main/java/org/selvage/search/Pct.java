package org.selvage.search;

import java.util.Arrays;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Verdict;
import org.selvage.search.reduction.SpinDetector;

/**
 * Probabilistic concurrency testing: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized
 * scheduler with probabilistic guarantees of finding bugs" (ASPLOS 2010).
 *
 * <p>Each task gets a random priority when it is first seen; the enabled task of highest priority
 * runs; at {@code depth - 1} random steps the running task falls below all others. Two deviations
 * from the paper: the length of an execution is not given but taken from the executions before, and
 * a task that yields or spins falls below all others, so that a spin loop cannot starve the task
 * that it waits for.
 */
final class Pct implements Strategy {
    private static final int FIRST_LENGTH = 64;

    private final long seed;
    private final int depth;
    private final Xoroshiro random;
    private final long[] changePoints;
    private final SpinDetector spinning = new SpinDetector();
    private long[] priorities = new long[8];
    private int known;
    private long lowest;
    private long longest;

    Pct(long seed, int depth) {
        this.seed = seed;
        this.depth = depth;
        this.random = new Xoroshiro(seed);
        this.changePoints = new long[depth - 1];
    }

    @Override
    public boolean begin(long index) {
        random.reseed(Xoroshiro.combine(seed, index));
        known = 0;
        lowest = 0;
        spinning.begin();
        long length = longest == 0 ? FIRST_LENGTH : longest;
        for (int i = 0; i < changePoints.length; i++) {
            changePoints[i] = 1 + Long.remainderUnsigned(random.nextLong(), length);
        }
        return true;
    }

    @Override
    public int choose(Choice choice) {
        if (choice.kind() != Choice.Kind.TASK) {
            return random.nextInt(choice.count());
        }
        learn(choice.taskCount());
        int drawer = choice.drawer().id();
        boolean spins = spinning.isSpinning(choice);
        if (spins || choice.isYield() || isChangePoint(choice.steps())) {
            priorities[drawer] = --lowest;
        }
        int best = 0;
        long priority = Long.MIN_VALUE;
        for (int i = 0; i < choice.count(); i++) {
            long p = priorities[choice.task(i).id()];
            if (p > priority) {
                priority = p;
                best = i;
            }
        }
        return best;
    }

    private boolean isChangePoint(long step) {
        for (int i = 0; i < changePoints.length; i++) {
            // Steps without a draw are passed over, so a change is due from its step on.
            if (changePoints[i] != 0 && changePoints[i] <= step) {
                changePoints[i] = 0;
                return true;
            }
        }
        return false;
    }

    private void learn(int taskCount) {
        if (taskCount > priorities.length) {
            priorities = Arrays.copyOf(priorities, Math.max(taskCount, priorities.length * 2));
        }
        for (; known < taskCount; known++) {
            priorities[known] = random.nextLong() >>> 1;
        }
    }

    @Override
    public void end(Execution execution, Verdict verdict) {
        longest = Math.max(longest, execution.steps());
    }

    @Override
    public String toString() {
        return "pct depth=" + depth;
    }
}
