package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutorTest {
    @ParameterizedTest
    @CsvSource({
        "fixedPool, 6 true true",
        "poolForms, inside true timeout 1 interrupted rejected",
        "keepAlive, 1 0",
        "invoke, 7 x",
        "scheduled, 5 3 5 28",
        "completableFuture, 30 inside",
        "futureTask, 1 1"
    })
    void oneOutcome(String program, String outcome) throws Exception {
        Explorer.passes("Executors." + program, outcome);
    }

    @Test
    void workersRace() throws Exception {
        Explorer.passes("Executors.poolRace", "1", "2");
    }

    @Test
    void whoeverCompletesFirstWins() throws Exception {
        Explorer.passes("Executors.completeRace", "a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"forgottenShutdown", "starvation", "neverCompleted"})
    void alwaysADeadlock(String program) throws Exception {
        Explorer.Report report = Explorer.explore("Executors." + program, 100);
        assertThat(report.verdicts().keySet()).containsExactly("deadlock");
    }
}
