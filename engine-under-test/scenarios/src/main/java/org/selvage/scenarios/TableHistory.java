package org.selvage.scenarios;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.selvage.checker.Budget;
import org.selvage.checker.Checker;
import org.selvage.checker.Explanation;
import org.selvage.checker.Verdict;
import org.selvage.checker.history.HistoryRecorder;
import org.selvage.checker.history.Intervals;
import org.selvage.checker.history.Operation;
import org.selvage.checker.specification.TablespaceLifecycle;
import org.selvage.search.ClientHistory;

/**
 * The history of one execution after another, and the checker that judges it. Both are kept between
 * executions, so that a check costs microseconds; neither makes scheduling points.
 */
final class TableHistory {
    /** Far more than a history of some dozen operations takes. */
    private static final long STEPS = 5_000_000;

    private final HistoryRecorder recorder = new HistoryRecorder();
    private final Checker<TablespaceLifecycle.Tables> checker;

    /**
     * A history that starts with some tables.
     *
     * @param tables the rows, by key, of each table by name
     */
    TableHistory(Map<String, ? extends Map<Long, Long>> tables) {
        checker = new Checker<>(new TablespaceLifecycle(tables));
    }

    /** Forgets the execution before. */
    void begin() {
        recorder.clear();
    }

    /** A client whose calls are recorded. */
    Client client(int process, Statements statements) {
        return new Client(process, statements, recorder);
    }

    /**
     * Checks that what the clients saw is linearizable.
     *
     * @throws NotLinearizable if it is not
     * @throws IllegalStateException if that could not be decided
     */
    void check() {
        Verdict verdict = checker.check(recorder.history(), Budget.steps(STEPS));
        switch (verdict) {
            case Verdict.Valid valid -> {}
            case Verdict.Invalid invalid ->
                    throw new NotLinearizable(
                            words(invalid.explanation()), told(invalid.explanation()));
            case Verdict.Unknown unknown ->
                    throw new IllegalStateException(
                            "no violation is known, as the history could not be decided: spent="
                                    + unknown.spent()
                                    + ", "
                                    + unknown.progress()
                                    + "; let the clients do less");
        }
    }

    /**
     * The statements that no order explains, with those that made what they saw, each with its
     * client, and why none can come next.
     */
    private String words(Explanation why) {
        Intervals intervals = Intervals.of(recorder.history());
        StringJoiner statements = new StringJoiner("; ");
        for (int operation : why.context().operations()) {
            statements.add(
                    "client "
                            + intervals.process(operation)
                            + " "
                            + intervals.operation(operation));
        }
        StringJoiner reasons = new StringJoiner("; ");
        why.impossible().forEach(next -> reasons.add(next.why()));
        return "no order of these statements explains what the clients saw: "
                + statements
                + ": "
                + reasons;
    }

    /** The whole history, for reports. */
    private ClientHistory told(Explanation why) {
        Intervals intervals = Intervals.of(recorder.history());
        List<ClientHistory.Call> calls = new ArrayList<>();
        for (int operation = 0; operation < intervals.count(); operation++) {
            int number = operation;
            int ended = intervals.endedAt(operation);
            calls.add(
                    new ClientHistory.Call(
                            intervals.process(operation),
                            intervals.operation(operation).toString(),
                            intervals.invokedAt(operation),
                            ended == Intervals.NEVER ? -1 : ended,
                            why.legalPrefix().indexOf(operation) + 1,
                            why.impossible().stream().anyMatch(i -> i.operation() == number)));
        }
        return new ClientHistory(
                calls,
                why.stateAfter(),
                why.impossible().stream().map(Explanation.Impossible::why).toList(),
                violation(why));
    }

    /**
     * The functions and responses of the smallest part that is not linearizable, in the order of
     * the alphabet, each once.
     */
    private String violation(Explanation why) {
        Intervals intervals = Intervals.of(recorder.history());
        SortedSet<String> statements = new TreeSet<>();
        for (int number : why.core().operations()) {
            Operation operation = intervals.operation(number);
            String response =
                    operation.pending()
                            ? "pending"
                            : switch (operation.response()) {
                                case String code -> code;
                                case List<?> rows -> "rows";
                                case null, default -> "value";
                            };
            statements.add(operation.function() + " -> " + response);
        }
        return String.join("; ", statements);
    }

    /** The clients saw what no order of their statements explains. */
    static final class NotLinearizable extends AssertionError implements ClientHistory.Bearer {
        private static final long serialVersionUID = 1L;

        private final transient ClientHistory history;

        NotLinearizable(String words, ClientHistory history) {
            super(words);
            this.history = history;
        }

        @Override
        public ClientHistory clientHistory() {
            return history;
        }
    }
}
