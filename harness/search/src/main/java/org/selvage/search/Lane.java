package org.selvage.search;

import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Verdict;
import org.selvage.search.reduction.TraceHash;

/** One strategy at work: executes one subject after the other under it, and counts. */
final class Lane {
    private static final long MOST_PENDING = 256L;

    final Strategy strategy;
    private final TraceHash ownHash = new TraceHash();
    private final boolean hashes;
    private final Tally.Pending pending = new Tally.Pending();

    /** How many executions it has begun. */
    long begun;

    Lane(Strategy strategy) {
        this.strategy = strategy;
        // A strategy that runs each trace once counts by itself; the table would only cost memory.
        hashes = !(strategy instanceof OptimalSearch);
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
     * Whether there is enough to tell: a share of all that the lane has executed, so that carriers
     * seldom write to what they share, and what is told lags little behind.
     */
    boolean isFull() {
        return pending.executions() >= Math.min(begun / 16, MOST_PENDING);
    }

    /** Tells what was executed since this was called last. */
    void flush(Tally tally) {
        tally.add(pending);
    }

    /**
     * Executes; what it adds up to is told at the next {@link #flush}.
     *
     * @param number the execution's number in the whole search
     * @throws IllegalStateException if the harness itself fails
     */
    Search.@Nullable Failure execute(Subject subject, long number) {
        TraceHash hash = ownHash;
        if (strategy.listener() instanceof TraceHash shared) {
            hash = shared; // the strategy keeps one itself
        } else if (hashes) {
            hash.begin();
        }
        Verdict verdict = subject.execute(strategy, hashes ? hash : null);
        Execution execution = subject.execution();
        // What the strategy ended early is the beginning of a trace that it knows.
        boolean counts = hashes && !strategy.wasEnough();
        pending.add(execution, counts ? hash : null);
        strategy.end(execution, verdict);
        return switch (verdict) {
            case Verdict.Passed passed -> null;
            case Verdict.Failed failed ->
                    new Search.Failure(verdict, Deviation.of(execution), number);
            case Verdict.Deadlock deadlock ->
                    new Search.Failure(verdict, Deviation.of(execution), number);
            case Verdict.Livelock livelock ->
                    new Search.Failure(verdict, Deviation.of(execution), number);
            case Verdict.Broken broken ->
                    throw new IllegalStateException(broken.summary(), broken.cause());
            case Verdict.StepLimit limit -> cutOff(verdict);
            case Verdict.Unknown unknown -> cutOff(verdict);
            case Verdict.Diverged diverged -> cutOff(verdict);
        };
    }

    private Search.@Nullable Failure cutOff(Verdict verdict) {
        if (!strategy.wasEnough()) {
            pending.addUnknown(verdict);
        }
        return null;
    }
}
