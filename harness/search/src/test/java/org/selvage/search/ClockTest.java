package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClockTest {
    @ParameterizedTest
    @CsvSource({
        "sleepSort, '[10, 20, 30, 40, 50]'",
        "sleepForms, 4",
        "nanoTimeLoop, true",
        "allClocks, 5 5 5",
        "generousTimeout, done",
        "yieldersBesideSleeper, done"
    })
    void oneOutcome(String program, String outcome) throws Exception {
        Explorer.passes("Clocks." + program, outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spinnerBesideSleeper", "spinLockBesideSleeper"})
    void timePassesWhileAnotherTaskSpins(String program) throws Exception {
        Explorer.Report report = Explorer.explore("Clocks." + program, "random", 1L, 100);
        assertThat(report.verdicts().keySet()).containsExactly("passed");
    }
}
