package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParkingTest {
    @ParameterizedTest
    @CsvSource({
        "permit, true",
        "unpark, done",
        "interrupt, true",
        "timed, 3",
        "unstarted, done",
        "pingPong, 6",
        "blocker, blocker 0"
    })
    void oneOutcome(String program, String outcome) throws Exception {
        Explorer.passes("Parking." + program, outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"forgottenUnpark", "onePermitForTwo"})
    void sometimesADeadlock(String program) throws Exception {
        Explorer.Report report = Explorer.explore("Parking." + program);
        assertThat(report.verdicts().keySet()).containsExactlyInAnyOrder("passed", "deadlock");
    }
}
