package org.selvage.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Choice;
import org.selvage.search.Deviation;
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
    private static final int MAX_TASKS = 5;

    /** A schedule that was not shrunk may have thousands; those nearest to the failure are told. */
    private static final int MAX_STOPS = 8;

    /** How many operations of a task on either side of its stop are looked at. */
    private static final int REACH = 400;

    /** Below this an operation is left out even where there is room for it. */
    private static final int WORTH_TELLING = 50;

    private final List<Trace.Step> steps;
    private final Timeline timeline;
    private final Set<Integer> tasks;
    private final Map<Integer, Integer> scores = new HashMap<>();
    private final List<Timeline.Stop> stops = new ArrayList<>();
    private final int earlierStops;

    Plot(Trace trace, Timeline timeline, List<Deviation> deviations) {
        this.steps = trace.steps();
        this.timeline = timeline;
        this.tasks = new TreeSet<>(cast(deviations));
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
        rateTheEnd();
        rateTheRest();
    }

    // ---- who takes part

    private List<Integer> cast(List<Deviation> deviations) {
        Set<Integer> cast = new LinkedHashSet<>(timeline.failing());
        Set<Integer> candidates = new LinkedHashSet<>();
        for (Deviation d : deviations.reversed()) {
            candidates.add(d.task());
            if (d.kind() != Choice.Kind.VALUE) {
                candidates.add(d.picked());
            }
        }
        for (Timeline.Stop stop : timeline.stops().reversed()) {
            if (candidates.size() >= MAX_TASKS || !deviations.isEmpty()) {
                break;
            }
            if (stop.reason() == Timeline.Reason.PREEMPTED) {
                candidates.add(stop.task());
                candidates.add(steps.get(stop.from() + 1).task());
            }
        }
        Map<Integer, Map<String, Boolean>> touched = touched();
        for (int task : candidates) {
            boolean meets =
                    candidates.stream()
                                    .anyMatch(other ->
                                            other != task && conflict(touched, task, other))
                            || cast.stream()
                                    .anyMatch(other ->
                                            other != task && conflict(touched, task, other));
            if (meets && cast.size() < MAX_TASKS) {
                cast.add(task);
            }
        }
        if (cast.size() < 2) {
            touched.keySet().stream()
                    .filter(task -> !cast.contains(task))
                    .filter(task ->
                            cast.isEmpty() || conflict(touched, task, cast.iterator().next()))
                    .limit(2L - cast.size())
                    .toList()
                    .forEach(cast::add);
        }
        return List.copyOf(cast).subList(0, Math.min(MAX_TASKS, cast.size()));
    }

    /** For each task the objects that it touched, and whether it did more than read them. */
    private Map<Integer, Map<String, Boolean>> touched() {
        Map<Integer, Map<String, Boolean>> touched = new TreeMap<>();
        for (Trace.Step step : steps) {
            if (isShared(step)) {
                touched.computeIfAbsent(step.task(), key -> new HashMap<>())
                        .merge(step.object(), !step.kind().isRead(), Boolean::logicalOr);
            }
        }
        return touched;
    }

    private static boolean conflict(
            Map<Integer, Map<String, Boolean>> touched, int one, int other) {
        Map<String, Boolean> others = touched.getOrDefault(other, Map.of());
        for (Map.Entry<String, Boolean> entry : touched.getOrDefault(one, Map.of()).entrySet()) {
            Boolean writes = others.get(entry.getKey());
            if (writes != null && (writes || entry.getValue())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the step touches something that another task may touch too; a thread's own life does
     * not count.
     */
    private static boolean isShared(Trace.Step step) {
        return switch (step.kind()) {
            case READ,
                    WRITE,
                    UPDATE,
                    LOCK,
                    TRY_LOCK,
                    MONITOR_ENTER,
                    WAIT,
                    NOTIFY,
                    NOTIFY_ALL,
                    FILE_READ,
                    FILE_WRITE,
                    FILE_FORCE ->
                    !step.object().isEmpty();
            case BEGIN,
                    END,
                    UNLOCK,
                    MONITOR_EXIT,
                    PARK,
                    UNPARK,
                    START,
                    JOIN,
                    SLEEP,
                    YIELD,
                    INTERRUPT ->
                    false;
        };
    }

    // ---- what matters

    /** Whether another task that takes part ran meanwhile. */
    private boolean isInterrupted(Timeline.Stop stop) {
        for (int i = stop.from() + 1; i < stop.until(); i++) {
            if (tasks.contains(steps.get(i).task())) {
                return steps.get(stop.from()).kind() != OperationKind.BEGIN
                        || stop.until() < steps.size();
            }
        }
        return false;
    }

    private void add(int index, int score) {
        if (index >= 0 && index < steps.size() && tasks.contains(steps.get(index).task())) {
            scores.merge(index, score, Integer::sum);
        }
    }

    /** Rates what stands around a stop. */
    private void rate(Timeline.Stop stop) {
        Map<String, Integer> before = nearest(stop.task(), stop.from(), -1);
        Map<String, Integer> after = nearest(stop.task(), stop.until(), 1);
        Map<String, Integer> meanwhile = new LinkedHashMap<>();
        Set<String> places = new LinkedHashSet<>();
        int first = -1;
        int last = -1;
        for (int i = stop.from() + 1; i < stop.until(); i++) {
            Trace.Step step = steps.get(i);
            if (!tasks.contains(step.task()) || step.task() == stop.task() || !isShared(step)) {
                continue;
            }
            first = first < 0 ? i : first;
            last = i;
            boolean clashes = clashes(step, before) || clashes(step, after);
            if (clashes) {
                int novelty = places.add(step.place() + step.kind()) ? 40 : 0;
                int both =
                        before.containsKey(step.object()) && after.containsKey(step.object())
                                ? 40
                                : 0;
                add(
                        i,
                        (Wording.isLock(step.kind()) ? 100 : step.kind().isRead() ? 160 : 260)
                                + novelty
                                + both);
                meanwhile.put(step.object(), i);
            }
        }
        add(first, 150);
        add(last, 120);
        for (String object : meanwhile.keySet()) {
            add(before.getOrDefault(object, -1), 300);
            add(after.getOrDefault(object, -1), 300);
        }
        add(lastShared(stop.from()), 200);
        add(stop.until(), 800);
    }

    private boolean clashes(Trace.Step step, Map<String, Integer> others) {
        Integer other = others.get(step.object());
        return other != null && !(step.kind().isRead() && steps.get(other).kind().isRead());
    }

    /** For each object that the task touches near an index, the nearest operation on it. */
    private Map<String, Integer> nearest(int task, int from, int direction) {
        Map<String, Integer> nearest = new LinkedHashMap<>();
        int seen = 0;
        for (int i = from; i >= 0 && i < steps.size() && seen < REACH; i += direction) {
            Trace.Step step = steps.get(i);
            if (step.task() == task && isShared(step)) {
                seen++;
                Integer known = nearest.get(step.object());
                if (known == null
                        || (steps.get(known).kind().isRead()
                                && !step.kind().isRead()
                                && direction > 0)) {
                    nearest.put(step.object(), i);
                }
            }
        }
        return nearest;
    }

    private int lastShared(int from) {
        int task = steps.get(from).task();
        for (int i = from; i >= 0; i--) {
            if (steps.get(i).task() == task && isShared(steps.get(i))) {
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
                        && isShared(step)
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

    /** The indices of the operations that matter most, in order, at most so many. */
    List<Integer> chosen(int count) {
        return scores.entrySet().stream()
                .filter(entry -> entry.getValue() >= WORTH_TELLING)
                .sorted(
                        Map.Entry.<Integer, Integer>comparingByValue()
                                .reversed()
                                .thenComparing(
                                        Map.Entry.<Integer, Integer>comparingByKey().reversed()))
                .limit(count)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
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
