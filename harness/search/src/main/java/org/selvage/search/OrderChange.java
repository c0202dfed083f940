package org.selvage.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Verdict;

/**
 * Which conflicting operations of two tasks change places between two executions of one program. An
 * operation is found again by its task, its kind, its place and how often the task was there.
 */
final class OrderChange {
    /**
     * Two operations as they stand in the one execution and in the other: indices; -1 for one that
     * is not in it.
     */
    private record Pair(int first, int second, int firstThere, int secondThere, boolean isLock) {}

    private record Key(int task, OperationKind kind, String target, String place, int occurrence) {}

    private final Trace here;
    private final Trace there;

    /** The number of the task that fails, or -1. */
    private final int failing;

    private final List<Pair> pairs = new ArrayList<>();

    OrderChange(Trace here, Trace there) {
        this.here = here;
        this.there = there;
        this.failing =
                here.verdict() instanceof Verdict.Failed failed
                        ? here.tasks().lastIndexOf(failed.task())
                        : -1;
        Map<Key, Integer> indices = new HashMap<>();
        List<Key> keysThere = keys(there);
        for (int i = 0; i < keysThere.size(); i++) {
            indices.put(keysThere.get(i), i);
        }
        List<Key> keys = keys(here);
        Map<String, Map<Integer, Last>> lastOn = new HashMap<>();
        for (int i = 0; i < here.steps().size(); i++) {
            Trace.Step step = here.steps().get(i);
            if (!isShared(step)) {
                continue;
            }
            Map<Integer, Last> byTask =
                    lastOn.computeIfAbsent(step.object(), object -> new HashMap<>());
            for (Last last : byTask.values()) {
                addIfReversed(last.change, i, here, keys, indices);
                if (!step.kind().isRead()) {
                    addIfReversed(last.read, i, here, keys, indices);
                }
            }
            Last own = byTask.computeIfAbsent(step.task(), task -> new Last());
            if (step.kind().isRead()) {
                own.read = i;
            } else {
                own.change = i;
            }
        }
        addWhatNeverHappens(keys, keysThere);
    }

    /** The last operation of a task that read an object, and that changed it; -1 for none. */
    private static final class Last {
        private int read = -1;
        private int change = -1;
    }

    private void addIfReversed(
            int before, int index, Trace here, List<Key> keys, Map<Key, Integer> there) {
        if (before < 0 || here.steps().get(before).task() == here.steps().get(index).task()) {
            return;
        }
        Integer first = there.get(keys.get(before));
        Integer second = there.get(keys.get(index));
        if (first != null && second != null && second < first) {
            pairs.add(
                    new Pair(before, index, first, second, isLock(here.steps().get(index).kind())));
        }
    }

    /** An execution that fails ends there: what was to come has no place in it. */
    private void addWhatNeverHappens(List<Key> keys, List<Key> keysThere) {
        Map<Key, Integer> indices = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            indices.put(keys.get(i), i);
        }
        // The first operation of each task on an object that does not happen here.
        Map<String, Map<Integer, Integer>> missing = new HashMap<>();
        for (int i = 0; i < keysThere.size(); i++) {
            Trace.Step step = there.steps().get(i);
            Integer index = indices.get(keysThere.get(i));
            if (!isShared(step)) {
                continue;
            }
            Map<Integer, Integer> byTask =
                    missing.computeIfAbsent(step.object(), object -> new HashMap<>());
            if (index == null) {
                byTask.putIfAbsent(step.task(), i);
                continue;
            }
            for (int second : byTask.values()) {
                Trace.Step other = there.steps().get(second);
                boolean conflict = !step.kind().isRead() || !other.kind().isRead();
                if (conflict && other.task() != step.task()) {
                    pairs.add(new Pair(index, -1, i, second, isLock(step.kind())));
                }
            }
        }
    }

    private static List<Key> keys(Trace trace) {
        Map<Key, Integer> seen = new HashMap<>();
        List<Key> keys = new ArrayList<>();
        for (Trace.Step step : trace.steps()) {
            Key key = new Key(step.task(), step.kind(), step.target(), step.place(), 0);
            int occurrence = seen.merge(key, 1, Integer::sum);
            keys.add(new Key(step.task(), step.kind(), step.target(), step.place(), occurrence));
        }
        return keys;
    }

    /** Whether the step touches what another task may touch too. */
    private static boolean isShared(Trace.Step step) {
        return !step.object().isEmpty()
                && switch (step.kind()) {
                    case READ,
                            WRITE,
                            UPDATE,
                            LOCK,
                            TRY_LOCK,
                            MONITOR_ENTER,
                            NOTIFY,
                            NOTIFY_ALL,
                            WAIT,
                            UNPARK,
                            INTERRUPT,
                            FILE_READ,
                            FILE_WRITE,
                            FILE_FORCE ->
                            true;
                    case BEGIN, END, UNLOCK, MONITOR_EXIT, PARK, START, JOIN, SLEEP, YIELD -> false;
                };
    }

    private static boolean isLock(OperationKind kind) {
        return kind == OperationKind.LOCK
                || kind == OperationKind.TRY_LOCK
                || kind == OperationKind.MONITOR_ENTER;
    }

    /** How many pairs change places. */
    int size() {
        return pairs.size();
    }

    /**
     * The pair that tells most: on a variable rather than on a lock, with an operation of the task
     * that fails, and as near as can be to the step after which the failure is inevitable.
     *
     * @param inevitable the number of that step, from 1; 0 if there is none
     */
    Cause.@Nullable Race race(int inevitable) {
        Pair best = best(inevitable);
        return best == null
                ? null
                : new Cause.Race(
                        best.first() + 1,
                        best.second() + 1,
                        best.firstThere() + 1,
                        best.secondThere() + 1);
    }

    /** Whether the pair that tells most has an operation of the task that fails. */
    boolean concernsFailing(int inevitable) {
        Pair best = best(inevitable);
        return best != null && isOfFailing(best);
    }

    private @Nullable Pair best(int inevitable) {
        return pairs.stream()
                .min(
                        Comparator.comparing(Pair::isLock)
                                .thenComparing(pair -> !isOfFailing(pair))
                                .thenComparingInt(pair -> distance(pair, inevitable - 1))
                                // Both operations happened, if that can be had.
                                .thenComparing(pair -> pair.second() < 0))
                .orElse(null);
    }

    int failing() {
        return failing;
    }

    private boolean isOfFailing(Pair pair) {
        return here.steps().get(pair.first()).task() == failing
                || there.steps().get(pair.secondThere()).task() == failing;
    }

    private static int distance(Pair pair, int index) {
        int first = Math.abs(pair.first() - index);
        return pair.second() < 0 ? first : Math.min(first, Math.abs(pair.second() - index));
    }
}
