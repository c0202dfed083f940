package org.selvage.search;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.Sites;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Tape;
import org.selvage.scheduler.Verdict;
import org.selvage.search.reduction.LongSet;
import org.selvage.search.reduction.TraceHash;

/** What a search has tried so far. Several carriers add to it, each what is {@link Pending}. */
final class Tally {
    private final long begin = System.nanoTime();
    private final LongSet schedules = new LongSet(Search.Result.MOST_SCHEDULES);
    private final TraceStatistics statistics = new TraceStatistics();
    private long executions;
    private long steps;
    private long switches;
    private long unknown;
    private @Nullable Verdict firstUnknown;
    private long earlierNanos;

    /**
     * What one lane has executed and the tally does not know yet. Confined to the lane's carrier,
     * so that carriers wait for each other only once in a while.
     */
    static final class Pending {
        private final LongSet known = new LongSet();
        private long[] schedules = new long[16];
        private long[] traces = new long[16];
        private int[] pairEnds = new int[16];
        private int traceCount;
        private long[] pairs = new long[64];
        private int pairCount;
        private long executions;
        private long steps;
        private long switches;
        private long unknown;
        private @Nullable Verdict firstUnknown;

        /** Adds an execution; its trace, unless the strategy runs no trace twice. */
        void add(Execution execution, @Nullable TraceHash trace) {
            executions++;
            steps += execution.steps();
            switches += execution.switches();
            if (trace == null) {
                return;
            }
            if (traceCount == traces.length) {
                schedules = Arrays.copyOf(schedules, traceCount * 2);
                traces = Arrays.copyOf(traces, traceCount * 2);
                pairEnds = Arrays.copyOf(pairEnds, traceCount * 2);
            }
            for (int i = 0; i < trace.pairs(); i++) {
                // What this lane has told before need not be told again.
                if (known.add(trace.pair(i))) {
                    addPair(trace.pair(i));
                }
            }
            schedules[traceCount] = hash(execution.tape());
            traces[traceCount] = trace.value();
            pairEnds[traceCount++] = pairCount;
        }

        /** Adds a pair under a number that is the same for every loader and JVM. */
        private void addPair(long pair) {
            if (pairCount == pairs.length) {
                pairs = Arrays.copyOf(pairs, pairCount * 2);
            }
            pairs[pairCount++] =
                    Xoroshiro.combine(place((int) ((pair - 1L) >>> 32)), place((int) (pair - 1L)));
        }

        private static long place(int site) {
            Sites.Site place = Sites.get(site);
            return Xoroshiro.combine(
                    ((long) place.className().hashCode() << 32) | place.line(),
                    ((long) place.method().hashCode() << 32) ^ place.target().hashCode());
        }

        long executions() {
            return executions;
        }

        /** Notes that nothing is known of an execution's end. */
        void addUnknown(Verdict verdict) {
            unknown++;
            if (firstUnknown == null) {
                firstUnknown = verdict;
            }
        }

        private void clear() {
            traceCount = 0;
            pairCount = 0;
            executions = 0;
            steps = 0;
            switches = 0;
            unknown = 0;
            firstUnknown = null;
        }
    }

    /** Adds what a lane has executed, in its order, and lets it begin anew. On its carrier. */
    synchronized void add(Pending pending) {
        executions += pending.executions;
        steps += pending.steps;
        switches += pending.switches;
        unknown += pending.unknown;
        firstUnknown = firstUnknown == null ? pending.firstUnknown : firstUnknown;
        int pair = 0;
        for (int i = 0; i < pending.traceCount; i++) {
            schedules.add(pending.schedules[i]);
            statistics.add(pending.traces[i], pending.pairs, pair, pending.pairEnds[i]);
            pair = pending.pairEnds[i];
        }
        pending.clear();
    }

    /** Adds what an earlier run of the search, or another shard of it, has tried. */
    synchronized void add(SavedSearch earlier, SavedSearch.Tables tables) {
        executions += earlier.executions();
        steps += earlier.steps();
        switches += earlier.switches();
        unknown += earlier.unknown();
        earlierNanos += earlier.nanos();
        statistics.add(tables.traces().traces(), tables.traces().counts());
        for (long schedule : tables.schedules()) {
            schedules.add(schedule);
        }
    }

    synchronized long executions() {
        return executions;
    }

    long nanos() {
        return earlierNanos + System.nanoTime() - begin;
    }

    synchronized SavedSearch.Tables tables() {
        return new SavedSearch.Tables(statistics.table(), schedules.toArray());
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
                distinct >= 0 ? executions : schedules.size(),
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
