package org.selvage.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.selvage.search.reduction.BoundedReduction;

/**
 * A search by any number of workers, each with a subject and a carrier of its own.
 *
 * <p>The search is divided into {@value #LANES} lanes, however many workers there are; each has a
 * strategy of its own, with a seed or a part of the space of its own. A lane belongs to one worker.
 * The lanes take turns in batches of {@value #BATCH} executions, and that order numbers the
 * executions. So a sampling strategy tries the same executions whoever does it, and what is
 * reported is the failure with the lowest number. Executions beyond it that other workers had begun
 * are counted, too. The lanes of a systematic search tell each other which states they have seen
 * and where races begin, so which of its executions run depends on the number of workers, though
 * not what they prove.
 *
 * <p>A strategy that cannot be divided has one lane.
 */
public final class ParallelSearch {
    /** How many lanes a search has at most: more workers than that find nothing to do. */
    public static final int LANES = 8;

    private static final int BATCH = 16;
    private static final long PROGRESS_NANOS = 500_000_000L;

    /**
     * What is to be done.
     *
     * @param strategy a strategy's name
     * @param seed for its draws
     * @param shard which part of it
     * @param budget how long
     */
    public record Plan(String strategy, long seed, Shard shard, Budget budget) {}

    private final Plan plan;
    private final Search.Progress progress;
    private final Tally tally = new Tally();
    private final BoundedReduction.Shared shared;
    private final List<Lane> lanes = new ArrayList<>();

    /** By lane: how many executions it had begun when the tally heard of it last. */
    private final long[] told;

    private final boolean[] exhausted;

    /** By lane: how many races its points rested on when it was exhausted. */
    private final int[] races;

    /** Whether some part of the search runs on another carrier than the rest. */
    private volatile boolean apart;

    private final long begin = System.nanoTime();
    private final AtomicLong stopBefore = new AtomicLong(Long.MAX_VALUE);
    private Search.@Nullable Failure failure;
    private volatile boolean stopped;
    private volatile long reported = begin;

    /**
     * Makes a search.
     *
     * @throws IllegalArgumentException with one clear line if there is no such strategy, or it
     *     cannot be divided into shards
     */
    public ParallelSearch(Plan plan, Search.Progress progress) {
        this.plan = plan;
        this.progress = progress;
        boolean whole = Strategies.isWhole(plan.strategy());
        Shard shard = plan.shard();
        shared = new BoundedReduction.Shared(shard.count() == 1);
        if (whole && shard.count() > 1) {
            throw new IllegalArgumentException(
                    "this strategy cannot be divided into shards: strategy="
                            + plan.strategy()
                            + " shard="
                            + shard
                            + "; bounded:K and the sampling strategies can");
        }
        int count = whole ? 1 : LANES;
        for (int i = 0; i < count; i++) {
            int number = i * shard.count() + shard.index() - 1;
            Part part = new Part(number, count * shard.count());
            long seed = number == 0 ? plan.seed() : Xoroshiro.combine(plan.seed(), -1L - number);
            lanes.add(new Lane(Strategies.named(plan.strategy(), seed, part, shared)));
        }
        told = new long[count];
        exhausted = new boolean[count];
        races = new int[count];
        apart = plan.shard().count() > 1;
    }

    /** How many workers find something to do. */
    public int mostWorkers() {
        return lanes.size();
    }

    /**
     * Does a worker's share, on its carrier.
     *
     * @param worker its number, from 0
     * @param workers how many there are
     * @throws IllegalStateException if the harness itself fails
     */
    public void work(Subject subject, int worker, int workers) {
        if (workers > 1) {
            apart = true;
        }
        boolean any = true;
        while (any) {
            any = false;
            for (int lane = first(worker, workers); lane < first(worker + 1, workers); lane++) {
                boolean morePoints =
                        exhausted[lane] && races[lane] != subject.execution().raceCount();
                if (morePoints) {
                    lanes.get(lane).strategy.restart();
                }
                if (morePoints || !isDone(lane)) {
                    any |= batch(subject, lane);
                }
            }
        }
    }

    /**
     * Which lane is a worker's first. Its lanes are neighbours, as what they write to lies close
     * together: two carriers that write to one cache line are slow.
     */
    private int first(int worker, int workers) {
        return worker * lanes.size() / workers;
    }

    private boolean isDone(int lane) {
        return exhausted[lane] && !lanes.get(lane).strategy.isStale();
    }

    /** The number of a lane's next execution. */
    private long next(int number, long begun) {
        return (begun / BATCH * lanes.size() + number) * BATCH + begun % BATCH;
    }

