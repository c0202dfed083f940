package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.scheduler.Choice;

/** Spurious wake-ups and timeouts happen on request, are replayed, and otherwise do not happen. */
class WakeUpTest {
    private static final String NOT_READY = "java.lang.AssertionError: not ready";

    @ParameterizedTest
    @CsvSource({
        "waitWithoutLoop, true, false, SPURIOUS",
        "parkWithoutLoop, true, false, SPURIOUS",
        "sleepIsNoSynchronisation, false, true, TIMEOUT"
    })
    void isFoundOnRequestOnly(String program, boolean spurious, boolean timeouts, Choice.Kind kind)
            throws Exception {
        Explorer.passes("WakeUps." + program, "ready");
        Explorer.Report report = Explorer.exploreWakeUps("WakeUps." + program, spurious, timeouts);
        assertThat(report.verdicts().keySet()).containsExactlyInAnyOrder("passed", NOT_READY);
        assertThat(report.failures().getFirst().deviations())
                .anyMatch(deviation -> deviation.kind() == kind);
        Explorer.Report other = Explorer.exploreWakeUps("WakeUps." + program, timeouts, spurious);
        assertThat(other.verdicts()).containsOnlyKeys("passed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"WakeUps.waitInLoop", "Monitors.waitNotifyAll", "Synchronizers.latch"})
    void whatIsRightPasses(String program) throws Exception {
        Explorer.Report report = Explorer.exploreWakeUps(program, true, true);
        assertThat(report.verdicts()).containsOnlyKeys("passed");
    }

    @Test
    void aTimeIsUpEarlyOrLate() throws Exception {
        Explorer.passes("WakeUps.timedWaits", "in time");
        Explorer.Report report = Explorer.exploreWakeUps("WakeUps.timedWaits", false, true);
        assertThat(report.outcomes()).containsOnlyKeys("in time", "too late");
    }

    @Test
    void parksThatEndTogetherReplay() throws Exception {
        Explorer.passes("WakeUps.parksEndTogether", "ab", "ba");
    }
}
