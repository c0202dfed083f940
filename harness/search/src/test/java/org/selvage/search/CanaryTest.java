package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Defects that every strategy must find soon, for every seed; and the same programs without them.
 */
class CanaryTest {
    private static final int SEEDS = 5;

    @ParameterizedTest
    @CsvSource({
        "lostUpdate, java.lang.AssertionError: lost update, 50",
        "notifyBuffer, deadlock, 200",
        "lockOrder, deadlock, 50",
        "lostWakeUp, deadlock, 100",
        "checkThenAct, java.lang.AssertionError: added twice, 50"
    })
    void isFound(String program, String verdict, long within) throws Exception {
        for (String strategy : new String[] {"random", "pct", "portfolio"}) {
            for (long seed = 1; seed <= SEEDS; seed++) {
                Explorer.Report report =
                        Explorer.explore("Canaries." + program, strategy, seed, within);
                assertThat(report.verdicts().keySet())
                        .as(strategy + " seed=" + seed)
                        .containsExactlyInAnyOrder("passed", verdict);
            }
        }
    }

    /** By the portfolio and by its members alone; pct:3 alone misses it with one seed of these. */
    @ParameterizedTest
    @ValueSource(strings = {"portfolio", "random", "surw", "pos", "coverage"})
    void notifyInsteadOfNotifyAllIsFoundWithin200(String strategy) throws Exception {
        Suite.with(
                "Canaries.notifyBuffer",
                subject -> {
                    for (long seed = 1; seed <= 20; seed++) {
                        Search.Failure found =
                                Suite.search(subject, strategy, seed, 200L).failure();
                        assertThat(found).as("seed=" + seed).isNotNull();
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"lostUpdate", "notifyBuffer", "lockOrder", "lostWakeUp", "checkThenAct"})
    void isNotFoundWhereItIsNot(String program) throws Exception {
        Explorer.Report report = Explorer.explore("Canaries." + program + "Fixed", 10_000);
        assertThat(report.verdicts()).containsOnlyKeys("passed");
        assertThat(report.verdicts().get("passed")).isEqualTo(20_001L);
    }
}
