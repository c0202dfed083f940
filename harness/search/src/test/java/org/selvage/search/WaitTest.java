package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every call that can wait, for what never comes: it is a deadlock, an interrupt ends it, or its
 * time is up.
 */
class WaitTest {
    private static final long EXECUTIONS = 60L;
    private static final String INTERRUPTED = "interrupted 0";

    private static Explorer.Report explore(String program) throws Exception {
        return Explorer.explore("Waits." + program, EXECUTIONS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "monitor",
                "join",
                "joinVirtual",
                "lockInterruptibly",
                "fairLockInterruptibly",
                "readLockInterruptibly",
                "writeLockInterruptibly",
                "stampedReadInterruptibly",
                "stampedWriteInterruptibly",
                "condition",
                "semaphore",
                "fairSemaphore",
                "latch",
                "barrier",
                "phaser",
                "exchanger",
                "arrayTake",
                "arrayPut",
                "linkedTake",
                "linkedPut",
                "dequeTake",
                "dequePut",
                "priorityTake",
                "delayTake",
                "synchronousTake",
                "synchronousPut",
                "transferTake",
                "transfer",
                "futureTask",
                "completableFuture",
                "forkJoinTask",
                "completionService",
                "invokeAll",
                "invokeAny",
                "managedBlock",
                "park"
            })
    void isInterruptedOrADeadlock(String program) throws Exception {
        Explorer.Report report = explore(program);
        assertThat(report.verdicts().keySet()).containsExactlyInAnyOrder("passed", "deadlock");
        assertThat(report.outcomes().keySet()).containsExactly(INTERRUPTED);
        assertThat(report.failures())
                .allSatisfy(failure ->
                        assertThat(failure.verdict().summary())
                                .contains("waiter ")
                                .doesNotContain("interrupter "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "enterMonitor",
                "enterVector",
                "computedTwice",
                "lock",
                "fairLock",
                "readLock",
                "writeLock",
                "stampedRead",
                "stampedTwice",
                "acquireUninterruptibly",
                "awaitUninterruptibly",
                "arriveAndAwaitAdvance",
                "futureJoin",
                "forkJoin",
                "parallelStream"
            })
    void isADeadlockInSpiteOfAnInterrupt(String program) throws Exception {
        Explorer.Report report = explore(program);
        assertThat(report.verdicts().keySet()).containsExactly("deadlock");
        assertThat(report.failures().getFirst().verdict().summary()).contains("waiter ");
    }

    @ParameterizedTest
    @CsvSource({
        "timedMonitor, over 3",
        "timedSleep, over 3",
        "timedJoin, false 3",
        "timedJoinVirtual, false 3",
        "timedLock, false 3",
        "timedFairLock, false 3",
        "timedReadLock, false 3",
        "timedWriteLock, false 3",
        "timedStampedRead, false 3",
        "timedStampedWrite, false 3",
        "timedCondition, false 3",
        "timedSemaphore, false 3",
        "timedLatch, false 3",
        "timedBarrier, timeout 3",
        "timedPhaser, timeout 3",
        "timedExchanger, timeout 3",
        "timedArrayPoll, null 3",
        "timedArrayOffer, false 3",
        "timedLinkedPoll, null 3",
        "timedLinkedOffer, false 3",
        "timedDequePoll, null 3",
        "timedDequeOffer, false 3",
        "timedPriorityPoll, null 3",
        "timedDelayPoll, null 3",
        "timedSynchronousPoll, null 3",
        "timedSynchronousOffer, false 3",
        "timedTransferPoll, null 3",
        "timedTransfer, false 3",
        "timedFutureTask, timeout 3",
        "timedCompletableFuture, timeout 3",
        "timedForkJoinTask, timeout 3",
        "timedInvokeAll, true 3",
        "timedInvokeAny, timeout 3",
        "timedPoolTermination, false 3",
        "timedForkJoinTermination, false 3",
        "timedScheduledTermination, false 3",
        "timedVirtualTermination, false 3",
        "timedPark, over 3"
    })
    void isInterruptedOrEndsAfterItsTime(String program, String outcome) throws Exception {
        Explorer.Report report = explore(program);
        assertThat(report.verdicts().keySet()).containsExactly("passed");
        assertThat(report.outcomes().keySet()).containsExactlyInAnyOrder(INTERRUPTED, outcome);
    }

    @Test
    void aPublisherGivesUpAtAnInterruptAndKeepsTheFlag() throws Exception {
        Explorer.Report report = explore("timedPublisher");
        assertThat(report.verdicts().keySet()).containsExactly("passed");
        assertThat(report.outcomes().keySet())
                .containsExactlyInAnyOrder("true 3", "true flagged 0");
    }
}
