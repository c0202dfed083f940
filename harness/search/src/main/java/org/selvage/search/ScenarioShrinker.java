package org.selvage.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;

/**
 * Makes the scenario of a schedule that was shrunk smaller: fewer tables, rows or clients, as far
 * as it says that these may shrink ({@link Scenario#sizes}).
 *
 * <p>For each size its least value is tried, then the range is halved. The failure is looked for at
 * the places where the schedule deviates, at each time that a task comes to them; then, as a
 * smaller scenario may fail elsewhere, by a short search. What fails in the same way with no more
 * switches and deviations is taken. The best so far is kept, so that it may be stopped at any time.
 */
public final class ScenarioShrinker {
    /** With so many schedules at most a failure is looked for at the same places. */
    private static final int BY_PLACE = 60;

    /** With so many executions at most it is searched for then. */
    private static final int SEARCHED = 30;

    /** How many executions a schedule that was found then may take to be made small. */
    private static final long SHRINKING = 200L;

    private final Search.Failure failure;
    private final long maxExecutions;
    private long executions;
    private Subject subject;
    private Shrinker.Shrunk best;

    /**
     * A failure made small.
     *
     * @param subject its scenario, with the sizes that are left
     * @param shrunk its schedule, with all executions that making it small took
     */
    public record Smallest(Subject subject, Shrinker.Shrunk shrunk) {}

    /** A deviation without its count: which task, about to do what, and who is picked. */
    private record Place(
            String task, OperationKind operation, int site, Choice.Kind kind, String picked) {}

    private record Draw(Place place, Deviation deviation) {}

    private ScenarioShrinker(
            Subject subject, Shrinker.Shrunk shrunk, Search.Failure failure, long maxExecutions) {
        this.subject = subject;
        this.best = shrunk;
        this.failure = failure;
        this.maxExecutions = maxExecutions;
    }

    /**
     * Makes a failure small: its schedule, and then its scenario.
     *
     * @param maxExecutions how many executions the schedule may take
     * @param maxOfScenario how many executions the scenario may take, within those
     */
    public static Smallest shrink(
            Subject subject, Search.Failure failure, long maxExecutions, long maxOfScenario) {
        Shrinker.Shrunk shrunk = Shrinker.shrink(subject, failure, maxExecutions);
        long left = Math.min(maxOfScenario, maxExecutions - shrunk.executions());
        return new ScenarioShrinker(subject, shrunk, failure, left).run();
    }

    private Smallest run() {
        Subject before = subject;
        long taken = best.executions();
        for (Scenario.Size size : subject.sizes()) {
            halve(size);
        }
        if (subject != before && hasBudget()) {
            // The same places may have earlier or later ones beside them now.
            best = shrink(subject, best.deviations());
        }
        return new Smallest(
                subject,
                new Shrinker.Shrunk(best.deviations(), best.switches(), taken + executions));
    }

    private boolean hasBudget() {
        return executions < maxExecutions;
    }

    private void halve(Scenario.Size size) {
        int fails = size.otherwise();
        int passes = size.least() - 1;
        int next = size.least();
        while (hasBudget() && passes + 1 < fails) {
            if (isTaken(Map.of(size.parameter(), Integer.toString(next)))) {
                fails = next;
            } else {
                passes = next;
            }
            next = passes + (fails - passes) / 2;
        }
    }

    /** Whether the scenario fails with these sizes, too; it is the best one then. */
    private boolean isTaken(Map<String, String> sizes) {
        Subject smaller;
        try {
            executions++;
            smaller = subject.with(sizes);
        } catch (Subject.PreparationException e) {
            return false; // there is no such scenario, and so no failure of it
        }
        Shrinker.Shrunk found = byPlace(smaller);
        if (found == null) {
            found = bySearch(smaller);
        }
        if (found == null) {
            return false;
        }
        subject = smaller;
        best = found;
        return true;
    }

    // ---- the same places

