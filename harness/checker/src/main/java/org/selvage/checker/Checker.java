package org.selvage.checker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.exact.ExactAlgorithms;
import org.selvage.checker.exact.ExactResult;
import org.selvage.checker.history.History;
import org.selvage.checker.history.HistoryException;
import org.selvage.checker.history.Intervals;
import org.selvage.checker.history.Operation;
import org.selvage.checker.search.BufferedDurable;
import org.selvage.checker.search.Classes;
import org.selvage.checker.search.Meter;
import org.selvage.checker.search.Portfolio;
import org.selvage.checker.search.Problem;
import org.selvage.checker.search.StateSpace;
import org.selvage.checker.search.Timeline;
import org.selvage.checker.specification.Specification;

/**
 * Decides whether histories are linearizable with respect to a sequential specification.
 *
 * <p>One checker may check many histories, one after another: it remembers the states and steps it
 * has met, so that the histories of one scenario cost little each. It is not for several threads at
 * once.
 *
 * @param <S> the specification's state
 */
public final class Checker<S> {
    private static final int MOST_STATES_KEPT = 1 << 16;

    private final Specification<S> specification;
    private final Method method;
    private final Intervals intervals = new Intervals();
    private final Classes classes;
    private @Nullable StateSpace<S> space;

    /** A checker that chooses how to decide. */
    public Checker(Specification<S> specification) {
        this(specification, Method.AUTOMATIC);
    }

    /** A checker that decides by one method. */
    public Checker(Specification<S> specification, Method method) {
        this.specification = specification;
        this.method = method;
        this.classes = new Classes(specification);
    }

    /** Checks one history for {@link Criterion#STRICT} linearizability. */
    public static <S> Verdict check(
            History history, Specification<S> specification, Budget budget) {
        return new Checker<>(specification).check(history, budget);
    }

    /**
     * Checks for {@link Criterion#STRICT} linearizability: linearizability when there are no
     * crashes.
     */
    public Verdict check(History history, Budget budget) {
        return check(history, Criterion.STRICT, budget);
    }

    /**
     * Checks for the criterion; throws {@link HistoryException} when the history is not well formed
     * or calls a function the specification does not know.
     */
    public Verdict check(History history, Criterion criterion, Budget budget) {
        Meter meter = new Meter(budget);
        Progress progress = new Progress();
        try {
            Decision decision = decide(history, criterion, meter, progress);
            if (decision.failing == null) {
                return new Verdict.Valid(criterion, new Linearization(history, decision.order));
            }
        } catch (Meter.Spent spent) {
            space = null;
            return new Verdict.Unknown(
                    criterion, String.valueOf(spent.getMessage()), progress.toString());
        } catch (OutOfMemoryError heapIsSmallerThanTheBudget) {
            space = null;
            return new Verdict.Unknown(criterion, "memory=the JVM's heap", progress.toString());
        }
        Explanation explanation = new Explainer<>(this, history, criterion, budget).explain();
        return new Verdict.Invalid(criterion, explanation);
    }