    /** What is left of a batch of a lane; false if there is nothing left for it. */
    private boolean batch(Subject subject, int number) {
        Lane lane = lanes.get(number);
        boolean more = false;
        try {
            more = batch(subject, lane, number);
        } finally {
            if (!more || lane.isFull()) {
                synchronized (tally) {
                    lane.flush(tally);
                    told[number] = lane.begun;
                }
            }
        }
        return more;
    }

    private boolean batch(Subject subject, Lane lane, int number) {
        long execution = next(number, lane.begun);
        long batch = execution / BATCH;
        long end = Math.min((batch + 1) * BATCH, plan.budget().executions());
        if (batch >= stopBefore.get() || execution >= end) {
            return false;
        }
        if (exhausted[number]) { // else no write, as other workers read their parts of this line
            exhausted[number] = false;
        }
        for (; execution < end; execution++) {
            if (stopped || isLate()) {
                return false;
            }
            if (!lane.begin()) {
                races[number] = subject.execution().raceCount();
                exhausted[number] = true;
                return false;
            }
            Search.Failure found = lane.execute(subject, execution);
            if (found != null) {
                note(found, batch);
                return false;
            }
        }
        report();
        return true;
    }

    private synchronized void note(Search.Failure found, long batch) {
        if (failure == null || found.execution() < failure.execution()) {
            failure = found;
            stopBefore.set(Math.min(stopBefore.get(), batch));
        }
    }

    private boolean isLate() {
        return System.nanoTime() - begin >= plan.budget().time().toNanos();
    }

    private void report() {
        if (System.nanoTime() - reported < PROGRESS_NANOS) {
            return;
        }
        synchronized (this) {
            long now = System.nanoTime();
            if (now - reported >= PROGRESS_NANOS) {
                reported = now;
                progress.report(result());
            }
        }
    }

    /** Lets all workers end after the executions that they are at. From any thread. */
    public void stop() {
        stopped = true;
    }

    /** Whether {@link #stop} was called. */
    public boolean isStopped() {
        return stopped;
    }

    /**
     * Whether the workers have nothing more to do: false if they left while one of them found out
     * what concerns another.
     */
    public synchronized boolean isFinished() {
        if (stopped || failure != null || isLate()) {
            return true;
        }
        for (int lane = 0; lane < lanes.size(); lane++) {
            long next = next(lane, lanes.get(lane).begun);
            if (!isDone(lane) && next < plan.budget().executions()) {
                return false;
            }
        }
        return true;
    }

    Plan plan() {
        return plan;
    }

    /** What was found so far, and by lane how many executions that took. */
    record Snapshot(Search.Result result, List<Long> begun, SavedSearch.Tables tables) {}

    /** The state at one moment, though workers may be at work. */
    Snapshot snapshot() {
        synchronized (this) {
            synchronized (tally) {
                List<Long> begun = new ArrayList<>();
                for (long one : told) {
                    begun.add(one);
                }
                return new Snapshot(result(), begun, tally.tables());
            }
        }
    }

    /** Goes on where an earlier run of the same search ended. Before any work. */
    void resume(SavedSearch saved, SavedSearch.Tables tables) {
        tally.add(saved, tables);
        for (int lane = 0; lane < lanes.size(); lane++) {
            told[lane] = saved.begun().get(lane);
            lanes.get(lane).begun = told[lane];
        }
    }

    /** What was found so far. */
    public synchronized Search.Result result() {
        boolean all = failure == null;
        double estimate = 0.0;
        String proven = lanes.getFirst().strategy.proven();
        for (int i = 0; i < lanes.size(); i++) {
            Strategy strategy = lanes.get(i).strategy;
            all &= isDone(i);
            estimate += strategy.estimatedExecutions();
            proven = weaker(proven, strategy.proven());
            // A lane on another carrier, or of another shard, may not have known of all points.
            boolean same = races[i] == races[0] && (races[i] == 0 || !apart);
            proven = same ? proven : null;
        }
        if (proven != null && plan.shard().count() > 1) {
            proven = "shard " + plan.shard() + " of " + proven;
        }
        return tally.result(
                failure, all, Search.distinct(lanes.getFirst().strategy), proven, estimate);
    }

    /** What is proven by two parts together. */
    static @Nullable String weaker(@Nullable String a, @Nullable String b) {
        if (a == null || b == null || Objects.equals(a, b)) {
            return a == null ? null : b;
        }
        // One part had nothing beyond the bound, another had.
        return a.length() > b.length() ? a : b;
    }
}
