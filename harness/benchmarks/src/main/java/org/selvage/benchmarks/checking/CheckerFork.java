package org.selvage.benchmarks.checking;

import java.io.PrintStream;
import java.util.Locale;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;
import org.selvage.checker.Budget;
import org.selvage.checker.Checker;
import org.selvage.checker.Verdict;
import org.selvage.checker.history.History;
import org.selvage.checker.specification.Specification;
import org.selvage.checker.specification.Specifications;

/**
 * Has one checker judge histories of one kind, ever longer ones, and prints a line for each. Ends
 * when the sizes are through; whoever started it ends it when it takes too long.
 */
final class CheckerFork {
    /** Numbers of operations. */
    static final int[] SIZES = {10, 100, 1_000, 10_000, 100_000, 1_000_000};

    private static final long WARM_NANOS = 300_000_000L;

    private CheckerFork() {}

    private interface Judge {
        boolean isLinearizable();
    }

    /** Arguments: checker, kind of history. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        if (arguments[0].equals("lincheck")) {
            InsideLincheck.kind = arguments[1];
            new ModelCheckingOptions()
                    .iterations(1)
                    .invocationsPerIteration(1)
                    .verifier(InsideLincheck.class)
                    .check(Nothing.class);
        } else {
            measure(arguments[0], arguments[1], out);
        }
    }

    /** What Lincheck executes so that its verifier finds what it needs. */
    public static final class Nothing {
        /** Does nothing. */
        @Operation
        public void nothing() {}
    }

    /** Lincheck's verifier only works while Lincheck runs, so the measurement is made in there. */
    public static final class InsideLincheck implements Verifier {
        private static String kind = "";

        /** As Lincheck makes it. */
        public InsideLincheck(Class<?> sequential) {
            if (sequential != Nothing.class) {
                throw new IllegalArgumentException("sequential=" + sequential);
            }
        }

        @Override
        @SuppressWarnings("SystemOut") // as main
        public boolean verifyResults(ExecutionScenario scenario, ExecutionResult results) {
            try {
                measure("lincheck", kind, System.out);
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException(e);
            }
            return true;
        }
    }

    private static void measure(String checker, String kind, PrintStream out)
            throws NoSuchMethodException {
        for (int size : SIZES) {
            History history = CheckerComparison.history(kind, size);
            long begin = System.nanoTime();
            long best = Long.MAX_VALUE;
            do {
                Judge judge = judge(checker, kind, history);
                long start = System.nanoTime();
                if (!judge.isLinearizable()) {
                    throw new IllegalStateException("a valid history was refused: " + history);
                }
                best = Math.min(best, System.nanoTime() - start);
            } while (System.nanoTime() - begin < WARM_NANOS);
            out.printf(Locale.ROOT, "operations=%d nanos=%d%n", size, best);
            out.flush();
        }
    }

    private static Judge judge(String checker, String kind, History history)
            throws NoSuchMethodException {
        boolean queue = kind.startsWith("queue");
        Specification<?> specification =
                Specifications.named(queue ? "queue" : "register").orElseThrow();
        return switch (checker) {
            case "selvage" -> selvage(history, specification);
            case "naive" -> new NaiveWingGong<>(specification, history)::isLinearizable;
            case "lincheck" ->
                    LincheckJudge.of(
                                    history,
                                    queue
                                            ? LincheckJudge.Queue.class
                                            : LincheckJudge.Register.class)
                            ::isLinearizable;
            default -> throw new IllegalArgumentException("checker=" + checker);
        };
    }

    private static Judge selvage(History history, Specification<?> specification) {
        return () ->
                Checker.check(history, specification, Budget.standard()) instanceof Verdict.Valid;
    }
}
