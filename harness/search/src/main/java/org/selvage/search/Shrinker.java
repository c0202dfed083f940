package org.selvage.search;

import java.util.ArrayList;
import java.util.List;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;

/**
 * Makes a failing schedule small, in two phases.
 *
 * <ol>
 *   <li>ddmin over its deviations (Zeller and Hildebrandt, "Simplifying and isolating
 *       failure-inducing input", TSE 2002), until none can go.
 *   <li>The same failure with fewer interruptions: first each schedule that stops the failing task
 *       once and nothing else; then each in which it goes on sooner, before others have had their
 *       turn. A deviation more is worth an interruption less, because that is what a reader has to
 *       follow.
 * </ol>
 *
 * <p>The best schedule so far is kept; a candidate counts only if it fails in the same way as the
 * original.
 */
public final class Shrinker {
    private final Subject subject;
    private final Signature signature;
    private final long maxExecutions;
    private long executions;
    private List<Deviation> best;
    private int bestSwitches;

    /** Whether fewer switches count before fewer deviations. */
    private boolean switchesFirst;

    /**
     * A schedule that was made small.
     *
     * @param deviations what is left: the context switches that the schedule asks for
     * @param switches how often a task that was stopped or had to wait goes on in it
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
        shrinker.repeat();
        shrinker.switchesFirst = true;
        if (shrinker.hasBudget()) {
            shrinker.stopOnce();
        }
        while (shrinker.hasBudget() && shrinker.returnSooner()) {
            shrinker.minimize();
        }
        return new Shrunk(shrinker.best, shrinker.bestSwitches, shrinker.executions);
    }

    private void repeat() {
        int size;
        do {
            size = best.size();
            minimize();
            removePairs();
            pickOthers();
        } while (best.size() < size && hasBudget());
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

    /**
     * Removes detours: a switch away and the switch back, neither of which can go without the
     * other.
     */
    private void removePairs() {
        for (int i = 0; i < best.size(); i++) {
            for (int j = i + 1; j < best.size() && hasBudget(); j++) {
                List<Deviation> candidate = new ArrayList<>(best);
                candidate.remove(j);
                candidate.remove(i);
                if (fails(candidate)) {
                    j = i;
                }
            }
        }
    }

    /** Tries to let each pick go to another task: that route may need less. */
    private void pickOthers() {
        for (int i = 0; i < best.size() && hasBudget(); i++) {
            Deviation d = best.get(i);
            int tasks = subject.execution().taskCount();
            for (int picked = 0; picked < tasks && i < best.size() && hasBudget(); picked++) {
                if (picked != d.picked() && picked != d.task()) {
                    List<Deviation> candidate = new ArrayList<>(best);
                    candidate.set(
                            i, new Deviation(d.task(), d.operation(), d.draw(), d.kind(), picked));
                    fails(candidate);
                }
            }
        }
    }

    /**
     * Tries every schedule that stops the failing task once, where the best one could have, and
     * nothing else.
     */
    private void stopOnce() {
        Draws draws = draws();
        for (Deviation draw : draws.options().reversed()) {
            if (draw.task() == draws.failing() && hasBudget()) {
                fails(List.of(draw));
            }
        }
    }

    /**
     * Tries, at each draw where the failing task could go on but does not, to let it; the last such
     * draw first.
     *
     * @return whether that helped
     */
    private boolean returnSooner() {
        Draws draws = draws();
        for (Deviation draw : draws.options().reversed()) {
            if (draw.picked() == draws.failing() && hasBudget()) {
                List<Deviation> candidate = new ArrayList<>(best);
                candidate.add(draw);
                if (fails(candidate)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * What the best schedule could have drawn.
     *
     * @param options every option after the first of every draw of a task
     * @param failing the number of the task that fails, or -1
     */
    private record Draws(List<Deviation> options, int failing) {}

    private Draws draws() {
        List<Deviation> options = new ArrayList<>();
        Replay replay =
                new Replay(best, Replay.Mode.LENIENT)
                        .watchedBy((choice, option) -> note(choice, options));
        replay.begin(0);
        Verdict verdict = subject.execute(replay, null);
        executions++;
        return new Draws(options, failingTask(verdict));
    }

    private static void note(Choice choice, List<Deviation> options) {
        if (choice.kind() == Choice.Kind.TASK) {
            Task drawer = choice.drawer();
            for (int option = 1; option < choice.count(); option++) {
                options.add(
                        new Deviation(
                                drawer.id(),
                                drawer.operations(),
                                drawer.draws(),
                                Choice.Kind.TASK,
                                choice.task(option).id()));
            }
        }
    }

    private int failingTask(Verdict verdict) {
        if (verdict instanceof Verdict.Failed failed) {
            Execution execution = subject.execution();
            for (int id = 0; id < execution.taskCount(); id++) {
                if (execution.task(id).name().equals(failed.task())) {
                    return id;
                }
            }
        }
        return -1;
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
        if (!isSmaller(taken.size(), execution.switches())) {
            return false;
        }
        best = taken;
        bestSwitches = execution.switches();
        return true;
    }

    private boolean isSmaller(int size, int switches) {
        int bySize = Integer.compare(size, best.size());
        int bySwitches = Integer.compare(switches, bestSwitches);
        int order = switchesFirst ? bySwitches : bySize;
        return order < 0 || (order == 0 && (switchesFirst ? bySize : bySwitches) < 0);
    }
}
