package org.selvage.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;

/**
 * Finds where a failing execution could last have gone otherwise, by executing it up to one of its
 * draws and then on in other ways.
 *
 * <p>If some execution that goes on from a draw passes, then one goes on from each earlier draw and
 * passes: it is the same one. So the last such draw is found by halving. The other direction is
 * only as good as the number of executions that are tried: after the search, draws behind the last
 * one are tried once more and harder.
 */
public final class CauseSearch {
    /** How many executions go on from a draw before it is given up. */
    private static final int CONTINUATIONS = 48;

    /** How many go on from the draws right behind the last one that was avoidable. */
    private static final int HARDER = 200;

    /** How many draws behind it are tried harder. */
    private static final int DRAWS_BEHIND = 6;

    private final Subject subject;
    private final List<Deviation> deviations;
    private final List<Point> points = new ArrayList<>();
    private final long maxExecutions;
    private long executions;
    private int unknown;

    /**
     * A draw of the failing execution with more than one option: when it was, and what was taken.
     */
    private record Point(Deviation draw, int stepsBefore, int options, int taken) {}

    private CauseSearch(Subject subject, List<Deviation> deviations, long maxExecutions) {
        this.subject = subject;
        this.deviations = deviations;
        this.maxExecutions = maxExecutions;
    }

    /**
     * Searches for the cause of a failure.
     *
     * @param trace the failing execution, as the deviations lead to it
     * @param maxExecutions how many executions it may take
     * @return null if no execution was found that passes
     */
    public static @Nullable Cause find(
            Subject subject, List<Deviation> deviations, Trace trace, long maxExecutions) {
        return new CauseSearch(subject, deviations, maxExecutions).find(trace);
    }

    private @Nullable Cause find(Trace failing) {
        look();
        if (points.isEmpty() || passing(0, CONTINUATIONS) == null) {
            return null;
        }
        int avoidable = 0;
        int inevitable = points.size();
        while (inevitable - avoidable > 1) {
            int middle = (avoidable + inevitable) >>> 1;
            if (passing(middle, CONTINUATIONS) != null) {
                avoidable = middle;
            } else {
                inevitable = middle;
            }
        }
        int tried = 0;
        int cutOff = 0;
        for (int i = avoidable + 1;
                i < Math.min(points.size(), avoidable + 1 + DRAWS_BEHIND);
                i++) {
            unknown = 0;
            long before = executions;
            if (passing(i, HARDER) != null) {
                avoidable = i;
                tried = 0;
                cutOff = 0;
            } else if (tried == 0) {
                tried = (int) (executions - before);
                cutOff = unknown;
            }
        }
        Neighbour neighbour = neighbour(avoidable, failing);
        return neighbour == null ? null : told(failing, avoidable, neighbour, tried, cutOff);
    }

    private Cause told(Trace failing, int avoidable, Neighbour neighbour, int tried, int cutOff) {
        Point last = points.get(avoidable);
        int inevitable = last.stepsBefore() < failing.steps().size() ? last.stepsBefore() + 1 : 0;
        return new Cause(
                last.stepsBefore(),
                inevitable,
                neighbour.alternative(),
                tried,
                cutOff,
                neighbour.order().race(inevitable),
                neighbour.trace(),
                neighbour.deviations(),
                executions);
    }

    /** Writes down the draws of the failing execution. */
    private void look() {
        int[] steps = new int[1];
        Replay replay =
                new Replay(deviations, Replay.Mode.LENIENT)
                        .watchedBy((choice, taken) -> {
                            if (choice.count() > 1) {
                                points.add(new Point(key(choice), steps[0], choice.count(), taken));
                            }
                        });
        executions++;
        subject.execute(
                replay,
                new OperationListener() {
                    @Override
                    public void operation(Execution execution, Task task) {
                        steps[0] += task.isRacing() ? 1 : 0;
                    }
                });
    }

    /** Where a draw is, as a deviation that would pick the first option. */
    private static Deviation key(Choice choice) {
        Task drawer = choice.drawer();
        return new Deviation(drawer.id(), drawer.operations(), drawer.draws(), choice.kind(), 0);
    }

