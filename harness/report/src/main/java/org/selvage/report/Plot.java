package org.selvage.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.selvage.hooks.OperationKind;
import org.selvage.search.Trace;

/**
 * Decides what of an execution belongs into its story: which tasks, which operations, which stops.
 *
 * <p>An operation matters the more, the nearer it is to a place where a task was stopped although
 * it could have gone on, if it touches what the stopped task touched before or touches afterwards:
 * such a pair is where the order of two tasks makes the difference. Giving a lock back never
 * matters, as whoever may run then could as well run later.
 */
final class Plot {
    /** A schedule that was not shrunk may have thousands; those nearest to the failure are told. */
    private static final int MAX_STOPS = 8;

    /** Nearer to its task's end than so many operations, an operation counts for more. */
    private static final int REACH = 400;

    /** One lock or variable that two tasks touch all the time must not fill the story. */
    private static final int MAX_PER_OBJECT = 4;

    /** From here on an operation is told whatever its object. */
    private static final int INDISPENSABLE = 500;

    /** Where something else than the next task was drawn, which the default would not do. */
    private static final int DRAWN = 600;

    /** Below this an operation is left out even where there is room for it. */
    private static final int WORTH_TELLING = 50;

    /** So many operations around one that decides are told, if they touch the same. */
    private static final int AROUND = 4;

    private final List<Trace.Step> steps;
    private final Timeline timeline;
    private final Set<Integer> tasks;
    private final Map<Integer, Integer> scores = new HashMap<>();
    private final List<Timeline.Stop> stops = new ArrayList<>();
    private final int earlierStops;
    private final List<Timeline.Stop> pauses;
    private List<Integer> collision = List.of();

    Plot(Telling telling, Timeline timeline) {
        this.steps = telling.trace().steps();
        this.timeline = timeline;
        this.tasks = new TreeSet<>(Roles.of(telling, timeline));
        int left = 0;
        for (Timeline.Stop stop : timeline.stops().reversed()) {
            boolean told =
                    stop.reason() == Timeline.Reason.PREEMPTED
                            && tasks.contains(stop.task())
                            && isInterrupted(stop);
            if (told && stops.size() == MAX_STOPS) {
                left++;
            } else if (told) {
                stops.addFirst(stop);
                rate(stop);
            }
        }
        earlierStops = left;
        pauses = pauses();
        rateConflicts();
        rateTheEnd();
        rateTheRest();
        rateTheRace(telling);
        for (int i = 0; i < steps.size(); i++) {
            add(i, telling.drawn(steps.get(i)).isEmpty() ? 0 : DRAWN);
        }
    }

    // ---- what matters

    /**
     * Rates what is known to decide: the two operations of the race, what its tasks did around them
     * to what they race for and under the locks that guard it. Other locks tell little then.
     */
    private void rateTheRace(Telling telling) {
        Set<Integer> decisive = telling.indispensable();
        if (decisive.isEmpty()) {
            return;
        }
        Set<String> objects = new HashSet<>();
        for (int index : decisive) {
            objects.add(steps.get(index).object());
            objects.addAll(heldAt(index));
        }
        objects.remove("");
        scores.replaceAll((index, score) ->
                Wording.isLock(steps.get(index).kind())
                                && !objects.contains(steps.get(index).object())
                        ? Math.min(score, WORTH_TELLING)
                        : score);
        List<Integer> centres = new ArrayList<>(decisive);
        stops.forEach(stop -> centres.add(stop.from()));
        for (int centre : centres) {
            int task = steps.get(centre).task();
            rateAround(centre, task, objects, -1);
            rateAround(centre, task, objects, 1);
        }
        decisive.forEach(index -> add(index, 3000));
    }

    /** Rates the next few operations of a task on these objects, in one direction. */
    private void rateAround(int from, int task, Set<String> objects, int direction) {
        int seen = 0;
        for (int i = from; i >= 0 && i < steps.size() && seen < AROUND; i += direction) {
            Trace.Step step = steps.get(i);
            boolean counts = objects.contains(step.object()) || step.kind() == OperationKind.SLEEP;
            if (step.task() == task && counts && !Wording.isRelease(step.kind())) {
                add(i, 400 - 60 * seen++);
            }
        }
    }

