package org.selvage.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;

/**
 * Makes a failing schedule small: fewest context switches, then fewest deviations, then fewest
 * operations.
 *
 * <ol>
 *   <li>ddmin over its deviations (Zeller and Hildebrandt, "Simplifying and isolating
 *       failure-inducing input", TSE 2002): cheap, and takes away what has nothing to do with the
 *       failure.
 *   <li>Two runs of one task become one, whichever of them moves (Jalbert and Sen, "A trace
 *       simplification technique for effective debugging of concurrent programs", FSE 2010).
 *   <li>The draws that are left go elsewhere; the failing task is stopped once and nothing else, or
 *       goes on sooner.
 * </ol>
 *
 * <p>The best schedule so far is kept, so that it may be stopped at any time; a candidate counts
 * only if it fails in the same way as the original.
 */
public final class Shrinker {
    /** So many schedules at most are tried around one. */
    private static final int NEIGHBOURS = 400;

    private final Subject subject;
    private final Signature signature;
    private final long maxExecutions;
    private final Set<List<Deviation>> tried = new HashSet<>();
    private final Map<List<Deviation>, List<Deviation>> optionsOf = new HashMap<>();
    private int failing = -1;
    private long executions;
    private Candidate best;

    /**
     * A schedule that was made small.
     *
     * @param deviations what is left: the context switches that the schedule asks for
     * @param switches how often a task that could have gone on gives way to another one in it: the
     *     preemptions of Musuvathi and Qadeer, "Iterative context bounding for systematic testing
     *     of multithreaded programs" (PLDI 2007)
     * @param executions how many executions it took
     */
    public record Shrunk(List<Deviation> deviations, int switches, long executions) {}

    /**
     * A schedule that fails as it should, and what it was measured by.
     *
     * @param own the failing task's operations that follow the first deviation
     * @param operations all that follow it
     */
    private record Candidate(
            List<Deviation> deviations, int switches, long own, long operations, RunOrder order) {
        private static final Comparator<Candidate> SIZE =
                Comparator.comparingInt(Candidate::switches)
                        .thenComparingInt(candidate -> candidate.deviations().size())
                        .thenComparingLong(Candidate::own)
                        .thenComparingLong(Candidate::operations);

        boolean isBetterThan(Candidate other) {
            return SIZE.compare(this, other) < 0;
        }
    }

    private Shrinker(Subject subject, Search.Failure failure, long maxExecutions) {
        this.subject = subject;
        this.signature = failure.signature();
        this.maxExecutions = maxExecutions;
        this.best =
                new Candidate(
                        failure.deviations(),
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        new RunOrder(List.of()));
    }

    /**
     * Shrinks a failure.
     *
     * @param maxExecutions how many executions it may take
     */
    public static Shrunk shrink(Subject subject, Search.Failure failure, long maxExecutions) {
        Shrinker shrinker = new Shrinker(subject, failure, maxExecutions);
        shrinker.run(failure.deviations());
        shrinker.minimize(failure.deviations());
        boolean better = true;
        while (better && shrinker.hasBudget()) {
            better = shrinker.joinRuns();
            better |= shrinker.minimize(shrinker.best.deviations());
            better |= shrinker.removePairs();
            better |= shrinker.pickOthers();
            better = better || shrinker.stopOnce();
            better = better || shrinker.returnSooner() || shrinker.replaceOne();
        }
        return new Shrunk(
                shrinker.best.deviations(), shrinker.best.switches(), shrinker.executions);
    }

    private boolean hasBudget() {
        return executions < maxExecutions;
    }

    // ---- steps

    /**
     * Removes chunks, halving their size whenever none can go. What it works on may have more
     * switches than the best on the way.
     */
    private boolean minimize(List<Deviation> from) {
        Candidate before = best;
        List<Deviation> current = from;
        int chunk = Math.max(1, current.size() / 2);
        while (hasBudget() && !current.isEmpty()) {
            boolean removed = false;
            // From the end: what happens last depends on all that comes before it.
            int end = current.size();
            while (end > 0 && hasBudget()) {
                int begin = Math.max(0, end - chunk);
                List<Deviation> left = new ArrayList<>(current.subList(0, begin));
                left.addAll(current.subList(end, current.size()));
                Candidate candidate = run(left);
                if (candidate != null && candidate.deviations().size() < current.size()) {
                    current = candidate.deviations();
                    removed = true;
                }
                end = Math.min(begin, current.size());
            }
            if (chunk == 1 && !removed) {
                break;
            }
            chunk = Math.max(1, removed ? Math.min(chunk, current.size()) : chunk / 2);
        }
        return best != before;
    }

    private boolean joinRuns() {
        Candidate before = best;
        boolean joined = true;
        while (joined && hasBudget()) {
            joined = false;
            for (RunOrder order : best.order().joined()) {
                Candidate known = best;
                if (hasBudget()) {
                    execute(order.source());
                }
                if (best != known) {
                    joined = true;
                    break;
                }
            }
        }
        return best != before;
    }

    /**
     * Removes detours: a switch away and the switch back, neither of which can go without the
     * other.
     */
    private boolean removePairs() {
        Candidate before = best;
        for (int i = 0; i < best.deviations().size(); i++) {
            for (int j = i + 1; j < best.deviations().size() && hasBudget(); j++) {
                Candidate known = best;
                List<Deviation> candidate = new ArrayList<>(best.deviations());
                candidate.remove(j);
                candidate.remove(i);
                run(candidate);
                if (best != known) {
                    j = i;
                }
            }
        }
        return best != before;
    }

