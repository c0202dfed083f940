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
 *   <li>Tasks give way as late as they can, so that little follows.
 * </ol>
 *
 * <p>The best schedule so far is kept, so that it may be stopped at any time; a candidate counts
 * only if it fails in the same way as the original.
 */
public final class Shrinker {
    /** So many schedules at most are tried around one. */
    private static final int NEIGHBOURS = 150;

    /** How many of the last draws are tried before all places are. */
    private static final int LAST_ONES = 16;

    /** A reader follows so many operations of the failing task; fewer need no other place. */
    private static final int FEW = 32;

    /** How many places at most are tried for the only deviation. */
    private static final int PLACES = 80;

    /** So often at most a deviation is moved on. */
    private static final int LATER = 60;

    private final Subject subject;
    private final Signature signature;
    private final long maxExecutions;
    private final Set<List<Deviation>> tried = new HashSet<>();
    private final Map<List<Deviation>, List<Option>> optionsOf = new HashMap<>();
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

        /** Whether it has fewer switches, or as many and fewer deviations. */
        boolean isShorterThan(Candidate other) {
            return switches < other.switches
                    || (switches == other.switches && deviations.size() < other.deviations.size());
        }
    }

    /**
     * What a schedule could have drawn.
     *
     * @param site the place of what the drawing task is about to do
     * @param daemon whether a daemon was to run: what the program's own tasks do is told first
     */
    private record Option(Deviation draw, int site, boolean daemon) {}

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
            better = shrinker.reshape();
            better = better || shrinker.moveLater() || shrinker.stopElsewhere();
        }
        return new Shrunk(
                shrinker.best.deviations(), shrinker.best.switches(), shrinker.executions);
    }

    /** What can take switches and deviations away; whether it did. */
    private boolean reshape() {
        Candidate before = best;
        joinRuns();
        minimize(best.deviations());
        removePairs();
        pickOthers();
        if (!best.isShorterThan(before)) {
            stopOnce();
        }
        if (!best.isShorterThan(before)) {
            returnSooner();
        }
        return best.isShorterThan(before);
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
     * Tries schedules of a single deviation: draws of the best execution and of the one without any
     * deviation; those of the failing task first, the last ones first, then each place once.
     */
    private boolean stopOnce() {
        if (best.deviations().size() < 2) {
            return false;
        }
        Candidate before = best;
        Set<Option> all = new LinkedHashSet<>(options(best.deviations()).reversed());
        all.addAll(options(List.of()).reversed());
        Set<Integer> picked = new HashSet<>();
        best.deviations().forEach(d -> picked.add(d.picked()));
        List<Option> order = new ArrayList<>(all);
        order.sort(
                Comparator.<Option, Boolean>comparing(o -> o.draw().task() != failing)
                        .thenComparing(o -> !picked.contains(o.draw().picked()))
                        .thenComparing(Option::daemon));
        List<Deviation> draws = order.stream().map(Option::draw).toList();
        tryEach(draws.subList(0, Math.min(LAST_ONES, draws.size())), List.of());
        if (best == before) {
            tryEach(onePerPlace(order), List.of());
        }
        if (best == before) {
            tryEach(draws, List.of());
        }
        return best != before;
    }

    /** The first of these draws for each place and each task that is picked there. */
    private static List<Deviation> onePerPlace(List<Option> options) {
        Set<List<Integer>> places = new HashSet<>();
        List<Deviation> draws = new ArrayList<>();
        for (Option option : options) {
            Deviation draw = option.draw();
            if (places.add(List.of(draw.task(), draw.picked(), option.site()))) {
                draws.add(draw);
            }
        }
        return draws;
    }

    /**
     * Lets the task of a deviation go on a little longer before it gives way to the same other one,
     * as long as that fails: less follows then. Goes forward by steps that double, as most of what
     * a task does makes no difference to the others.
     */
    private boolean moveLater() {
        Candidate before = best;
        for (int i = best.deviations().size() - 1; i >= 0; i--) {
            if (i < best.deviations().size()) {
                moveLater(i);
            }
        }
        return best.isShorterThan(before);
    }

    private void moveLater(int index) {
        Deviation moved = best.deviations().get(index);
        List<Deviation> others = new ArrayList<>(best.deviations());
        others.remove(index);
        List<Deviation> later = new ArrayList<>();
        for (Option option : options(others)) {
            Deviation draw = option.draw();
            if (isAlike(draw, moved) && draw.operation() > moved.operation()) {
                later.add(draw);
            }
        }
        int left = LATER;
        int reached = -1;
        int stride = 1;
        while (left-- > 0 && hasBudget() && reached + stride < later.size()) {
            Candidate known = best;
            List<Deviation> candidate = new ArrayList<>(others);
            candidate.add(later.get(reached + stride));
            run(candidate);
            reached = best == known ? reached : reached + stride;
            stride *= 2;
            if (best != known) {
                stride = 1;
            }
        }
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
     * Tries to put another draw in the place of each deviation. Where one switch is left and little
     * follows, nothing is to be gained; where much does, each place is tried once.
     */
    private boolean stopElsewhere() {
        boolean single = best.switches() < 2;
        if (single && best.own() <= FEW) {
            return false;
        }
        Candidate before = best;
        for (int i = before.deviations().size() - 1; i >= 0 && best == before; i--) {
            List<Deviation> others = new ArrayList<>(before.deviations());
            Deviation replaced = others.remove(i);
            List<Option> order = new ArrayList<>(options(others).reversed());
            if (single) {
                order.removeIf(option -> option.draw().task() != replaced.task());
                order.sort(Comparator.comparing(Option::daemon));
                tryAll(onePerPlace(order), others);
            } else {
                order.sort(Comparator.comparingLong(option -> distance(option.draw(), replaced)));
                tryEach(order.stream().map(Option::draw).toList(), others);
            }
        }
        return best != before;
    }

    /** Adds each of these draws to a schedule; the best one of all is kept. */
    private void tryAll(List<Deviation> draws, List<Deviation> schedule) {
        for (Deviation draw : draws.subList(0, Math.min(PLACES, draws.size()))) {
            if (hasBudget()) {
                List<Deviation> candidate = new ArrayList<>(schedule);
                candidate.add(draw);
                run(candidate);
            }
        }
    }

    /**
     * Where the same task gives way to the same other one comes first, the next such draw first.
     */
    private static long distance(Deviation draw, Deviation replaced) {
        if (!isAlike(draw, replaced)) {
            return Long.MAX_VALUE;
        }
        long later = (long) draw.operation() - replaced.operation();
        return later >= 0 ? later : Integer.MAX_VALUE - later;
    }

    private static boolean isAlike(Deviation draw, Deviation other) {
        return draw.task() == other.task() && draw.picked() == other.picked();
    }

    /**
     * Tries, at each draw where the failing task could go on but does not, to let it; the last such
     * draw first.
     */
    private boolean returnSooner() {
        if (best.switches() < 2) {
            return false;
        }
        Candidate before = best;
        List<Deviation> sooner = new ArrayList<>();
        for (Option option : options(best.deviations()).reversed()) {
            if (option.draw().picked() == failing) {
                sooner.add(option.draw());
            }
        }
        tryEach(sooner, best.deviations());
        return best != before;
    }

    // ---- executions

    /** What a schedule could have drawn: every option after the first of every draw, in order. */
    private List<Option> options(List<Deviation> schedule) {
        List<Option> known = optionsOf.get(schedule);
        if (known != null) {
            return known;
        }
        List<Option> options = new ArrayList<>();
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

    private static void note(Choice choice, List<Option> options) {
        if (choice.kind() == Choice.Kind.TASK) {
            Task drawer = choice.drawer();
            for (int option = 1; option < choice.count(); option++) {
                options.add(
                        new Option(
                                new Deviation(
                                        drawer.id(),
                                        drawer.operations(),
                                        drawer.draws(),
                                        Choice.Kind.TASK,
                                        choice.task(option).id()),
                                drawer.site(),
                                choice.task(option).isDaemon()));
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
