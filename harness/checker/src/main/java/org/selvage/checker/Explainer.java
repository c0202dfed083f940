package org.selvage.checker;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.Explanation.Impossible;
import org.selvage.checker.Explanation.SubHistory;
import org.selvage.checker.history.EventKind;
import org.selvage.checker.history.History;
import org.selvage.checker.history.Intervals;
import org.selvage.checker.history.Operation;
import org.selvage.checker.search.Meter;
import org.selvage.checker.search.Problem;
import org.selvage.checker.search.StateSpace;
import org.selvage.checker.search.Timeline;
import org.selvage.checker.search.WingGongLowe;

/**
 * Reduces a history that is not valid. Every reduction is checked again in full, and one whose
 * check does not end within the budget is not made: what is reported is never valid.
 */
final class Explainer<S> {
    private static final long MOST_STEPS = 50_000_000;
    private static final long STEPS_FOR_ONE = 200_000;
    private static final long MOST_BYTES = 1L << 28;
    private static final int MOST_OPERATIONS_SHOWN = 5000;

    private final Checker<S> checker;
    private final History history;
    private final Criterion criterion;
    private final Intervals intervals;
    private final Meter meter;
    private boolean complete = true;
    private int events;
    private int firstBad;

    Explainer(Checker<S> checker, History history, Criterion criterion, Budget budget) {
        this.checker = checker;
        this.history = history;
        this.criterion = criterion;
        this.intervals = Intervals.of(history);
        this.meter = new Meter(new Budget(budget.nanos(), budget.bytes(), MOST_STEPS));
        this.events = history.size();
        this.firstBad = events - 1;
    }

    Explanation explain() {
        List<Integer> all = new ArrayList<>();
        for (int operation = 0; operation < intervals.count(); operation++) {
            if (!intervals.function(operation).equals(Operation.BARRIER)) {
                all.add(operation);
            }
        }
        List<Integer> context = all;
        List<Integer> core = all;
        try {
            narrowFirstBadEvent();
            events = firstBad + 1;
            context = failingPart(all);
            core = context;
            context = withoutValues(context);
            core = context;
            core = minimal(context, this::single);
        } catch (Meter.Spent | OutOfMemoryError spent) {
            complete = false;
            events = firstBad + 1;
        }
        return reasons(subHistory(core), subHistory(context));
    }

    /**
     * Prefixes of a valid history are valid, so the shortest one that is not can be found by
     * halving.
     */
    private void narrowFirstBadEvent() {
        int valid = 0;
        while (firstBad - valid >= 1) {
            int middle = (valid + firstBad + 1) >>> 1;
            if (isNotValid(history.prefix(middle))) {
                firstBad = middle - 1;
            } else {
                valid = middle;
            }
        }
    }

    private List<Integer> failingPart(List<Integer> all) {
        List<Integer> part = new ArrayList<>();
        for (int operation : checker.failing(history.prefix(events), criterion, meter)) {
            part.add(operation);
        }
        part.sort(null);
        if (isInvalid(part)) {
            return part;
        }
        List<Integer> called = new ArrayList<>(all);
        called.removeIf(operation -> intervals.invokedAt(operation) >= events);
        return called;
    }

    /**
     * Leaves out values, each with all operations that mention it, then reads that are not needed.
     */
    private List<Integer> withoutValues(List<Integer> operations) {
        List<Integer> kept = minimal(operations, this::byValue);
        return minimal(kept, this::readsAlone);
    }

    private List<Set<Integer>> single(List<Integer> operations) {
        List<Set<Integer>> groups = new ArrayList<>();
        operations.forEach(operation -> groups.add(Set.of(operation)));
        return groups;
    }

    private List<Set<Integer>> readsAlone(List<Integer> operations) {
        List<Set<Integer>> groups = new ArrayList<>();
        for (int operation : operations) {
            boolean open = intervals.endedAt(operation) >= events;
            if (open || checker.specification().readOnly(intervals.operation(operation))) {
                groups.add(Set.of(operation));
            }
        }
        return groups;
    }