    /** Tries to let each pick go to another task: that route may need less. */
    private boolean pickOthers() {
        Candidate before = best;
        int tasks = subject.execution().taskCount();
        for (int i = 0; i < best.deviations().size() && hasBudget(); i++) {
            Deviation d = best.deviations().get(i);
            for (int picked = 0; picked < tasks && i < best.deviations().size(); picked++) {
                if (d.kind() == Choice.Kind.TASK && picked != d.picked() && picked != d.task()) {
                    List<Deviation> candidate = new ArrayList<>(best.deviations());
                    candidate.set(
                            i, new Deviation(d.task(), d.operation(), d.draw(), d.kind(), picked));
                    run(candidate);
                }
            }
        }
        return best != before;
    }

    /**
     * Tries schedules of a single deviation: each draw of the best execution and of the one without
     * any deviation; those of the failing task first, the last ones first.
     */
    private boolean stopOnce() {
        if (best.deviations().size() < 2) {
            return false;
        }
        Candidate before = best;
        List<Deviation> options = options(best.deviations());
        Set<Deviation> all = new LinkedHashSet<>(options.reversed());
        all.addAll(options(List.of()).reversed());
        List<Deviation> order = new ArrayList<>(all);
        order.sort(Comparator.comparing(draw -> draw.task() != failing));
        tryEach(order, List.of());
        return best != before;
    }

    /**
     * Tries to put another draw in the place of each deviation: where the same task gives way a
     * little later, if it can, so that less follows.
     */
    private boolean replaceOne() {
        Candidate before = best;
        for (int i = best.deviations().size() - 1; i >= 0 && best == before; i--) {
            List<Deviation> others = new ArrayList<>(before.deviations());
            others.remove(i);
            Deviation replaced = before.deviations().get(i);
            List<Deviation> order = new ArrayList<>(options(others).reversed());
            order.sort(Comparator.comparingLong(draw -> distance(draw, replaced)));
            tryEach(order, others);
        }
        return best != before;
    }

    /**
     * Where the same task gives way to the same other one comes first, the next such draw first.
     */
    private static long distance(Deviation draw, Deviation replaced) {
        if (draw.task() != replaced.task() || draw.picked() != replaced.picked()) {
            return Long.MAX_VALUE;
        }
        long later = (long) draw.operation() - replaced.operation();
        return later >= 0 ? later : Integer.MAX_VALUE - later;
    }

    /** Adds each of these draws to a schedule, until one is better or enough were tried. */
    private void tryEach(List<Deviation> draws, List<Deviation> schedule) {
        Candidate before = best;
        int left = NEIGHBOURS;
        for (Deviation draw : draws) {
            if (left-- == 0 || !hasBudget() || best != before) {
                return;
            }
            List<Deviation> candidate = new ArrayList<>(schedule);
            candidate.add(draw);
            run(candidate);
        }
    }

    /**
     * Tries, at each draw where the failing task could go on but does not, to let it; the last such
     * draw first.
     */
    private boolean returnSooner() {
        Candidate before = best;
        List<Deviation> sooner = new ArrayList<>();
        for (Deviation draw : options(best.deviations()).reversed()) {
            if (draw.picked() == failing) {
                sooner.add(draw);
            }
        }
        tryEach(sooner, best.deviations());
        return best != before;
    }

    // ---- executions

    /** What a schedule could have drawn: every option after the first of every draw, in order. */
    private List<Deviation> options(List<Deviation> schedule) {
        List<Deviation> known = optionsOf.get(schedule);
        if (known != null) {
            return known;
        }
        List<Deviation> options = new ArrayList<>();
        Replay replay =
                new Replay(schedule, Replay.Mode.LENIENT)
                        .watchedBy((choice, option) -> note(choice, options));
        replay.begin(0);
        executions++;
        Verdict verdict = subject.execute(replay, null);
        if (schedule.equals(best.deviations())) {
            failing = failingTask(verdict);
        }
        optionsOf.put(List.copyOf(schedule), options);
        return options;
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

    /** Runs a schedule that was not run before; null if it does not fail in the same way. */
    private @Nullable Candidate run(List<Deviation> deviations) {
        if (!tried.add(List.copyOf(deviations))) {
            return null;
        }
        Replay replay = new Replay(deviations, Replay.Mode.LENIENT);
        replay.begin(0);
        return execute(replay);
    }

    /** Runs a candidate, and keeps it if it fails in the same way and is better. */
    private @Nullable Candidate execute(ChoiceSource source) {
        Meter meter = new Meter(source);
        executions++;
        Verdict verdict = subject.execute(meter, meter);
        if (!verdict.isFailure() || !Signature.of(verdict).equals(signature)) {
            return null;
        }
        Execution execution = subject.execution();
        List<Deviation> deviations = Deviation.of(execution);
        Candidate candidate =
                new Candidate(
                        deviations,
                        meter.preemptions(),
                        meter.operationsOfFailing(execution, verdict),
                        meter.operations(),
                        meter.order());
        tried.add(candidate.deviations());
        if (candidate.isBetterThan(best)) {
            best = candidate;
        }
        return candidate;
    }
}
