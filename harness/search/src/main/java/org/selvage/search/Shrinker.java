package org.selvage.search;

import java.util.ArrayList;
import java.util.List;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Verdict;

/**
 * Makes a failing schedule small: ddmin over its deviations (Zeller and Hildebrandt, "Simplifying and isolating
 * failure-inducing input", TSE 2002), for fewer deviations first, then for fewer switches.
 *
 * <p>The best schedule so far is kept; a candidate counts only if it fails in the same way as the original.
 */
public final class Shrinker {
    private final Subject subject;
    private final Signature signature;
    private final long maxExecutions;
    private long executions;
    private List<Deviation> best;
    private int bestSwitches;

    /**
     * A schedule that was made small.
     *
     * @param deviations what is left
     * @param switches how often another task is mounted in it
     * @param executions how many executions it took
     */
    public record Shrunk(List<Deviation> deviations, int switches, long executions) {}

    private Shrinker(Subject subject, Search.Failure failure, long maxExecutions) {
        this.subject = subject;
        this.signature = failure.signature();
        this.maxExecutions = maxExecutions;
        this.best = failure.deviations();
        this.bestSwitches = Integer.MAX_VALUE;
    }

    /**
     * Shrinks a failure.
     *
     * @param maxExecutions how many executions it may take
     */
    public static Shrunk shrink(Subject subject, Search.Failure failure, long maxExecutions) {
        Shrinker shrinker = new Shrinker(subject, failure, maxExecutions);
        shrinker.fails(failure.deviations());
        int before;
        do {
            before = shrinker.best.size();
            shrinker.minimize();
            shrinker.delay();
        } while (shrinker.best.size() < before && shrinker.hasBudget());
        return new Shrunk(shrinker.best, shrinker.bestSwitches, shrinker.executions);
    }

    private boolean hasBudget() {
        return executions < maxExecutions;
    }

    /** Removes chunks, halving their size whenever none can go. */
    private void minimize() {
        int chunk = Math.max(1, best.size() / 2);
        while (hasBudget()) {
            boolean removed = false;
            int from = 0;
            while (from < best.size() && hasBudget()) {
                List<Deviation> candidate = new ArrayList<>(best.subList(0, from));
                candidate.addAll(best.subList(Math.min(from + chunk, best.size()), best.size()));
                if (fails(candidate)) {
                    removed = true;
                } else {
                    from += chunk;
                }
            }
            if (chunk == 1 && !removed) {
                return;
            }
            if (!removed || chunk > best.size()) {
                chunk = Math.max(1, Math.min(chunk, best.size()) / 2);
            }
        }
    }

    /** Tries to let each pick go to the other tasks: another route may need fewer switches afterwards. */
    private void delay() {
        for (int i = 0; i < best.size() && hasBudget(); i++) {
            Deviation d = best.get(i);
            for (int picked = 0; picked < subject.execution().taskCount(); picked++) {
                if (picked != d.picked() && picked != d.task() && hasBudget()) {
                    List<Deviation> candidate = new ArrayList<>(best);
                    candidate.set(
                            i,
                            new Deviation(d.task(), d.operation(), d.draw(), d.kind(), picked));
                    if (fails(candidate) && i >= best.size()) {
                        break;
                    }
                }
            }
        }
    }

    /** Runs a candidate; keeps it if it fails in the same way and is smaller. */
    private boolean fails(List<Deviation> candidate) {
        Replay replay = new Replay(candidate, Replay.Mode.LENIENT);
        replay.begin(0);
        executions++;
        Verdict verdict = subject.execute(replay, null);
        if (!verdict.isFailure() || !Signature.of(verdict).equals(signature)) {
            return false;
        }
        Execution execution = subject.execution();
        List<Deviation> taken = Deviation.of(execution);
        boolean smaller =
                taken.size() < best.size()
                        || (taken.size() == best.size() && execution.switches() < bestSwitches);
        if (smaller) {
            best = taken;
            bestSwitches = execution.switches();
        }
        return smaller;
    }
}
