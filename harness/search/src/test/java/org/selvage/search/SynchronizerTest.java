package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SynchronizerTest {
    @ParameterizedTest
    @CsvSource({
        "writersExclude, 2",
        "readWriteForms, '[interrupted, false, false, true]'",
        "semaphoreForms, '[true, false, false, interrupted, true]'",
        "latch, [2]",
        "latchForms, '[false, interrupted] 0'",
        "barrier, '[round, round]'",
        "brokenBarrier, '[timeout, broken, interrupted]true'",
        "phaser, 1",
        "exchanger, ba0"
    })
    void oneOutcome(String program, String outcome) throws Exception {
        Explorer.passes("Synchronizers." + program, outcome);
    }

    @Test
    void readersShare() throws Exception {
        Explorer.passes("Synchronizers.readersShare", "1", "2");
    }

    @Test
    void aSemaphoreHasSoManyPermits() throws Exception {
        Explorer.passes("Synchronizers.semaphore", "1 2", "2 2");
    }

    @Test
    void anOptimisticReadIsValidOrNot() throws Exception {
        Explorer.passes("Synchronizers.stampedLock", "[true] 2", "[false] 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"upgrade", "semaphoreDeadlock", "latchDeadlock", "barrierDeadlock"})
    void alwaysADeadlock(String program) throws Exception {
        Explorer.Report report = Explorer.explore("Synchronizers." + program, 200);
        assertThat(report.verdicts().keySet()).containsExactly("deadlock");
    }
}
