package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainMemoryTest {
    @ParameterizedTest
    @CsvSource({
        "underLock, 30 30 30",
        "twoLocks, 2 2",
        "handedOver, 5",
        "unshared, done",
        "readShared, 6 7 8",
        "readSharedThenWritten, 6 6 6 2",
        "lockPerElement, 2 2",
        "elementPerTask, 100 100",
        "elements, true 3c7192190trueyx1"
    })
    void oneOutcome(String program, String outcome) throws Exception {
        Explorer.passes("Plain." + program, outcome);
    }

    @Test
    void fieldsAreReadAndWrittenInSteps() throws Exception {
        Explorer.passes("Plain.field", "1", "2");
        Explorer.passes(
                "Plain.inheritedField", "2 2afalse0", "1 2afalse0", "2 1afalse0", "1 1afalse0");
        Explorer.passes("Plain.staticField", "2 4", "1 4", "2 2", "1 2");
        Explorer.passes("Plain.array", "2 4", "1 4", "2 2", "1 2");
    }

    @Test
    void oneElementOfAnArrayRaces() throws Exception {
        Explorer.passes("Plain.oneElementOfMany", "2 1 1", "1 1 1");
    }

    @Test
    void fieldsOfEveryType() throws Exception {
        assertThat(Explorer.passes("Plain.wideFields").outcomes().keySet())
                .contains("2 1.0 2", "1 1.0 2", "2 0.5 2", "2 1.0 1");
    }

    @Test
    void anObjectIsSeenHalfMade() throws Exception {
        Explorer.passes("Plain.unsafePublication", "nothing", "0", "1", "2");
    }

    @Test
    void storeBuffering() throws Exception {
        Explorer.passes("Plain.storeBuffering", "0 1", "1 0", "1 1");
    }

    @Test
    void doubleCheckedLocking() throws Exception {
        Explorer.Report report = Explorer.explore("Plain.doubleChecked");
        assertThat(report.verdicts().keySet())
                .containsExactlyInAnyOrder("passed", "java.lang.AssertionError: half made");
    }

    @Test
    void aLoopThatWaitsLetsTheOthersRun() throws Exception {
        Explorer.Report report = Explorer.explore("Plain.spin", "random", 1L, 200);
        assertThat(report.verdicts()).containsOnlyKeys("passed");
    }

    @Test
    void anEndlessLoopDoesNotStopTheSearch() throws Exception {
        Explorer.Report report = Explorer.explore("Plain.endless", "random", 1L, 50);
        assertThat(report.verdicts()).containsOnlyKeys("passed");
    }

    /** What synchronisation orders, or what one task has to itself, is no point. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "underLock",
                "twoLocks",
                "handedOver",
                "unshared",
                "readShared",
                "readSharedThenWritten",
                "lockPerElement",
                "elementPerTask"
            })
    void orderedAccessesAreNoPoints(String program) throws Exception {
        assertThat(races(program)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "field, 1",
        "staticField, 2",
        "unsafePublication, 2",
        "oneElementOfMany, 4",
        "writtenAsOneOfTwoReads, 1"
    })
    void fieldsThatRaceAreLearned(String program, int fields) throws Exception {
        assertThat(races(program)).isEqualTo(fields);
    }

    private static int races(String program) throws Exception {
        return Carriers.call(
                handover -> {
                    Subject subject =
                            Subject.of(
                                    Explorer.program("Plain." + program, new String[1]), 20_000L);
                    Strategy strategy = Strategies.named("random", 1L);
                    for (long i = 0; i < 500; i++) {
                        strategy.begin(i);
                        subject.execute(strategy, null);
                    }
                    return subject.execution().raceCount();
                },
                Duration.ofSeconds(60));
    }
}
