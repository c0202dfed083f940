package org.selvage.report;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.selvage.hooks.OperationKind;
import org.selvage.search.Deviation;
import org.selvage.search.Trace;

/**
 * Decides which tasks an execution is about: those that fail; the one that changed, while a failing
 * one was stopped, what that one came to afterwards; and those that the schedule lets run or stops,
 * as far as they have to do with the others.
 */
final class Roles {
    private static final int MAX_TASKS = 5;

    /** So many of its last operations are what a failing task came to. */
    private static final int LAST = 60;

    private final List<Trace.Step> steps;
    private final Timeline timeline;
    private final Map<Integer, Map<String, Boolean>> touched;

    private Roles(Trace trace, Timeline timeline) {
        this.steps = trace.steps();
        this.timeline = timeline;
        this.touched = touched();
    }

    /** The numbers of the tasks, the most important first: two to five, unless there are fewer. */
    static List<Integer> of(Telling telling, Timeline timeline) {
        return new Roles(telling.trace(), timeline).cast(telling);
    }

    private List<Integer> cast(Telling telling) {
        Set<Integer> cast = new LinkedHashSet<>(timeline.failing());
        telling.indispensable().forEach(index -> cast.add(steps.get(index).task()));
        Trace.Step missed = telling.missed();
        if (missed != null && missed.task() < telling.trace().tasks().size()) {
            cast.add(missed.task());
        }
        if (telling.indispensable().size() > 1 && cast.size() > 1) {
            // The race is known: whoever takes no part in it has nothing to do with the failure.
            return List.copyOf(cast).subList(0, Math.min(MAX_TASKS, cast.size()));
        }
        Set<Integer> candidates = candidates(telling.deviations());
        timeline.failing().forEach(failing -> addCause(cast, failing, candidates));
        for (int task : candidates) {
            boolean meets = meets(task, candidates) || meets(task, cast);
            if (meets && cast.size() < MAX_TASKS) {
                cast.add(task);
            }
        }
        if (cast.size() < 2) {
            // What it did is not told, as nobody had raced with it yet.
            candidates.stream()
                    .filter(task -> !cast.contains(task))
                    .filter(timeline::isStoppedLater)
                    .findFirst()
                    .ifPresent(cast::add);
        }
        if (cast.size() < 2) {
            touched.keySet().stream()
                    .filter(task -> !cast.contains(task))
                    .filter(task -> cast.isEmpty() || conflict(task, cast.iterator().next()))
                    .limit(2L - cast.size())
                    .toList()
                    .forEach(cast::add);
        }
        return List.copyOf(cast).subList(0, Math.min(MAX_TASKS, cast.size()));
    }

    /** Those that the schedule stops and lets run instead, the last first. */
    private Set<Integer> candidates(List<Deviation> deviations) {
        Set<Integer> stopped = new HashSet<>();
        Set<Integer> candidates = new LinkedHashSet<>();
        for (Timeline.Stop stop : timeline.stops().reversed()) {
            if (stop.reason() == Timeline.Reason.PREEMPTED) {
                stopped.add(stop.task());
                if (deviations.isEmpty() && candidates.size() < MAX_TASKS) {
                    candidates.add(stop.task());
                    candidates.add(steps.get(stop.from() + 1).task());
                }
            }
        }
        for (Deviation d : deviations.reversed()) {
            // A task that had to wait anyway only made room.
            if (stopped.contains(d.task())) {
                candidates.add(d.task());
            }
            if (d.kind().isOfTask()) {
                candidates.add(d.picked());
            }
        }
        return candidates;
    }

    private boolean meets(int task, Set<Integer> others) {
        return others.stream().anyMatch(other -> other != task && conflict(task, other));
    }

    // ---- who made it fail

    private void addCause(Set<Integer> cast, int failing, Set<Integer> candidates) {
        List<Timeline.Stop> stops =
                timeline.stops().stream()
                        .filter(stop -> stop.task() == failing)
                        .filter(stop -> stop.reason() == Timeline.Reason.PREEMPTED)
                        .toList();
        Map<String, Integer> last = lastObjects(failing);
        Map<Integer, Double> guilt = new TreeMap<>();
        Map<String, Integer> touches = new HashMap<>();
        steps.forEach(step -> touches.merge(Timeline.subject(step), 1, Integer::sum));
        for (Timeline.Stop stop : stops.subList(Math.max(0, stops.size() - 8), stops.size())) {
            Set<String> counted = new HashSet<>();
            for (int i = stop.until() - 1; i > stop.from(); i--) {
                Trace.Step step = steps.get(i);
                boolean came = last.getOrDefault(step.object(), -1) >= stop.until();
                boolean writes = step.kind() == OperationKind.FILE_WRITE;
                if (!isShared(step) || step.kind().isRead() || !(came || writes)) {
                    continue;
                }
                String what = Wording.isLock(step.kind()) ? step.place() : Timeline.subject(step);
                if (counted.add(step.task() + " " + what)) {
                    guilt.merge(step.task(), weight(step, touches), Double::sum);
                }
            }
        }
        guilt.remove(failing);
        double most = guilt.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
        // One that the schedule names is more likely to be the cause than one that does more of the
        // same.
        boolean isNamed =
                candidates.stream().anyMatch(task -> guilt.getOrDefault(task, -1.0) >= most / 2);
        if (!isNamed) {
            guilt.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .ifPresent(entry -> cast.add(entry.getKey()));
        }
    }

    private static double weight(Trace.Step step, Map<String, Integer> touches) {
        if (Wording.isLock(step.kind())) {
            return 12;
        }
        return step.kind() == OperationKind.FILE_WRITE
                ? 30
                : 300 * Plot.rarity(touches.getOrDefault(Timeline.subject(step), 1));
    }

    /** What a task touched in its last operations, and where last. */
    private Map<String, Integer> lastObjects(int task) {
        Map<String, Integer> last = new HashMap<>();
        int seen = 0;
        for (int i = steps.size() - 1; i >= 0 && seen < LAST; i--) {
            if (steps.get(i).task() == task && isShared(steps.get(i))) {
                seen++;
                last.putIfAbsent(steps.get(i).object(), i);
            }
        }
        return last;
    }

    // ---- who has to do with whom

    /** For each task the objects that it touched, and whether it did more than read them. */
    private Map<Integer, Map<String, Boolean>> touched() {
        Map<Integer, Map<String, Boolean>> all = new TreeMap<>();
        for (Trace.Step step : steps) {
            if (isShared(step)) {
                all.computeIfAbsent(step.task(), key -> new HashMap<>())
                        .merge(step.object(), !step.kind().isRead(), Boolean::logicalOr);
            }
        }
        return all;
    }

    private boolean conflict(int one, int other) {
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
    static boolean isShared(Trace.Step step) {
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
}