    /**
     * Groups by the values that some call brought in. What only responses mention, such as the name
     * of an error, came from no operation.
     */
    private List<Set<Integer>> byValue(List<Integer> operations) {
        Map<Object, Set<Integer>> groups = new LinkedHashMap<>();
        Set<Object> broughtIn = new LinkedHashSet<>();
        operations.forEach(operation -> collect(intervals.argument(operation), broughtIn));
        for (int operation : operations) {
            Set<Object> values = new LinkedHashSet<>();
            collect(intervals.argument(operation), values);
            collect(intervals.response(operation), values);
            values.retainAll(broughtIn);
            values.forEach(value ->
                    groups.computeIfAbsent(value, v -> new LinkedHashSet<>()).add(operation));
        }
        List<Set<Integer>> removable = new ArrayList<>(groups.values());
        removable.removeIf(
                group -> isMissedBySome(group, operations) || isOnlySource(group, operations));
        return removable;
    }

    /** Whether another operation returned a value that only operations of the group brought in. */
    private boolean isOnlySource(Set<Integer> group, List<Integer> operations) {
        Set<Object> broughtIn = new LinkedHashSet<>();
        Set<Object> fromElsewhere = new LinkedHashSet<>();
        Set<Object> seenElsewhere = new LinkedHashSet<>();
        for (int operation : operations) {
            boolean inside = group.contains(operation);
            collect(intervals.argument(operation), inside ? broughtIn : fromElsewhere);
            if (!inside) {
                collect(intervals.response(operation), seenElsewhere);
            }
        }
        broughtIn.removeAll(fromElsewhere);
        broughtIn.retainAll(seenElsewhere);
        return !broughtIn.isEmpty();
    }

    /**
     * Whether another operation, one that returns a collection, may have seen an effect of the
     * group and does not mention it: without the group, its response would be wrong for another
     * reason.
     */
    private boolean isMissedBySome(Set<Integer> group, List<Integer> operations) {
        int firstEffect = Integer.MAX_VALUE;
        for (int operation : group) {
            if (!checker.specification().readOnly(intervals.operation(operation))) {
                firstEffect = Math.min(firstEffect, intervals.invokedAt(operation));
            }
        }
        for (int operation : operations) {
            if (intervals.response(operation) instanceof Collection<?>
                    && intervals.endedAt(operation) > firstEffect
                    && !group.contains(operation)) {
                return true;
            }
        }
        return false;
    }

    private static void collect(@Nullable Object value, Set<Object> values) {
        if (value instanceof Collection<?> several) {
            several.forEach(part -> collect(part, values));
        } else if (value != null && !(value instanceof Boolean)) {
            values.add(value);
        }
    }

    /**
     * Delta debugging (Zeller, Hildebrandt 2002) over groups of operations, until no single group
     * can go.
     */
    private List<Integer> minimal(List<Integer> operations, Grouping grouping) {
        List<Integer> kept = operations;
        List<Set<Integer>> groups = grouping.of(kept);
        int size = Math.max(1, groups.size() / 2);
        while (!groups.isEmpty()) {
            boolean removed = false;
            for (int from = 0; from < groups.size(); ) {
                int to = Math.min(groups.size(), from + size);
                Set<Integer> gone = new LinkedHashSet<>();
                groups.subList(from, to).forEach(gone::addAll);
                List<Integer> rest = new ArrayList<>(kept);
                rest.removeAll(gone);
                if (rest.size() < kept.size() && isInvalid(rest)) {
                    kept = rest;
                    groups.subList(from, to).clear();
                    removed = true;
                } else {
                    from = to;
                }
            }
            if (size == 1 && !removed) {
                break;
            }
            size = Math.max(1, size / 2);
            groups = grouping.of(kept);
        }
        return kept;
    }

    private boolean isInvalid(List<Integer> operations) {
        return isNotValid(subHistory(operations).history());
    }

    /**
     * Whether a reduced history is known not to be valid. Each has a budget of its own, so that one
     * hard one does not stop the rest.
     */
    private boolean isNotValid(History reduced) {
        Meter own =
                new Meter(
                        new Budget(
                                Long.MAX_VALUE, MOST_BYTES, STEPS_FOR_ONE + 4L * reduced.size()));
        boolean invalid = false;
        try {
            invalid = !checker.isValid(reduced, criterion, own);
        } catch (Meter.Spent spent) {
            complete = false;
        }
        meter.charge(own.steps());
        return invalid;
    }

