package org.selvage.search;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.Sites;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Verdict;
import org.selvage.search.reduction.TraceHash;

/** One strategy at work: executes one subject after the other under it, and counts. */
final class Lane {
    final Strategy strategy;
    private final TraceHash hash;
    private final @Nullable OperationListener listener;
    private final boolean hashes;
    private long[] pairs = new long[64];
    private long[] places = new long[64];

    /** How many executions it has begun. */
    long begun;

    Lane(Strategy strategy) {
        this.strategy = strategy;
        OperationListener own = strategy.listener();
        // A strategy that runs each trace once counts by itself; the table would only cost memory.
        hashes = !(strategy instanceof OptimalSearch);
        hash = own instanceof TraceHash shared ? shared : new TraceHash();
        listener = hashes ? hash : null;
    }

    /** Gets ready for the next execution; false if nothing is left to try. */
    boolean begin() {
        if (!strategy.begin(begun)) {
            return false;
        }
        begun++;
        return true;
    }

    /**
     * Executes.
     *
     * @param number the execution's number in the whole search
     * @throws IllegalStateException if the harness itself fails
     */
    Search.@Nullable Failure execute(Subject subject, Tally tally, long number) {
        if (hashes) {
            hash.begin();
        }
        Verdict verdict = subject.execute(strategy, listener);
        Execution execution = subject.execution();
        // What the strategy ended early is the beginning of a trace that it knows.
        boolean counts = hashes && !strategy.wasEnough();
        int met = counts ? stablePairs() : 0;
        tally.add(execution, counts ? hash : null, pairs, met);
        strategy.end(execution, verdict);
        return switch (verdict) {
            case Verdict.Passed passed -> null;
            case Verdict.Failed failed ->
                    new Search.Failure(verdict, Deviation.of(execution), number);
            case Verdict.Deadlock deadlock ->
                    new Search.Failure(verdict, Deviation.of(execution), number);
            case Verdict.Broken broken ->
                    throw new IllegalStateException(broken.summary(), broken.cause());
            case Verdict.StepLimit limit -> cutOff(tally, verdict);
            case Verdict.Pinned pinned -> cutOff(tally, verdict);
            case Verdict.Diverged diverged -> cutOff(tally, verdict);
        };
    }

    private Search.@Nullable Failure cutOff(Tally tally, Verdict verdict) {
        if (!strategy.wasEnough()) {
            tally.addUnknown(verdict);
        }
        return null;
    }

    /** The pairs of the execution under numbers that are the same for every loader and JVM. */
    private int stablePairs() {
        int count = hash.pairs();
        if (pairs.length < count) {
            pairs = new long[count * 2];
        }
        for (int i = 0; i < count; i++) {
            long pair = hash.pair(i) - 1L;
            pairs[i] = Xoroshiro.combine(place((int) (pair >>> 32)), place((int) pair));
        }
        return count;
    }

    private long place(int site) {
        if (site >= places.length) {
            places = Arrays.copyOf(places, Math.max(site + 1, places.length * 2));
        }
        if (places[site] == 0L) {
            Sites.Site place = Sites.get(site);
            places[site] =
                    Xoroshiro.combine(
                            ((long) place.className().hashCode() << 32) | place.line(),
                            ((long) place.method().hashCode() << 32) ^ place.target().hashCode());
        }
        return places[site];
    }
}
