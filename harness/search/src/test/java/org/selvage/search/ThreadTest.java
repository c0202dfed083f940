package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadTest {
    @ParameterizedTest
    @CsvSource({
        "join, 7 false",
        "timedJoin, false 4 true",
        "joinUnstarted, NEW false",
        "interruptedJoin, interrupted false[interrupted]",
        "interruptedSleep, [interrupted] true",
        "interruptFlag, true true true false",
        "states, '[NEW, RUNNABLE, TERMINATED] [interrupted, waited]'",
        "startTwice, ab",
        "daemon, true",
        "waitingDaemon, true",
        "uncaughtHandler, [thrown true] false",
        "subclass, 1 worker",
        "threadLocals, '[2main''s, 2main''s] 0'",
        "nestedStarts, 3"
    })
    void oneOutcome(String program, String outcome) throws Exception {
        Explorer.passes("Threads." + program, outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "joinDeadlock, deadlock",
        "lastThread, java.lang.IllegalStateException: the last thread",
        "uncaught, java.lang.IllegalStateException: thrown",
        "assertionBesideHandler, java.lang.AssertionError: does not hold"
    })
    void alwaysFails(String program, String verdict) throws Exception {
        Explorer.Report report = Explorer.explore("Threads." + program, 100);
        assertThat(report.verdicts().keySet()).containsExactly(verdict);
    }

    @ParameterizedTest
    @ValueSource(strings = {"polls", "pollsAlone"})
    void loopsThatAskForAThreadEnd(String program) throws Exception {
        Explorer.Report report = Explorer.explore("Threads." + program, "random", 1L, 300);
        assertThat(report.verdicts().keySet()).containsExactly("passed");
    }

    @Test
    void stackOverflow() throws Exception {
        // How deep the stack is depends on the compiler, so that such an execution cannot be
        // replayed.
        assertThat(Explorer.once("Threads.stackOverflow")).isEqualTo("passed [still, still]");
    }

    @Test
    void manyThreads() throws Exception {
        Explorer.Report report = Explorer.explore("Threads.manyThreads", 50);
        assertThat(report.outcomes().keySet()).containsExactly("70");
        assertThat(report.verdicts().keySet()).containsExactly("passed");
    }
}
