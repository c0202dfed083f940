package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.scheduler.Verdict;

class LockTest {
    @ParameterizedTest
    @CsvSource({
        "unfair, 3",
        "fair, 3",
        "queueLength, true true WAITING falsefalse",
        "reentrant, 2 true false",
        "foreignUnlock, [refused]",
        "tryLockTimesOut, [false after 3]",
        "tryLockInTime, [true]",
        "lockInterruptibly, [interrupted false]",
        "lockIgnoresInterrupt, '[before, true]'",
        "condition, 1",
        "signalAll, 2",
        "timedAwait, false false false 4",
        "timedAwaitSignalled, [true]",
        "interruptedAwait, 11",
        "illegalStates, asS",
        "fairOrder, '[t0, t1, t2]'",
        "subclass, 2 2"
    })
    void oneOutcome(String program, String outcome) throws Exception {
        Explorer.passes("Locks." + program, outcome);
    }

    @Test
    void tryLockSeesTheLockTakenAndFree() throws Exception {
        Explorer.passes("Locks.tryLock", "[true]", "[false]");
    }

    @Test
    void anInterruptEndsTheWaitOfOneOnly() throws Exception {
        Explorer.passes("Locks.interruptOneOfThree", "2", "3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deadlock", "signalOneOfTwo"})
    void sometimesADeadlock(String program) throws Exception {
        Explorer.Report report = Explorer.explore("Locks." + program);
        assertThat(report.verdicts().keySet()).containsExactlyInAnyOrder("passed", "deadlock");
    }

    @Test
    void aLockThatIsNeverGivenBackIsNamedWithItsOwner() throws Exception {
        Explorer.Report report = Explorer.explore("Locks.neverUnlocked");
        assertThat(report.verdicts().keySet()).containsExactly("deadlock");
        Verdict verdict = report.failures().getFirst().verdict();
        assertThat(verdict.summary())
                .containsPattern("t[01] blocked on java.util.concurrent.locks.ReentrantLock")
                .containsPattern("owned by t[01]");
    }
}
