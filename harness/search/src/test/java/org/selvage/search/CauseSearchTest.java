package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Verdict;

/** Where a failure could last have been avoided, against an enumeration of what can follow. */
final class CauseSearchTest {
    private static final Confirmation.Header HEADER =
            new Confirmation.Header("main programs", "", List.of(), 1L, Map.of(), "0");

    /**
     * A failure that was found, shrunk and explained.
     *
     * @param passesFromLastAvoidable how many of all continuations pass that differ from the
     *     failing execution right there
     * @param passesFromInevitable how many of all continuations pass after the inevitable step
     */
    private record Explained(
            Trace failing, Cause cause, long passesFromLastAvoidable, long passesFromInevitable) {
        Trace.Step first() {
            return failing.steps().get(Objects.requireNonNull(cause.race()).first() - 1);
        }

        Trace.Step second() {
            int step = Objects.requireNonNull(cause.race()).secondOfNeighbour();
            return cause.neighbour().steps().get(step - 1);
        }
    }

    private static Explained explain(String program, long seed) throws Exception {
        return explain(program, seed, 20_000L);
    }

    private static Explained explain(String program, long seed, long maxExecutions)
            throws Exception {
        return Carriers.call(
                handover -> {
                    Subject subject = Subject.of(Explorer.program(program, new String[1]), 20_000L);
                    handover.watch(() -> subject.execution().steps());
                    Search.Result found =
                            new Search(
                                            subject,
                                            Strategies.named("random", seed),
                                            Budget.of(10_000L),
                                            Search.Progress.SILENT)
                                    .run();
                    Search.Failure failure = Objects.requireNonNull(found.failure());
                    Shrinker.Shrunk shrunk = Shrinker.shrink(subject, failure, 5_000L);
                    Trace failing = Confirmation.of(subject, shrunk.deviations(), HEADER).trace();
                    Cause cause =
                            Objects.requireNonNull(
                                    CauseSearch.find(
                                            subject, shrunk.deviations(), failing, maxExecutions));
                    long[] passes = new long[2];
                    enumerate(subject, shrunk.deviations(), cause.lastAvoidable(), passes, 0);
                    if (cause.inevitable() > 0) {
                        enumerate(subject, shrunk.deviations(), cause.inevitable(), passes, 1);
                    }
                    return new Explained(failing, cause, passes[0], passes[1]);
                },
                Duration.ofSeconds(60));
    }

    /** Executes everything that can follow once so many operations took effect. */
    private static void enumerate(
            Subject subject, List<Deviation> failing, int steps, long[] passes, int index) {
        int[] stack = new int[0];
        while (true) {
            Enumerator next = new Enumerator(failing, steps, stack);
            Verdict verdict =
                    subject.execute(
                            next, (execution, task) -> next.seen += task.isRacing() ? 1 : 0);
            passes[index] += verdict instanceof Verdict.Passed ? 1 : 0;
            stack = next.following();
            if (stack.length == 0) {
                return;
            }
        }
    }

    /** Depth-first search over all draws behind a number of operations. */
    private static final class Enumerator implements ChoiceSource {
        private final Replay replay;
        private final int steps;
        private final int[] path;
        private final ArrayList<int[]> taken = new ArrayList<>();
        private int seen;

        Enumerator(List<Deviation> failing, int steps, int[] path) {
            this.replay = new Replay(failing, Replay.Mode.LENIENT);
            this.steps = steps;
            this.path = path;
        }

        @Override
        public boolean everyPoint() {
            return true;
        }

        @Override
        public boolean isReplay() {
            return true;
        }

        @Override
        public boolean drawsAt(int task, int operation) {
            return replay.drawsAt(task, operation);
        }

        @Override
        public int choose(Choice choice) {
            if (seen < steps) {
                return replay.choose(choice);
            }
            int depth = taken.size();
            int option = depth < path.length ? path[depth] : 0;
            taken.add(new int[] {option, choice.count()});
            return option;
        }

        int[] following() {
            for (int i = taken.size() - 1; i >= 0; i--) {
                if (taken.get(i)[0] + 1 < taken.get(i)[1]) {
                    int[] next = new int[i + 1];
                    for (int j = 0; j < i; j++) {
                        next[j] = taken.get(j)[0];
                    }
                    next[i] = taken.get(i)[0] + 1;
                    return next;
                }
            }
            return new int[0];
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Canaries.lostUpdate",
                "Canaries.lockOrder",
                "Canaries.checkThenAct",
                "Races.publication",
                "Races.emptyQueue",
                "Races.stackAba",
                "Canaries.notifyBuffer",
                "Canaries.lostWakeUp",
                "Races.transfer",
                "Races.philosophers",
                "Races.singleton",
                "Races.waitsOnce",
                "Races.permits",
                "Races.readSkew",
                "Races.dropProtocol",
                "Races.relay"
            })
    void nothingPassesOnceItIsInevitableAndSomethingDoesBefore(String program) throws Exception {
        for (long seed = 1; seed <= 3; seed++) {
            Explained explained = explain(program, seed);
            Cause cause = explained.cause;
            assertThat(explained.passesFromLastAvoidable).isPositive();
            assertThat(explained.passesFromInevitable).isZero();
            assertThat(cause.neighbour().verdict()).isInstanceOf(Verdict.Passed.class);
            assertThat(cause.neighbour().steps().subList(0, cause.lastAvoidable()))
                    .as("the executions are the same up to there")
                    .isEqualTo(explained.failing.steps().subList(0, cause.lastAvoidable()));
            if (cause.inevitable() > 0) {
                assertThat(cause.inevitable()).isEqualTo(cause.lastAvoidable() + 1);
            }
        }
    }

    /** The two operations whose order decides, as a person would name them. */
    @ParameterizedTest
    @CsvSource({
        "Canaries.lostUpdate, AtomicInteger.get, AtomicInteger.set",
        "Races.publication, AtomicInteger.get, AtomicInteger.set",
    })
    void theRacingPairIsNamed(String program, String first, String second) throws Exception {
        for (long seed = 1; seed <= 5; seed++) {
            Explained explained = explain(program, seed);
            assertThat(explained.first().target()).endsWith(first);
            assertThat(explained.second().target()).endsWith(second);
            assertThat(explained.first().task()).isNotEqualTo(explained.second().task());
            Cause.Race race = Objects.requireNonNull(explained.cause.race());
            assertThat(race.second() == 0 || race.second() > race.first()).isTrue();
            assertThat(race.secondOfNeighbour()).isLessThan(race.firstOfNeighbour());
        }
    }

    @Test
    void continuationsThatWereNotTriedAreNotCounted() throws Exception {
        assertThat(explain("Canaries.lostUpdate", 1L).cause.continuations()).isEqualTo(200);
        Cause cause = explain("Canaries.lostUpdate", 1L, 30L).cause;
        assertThat(cause.continuations()).isBetween(1, 29);
    }

    @Test
    void aProgramThatAlwaysFailsHasNoCauseInItsOrder() throws Exception {
        boolean isKnown =
                Carriers.call(
                        handover -> {
                            Subject subject =
                                    Subject.of(
                                            () -> {
                                                throw new IllegalStateException("always");
                                            },
                                            1_000L);
                            Trace failing = Confirmation.of(subject, List.of(), HEADER).trace();
                            return CauseSearch.find(subject, List.of(), failing, 1_000L) != null;
                        },
                        Duration.ofSeconds(10));
        assertThat(isKnown).isFalse();
    }
}
