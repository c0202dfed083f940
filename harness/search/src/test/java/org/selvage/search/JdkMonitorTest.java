package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.selvage.scheduler.Verdict;

/** Synchronized methods of the JDK's own classes. */
class JdkMonitorTest {
    @ParameterizedTest
    @CsvSource({"passedOn, 11", "waits, a0", "stream, 4 4", "bytes, 6", "pipe, abcde"})
    void oneOutcome(String program, String outcome) throws Exception {
        Explorer.Report report = Explorer.explore("Monitored." + program, 400);
        assertThat(report.verdicts()).containsOnlyKeys("passed");
        assertThat(report.outcomes()).containsOnlyKeys(outcome);
    }

    @Test
    void aBlockKeepsMethodsOut() throws Exception {
        Explorer.passes("Monitored.blockAndMethod", "abc", "cab");
    }

    @Test
    void twoCallsAreTwoSteps() throws Exception {
        Explorer.passes("Monitored.checkThenAct", "1", "2");
        Explorer.passes("Monitored.replaced", "{k=1}", "{k=2}");
        Explorer.passes("Monitored.iteration", "whole", "modified");
    }

    @Test
    void aCallbackIsSwitchedAwayFrom() throws Exception {
        Explorer.passes("Monitored.callback", "3 3", "13 3", "23 3", "36 3");
        Explorer.passes("Monitored.compute", "1 11", "11 11");
    }

    @Test
    void theJdkItselfWaitsForTheBlock() throws Exception {
        for (String outcome : Explorer.passes("Monitored.copy").outcomes().keySet()) {
            assertThat(outcome).matches("[02] [26] [02]");
        }
    }

    @Test
    void oppositeOrdersDeadlock() throws Exception {
        Explorer.Report report = Explorer.explore("Monitored.deadlock");
        assertThat(report.verdicts().keySet()).containsExactlyInAnyOrder("passed", "deadlock");
        Verdict verdict = report.failures().getFirst().verdict();
        assertThat(verdict.summary()).contains("t0 blocked on java.util.Vector owned by t1");
    }

    @Test
    void whatAClassOfTheProgramOverridesIsNotSynchronized() throws Exception {
        Explorer.passes("Monitored.subclass", "[1, 1, 2]", "[1, 2, 1]", "[2, 1, 1]");
    }
}
