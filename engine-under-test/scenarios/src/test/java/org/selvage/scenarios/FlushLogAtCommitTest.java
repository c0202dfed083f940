package org.selvage.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.selvage.search.Scenario;
import org.selvage.search.Search;

/**
 * What innodb_flush_log_at_trx_commit 0, 1 and 2 may lose, and that they do lose it: with a little
 * less allowed the search finds a transaction that is lost. Whatever is lost, a crash leaves each
 * transaction whole and none without the ones before it. A second is 1001 ms: the flush takes time,
 * too.
 */
final class FlushLogAtCommitTest {
    private static final long EXECUTIONS = Long.getLong("selvage.commit.executions", 4);

    private static final long UNTIL_FOUND = 20;

    @ParameterizedTest
    @CsvSource({
        "0, killed process, 1001",
        "0, loss of power, 1001",
        "1, killed process, 0",
        "1, loss of power, 0",
        "2, killed process, 0",
        "2, loss of power, 1001",
    })
    void losesNoMore(int rule, String crash, int millis) throws Exception {
        requireNothingLost(search(rule, crash, millis, 1, EXECUTIONS));
    }

    @ParameterizedTest
    @CsvSource({"0, 1001", "1, 0", "2, 1001"})
    void losesNoMoreWhilePagesAreWritten(int rule, int millis) throws Exception {
        requireNothingLost(search(rule, "loss of power", millis, 400, EXECUTIONS));
    }

    private static void requireNothingLost(Search.Result result) {
        Search.Failure failure = result.failure();
        assertThat(failure == null ? "" : failure.verdict().toString()).isEmpty();
        assertThat(result.executions()).isEqualTo(EXECUTIONS);
        assertThat(result.unknown()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, killed process, 900", "0, loss of power, 900", "2, loss of power, 900"})
    void losesAsMuch(int rule, String crash, int millis) throws Exception {
        Search.Failure failure =
                Objects.requireNonNull(search(rule, crash, millis, 1, UNTIL_FOUND).failure());
        assertThat(failure.verdict().summary()).contains("transactions_owed=");
    }

    private static Search.Result search(
            int rule, String crash, int millis, int rowBytes, long executions) throws Exception {
        Map<String, String> parameters =
                Map.of(
                        "flush-log", String.valueOf(rule),
                        "power", crash.equals("loss of power") ? "1" : "0",
                        "loss-millis", String.valueOf(millis),
                        "row-bytes", String.valueOf(rowBytes));
        return Stage.with(
                CommitVsCrash.class.getName(),
                new Scenario.Setup("mariadb-10.2.9", List.of(), 1L, parameters),
                subject -> Stage.search(subject, "random", 5L, executions));
    }
}
