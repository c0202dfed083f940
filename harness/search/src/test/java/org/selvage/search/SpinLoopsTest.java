package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Verdict;
import org.selvage.weaver.Agent;

/**
 * Exhaustive searches of programs that wait in loops come to an end, say what is proven, and see
 * what brute force over all fair interleavings sees.
 *
 * <p>{@code -Dselvage.spins=2000} says how many programs are made at random, {@code
 * -Dselvage.spins.seed=301} from which seed on.
 */
class SpinLoopsTest {
    private static final long RANDOM_PROGRAMS = Long.getLong("selvage.spins", 5L);
    private static final long FIRST_SEED = Long.getLong("selvage.spins.seed", 1L);
    private static final long MAX_STEPS = 200L;
    private static final long LIMIT = 20_000L;

    /** The loop's rounds to no effect make no traces of their own. */
    @ParameterizedTest
    @CsvSource({
        "onSpinWait, 1",
        "yields, 1",
        "silent, 1",
        "plainFlag, 1",
        "looksThreeTimes, 4",
        "looksTenTimes, 11",
        "spinLockOfTwo, 2",
        "spinLockOfThree, 6",
        "looksBeforeItTakes, 6",
        "tryLock, 2",
        "retries, 4",
        "underALock, 1",
        "pingPong, 1",
    })
    void tracesOfTheOptimalSearch(String program, long traces) throws Exception {
        Search.Result result = search("Spins." + program, "optimal");
        assertThat(result.failure()).isNull();
        assertThat(result.unknown()).isZero();
        assertThat(result.proven()).isEqualTo("all traces");
        assertThat(result.traces()).isEqualTo(traces);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "onSpinWait",
                "yields",
                "silent",
                "plainFlag",
                "looksThreeTimes",
                "spinLockOfThree",
                "looksBeforeItTakes",
                "tryLock",
                "retries",
                "underALock",
                "pingPong",
                "givesWay",
            })
    void boundedSearchesAreComplete(String program) throws Exception {
        for (String strategy : new String[] {"bounded:2", "delay:2"}) {
            Search.Result result = search("Spins." + program, strategy);
            assertThat(result.failure()).isNull();
            assertThat(result.unknown()).as(strategy).isZero();
            assertThat(result.exhausted()).as(strategy).isTrue();
            assertThat(result.proven()).as(strategy).isNotNull();
        }
    }

    /** Long before the step limit, where the state is small. */
    @ParameterizedTest
    @CsvSource({"onSpinWait, 60", "silent, 60", "plainFlag, 60", "underALock, 120", "tryLock, 120"})
    void aLoopIsSeenSoon(String program, long steps) throws Exception {
        Search.Result result =
                search("Spins." + program, Strategies.named("optimal", 1L), steps, LIMIT);
        assertThat(result.unknown()).isZero();
        assertThat(result.proven()).isEqualTo("all traces");
    }

    /** States are not read for rounds that differ, nor for few that change something. */
    @ParameterizedTest
    @CsvSource({"looksHereAndThere, 0", "worksForSixRounds, 0", "worksForAThousandRounds, 100"})
    void aLoopThatGoesOnIsSeldomLookedAt(String program, int most) throws Exception {
        OptimalSearch search = new OptimalSearch();
        Search.Result result = search("Spins." + program, search, 10_000L, LIMIT);
        assertThat(result.proven()).isEqualTo("all traces");
        assertThat(result.traces()).isEqualTo(1L);
        assertThat(search.stateReads()).isBetween(Math.min(1, most), most);
    }

    @ParameterizedTest
    @ValueSource(strings = {"optimal", "bounded:2", "delay:2", "random"})
    void aLoopThatNobodyEndsIsStillALivelock(String strategy) throws Exception {
        Search.Failure failure = search("Spins.tokenLost", strategy).failure();
        assertThat(Objects.requireNonNull(failure).verdict()).isInstanceOf(Verdict.Livelock.class);
    }

    @Test
    void whatLivelocksWereFoundReplays() throws Exception {
        Explorer.Report report = Explorer.explore("Spins.tokenLost", "optimal", 1L, 1L);
        assertThat(report.verdicts().keySet()).containsExactly("livelock");
    }

    @ParameterizedTest
    @CsvSource({
        "a volatile flag, Wx1 | Sx1 Rx, 1",
        "a flag and data behind it, Py2 Wx1 | Vx1 Qy, 1",
        "a plain flag, Px1 | Zx1 Rx, 1",
        "a flag that nobody sets, Wx2 | Yx1, 1",
        "a flag that is taken back, Wx1 Wx2 | Sx1 Rx, 3",
        "each waits for the other, Sx1 Wy1 | Sy1 Wx1, 1",
        "hand in hand, Wx1 Sy1 Rx | Sx1 Wy1 Ry, 1",
        "a spin lock, Kx1 Iy Jx | Kx1 Iy Jx | Kx1 Iy Jx, 6",
        "tried locks in opposite orders, Hx Hy By Bx | Hy Hx Bx By, 2",
        "a spin lock and a monitor, Lx Ky1 Jy Ux | Ky1 Lx Ux Jy, 2",
    })
    void classics(String name, String code, int outcomes) throws Exception {
        assertThat(LitmusCode.allowed(code)).as(name).hasSize(outcomes);
        check(code);
    }

    @Test
    void programsMadeAtRandom() throws Exception {
        for (long i = 0; i < RANDOM_PROGRAMS; i++) {
            check(LitmusCode.randomWithLoops(FIRST_SEED + i));
        }
    }

    private static void check(String code) throws Exception {
        check(code, "optimal", LitmusCode.allowed(code));
        for (int bound = 0; bound < 3; bound++) {
            check(code, "bounded:" + bound, LitmusCode.allowed(code, bound));
        }
    }

    /** The search sees all there is, and proves that unless it was cut off. */
    private static void check(String code, String strategy, Set<String> allowed) throws Exception {
        boolean[] proven = {false};
        Set<String> outcomes = outcomes(code, strategy, proven);
        boolean isCutOff = outcomes.remove("cut off");
        if (isCutOff) {
            outcomes.add("livelock");
        }
        assertThat(outcomes).as(code + " " + strategy).isEqualTo(allowed);
        assertThat(proven[0]).as(code + " " + strategy).isEqualTo(!isCutOff);
    }

    private static Set<String> outcomes(String code, String name, boolean[] proven)
            throws Exception {
        Agent.require();
        LitmusCode.threads = code.split(" \\| ");
        return Carriers.call(
                handover -> {
                    String[] outcome = {""};
                    Subject subject =
                            Subject.of(Explorer.program("LitmusMachine.run", outcome), MAX_STEPS);
                    subject.execute(ChoiceSource.DEFAULT, null);
                    Strategy strategy = Strategies.named(name, 1L);
                    Set<String> outcomes = new TreeSet<>();
                    boolean waitsForPlain = code.contains("Z");
                    long executions = 0;
                    while (strategy.begin(executions++)) {
                        assertThat(executions).as(code + " " + name).isLessThan(LIMIT);
                        Verdict verdict = subject.execute(strategy, null);
                        if (!strategy.wasEnough()) {
                            outcomes.add(
                                    switch (verdict) {
                                        case Verdict.Passed passed -> outcome[0];
                                        case Verdict.Livelock livelock -> "livelock";
                                        case Verdict.Deadlock deadlock -> "deadlock";
                                        // Plain fields that race make points, but none of a replay
                                        // without deviations: a livelock over them is not proven.
                                        case Verdict.StepLimit limit when waitsForPlain ->
                                                "cut off";
                                        default -> verdict.toString();
                                    });
                        }
                        strategy.end(subject.execution(), verdict);
                    }
                    proven[0] = strategy.proven() != null;
                    return outcomes;
                },
                Duration.ofSeconds(60));
    }

    private static Search.Result search(String program, String strategy) throws Exception {
        return search(program, Strategies.named(strategy, 1L), 10_000L, LIMIT);
    }

    private static Search.Result search(
            String program, Strategy strategy, long steps, long executions) throws Exception {
        Agent.require();
        return Carriers.call(
                handover -> {
                    String[] outcome = {""};
                    Subject subject = Subject.of(Explorer.program(program, outcome), steps);
                    subject.execute(ChoiceSource.DEFAULT, null);
                    return new Search(
                                    subject,
                                    strategy,
                                    Budget.of(executions),
                                    Search.Progress.SILENT)
                            .run();
                },
                Duration.ofSeconds(60));
    }
}
