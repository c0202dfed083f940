package org.selvage.search;

import java.util.ArrayList;
import java.util.List;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Verdict;
import org.selvage.search.reduction.LongSet;
import org.selvage.search.reduction.TraceHash;

/**
 * Keeps the schedules in which operations met that had not met before, and varies them. The
 * feedback is the pairs of {@link TraceHash#pair}: which write was read where, and which mutex went
 * from where to where. After Wolff, Shi, Duck, Mathur, Roychoudhury, "Greybox fuzzing for
 * concurrency testing" (ASPLOS 2024), with two deviations: a schedule is kept as its deviations and
 * not as abstract constraints, and new schedules come from a random walk.
 *
 * <p>A variation follows a kept schedule up to a random deviation, leaves out a few deviations on
 * the way, and then walks at random for the rest or, half of the time, keeps to the rest of the
 * schedule.
 */
final class CoverageGuided implements Strategy {
    private static final int MOST_KEPT = 4096;

    private final long seed;
    private final Xoroshiro random;
    private final TraceHash trace = new TraceHash();
    private final LongSet pairs = new LongSet();
    private final List<List<Deviation>> kept = new ArrayList<>();
    private Replay replay = new Replay(List.of(), Replay.Mode.LENIENT);
    private boolean follows;
    private boolean returns;
    private long until;

    CoverageGuided(long seed) {
        this.seed = seed;
        this.random = new Xoroshiro(seed);
    }

    @Override
    public boolean begin(long index) {
        random.reseed(Xoroshiro.combine(seed, index));
        trace.begin();
        follows = !kept.isEmpty() && random.nextInt(4) != 0;
        if (follows) {
            List<Deviation> source = kept.get(random.nextInt(kept.size()));
            List<Deviation> varied = new ArrayList<>(source);
            for (int left = random.nextInt(3); left > 0 && !varied.isEmpty(); left--) {
                varied.remove(random.nextInt(varied.size()));
            }
            replay = new Replay(varied, Replay.Mode.LENIENT);
            until = 1L + random.nextInt(8 + 4 * varied.size());
            returns = random.nextInt(2) == 0;
        }
        return true;
    }

    @Override
    public int choose(Choice choice) {
        if (follows) {
            until--;
            boolean strays = until == 0 || (until < 0 && !returns);
            if (!strays) {
                return replay.choose(choice);
            }
        }
        return random.nextInt(choice.count());
    }

    @Override
    public OperationListener listener() {
        return trace;
    }

    @Override
    public void end(Execution execution, Verdict verdict) {
        boolean isNew = false;
        for (int i = 0; i < trace.pairs(); i++) {
            isNew |= pairs.add(trace.pair(i));
        }
        if (isNew && kept.size() < MOST_KEPT) {
            kept.add(Deviation.of(execution));
        }
    }

    @Override
    public String toString() {
        return "coverage";
    }
}
