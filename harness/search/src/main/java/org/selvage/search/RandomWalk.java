package org.selvage.search;

import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Verdict;

/** Draws every option with the same probability. Fair to every task with probability 1. */
final class RandomWalk implements Strategy {
    private final long seed;
    private final Xoroshiro random;

    RandomWalk(long seed) {
        this.seed = seed;
        this.random = new Xoroshiro(seed);
    }

    @Override
    public boolean begin(long index) {
        random.reseed(Xoroshiro.combine(seed, index));
        return true;
    }

    @Override
    public int choose(Choice choice) {
        return random.nextInt(choice.count());
    }

    @Override
    public void end(Execution execution, Verdict verdict) {
        // Each execution is independent of the others.
    }
}
