package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.weaver.Agent;

/**
 * Exhaustive strategies see what any other strategy sees, say what they have proven, and replay.
 */
class ExhaustiveTest {
    private static final long MANY = 50_000L;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Locks.tryLock",
                "Locks.deadlock",
                "Locks.interruptOneOfThree",
                "Locks.interruptedAwait",
                "Locks.signalOneOfTwo",
                "Monitors.barging",
                "Monitors.deadlock",
                "Monitors.exceptionExit",
                "Monitors.lostWakeUp",
                "Monitors.notifyOneOfTwo",
                "Monitors.waitNotifyAll",
                "Plain.doubleChecked",
                "Plain.field",
                "Plain.storeBuffering",
                "Plain.unsafePublication",
                "Synchronizers.barrier",
                "Synchronizers.latch",
                "Synchronizers.readersShare",
                "Synchronizers.semaphore",
                "Synchronizers.writersExclude"
            })
    void optimalSearchSeesAllThatRandomSearchSees(String program) throws Exception {
        Explorer.Report optimal = Explorer.explore(program, "optimal", 1L, MANY);
        Explorer.Report random = Explorer.explore(program, "random", 1L, 3_000L);
        assertThat(optimal.verdicts().keySet()).containsAll(random.verdicts().keySet());
        assertThat(optimal.outcomes().keySet()).containsAll(random.outcomes().keySet());
        assertThat(sum(optimal)).isLessThan(MANY);
    }

    @ParameterizedTest
    @CsvSource({
        "Monitors.exceptionExit, preemptions:64",
        "Monitors.exceptionExit, delays:64",
        "Locks.tryLock, preemptions:64",
        "Locks.deadlock, preemptions:2",
        "Locks.deadlock, delays:2",
        "Monitors.waitNotifyAll, preemptions:2",
        "Plain.staticField, preemptions:64",
        "Plain.storeBuffering, delays:64"
    })
    void boundedSearchSeesAllThatOptimalSearchSees(String program, String strategy)
            throws Exception {
        Explorer.Report bounded = Explorer.explore(program, strategy, 1L, MANY);
        Explorer.Report optimal = Explorer.explore(program, "optimal", 1L, MANY);
        assertThat(bounded.verdicts().keySet()).isEqualTo(optimal.verdicts().keySet());
        assertThat(bounded.outcomes().keySet()).isEqualTo(optimal.outcomes().keySet());
        assertThat(sum(bounded)).isLessThan(MANY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "pct", "pos", "surw", "guided", "portfolio", "delays:2"})
    void everyStrategyFindsALostWakeUp(String strategy) throws Exception {
        assertThat(Explorer.explore("Monitors.lostWakeUp", strategy, 1L, 300L).failures())
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Monitors.waitNotifyAll, optimal, all traces, 96",
        "Monitors.waitNotifyAll, preemptions:0, all schedules with up to 0 preemptions, 0",
        "Monitors.waitNotifyAll, random, , 0",
        "Monitors.timedWait, optimal, all traces, 1"
    })
    void aResultSaysWhatIsProven(String program, String strategy, String proven, long traces)
            throws Exception {
        Search.Result result = search(program, strategy, 2_000L);
        assertThat(result.failure()).isNull();
        assertThat(result.proven()).isEqualTo(proven);
        if (traces > 0) {
            assertThat(result.traces()).isEqualTo(traces).isEqualTo(result.executions());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Monitors.waitNotifyAll, 96",
        "Monitors.exceptionExit, 30",
        "Locks.fair, 36",
        "Locks.tryLock, 3"
    })
    void everyStrategyCountsTheSameTraces(String program, long traces) throws Exception {
        for (String strategy : List.of("optimal", "random", "surw", "guided", "preemptions:64")) {
            Search.Result result = search(program, strategy, 20_000L);
            assertThat(result.traces()).as(strategy).isEqualTo(traces);
            if (!strategy.equals("optimal")) {
                assertThat(result.curve().getLast().traces()).isEqualTo(traces);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "preemptions:65 | the bound is out of range: strategy=preemptions:65, range=0..64",
                "delays:-1 | the bound is out of range: strategy=delays:-1, range=0..64",
                "delays:x | the bound is no number: strategy=delays:x",
                "pct:0 | the depth is out of range: strategy=pct:0, range=1..64"
            })
    void badBoundsGetOneClearLine(String strategy, String message) {
        assertThatThrownBy(() -> Strategies.named(strategy, 1L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    /** A loop that only reads lets the others go first: no execution is cut off. */
    @ParameterizedTest
    @CsvSource({"Threads.pollsAlone, pct:1", "Threads.pollsAlone, pct:3"})
    void aSpinningTaskStarvesNobody(String program, String strategy) throws Exception {
        Search.Result result = search(program, strategy, 200L);
        assertThat(result.failure()).isNull();
        assertThat(result.unknown()).isZero();
    }

    private static Search.Result search(String program, String strategy, long executions)
            throws Exception {
        Agent.require();
        return Carriers.call(
                handover -> {
                    String[] outcome = {""};
                    Subject subject = Subject.of(Explorer.program(program, outcome), 10_000L);
                    subject.execute(ChoiceSource.DEFAULT, null);
                    return new Search(
                                    subject,
                                    Strategies.named(strategy, 1L),
                                    Budget.of(executions),
                                    Search.Progress.SILENT)
                            .run();
                },
                Duration.ofSeconds(60));
    }

    private static long sum(Explorer.Report report) {
        return report.verdicts().values().stream().mapToLong(Long::longValue).sum();
    }
}