    /**
     * The verdicts for all criteria, from the strongest up to the first that holds; the last of
     * them tells which that is. Budgets count for each criterion on its own.
     */
    public List<Verdict> strongest(History history, Budget budget) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Criterion criterion : Criterion.values()) {
            Verdict verdict = check(history, criterion, budget);
            verdicts.add(verdict);
            if (verdict instanceof Verdict.Valid) {
                break;
            }
        }
        return verdicts;
    }

    /**
     * Whether the history is valid, without an explanation; throws {@link Meter.Spent} when the
     * budget ends first.
     */
    boolean isValid(History history, Criterion criterion, Meter meter) {
        return decide(history, criterion, meter, new Progress()).failing == null;
    }

    /**
     * The operations of a part that is not valid, none when all parts are; throws {@link
     * Meter.Spent} when the budget ends first.
     */
    int[] failing(History history, Criterion criterion, Meter meter) {
        Problem failing = decide(history, criterion, meter, new Progress()).failing;
        return failing == null ? new int[0] : failing.operations().clone();
    }

    Specification<S> specification() {
        return specification;
    }

    /** The states met so far, for a search that starts now. */
    StateSpace<S> space(Meter meter) {
        StateSpace<S> current = space;
        if (current == null
                || current.size() > MOST_STATES_KEPT
                || classes.size() > MOST_STATES_KEPT) {
            classes.clear();
            current = new StateSpace<>(specification, classes, meter);
            space = current;
        }
        current.meter(meter);
        return current;
    }

    private Decision decide(History history, Criterion criterion, Meter meter, Progress progress) {
        intervals.load(history);
        requireKnownFunctions();
        meter.charge(intervals.count());
        if (criterion == Criterion.BUFFERED_DURABLE && intervals.hasCrash()) {
            return decideBuffered(meter);
        }
        Problem whole = Problem.of(intervals, criterion);
        if (method == Method.AUTOMATIC) {
            ExactResult exact = ExactAlgorithms.decide(whole, specification.fastPath());
            if (exact.answer() != ExactResult.Answer.NOT_APPLICABLE) {
                return decided(whole, exact);
            }
        }
        List<Problem> parts = whole.split(specification);
        progress.parts = parts.size();
        List<int[]> orders = new ArrayList<>(parts.size());
        for (Problem part : parts) {
            long held = meter.bytes();
            int[] order = linearize(part, parts.size() > 1, meter);
            meter.release(held);
            if (order == null) {
                return new Decision(new int[0], part);
            }
            requireLegal(part, order);
            orders.add(order);
            progress.decided++;
        }
        return new Decision(Replay.merge(whole, orders), null);
    }

    private Decision decideBuffered(Meter meter) {
        int[] path = new BufferedDurable(intervals, space(meter), meter).decide();
        if (path == null) {
            return new Decision(new int[0], Problem.of(intervals, Criterion.DURABLE));
        }
        BufferedReplay<S> replay = new BufferedReplay<>(intervals, specification);
        requireLegal(replay.problem(path));
        int[] order = new int[path.length];
        boolean[] taken = new boolean[intervals.count()];
        int at = path.length;
        for (int i = path.length - 1; i >= 0; i--) {
            if (path[i] >= 0 && replay.survives(path[i]) && !taken[path[i]]) {
                taken[path[i]] = true;
                order[--at] = path[i];
            }
        }
        return new Decision(Arrays.copyOfRange(order, at, order.length), null);
    }

    private Decision decided(Problem part, ExactResult exact) {
        if (exact.answer() == ExactResult.Answer.LINEARIZABLE) {
            requireLegal(part, exact.operations());
            return new Decision(exact.operations(), null);
        }
        return new Decision(
                new int[0], exact.operations().length == 0 ? part : part.only(exact.operations()));
    }

    /** A linearization of the part, or null when there is none. */
    private int @Nullable [] linearize(Problem part, boolean isPart, Meter meter) {
        if (isPart && method == Method.AUTOMATIC) {
            ExactResult exact = ExactAlgorithms.decide(part, specification.fastPath());
            if (exact.answer() != ExactResult.Answer.NOT_APPLICABLE) {
                return exact.answer() == ExactResult.Answer.LINEARIZABLE
                        ? exact.operations()
                        : null;
            }
        }
        StateSpace<S> states = space(meter);
        Timeline timeline = part.timeline(classes);
        Portfolio portfolio = new Portfolio(timeline, states, meter, method);
        if (!portfolio.decide()) {
            return null;
        }
        int[] order = portfolio.linearization();
        for (int i = 0; i < order.length; i++) {
            order[i] = timeline.source(order[i]);
        }
        return order;
    }

    private void requireLegal(Problem part, int[] order) {
        requireLegal(Replay.problem(part, specification, order));
    }

    private void requireLegal(@Nullable String wrong) {
        if (wrong != null) {
            throw new IllegalStateException(
                    "the checker found a linearization that does not replay: "
                            + wrong
                            + " model="
                            + specification.name()
                            + "; this is a defect of the checker, keep the history and report it");
        }
    }

    private void requireKnownFunctions() {
        for (int i = 0; i < intervals.count(); i++) {
            String function = intervals.function(i);
            if (!specification.functions().contains(function)
                    && !function.equals(Operation.BARRIER)) {
                History history = intervals.loaded();
                throw new HistoryException(
                        history.source(),
                        history.line(intervals.invokedAt(i)),
                        "model="
                                + specification.name()
                                + " has no operation "
                                + function
                                + "; it has "
                                + specification.functions().stream().sorted().toList());
            }
        }
    }

    /** How a decision ended: in an order, or in a part that has none. */
    private static final class Decision {
        private final int[] order;
        private final @Nullable Problem failing;

        Decision(int[] order, @Nullable Problem failing) {
            this.order = order;
            this.failing = failing;
        }
    }

    /** How far a decision has come. */
    private static final class Progress {
        private int parts;
        private int decided;

        @Override
        public String toString() {
            return "parts=" + parts + " decided=" + decided;
        }
    }
}
