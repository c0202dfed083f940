package org.selvage.search;

import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Tape;
import org.selvage.scheduler.Verdict;
import org.selvage.search.reduction.TraceHash;

/** What a search has tried so far. Several carriers may add to it. */
final class Tally {
    private final long begin = System.nanoTime();
    private final LongSet schedules = new LongSet();
    private final TraceStatistics statistics = new TraceStatistics();
    private long executions;
    private long steps;
    private long switches;
    private long unknown;
    private @Nullable Verdict firstUnknown;
    private long earlierNanos;
    private long earlierSchedules;

    /** Adds an execution; its trace, unless the strategy runs no trace twice. */
    void add(Execution execution, @Nullable TraceHash trace, long[] pairs, int count) {
        // Hashed before the lock is taken, as carriers wait for each other there.
        long schedule = trace == null ? 0L : hash(execution.tape());
        synchronized (this) {
            executions++;
            steps += execution.steps();
            switches += execution.switches();
            if (trace != null) {
                schedules.add(schedule);
                statistics.add(trace.value(), pairs, count);
            }
        }
    }

    /** Notes that nothing is known of an execution's end. */
    synchronized void addUnknown(Verdict verdict) {
        unknown++;
        if (firstUnknown == null) {
            firstUnknown = verdict;
        }
    }

    /** Adds what an earlier run of the search, or another shard of it, has tried. */
    synchronized void add(SavedSearch earlier, long[] traces, byte[] counts) {
        executions += earlier.executions();
        steps += earlier.steps();
        switches += earlier.switches();
        unknown += earlier.unknown();
        earlierNanos += earlier.nanos();
        earlierSchedules = Math.max(earlierSchedules, earlier.schedules());
        statistics.add(traces, counts);
    }

    synchronized long executions() {
        return executions;
    }

    long nanos() {
        return earlierNanos + System.nanoTime() - begin;
    }

    synchronized TraceStatistics.Table traces() {
        return statistics.table();
    }

    /**
     * The result so far.
     *
     * @param distinct how many traces there were, if the strategy counts them itself, or -1
     * @param proven what was searched completely if no execution was cut off, or null
     * @param estimate the strategy's own, or NaN
     */
    synchronized Search.Result result(
            Search.@Nullable Failure failure,
            boolean exhausted,
            long distinct,
            @Nullable String proven,
            double estimate) {
        return new Search.Result(
                failure,
                executions,
                steps,
                switches,
                distinct >= 0 ? executions : Math.max(earlierSchedules, schedules.size()),
                nanos(),
                unknown,
                firstUnknown,
                exhausted,
                distinct >= 0 ? distinct : statistics.traces(),
                exhausted && unknown == 0 ? proven : null,
                Double.isNaN(estimate) ? statistics.estimate() : estimate,
                statistics.curve());
    }

    private static long hash(Tape tape) {
        long hash = tape.size();
        for (int i = 0; i < tape.size(); i++) {
            long entry =
                    ((long) tape.task(i) << 48)
                            ^ ((long) tape.operation(i) << 20)
                            ^ ((long) tape.draw(i) << 12)
                            ^ tape.picked(i);
            hash = Xoroshiro.combine(hash, entry);
        }
        return hash;
    }
}
