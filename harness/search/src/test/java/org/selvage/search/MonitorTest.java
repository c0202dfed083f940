package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.selvage.scheduler.Verdict;

class MonitorTest {
    @ParameterizedTest
    @CsvSource({
        "block, 3",
        "instanceMethod, 2",
        "staticMethod, 2",
        "nullMonitor, null",
        "holdsLock, false true false",
        "waitNotify, 1",
        "waitNotifyAll, 3",
        "timedWait, in time",
        "timedWaitNotified, at once",
        "illegalStates, wtna-+",
        "interruptedWait, truefalse",
        "waitGivesUpAllHolds, 11",
        "waitForEndOfThread, ended"
    })
    void oneOutcome(String program, String outcome) throws Exception {
        Explorer.passes("Monitors." + program, outcome);
    }

    @Test
    void aMonitorIsHeldUntilItsLastExit() throws Exception {
        Explorer.passes("Monitors.nested", "11");
    }

    @Test
    void anExceptionGivesTheMonitorUp() throws Exception {
        Explorer.passes("Monitors.exceptionExit", "ab3false", "ba3false");
    }

    @Test
    void aNotifiedThreadWaitsForTheNotifierToLeave() throws Exception {
        Explorer.passes("Monitors.reentry", "[before=0] after=1");
    }

    @Test
    void otherThreadsMayEnterBeforeTheNotifiedOne() throws Exception {
        Explorer.passes("Monitors.barging", "[waiter, barger]", "[barger, waiter]");
    }

    @Test
    void anyWaiterMayBeNotified() throws Exception {
        Explorer.passes("Monitors.whichWaiter", "[w0]", "[w1]", "[w2]");
    }

    @Test
    void anInterruptedWaiterLeavesTheNotificationToAnother() throws Exception {
        Explorer.passes("Monitors.interruptOrNotify", "first notified", "both");
    }

    @Test
    void aNotificationThatNobodyAwaitsIsLost() throws Exception {
        Explorer.Report report = Explorer.explore("Monitors.lostWakeUp");
        assertThat(report.verdicts().keySet()).containsExactlyInAnyOrder("passed", "deadlock");
    }

    @Test
    void oneNotificationWakesOneWaiter() throws Exception {
        Explorer.Report report = Explorer.explore("Monitors.notifyOneOfTwo");
        assertThat(report.verdicts().keySet()).containsExactlyInAnyOrder("passed", "deadlock");
        assertThat(report.outcomes().keySet()).containsExactly("2");
    }

    @Test
    void oppositeOrdersDeadlock() throws Exception {
        Explorer.Report report = Explorer.explore("Monitors.deadlock");
        assertThat(report.verdicts().keySet()).containsExactlyInAnyOrder("passed", "deadlock");
        Verdict verdict = report.failures().getFirst().verdict();
        assertThat(verdict.summary())
                .contains("t0 blocked on java.lang.Object owned by t1")
                .contains("t1 blocked on java.lang.Object owned by t0")
                .contains("main joining on ");
    }

    @Test
    void aCycleIsADeadlockEvenIfOthersGoOn() throws Exception {
        Explorer.Report report = Explorer.explore("Monitors.deadlockBesideRunner");
        assertThat(report.verdicts().keySet()).containsExactlyInAnyOrder("passed", "deadlock");
    }
}