    private SubHistory subHistory(List<Integer> operations) {
        BitSet kept = new BitSet(events);
        for (int event = 0; event < events; event++) {
            EventKind kind = history.kind(event);
            if (kind == EventKind.CRASH || kind == EventKind.RECOVERED) {
                kept.set(event);
            }
        }
        for (int operation = 0; operation < intervals.count(); operation++) {
            if (intervals.function(operation).equals(Operation.BARRIER)) {
                keep(kept, operation);
            }
        }
        List<Integer> called = new ArrayList<>(operations);
        called.removeIf(operation -> intervals.invokedAt(operation) >= events);
        called.forEach(operation -> keep(kept, operation));
        return new SubHistory(history.only(kept), List.copyOf(called));
    }

    private void keep(BitSet kept, int operation) {
        if (intervals.invokedAt(operation) < events) {
            kept.set(intervals.invokedAt(operation));
        }
        int end = intervals.lastEvent(operation);
        if (end < events) {
            kept.set(end);
        }
    }

    private Explanation reasons(SubHistory core, SubHistory context) {
        List<Integer> legal = new ArrayList<>();
        List<Impossible> impossible = new ArrayList<>();
        String stateAfter = "";
        Intervals shown = Intervals.of(context.history());
        Meter explaining = new Meter(new Budget(Long.MAX_VALUE, 1L << 28, 2_000_000));
        StateSpace<S> space = checker.space(explaining);
        Timeline timeline = Problem.of(shown, criterion).timeline(space.classes());
        complete &= timeline.count() <= MOST_OPERATIONS_SHOWN;
        if (timeline.window() <= Long.SIZE && timeline.count() <= MOST_OPERATIONS_SHOWN) {
            WingGongLowe search = new WingGongLowe(timeline, space, explaining, true);
            try {
                search.advance(Long.MAX_VALUE >> 1);
            } catch (Meter.Spent spent) {
                complete = false;
            }
            boolean[] placed = new boolean[shown.count()];
            List<Integer> names = names(context);
            for (int operation : search.longestPrefix()) {
                placed[timeline.source(operation)] = true;
                legal.add(names.get(timeline.source(operation)));
            }
            stateAfter = space.describe(search.stateAfterLongest());
            for (int i = 0; i < timeline.count(); i++) {
                int source = timeline.source(i);
                if (!placed[source]) {
                    String why = why(timeline, space, search, i);
                    impossible.add(new Impossible(names.get(source), why));
                }
            }
        }
        return new Explanation(firstBad, core, context, legal, stateAfter, impossible, complete);
    }

    /**
     * The sub-history numbers barriers too; this list gives the whole history's number of each of
     * its operations.
     */
    private List<Integer> names(SubHistory context) {
        Set<Integer> names = new TreeSet<>(context.operations());
        for (int operation = 0; operation < intervals.count(); operation++) {
            if (intervals.function(operation).equals(Operation.BARRIER)
                    && intervals.invokedAt(operation) < events) {
                names.add(operation);
            }
        }
        return new ArrayList<>(names);
    }

    private static String why(
            Timeline timeline, StateSpace<?> space, WingGongLowe search, int operation) {
        Operation described = space.classes().operation(timeline.classOf(operation));
        int end = search.endAfterLongest();
        if (!timeline.calledBefore(operation, end)) {
            Operation waitedFor = space.classes().operation(timeline.classOf(timeline.endOf(end)));
            return described
                    + " was called only after "
                    + waitedFor
                    + " had returned, which cannot be placed";
        }
        boolean possible =
                space.step(search.stateAfterLongest(), timeline.classOf(operation))
                        != StateSpace.NONE;
        String state = space.describe(search.stateAfterLongest());
        return possible
                ? described + " is possible in state " + state + " but leads to no longer order"
                : described + " is impossible in state " + state;
    }

    /** Splits operations into groups that are left out together. */
    private interface Grouping {
        List<Set<Integer>> of(List<Integer> operations);
    }
}
