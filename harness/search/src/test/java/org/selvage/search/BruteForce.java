package org.selvage.search;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Verdict;
import org.selvage.search.reduction.TraceHash;

/** All schedules with up to a number of preemptions, one after the other. */
final class BruteForce implements ChoiceSource {
    private final int bound;
    private final int most;
    private int[] picks = new int[64];
    private int[] counts = new int[64];
    private boolean[] costs = new boolean[64];
    private int length;
    private int fixed;
    private int at;
    private final TraceHash trace = new TraceHash();

    /** The hashes of the traces of executions that did not fail. */
    final Set<Long> traces = new HashSet<>();

    /**
     * Makes it.
     *
     * @param bound how many preemptions a schedule may have
     * @param most how many executions to make before it gives up
     */
    BruteForce(int bound, int most) {
        this.bound = bound;
        this.most = most;
    }

    /** False if there are too many. */
    boolean run(Subject subject, String[] outcome, Set<String> outcomes) {
        for (int i = 0; i < most; i++) {
            at = 0;
            length = fixed;
            trace.begin();
            Verdict verdict = subject.execute(this, trace);
            outcomes.add(describe(verdict, outcome));
            if (!(verdict instanceof Verdict.Failed)) {
                traces.add(trace.value());
            }
            if (!advance()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int choose(Choice choice) {
        if (at == picks.length) {
            picks = Arrays.copyOf(picks, at * 2);
            counts = Arrays.copyOf(counts, at * 2);
            costs = Arrays.copyOf(costs, at * 2);
        }
        if (at >= fixed) {
            picks[at] = 0;
            counts[at] = choice.count();
            costs[at] = choice.isPreemption() && !choice.isYield();
            length = at + 1;
        }
        return picks[at++];
    }

    private boolean advance() {
        for (int i = length - 1; i >= 0; i--) {
            int spent = costs[i] ? 1 : 0;
            for (int k = 0; k < i; k++) {
                spent += costs[k] && picks[k] != 0 ? 1 : 0;
            }
            if (picks[i] + 1 < counts[i] && spent <= bound) {
                picks[i]++;
                fixed = i + 1;
                return true;
            }
        }
        return false;
    }

    /** The outcome of an execution that passed, or how it ended. */
    static String describe(Verdict verdict, String[] outcome) {
        return verdict instanceof Verdict.Passed
                ? outcome[0]
                : verdict instanceof Verdict.Failed failed
                        ? failed.cause().toString()
                        : verdict.getClass().getSimpleName();
    }
}
