package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the JVM shares between executions, or makes different in each. */
class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "forkJoinPool, 5",
        "commonPool, 7 3",
        "asyncStages, 9",
        "parallelStreams, '4950 [2, 4, 6, 8]'",
        "timer, done",
        "virtualThreads, 2 truev1",
        "virtualThreadPerTask, 5 2",
        "removedHook, true",
        "threadGroup, 1 0"
    })
    void oneOutcome(String program, String outcome) throws Exception {
        Explorer.Report report = Explorer.explore("Platform." + program, 150);
        assertThat(report.verdicts()).containsOnlyKeys("passed");
        assertThat(report.outcomes()).containsOnlyKeys(outcome);
    }

    @Test
    void virtualThreadsAreSearched() throws Exception {
        Explorer.passes("Platform.virtualThreadsRace", "1", "2");
    }

    @Test
    void whatIsRandomOrNumberedRepeats() throws Exception {
        Explorer.Report report = Explorer.explore("Platform.repeatable", 50);
        assertThat(report.verdicts()).containsOnlyKeys("passed");
        assertThat(report.outcomes()).hasSize(1);
    }

    @Test
    void aProgramThatDiffersIsNoticed() throws Exception {
        assertThat(Explorer.divergence("Platform.virtualThreadsRace")).isEmpty();
        assertThat(Explorer.divergence("Platform.differs"))
                .contains("execution=1 step=", "get", "Platform.differs:", "likely source: ");
    }

    @Test
    void exitEndsTheExecution() throws Exception {
        assertThat(Explorer.explore("Platform.exit", 50).verdicts()).containsOnlyKeys("passed");
    }

    @ParameterizedTest
    @CsvSource({
        "exitWithStatus, the program exits with status=3",
        "shutdownHook, java.lang.IllegalStateException: the hook ran"
    })
    void alwaysFails(String program, String failure) throws Exception {
        assertThat(Explorer.explore("Platform." + program, 50).verdicts().keySet())
                .singleElement()
                .asString()
                .endsWith(failure);
    }
}
