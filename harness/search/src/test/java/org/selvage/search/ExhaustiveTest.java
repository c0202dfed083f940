package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
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
                "Plain.volatileFieldsOfOneObject",
                "Plain.fieldAndMonitorOfOneObject",
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
        "Monitors.exceptionExit, bounded:64",
        "Monitors.exceptionExit, delay:64",
        "Locks.tryLock, bounded:64",
        "Locks.deadlock, bounded:2",
        "Locks.deadlock, delay:2",
        "Monitors.waitNotifyAll, bounded:2",
        "Plain.staticField, bounded:64",
        "Plain.storeBuffering, delay:64"
    })
    void boundedSearchSeesAllThatOptimalSearchSees(String program, String strategy)
            throws Exception {
        Explorer.Report bounded = Explorer.explore(program, strategy, 1L, MANY);
        Explorer.Report optimal = Explorer.explore(program, "optimal", 1L, MANY);
        assertThat(bounded.verdicts().keySet()).isEqualTo(optimal.verdicts().keySet());
        assertThat(bounded.outcomes().keySet()).isEqualTo(optimal.outcomes().keySet());
        assertThat(sum(bounded)).isLessThan(MANY);
    }

    /** What reduction leaves out within a bound shows nothing new: bound-complete. */
    @ParameterizedTest
    @CsvSource({
        "Monitors.barging, 0",
        "Monitors.barging, 1",
        "Monitors.lostWakeUp, 1",
        "Monitors.exceptionExit, 2",
        "Monitors.notifyOneOfTwo, 1",
        "Locks.tryLock, 1",
        "Locks.deadlock, 1",
        "Locks.signalOneOfTwo, 1",
        "Synchronizers.semaphore, 1",
        "Canaries.lostUpdate, 0",
        "Canaries.lostUpdate, 1",
        "Canaries.noisy, 1",
        "Bounded.threeReads, 0",
        "Bounded.threeReads, 1",
        "Bounded.threeReads, 2"
    })
    void reductionWithinABoundLosesNothing(String program, int bound) throws Exception {
        BoundedSearch.Cost cost = BoundedSearch.Cost.PREEMPTIONS;
        Explorer.Report all =
                Explorer.explore(program, new BoundedSearch(cost, bound, false), MANY);
        BoundedSearch search = new BoundedSearch(cost, bound, true);
        Explorer.Report reduced = Explorer.explore(program, search, MANY);
        assertThat(sum(all)).isLessThan(MANY);
        assertThat(reduced.verdicts().keySet()).isEqualTo(all.verdicts().keySet());
        assertThat(reduced.outcomes().keySet()).isEqualTo(all.outcomes().keySet());
        assertThat(search.proven()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "random",
                "pct",
                "pos",
                "surw",
                "coverage",
                "portfolio",
                "delay:2",
                "bounded:2",
                "optimal"
            })
    void everyStrategyFindsALostWakeUp(String strategy) throws Exception {
        assertThat(Explorer.explore("Monitors.lostWakeUp", strategy, 1L, 300L).failures())
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Monitors.waitNotifyAll, optimal, all traces, 96",
        "Monitors.waitNotifyAll, bounded:0, all schedules with up to 0 preemptions, 0",
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

    /** What is kept of the order of tasks does not grow from execution to execution. */
    @Test
    void aBoundedSearchOfManyTasksStaysSmall() throws Exception {
        Search.Result result = search("Bounded.manyTasks", "bounded:2", 1_000L);
        assertThat(result.failure()).isNull();
        assertThat(result.executions()).isEqualTo(1_000L);
    }

    @ParameterizedTest
    @CsvSource({
        "Monitors.waitNotifyAll, 96",
        "Monitors.exceptionExit, 30",
        "Locks.fair, 36",
        "Locks.tryLock, 3"
    })
    void everyStrategyCountsTheSameTraces(String program, long traces) throws Exception {
        for (String strategy : List.of("optimal", "random", "surw", "coverage", "bounded:64")) {
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
                "bounded:65 | the bound is out of range: strategy=bounded:65, range=0..64",
                "delay:-1 | the bound is out of range: strategy=delay:-1, range=0..64",
                "delay:x | the bound is no number: strategy=delay:x",
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
