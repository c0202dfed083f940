package org.selvage.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.search.Confirmation;
import org.selvage.search.Scenario;
import org.selvage.search.Search;
import org.selvage.search.Shrinker;
import org.selvage.search.Strategies;

/** What clients see of tables that come and go is linearizable, and planted defects are found. */
final class LifecycleScenarioTest {
    private static final long LATCH_EXECUTIONS = 20;
    private static final long EXECUTIONS = 150L;

    private static Search.Result search(
            String scenario, String profile, List<String> defects, long executions)
            throws Exception {
        return Stage.with(
                scenario,
                new Scenario.Setup(profile, defects, 1L, Map.of()),
                subject -> Stage.search(subject, Strategies.DEFAULT, 5L, executions));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create-drop-create",
                "two-droppers",
                "drop-vs-read",
                "drop-vs-insert",
                "two-creators",
                "insert-vs-scan"
            })
    void theEngineIsLinearizable(String scenario) throws Exception {
        for (String profile : List.of("mysql-5.7.22", "mariadb-10.2.9+skip")) {
            requireNothingFound(scenario, profile, EXECUTIONS);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rename-vs-merge, mysql-5.7.22",
        "truncate-vs-merge, mysql-8.0.23",
        "discard-vs-import, mariadb-10.6.16",
        "drop-vs-purge, mysql-5.7.22",
        "drop-vs-page-cleaner, mariadb-10.6.16",
        "shutdown-vs-merge, mysql-5.7.22",
        "purge-vs-merge, mysql-5.7.22",
        "drop-vs-read-ahead, mysql-5.7.22"
    })
    void dataDefinitionAndShutdownAreLinearizable(String scenario, String profile)
            throws Exception {
        requireNothingFound(scenario, profile, EXECUTIONS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "drop-vs-merge",
                "truncate-vs-merge",
                "purge-vs-merge",
                "drop-vs-read-ahead",
                "insert-vs-scan"
            })
    void latchesAreTakenInOrder(String scenario) throws Exception {
        Scenario.Setup setup =
                new Scenario.Setup("mariadb-10.2.9", List.of(), 1L, Map.of("latch-check", "1"));
        Search.Result result =
                Stage.with(
                        scenario,
                        setup,
                        subject -> Stage.search(subject, Strategies.DEFAULT, 5L, LATCH_EXECUTIONS));
        assertThat(result.failure()).isNull();
        assertThat(result.executions()).isEqualTo(LATCH_EXECUTIONS);
    }

    private static void requireNothingFound(String scenario, String profile, long executions)
            throws Exception {
        Search.Result result = search(scenario, profile, List.of(), executions);
        assertThat(result.failure()).as(scenario + " " + profile).isNull();
        assertThat(result.executions()).isEqualTo(executions);
        assertThat(result.unknown()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "drop-vs-read, stale-read, '.*drop\\(t1\\) -> DB_SUCCESS; .*read\\(t1, \\d\\) -> 7.*'",
        "drop-vs-read-ahead, stale-read, '.*drop\\(t1\\) -> DB_SUCCESS; .*read\\(t1, \\d\\) -> 7.*'",
        "drop-vs-insert, resurrected-table, '.*drop\\(t1\\) -> DB_SUCCESS; .*is impossible in state no tables.*'",
        "insert-vs-scan, lost-insert, '.*insert\\(t1, 1\\d, 7\\) -> DB_SUCCESS; .*scan\\(t1, c, 7\\) -> .* is impossible in state t1 .*'",
    })
    void aPlantedDefectIsFoundAndReplays(String scenario, String defect, String core)
            throws Exception {
        assertThat(Stage.scenario(scenario).defects())
                .anyMatch(variant -> variant.name().equals(defect));
        Stage.with(
                scenario,
                new Scenario.Setup("mysql-5.7.22", List.of(defect), 1L, Map.of()),
                subject -> {
                    Search.Result result = Stage.search(subject, Strategies.DEFAULT, 5L, 3_000L);
                    Search.Failure failure = Objects.requireNonNull(result.failure());
                    assertThat(failure.verdict().summary()).matches(core);
                    Shrinker.Shrunk shrunk = Shrinker.shrink(subject, failure, 2_000L);
                    assertThat(shrunk.deviations()).hasSizeLessThanOrEqualTo(4);
                    Confirmation confirmation =
                            Confirmation.of(
                                    subject,
                                    shrunk.deviations(),
                                    new Confirmation.Header(
                                            "scenario " + scenario,
                                            "mysql-5.7.22",
                                            List.of(defect),
                                            1L,
                                            Map.of(),
                                            "test"));
                    for (int i = 0; i < 100; i++) {
                        assertThat(Confirmation.replay(subject, confirmation.schedule()).digest())
                                .isEqualTo(confirmation.trace().digest());
                    }
                    return true;
                });
    }
}