    /** The locks that a task has when it performs an operation. */
    private Set<String> heldAt(int index) {
        Set<String> held = new HashSet<>();
        for (int i = 0; i < index; i++) {
            Trace.Step step = steps.get(i);
            if (step.task() != steps.get(index).task()) {
                continue;
            }
            if (Wording.isRelease(step.kind())) {
                held.remove(step.object());
            } else if (Wording.isLock(step.kind())) {
                held.add(step.object());
            }
        }
        return held;
    }

    /** Whether another task that takes part ran meanwhile. */
    private boolean isInterrupted(Timeline.Stop stop) {
        for (int i = stop.from() + 1; i < stop.until(); i++) {
            if (tasks.contains(steps.get(i).task())) {
                return steps.get(stop.from()).kind() != OperationKind.BEGIN
                        || stop.until() < steps.size()
                        || timeline.isStoppedLater(stop.task());
            }
        }
        return false;
    }

    private void add(int index, int score) {
        if (index >= 0 && index < steps.size() && tasks.contains(steps.get(index).task())) {
            scores.merge(index, score, Integer::sum);
        }
    }

    /** Rates what stands around a stop: who goes on there, and where the stopped task goes on. */
    private void rate(Timeline.Stop stop) {
        int first = -1;
        int last = -1;
        for (int i = stop.from() + 1; i < stop.until(); i++) {
            Trace.Step step = steps.get(i);
            if (tasks.contains(step.task()) && Roles.isShared(step)) {
                first = first < 0 ? i : first;
                last = i;
            }
        }
        add(first, 150);
        add(last, 60);
        rateMeanwhile(stop);
        add(lastShared(stop.from()), 200);
        add(stop.until(), 800);
    }

    /**
     * Rates what the others did meanwhile under the locks that the stopped task takes too, and to
     * files.
     */
    private void rateMeanwhile(Timeline.Stop stop) {
        Set<String> locks = new HashSet<>();
        int seen = 0;
        for (int i = stop.until(); i < steps.size() && seen < REACH; i = timeline.next(i)) {
            seen++;
            if (Wording.isLock(steps.get(i).kind())) {
                locks.add(steps.get(i).object());
            }
        }
        Set<String> places = new HashSet<>();
        Set<String> taken = new HashSet<>();
        for (int i = stop.until() - 1; i > stop.from(); i--) {
            Trace.Step step = steps.get(i);
            boolean under = Wording.isLock(step.kind()) && locks.contains(step.object());
            boolean writes = step.kind() == OperationKind.FILE_WRITE;
            boolean takesPart = tasks.contains(step.task()) && Roles.isShared(step);
            if ((under || writes) && takesPart && places.add(step.task() + step.place())) {
                // The later, the more of what it did is there for the stopped task to meet.
                add(i, 140 - Math.min(40, places.size() * 2) + (writes ? 40 : 0));
                taken.add(step.object());
            }
        }
        rateLocksAround(stop, taken);
    }

    /**
     * Rates where the stopped task had these locks last and where it has them next: what it saw and
     * what it comes to.
     */
    private void rateLocksAround(Timeline.Stop stop, Set<String> taken) {
        Set<String> before = new HashSet<>(taken);
        for (int i = stop.from(); i >= 0 && !before.isEmpty(); i--) {
            Trace.Step step = steps.get(i);
            if (step.task() == stop.task()
                    && Roles.isShared(step)
                    && before.remove(step.object())) {
                add(i, 120);
            }
        }
        Set<String> after = new HashSet<>(taken);
        for (int i = stop.until(); i < steps.size() && !after.isEmpty(); i = timeline.next(i)) {
            if (Roles.isShared(steps.get(i)) && after.remove(steps.get(i).object())) {
                add(i, 120);
            }
        }
    }