    private Shrinker.@Nullable Shrunk byPlace(Subject smaller) {
        List<Place> places =
                draws(subject, best.deviations(), null).stream()
                        .filter(draw -> best.deviations().contains(draw.deviation()))
                        .map(Draw::place)
                        .toList();
        return deviate(smaller, List.of(), places, new int[] {BY_PLACE});
    }

    /** Adds a deviation at the next place to the schedule, at each time that its task is there. */
    private Shrinker.@Nullable Shrunk deviate(
            Subject smaller, List<Deviation> schedule, List<Place> places, int[] left) {
        if (schedule.size() == places.size()) {
            return left[0]-- > 0 ? execute(smaller, schedule) : null;
        }
        if (left[0] <= 0 || !hasBudget()) {
            return null;
        }
        Deviation last = schedule.isEmpty() ? null : schedule.getLast();
        Place place = places.get(schedule.size());
        for (Draw draw : draws(smaller, schedule, last)) {
            if (draw.place().equals(place)) {
                List<Deviation> more = new ArrayList<>(schedule);
                more.add(draw.deviation());
                Shrinker.Shrunk found = deviate(smaller, more, places, left);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** All that a schedule could have drawn after a deviation, and the deviations it has. */
    private List<Draw> draws(Subject of, List<Deviation> schedule, @Nullable Deviation after) {
        List<Draw> draws = new ArrayList<>();
        boolean[] passed = {after == null};
        Replay replay =
                new Replay(schedule, Replay.Mode.LENIENT)
                        .watchedBy((choice, option) -> {
                            if (passed[0]) {
                                addOptions(choice, draws);
                            }
                            passed[0] |= after != null && after.matches(choice);
                        });
        executions++;
        of.execute(replay, null);
        return draws;
    }

    private static void addOptions(Choice choice, List<Draw> draws) {
        Task task = choice.drawer();
        for (int option = 1; option < choice.count(); option++) {
            boolean ofTask = choice.kind().isOfTask();
            int picked = ofTask ? choice.task(option).id() : option;
            String name = ofTask ? choice.task(option).name() : Integer.toString(option);
            draws.add(
                    new Draw(
                            new Place(task.name(), task.kind(), task.site(), choice.kind(), name),
                            new Deviation(
                                    task.id(),
                                    task.operations(),
                                    task.draws(),
                                    choice.kind(),
                                    picked)));
        }
    }

    /** What a schedule comes to; null if it does not fail in the same way, or is no better. */
    private Shrinker.@Nullable Shrunk execute(Subject smaller, List<Deviation> schedule) {
        Meter meter = new Meter(new Replay(schedule, Replay.Mode.LENIENT));
        executions++;
        Verdict verdict = smaller.execute(meter, meter);
        return fails(verdict)
                ? asGood(
                        new Shrinker.Shrunk(
                                Deviation.of(smaller.execution()), meter.preemptions(), 0L))
                : null;
    }

    private boolean fails(Verdict verdict) {
        return verdict.isFailure() && Signature.of(verdict).equals(failure.signature());
    }

    private Shrinker.@Nullable Shrunk asGood(Shrinker.Shrunk found) {
        return found.switches() <= best.switches()
                        && found.deviations().size() <= best.deviations().size()
                ? found
                : null;
    }

    // ---- any place

    private Shrinker.@Nullable Shrunk bySearch(Subject smaller) {
        Strategy strategy = Strategies.named(Strategies.DEFAULT, 1L);
        for (int i = 0; i < SEARCHED && hasBudget() && strategy.begin(i); i++) {
            executions++;
            Verdict verdict = smaller.execute(strategy, null);
            List<Deviation> deviations = Deviation.of(smaller.execution());
            strategy.end(smaller.execution(), verdict);
            if (fails(verdict)) {
                return asGood(shrink(smaller, deviations));
            }
        }
        return null;
    }

    private Shrinker.Shrunk shrink(Subject of, List<Deviation> deviations) {
        long limit = Math.max(1L, Math.min(SHRINKING, maxExecutions - executions));
        Shrinker.Shrunk shrunk =
                Shrinker.shrink(of, new Search.Failure(failure.verdict(), deviations, 0L), limit);
        executions += shrunk.executions();
        return shrunk;
    }
}
