package org.selvage.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.execution.ResultWithClock;
import org.jetbrains.kotlinx.lincheck.util.ValueResult;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.verifier.LinearizabilityVerifier;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.selvage.checker.history.History;
import org.selvage.checker.history.HistoryRecorder;
import org.selvage.checker.specification.Specification;
import org.selvage.checker.specification.Specifications;

/**
 * Lincheck executes small objects, correct and broken, and both tools judge every execution: they
 * agree on each, and so on the object. Runs in a JVM of its own, as Lincheck instruments what it
 * loads.
 */
class VerdictsBesideLincheckTest {
    /** An object, the model it claims to be, and whether it is. */
    record Subject(Class<?> type, String model, boolean correct) {}

    static List<Subject> objects() {
        return List.of(
                new Subject(SmallObjects.AtomicCounter.class, "counter", true),
                new Subject(SmallObjects.LosingCounter.class, "counter", false),
                new Subject(SmallObjects.AtomicRegister.class, "cas-register", true),
                new Subject(SmallObjects.TornRegister.class, "cas-register", false),
                new Subject(SmallObjects.LinkedQueue.class, "queue", true),
                new Subject(SmallObjects.PeekingQueue.class, "queue", false),
                new Subject(SmallObjects.TreiberStack.class, "stack", true),
                new Subject(SmallObjects.CarelessStack.class, "stack", false),
                new Subject(SmallObjects.HashedSet.class, "set", true),
                new Subject(SmallObjects.LookingSet.class, "set", false),
                new Subject(SmallObjects.HashedMap.class, "map", true),
                new Subject(SmallObjects.FlickeringMap.class, "map", false));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void bothToolsAgreeOnEveryExecution(Subject subject) {
        BothVerifiers.judged = 0;
        BothVerifiers.refused = 0;
        BothVerifiers.disagreements.clear();
        options().verifier(BothVerifiers.class).check(subject.type());
        assertThat(BothVerifiers.disagreements).isEmpty();
        assertThat(BothVerifiers.judged).isGreaterThan(100);
        assertThat(BothVerifiers.refused == 0)
                .as("refused=%d of %d", BothVerifiers.refused, BothVerifiers.judged)
                .isEqualTo(subject.correct());
    }

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(Integer.getInteger("selvage.lincheck.iterations", 5))
                .invocationsPerIteration(Integer.getInteger("selvage.lincheck.invocations", 200))
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1);
    }

    /** Compares the two verdicts and passes every execution, so that Lincheck goes on. */
    public static final class BothVerifiers implements Verifier {
        private static final List<String> disagreements = new ArrayList<>();
        private static long judged;
        private static long refused;

        private final LinearizabilityVerifier lincheck;
        private final Checker<?> selvage;

        /** As Lincheck makes it. */
        public BothVerifiers(Class<?> sequential) {
            lincheck = new LinearizabilityVerifier(sequential);
            selvage = new Checker<>(specification(sequential));
        }

        private static Specification<?> specification(Class<?> type) {
            String model =
                    objects().stream()
                            .filter(subject -> subject.type().getName().equals(type.getName()))
                            .findFirst()
                            .orElseThrow()
                            .model();
            return Specifications.named(model).orElseThrow();
        }

        @Override
        public boolean verifyResults(ExecutionScenario scenario, ExecutionResult results) {
            boolean theirs = lincheck.verifyResults(scenario, results);
            History history = new Recording(scenario, results).history();
            boolean ours = selvage.check(history, Budget.unlimited()) instanceof Verdict.Valid;
            judged++;
            refused += ours ? 0 : 1;
            if (theirs != ours) {
                disagreements.add(
                        String.format(
                                Locale.ROOT,
                                "lincheck=%s selvage=%s%n%s%n%s%n%s",
                                theirs,
                                ours,
                                scenario,
                                results,
                                history));
            }
            return true;
        }
    }

    /**
     * An execution of Lincheck as a history. Lincheck tells for each operation how many operations
     * of each thread had returned when it was called. So a return comes only when some call needs
     * it, and of the calls that wait, the one that needs the fewest returns comes first.
     */
    private static final class Recording {
        private final List<List<Actor>> actors;
        private final List<List<ResultWithClock>> results;
        private final int[] called;
        private final int[] returned;
        private final HistoryRecorder recorder = new HistoryRecorder();

        Recording(ExecutionScenario scenario, ExecutionResult result) {
            actors = scenario.getThreads();
            results = result.getThreadsResultsWithClock();
            called = new int[actors.size()];
            returned = new int[actors.size()];
        }

        History history() {
            for (int thread = next(); thread >= 0; thread = next()) {
                for (int other = 0; other < actors.size(); other++) {
                    while (returned[other] < needed(thread, other)) {
                        end(other);
                    }
                }
                begin(thread);
            }
            for (int thread = 0; thread < actors.size(); thread++) {
                while (returned[thread] < called[thread]) {
                    end(thread);
                }
            }
            return recorder.history();
        }

        /** How many operations of another thread had returned before a thread's next call. */
        private int needed(int thread, int other) {
            return other == thread
                    ? called[thread]
                    : results.get(thread).get(called[thread]).getClockOnStart().get(other);
        }

        /** The thread whose next call waits for the fewest returns, or -1. */
        private int next() {
            int best = -1;
            int fewest = Integer.MAX_VALUE;
            for (int thread = 0; thread < actors.size(); thread++) {
                if (called[thread] < actors.get(thread).size()) {
                    int missing = 0;
                    for (int other = 0; other < actors.size(); other++) {
                        if (needed(thread, other) > called[other]) {
                            missing = Integer.MAX_VALUE;
                            break;
                        }
                        missing += Math.max(0, needed(thread, other) - returned[other]);
                    }
                    if (missing < fewest) {
                        best = thread;
                        fewest = missing;
                    }
                }
            }
            return best;
        }

        private void begin(int thread) {
            Actor actor = actors.get(thread).get(called[thread]++);
            List<Object> arguments = new ArrayList<>();
            actor.getArguments().forEach(argument -> arguments.add(data(argument)));
            recorder.invoke(
                    thread,
                    actor.getMethod().getName(),
                    arguments.size() == 1
                            ? arguments.getFirst()
                            : arguments.isEmpty() ? null : arguments);
        }

        private void end(int thread) {
            Object result = results.get(thread).get(returned[thread]++).getResult();
            recorder.ok(
                    thread, result instanceof ValueResult value ? data(value.getValue()) : null);
        }

        private static @Nullable Object data(@Nullable Object value) {
            return value instanceof Integer number ? (Object) number.longValue() : value;
        }
    }
}