    /**
     * Rates each pair of conflicting operations of two tasks on one object, with nothing between
     * them, of which one took place while the task of the other was stopped: their order is the
     * strategy's doing. What few operations touch tells more than what is touched all the time, and
     * what the failing task saw last tells most.
     */
    private void rateConflicts() {
        Map<String, Integer> touches = new HashMap<>();
        for (Trace.Step step : steps) {
            if (tasks.contains(step.task()) && Roles.isShared(step)) {
                touches.merge(Timeline.subject(step), 1, Integer::sum);
            }
        }
        Map<String, Integer> lastOn = new HashMap<>();
        Map<String, Integer> lastChange = new HashMap<>();
        Set<String> lockPlaces = new HashSet<>();
        int best = 0;
        for (int i = 0; i < steps.size(); i++) {
            Trace.Step step = steps.get(i);
            if (!tasks.contains(step.task()) || !Roles.isShared(step)) {
                continue;
            }
            boolean reads = step.kind().isRead();
            int before = (reads ? lastChange : lastOn).getOrDefault(step.object(), -1);
            lastOn.put(step.object(), i);
            if (!reads) {
                lastChange.put(step.object(), i);
            }
            if (before >= 0
                    && steps.get(before).task() != step.task()
                    && isMadeByAStop(before, i)) {
                int score = score(before, i, touches.getOrDefault(Timeline.subject(step), 1));
                boolean again =
                        Wording.isLock(step.kind()) && !lockPlaces.add(step.task() + step.place());
                addConflict(before, i, again ? score / 2 : score);
                if (timeline.failing().contains(step.task())
                        && !Wording.isLock(step.kind())
                        && score >= best) {
                    best = score;
                    collision = List.of(before, i);
                }
            }
        }
        collision.forEach(index -> add(index, 400));
    }

    /**
     * The stops that are told, and the last ones of the failing tasks, whatever they waited for.
     */
    private List<Timeline.Stop> pauses() {
        List<Timeline.Stop> all = new ArrayList<>(stops);
        for (int failing : timeline.failing()) {
            List<Timeline.Stop> own =
                    timeline.stops().stream().filter(stop -> stop.task() == failing).toList();
            all.addAll(own.subList(Math.max(0, own.size() - MAX_STOPS), own.size()));
        }
        return all;
    }

    /** Whether one of two operations took place while the task of the other was stopped. */
    private boolean isMadeByAStop(int first, int second) {
        for (Timeline.Stop stop : pauses) {
            boolean secondInside =
                    steps.get(first).task() == stop.task()
                            && first <= stop.from()
                            && second > stop.from()
                            && second < stop.until();
            boolean firstInside =
                    steps.get(second).task() == stop.task()
                            && second >= stop.until()
                            && first > stop.from()
                            && first < stop.until();
            if (secondInside || firstInside) {
                return true;
            }
        }
        return false;
    }

    private int score(int first, int second, int touches) {
        Trace.Step one = steps.get(first);
        Trace.Step two = steps.get(second);
        double base =
                Wording.isLock(two.kind())
                        ? 160
                        : one.kind().isRead() || two.kind().isRead() ? 300 : 200;
        double rare = rarity(touches);
        // A lock that is seldom taken is not the more telling for it.
        double rarity = Wording.isLock(two.kind()) ? Math.min(0.75, rare) : rare;
        double recency =
                timeline.failing().contains(two.task())
                        ? 1 + 2.0 / (1 + toTheEnd(second) / 4.0)
                        : 1;
        // That another task read what the stopped one had written is seldom what it is about.
        double doubt = two.kind().isRead() && !timeline.failing().contains(two.task()) ? 0.4 : 1;
        return (int) (base * rarity * recency * doubt);
    }

    /**
     * How much an operation tells whose variable or lock is touched so often: 2 if once, a third if
     * a thousand times.
     */
    static double rarity(int touches) {
        return 4 / (1 + Math.log(touches + 1.0) / Math.log(2));
    }

    /** How many operations of its task follow. */
    private int toTheEnd(int index) {
        int count = 0;
        for (int i = timeline.next(index);
                i < steps.size() && count < REACH;
                i = timeline.next(i)) {
            count++;
        }
        return count;
    }

    private void addConflict(int first, int second, int score) {
        for (int index : List.of(first, second)) {
            scores.merge(index, score, Math::max);
        }
    }

