package org.selvage.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Confirmation;
import org.selvage.search.Scenario;
import org.selvage.search.Search;
import org.selvage.search.Shrinker;
import org.selvage.search.Strategies;
import org.selvage.search.TraceRecorder;

/**
 * The race of report 1 is found where it is, at once and with every strategy, and not where it is
 * not.
 */
final class DropVsMergeTest {
    private static final String NAME = "drop-vs-merge";
    private static final String ERROR_LINE =
            "\\[ERROR] InnoDB: Trying to do I/O to a tablespace which does not exist\\."
                    + " I/O type: read, page: \\[page id: space=\\d+, page number=\\d+],"
                    + " I/O length: 512 bytes";

    /** Preemptions of the bounded searches; with 2 they take a minute. */
    private static final int BOUND = Integer.getInteger("selvage.bound", 1);

    private static Search.Result search(String profile, String strategy, long seed, long executions)
            throws Exception {
        return Stage.with(
                NAME,
                Stage.setup(profile),
                subject -> Stage.search(subject, strategy, seed, executions));
    }

    @ParameterizedTest
    @ValueSource(strings = {"portfolio", "random", "pct:2", "pct:3"})
    void everyStrategyFindsTheErrorOfMysql(String strategy) throws Exception {
        Search.Result result = search("mysql-5.7.22", strategy, 7L, 3_000L);
        assertThat(Objects.requireNonNull(result.failure()).verdict().summary())
                .as("finding by " + strategy)
                .matches(ERROR_LINE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mariadb-10.2.9", "mariadb-10.2.9+skip", "mariadb-10.6.16", "mysql-8.0.23"})
    void theProtocolsThatIgnoreTheMissingSpaceHaveNone(String profile) throws Exception {
        Search.Result result = search(profile, "portfolio", 7L, 1_500L);
        assertThat(result.failure()).isNull();
        assertThat(result.executions()).isEqualTo(1_500L);
        assertThat(result.unknown()).isZero();
    }

    /** A small program in which the merge reads a page of the dropped table. */
    private static Search.Result searchSmall(String profile) throws Exception {
        Map<String, String> small =
                Map.of(
                        "rows", "41",
                        "tables", "2",
                        "io-capacity", "1",
                        "master-interval", "500");
        return Stage.with(
                NAME,
                new Scenario.Setup(profile, List.of(), 1L, small),
                subject -> Stage.search(subject, "bounded:" + BOUND, 1L, Long.MAX_VALUE));
    }

    @Test
    void aBoundedSearchComesToItsEnd() throws Exception {
        Search.Result result = searchSmall("mariadb-10.2.9");
        assertThat(result.failure()).isNull();
        assertThat(result.unknown()).isZero();
        assertThat(result.proven()).isEqualTo("all schedules with up to " + BOUND + " preemptions");
    }

    @Test
    void theSameBoundedSearchFindsTheErrorOfMysql() throws Exception {
        Search.Result result = searchSmall("mysql-5.7.22");
        assertThat(Objects.requireNonNull(result.failure()).verdict().summary())
                .matches(ERROR_LINE);
    }

    @Test
    void skippingTheSpaceLeavesTheFirstError() throws Exception {
        assertThat(search("mysql-5.7.22+skip", "portfolio", 7L, 3_000L).failure()).isNotNull();
    }

    @Test
    void theExecutionWithoutDeviationsPassesAndMerges() throws Exception {
        Stage.with(
                NAME,
                Stage.setup("mysql-5.7.22"),
                subject -> {
                    var trace = TraceRecorder.record(subject, ChoiceSource.DEFAULT);
                    assertThat(trace.verdict()).isInstanceOf(Verdict.Passed.class);
                    assertThat(trace.tasks())
                            .contains(
                                    "master",
                                    "page-cleaner",
                                    "io-read-0",
                                    "io-write-0",
                                    "drop-table");
                    assertThat(trace.steps())
                            .anyMatch(step ->
                                    step.place().startsWith("Contraction.draw")
                                            || step.place().startsWith("ChangeBufferTree.draw"));
                    return true;
                });
    }

    @Test
    void findingsShrinkToAtMostThreeContextSwitchesAndReplay() throws Exception {
        Stage.with(
                NAME,
                Stage.setup("mysql-5.7.22"),
                subject -> {
                    for (long seed = 1; seed <= 5; seed++) {
                        Search.Result result =
                                Stage.search(subject, Strategies.DEFAULT, seed, 3_000L);
                        Shrinker.Shrunk shrunk =
                                Shrinker.shrink(
                                        subject, Objects.requireNonNull(result.failure()), 5_000L);
                        assertThat(shrunk.deviations()).hasSizeLessThanOrEqualTo(3);
                        Confirmation confirmation =
                                Confirmation.of(
                                        subject,
                                        shrunk.deviations(),
                                        new Confirmation.Header(
                                                "scenario " + NAME,
                                                "mysql-5.7.22",
                                                List.of(),
                                                1L,
                                                Map.of(),
                                                ""));
                        for (int i = 0; i < 20; i++) {
                            assertThat(
                                            Confirmation.replay(subject, confirmation.schedule())
                                                    .digest())
                                    .isEqualTo(confirmation.trace().digest());
                        }
                    }
                    return true;
                });
    }
}