    /** The deviations of an execution that passes from this draw on, or null if none was found. */
    private @Nullable List<Deviation> passing(int point, int continuations) {
        Point from = points.get(point);
        for (int option = 0; option < from.options(); option++) {
            if (option != from.taken()) {
                List<Deviation> passed =
                        passes(from.draw(), new Then(option, ChoiceSource.DEFAULT));
                if (passed != null) {
                    return passed;
                }
            }
        }
        Strategy random = new RandomWalk(point);
        Strategy pct = new Pct(point, 3);
        for (int i = from.options() - 1; i < continuations && executions < maxExecutions; i++) {
            Strategy strategy = i % 2 == 0 ? random : pct;
            strategy.begin(i);
            List<Deviation> passed = passes(from.draw(), strategy);
            if (passed != null) {
                return passed;
            }
        }
        return null;
    }

    private @Nullable List<Deviation> passes(Deviation draw, ChoiceSource then) {
        executions++;
        Replay replay = new Replay(deviations, Replay.Mode.LENIENT);
        Verdict verdict = subject.execute(new Prefix(replay, draw, then), null);
        if (verdict instanceof Verdict.Passed) {
            return Deviation.of(subject.execution());
        }
        if (!verdict.isFailure()) {
            unknown++;
        }
        return null;
    }

    // ---- the neighbour

    private record Neighbour(
            List<Deviation> deviations, Trace trace, OrderChange order, int alternative) {
        /** Whether the failing task is the one that goes on instead. */
        boolean isOfFailing() {
            return alternative == order.failing();
        }
    }

    /**
     * Of the executions that go another way at this draw and pass, the one in which the fewest
     * pairs of conflicting operations change places.
     */
    private @Nullable Neighbour neighbour(int point, Trace failing) {
        Point from = points.get(point);
        List<List<Deviation>> candidates = new ArrayList<>();
        for (int option = 0; option < from.options(); option++) {
            if (option != from.taken()) {
                add(candidates, passes(from.draw(), new Then(option, ChoiceSource.DEFAULT)));
                ChoiceSource rest = new Replay(deviations, Replay.Mode.LENIENT);
                add(candidates, passes(from.draw(), new Then(option, rest)));
            }
        }
        if (candidates.isEmpty()) {
            add(candidates, passing(point, HARDER));
        }
        Neighbour best = null;
        for (List<Deviation> candidate : candidates) {
            Neighbour next = neighbour(candidate, failing, from);
            if (best == null || isNearer(next, best, from.stepsBefore() + 1)) {
                best = next;
            }
        }
        return best;
    }

    private static boolean isNearer(Neighbour next, Neighbour best, int inevitable) {
        return Comparator.<Neighbour>comparingInt(one -> one.isOfFailing() ? 0 : 1)
                        .thenComparing(one -> !one.order().concernsFailing(inevitable))
                        .thenComparingInt(one -> one.order().size())
                        .compare(next, best)
                < 0;
    }

    private static void add(List<List<Deviation>> candidates, @Nullable List<Deviation> candidate) {
        if (candidate != null && !candidates.contains(candidate)) {
            candidates.add(candidate);
        }
    }

    private Neighbour neighbour(List<Deviation> candidate, Trace failing, Point from) {
        executions++;
        Trace trace = TraceRecorder.record(subject, new Replay(candidate, Replay.Mode.LENIENT));
        int step = Math.min(from.stepsBefore(), trace.steps().size() - 1);
        return new Neighbour(
                candidate, trace, new OrderChange(failing, trace), trace.steps().get(step).task());
    }

    /** Follows the failing execution up to a draw, then goes on in another way. */
    private static final class Prefix extends ForwardingSource {
        private final Deviation draw;
        private final ChoiceSource then;
        private boolean reached;

        Prefix(Replay replay, Deviation draw, ChoiceSource then) {
            super(replay);
            this.draw = draw;
            this.then = then;
        }

        @Override
        public boolean drawsAt(int task, int operation) {
            return super.drawsAt(task, operation)
                    || (draw.task() == task && draw.operation() == operation)
                    || then.drawsAt(task, operation);
        }

        @Override
        public boolean drawsInCall(int task, int operation, int first, int count) {
            return super.drawsInCall(task, operation, first, count)
                    || (draw.task() == task
                            && draw.operation() == operation
                            && draw.draw() / count == first / count)
                    || then.drawsInCall(task, operation, first, count);
        }

        @Override
        public int choose(Choice choice) {
            reached |= draw.matches(choice);
            return reached ? then.choose(choice) : super.choose(choice);
        }
    }

    /** Takes one option, then lets another source choose. */
    private static final class Then extends ForwardingSource {
        private final int option;
        private boolean taken;

        Then(int option, ChoiceSource rest) {
            super(rest);
            this.option = option;
        }

        @Override
        public int choose(Choice choice) {
            if (!taken) {
                taken = true;
                return option;
            }
            return super.choose(choice);
        }
    }
}
