package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.selvage.scheduler.DataRaces;
import org.selvage.scheduler.Verdict;

/** What two tasks do to a collection of the JDK that is not meant to be shared. */
class CollectionRacesTest {
    private static final long EXECUTIONS = 100L;

    static List<String> unguarded() throws Exception {
        return programs("wrong", "UnguardedCollections");
    }

    static List<String> guarded() throws Exception {
        return programs("right", "GuardedCollections");
    }

    private static List<String> programs(String inside, String type) throws Exception {
        return Suite.programs(inside).stream().filter(name -> name.contains(type)).toList();
    }

    @ParameterizedTest
    @MethodSource("unguarded")
    void theRaceNamesTheCollectionAndTheFieldInside(String program) throws Exception {
        Explorer.Report report = Explorer.dataRaces(program, "pct", 3 * EXECUTIONS);
        List<Search.Failure> races =
                report.failures().stream().filter(CollectionRacesTest::isDataRace).toList();
        assertThat(races).isNotEmpty();
        for (Search.Failure race : races) {
            assertThat(((Verdict.Failed) race.verdict()).cause().getMessage())
                    .matches(
                            "data race on \\S+ \\(\\S+\\): .* at \\S+:\\d+, .* at \\S+:\\d+, and .*");
            assertThat(race.signature().place()).startsWith("UnguardedCollections");
        }
    }

    @Test
    void theRaceNamesTheElementOfARange() throws Exception {
        Explorer.Report report = Explorer.dataRaces("wrong.ArrayRanges.longCopy", "pct", 20L);
        assertThat(report.failures())
                .filteredOn(CollectionRacesTest::isDataRace)
                .isNotEmpty()
                .allSatisfy(race ->
                        assertThat(((Verdict.Failed) race.verdict()).cause().getMessage())
                                .matches("data race on array\\[\\d+]: .* at \\S+:\\d+, .*"));
    }

    private static boolean isDataRace(Search.Failure failure) {
        return failure.verdict() instanceof Verdict.Failed failed
                && failed.cause() instanceof DataRaces.DataRaceError;
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void whatIsGuardedIsNoRace(String program) throws Exception {
        Explorer.Report report = Explorer.dataRaces(program, "random", EXECUTIONS);
        assertThat(report.verdicts().keySet()).containsExactly("passed");
    }

    static List<String> seenToBeGuarded() throws Exception {
        // What the bins of a ConcurrentHashMap order is out of sight.
        return guarded().stream().filter(name -> !name.endsWith("UnderCompute")).toList();
    }

    @ParameterizedTest
    @MethodSource("seenToBeGuarded")
    void whatIsGuardedMakesNoPoint(String program) throws Exception {
        Suite.with(
                program,
                subject -> {
                    Suite.search(subject, "random", 1L, EXECUTIONS);
                    assertThat(subject.execution().raceCount()).isZero();
                });
    }

    @Test
    void everyWayForTwoAdditionsToMeetIsFound() throws Exception {
        for (String strategy : new String[] {"optimal", "random", "pct"}) {
            Explorer.Report report = Explorer.explore("Additions.two", strategy, 1L, 2_000L);
            assertThat(report.failures()).isEmpty();
            assertThat(report.outcomes().keySet())
                    .containsExactlyInAnyOrder("[1, 2]", "[2, 1]", "[1]", "[2]");
        }
    }
}
