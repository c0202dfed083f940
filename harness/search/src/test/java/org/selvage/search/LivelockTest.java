package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.scheduler.Verdict;
import org.selvage.weaver.Agent;

/** A repeated state is a livelock; a loop that counts, wherever it counts, is none. */
class LivelockTest {
    private static final long MAX_STEPS = 40L;
    private static final long EXECUTIONS = 500L;
    private static final int REPLAYS = 100;

    /** So many executions, with so many turns of a loop in each, and the loop is compiled. */
    private static final long UNTIL_COMPILED = 40L;

    private static final long WARM_STEPS = 400L;
    private static final long MOST_STEPS = 120L;

    @ParameterizedTest
    @CsvSource({
        "polite, 14",
        "missedFlag, 40",
        "sleepingPoll, 40",
        "afterYou, 14",
        "staleCompare, 40",
        "allLocked, 40",
        "nothingFound, 40"
    })
    void isFoundAndReplays(String program, long maxSteps) throws Exception {
        with(
                "Livelocks." + program,
                maxSteps,
                subject -> {
                    Search.Failure failure =
                            Suite.search(subject, "random", 1L, EXECUTIONS).failure();
                    if (failure == null) {
                        throw new AssertionError("nothing found");
                    }
                    assertThat(failure.verdict()).isInstanceOf(Verdict.Livelock.class);
                    for (int i = 0; i < REPLAYS; i++) {
                        Replay replay = new Replay(failure.deviations(), Replay.Mode.STRICT);
                        Verdict verdict = subject.execute(replay, null);
                        assertThat(Signature.of(verdict)).isEqualTo(failure.signature());
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local",
                "field",
                "staticField",
                "element",
                "depth",
                "boxed",
                "atomic",
                "exchanged",
                "list",
                "iterator",
                "threadLocal",
                "clock",
                "sleeper",
                "sleepers",
                "drawn",
                "seeded",
                "threadRandom",
                "property",
                "starved",
                "operand",
                "callSites",
                "text",
                "hashCodes",
                "ring",
                "drift",
                "handler",
                "locale",
                "standardOutput",
                "shutdownHooks"
            })
    void isNotSeenWhereSomethingChanges(String program) throws Exception {
        with(
                "NoLivelocks." + program,
                MAX_STEPS,
                subject -> {
                    Search.Result result = Suite.search(subject, "random", 1L, 4L);
                    Search.Failure failure = result.failure();
                    assertThat(failure == null ? "" : failure.verdict().summary()).isEmpty();
                    assertThat(result.unknown()).isPositive();
                });
    }

    /**
     * When the compiler dissolves an object that only a loop knows, its variable looks as if it
     * were null.
     */
    @Test
    void isNotSeenWhereOnlyADissolvedObjectChanges() throws Exception {
        with(
                "NoLivelocks.dissolved",
                WARM_STEPS,
                subject -> {
                    Search.Result result = Suite.search(subject, "random", 1L, UNTIL_COMPILED);
                    Search.Failure failure = result.failure();
                    assertThat(failure == null ? "" : failure.verdict().summary()).isEmpty();
                    assertThat(result.unknown()).isEqualTo(UNTIL_COMPILED);
                });
    }

    /**
     * What the scheduler knows of tasks and no variable holds decides what comes next. The states
     * that would be equal without it come once, so the programs are cut off in all places.
     */
    @ParameterizedTest
    @ValueSource(strings = {"permit", "notified"})
    void isNotSeenWhereOnlyTheSchedulerSeesAChange(String program) throws Exception {
        Agent.require();
        Scenario.Program entry = Explorer.program("NoLivelocks." + program, new String[] {""});
        Carriers.call(
                handover -> {
                    for (long steps = 1; steps <= MOST_STEPS; steps++) {
                        Subject subject = Subject.of(entry, steps);
                        Verdict verdict = subject.execute(choice -> 0, null);
                        assertThat(verdict).isNotInstanceOf(Verdict.Livelock.class);
                    }
                    return program;
                },
                Duration.ofSeconds(60));
    }

    private static void with(String program, long maxSteps, Consumer<Subject> check)
            throws Exception {
        Agent.require();
        String[] outcome = {""};
        Carriers.call(
                handover -> {
                    Subject subject = Subject.of(Explorer.program(program, outcome), maxSteps);
                    handover.watch(subject.execution()::steps);
                    check.accept(subject);
                    return program;
                },
                Duration.ofSeconds(60));
    }
}