    private int lastShared(int from) {
        int task = steps.get(from).task();
        for (int i = from; i >= 0; i--) {
            if (steps.get(i).task() == task && Roles.isShared(steps.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** Rates the last operations of those that fail, and who changed what they touched. */
    private void rateTheEnd() {
        for (int failing : timeline.failing()) {
            int last = lastOf(failing);
            add(last, 2000);
            int shared = last < 0 ? -1 : lastShared(last);
            add(shared, 500);
            for (int i = shared - 1; i >= 0; i--) {
                Trace.Step step = steps.get(i);
                if (step.task() != failing
                        && Roles.isShared(step)
                        && !step.kind().isRead()
                        && step.object().equals(steps.get(shared).object())
                        && tasks.contains(step.task())) {
                    add(i, 250);
                    break;
                }
            }
        }
        for (Timeline.Stop stop : timeline.stops()) {
            if (stop.until() == steps.size() && stop.by() >= 0 && tasks.contains(stop.task())) {
                timeline.held(stop.by()).forEach(index -> add(index, 900));
            }
        }
    }

    private int lastOf(int task) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i).task() == task) {
                return i;
            }
        }
        return -1;
    }

    /** What helps to understand the others: who starts whom, who waits. */
    private void rateTheRest() {
        for (int i = 0; i < steps.size(); i++) {
            Trace.Step step = steps.get(i);
            switch (step.kind()) {
                case START -> add(i, tasks.contains(timeline.taskOf(step.object())) ? 70 : 0);
                case SLEEP, WAIT, NOTIFY, NOTIFY_ALL, INTERRUPT -> add(i, 55);
                case WRITE, UPDATE, FILE_WRITE, FILE_FORCE -> add(i, 15);
                case READ,
                        LOCK,
                        TRY_LOCK,
                        MONITOR_ENTER,
                        FILE_READ,
                        PARK,
                        UNPARK,
                        JOIN,
                        YIELD,
                        END ->
                        add(i, 5);
                case BEGIN, UNLOCK, MONITOR_EXIT -> {
                    // Nothing is decided there.
                }
            }
        }
    }

    /** The numbers of the tasks that take part, two to five unless there are fewer. */
    Collection<Integer> tasks() {
        return tasks;
    }

    /** The stops that are told: those that are the strategy's doing. */
    List<Timeline.Stop> stops() {
        return stops;
    }

    /** How many more such stops there are before those that are told. */
    int earlierStops() {
        return earlierStops;
    }

    /**
     * The operation of the failing task that met what another one had changed while it was stopped,
     * and that one's.
     */
    List<Integer> collision() {
        return collision;
    }

    /** The indices of the operations that matter most, in order, at most so many. */
    List<Integer> chosen(int count) {
        List<Map.Entry<Integer, Integer>> ranked =
                scores.entrySet().stream()
                        .filter(entry -> entry.getValue() >= WORTH_TELLING)
                        .sorted(
                                Map.Entry.<Integer, Integer>comparingByValue()
                                        .reversed()
                                        .thenComparing(
                                                Map.Entry.<Integer, Integer>comparingByKey()
                                                        .reversed()))
                        .toList();
        Map<String, Integer> told = new HashMap<>();
        List<Integer> chosen = new ArrayList<>();
        for (Map.Entry<Integer, Integer> entry : ranked) {
            Trace.Step step = steps.get(entry.getKey());
            int limit = Wording.isLock(step.kind()) ? 2 * MAX_PER_OBJECT : MAX_PER_OBJECT;
            boolean wanted =
                    entry.getValue() >= INDISPENSABLE
                            || step.object().isEmpty()
                            || told.merge(Timeline.subject(step), 1, Integer::sum) <= limit;
            if (wanted && chosen.size() < count) {
                chosen.add(entry.getKey());
            }
        }
        return chosen.stream().sorted().toList();
    }

    /** How many operations the tasks had that do not take part, by name. */
    Map<String, Integer> leftOut() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Trace.Step step : steps) {
            if (!tasks.contains(step.task())) {
                counts.merge(timeline.name(step.task()), 1, Integer::sum);
            }
        }
        return counts;
    }
}
