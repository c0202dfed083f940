package org.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.selvage.search.Budget;
import org.selvage.search.Search;

/** What a terminal shows while a search runs. */
final class ProgressLineTest {
    private static Search.Result after(long executions, double seconds) {
        return new Search.Result(
                null,
                executions,
                10 * executions,
                executions,
                executions,
                (long) (seconds * 1e9),
                0L,
                null,
                false,
                321L,
                null,
                Double.NaN,
                List.of(new Search.CurvePoint(1, 1, 1), new Search.CurvePoint(1_000, 300, 45)));
    }

    @ParameterizedTest
    @CsvSource({
        "30s, 2000, 10, '20 s left'",
        "10000, 2000, 10, '40 s left'",
        "10000, 10000, 10, '0 s left'",
        "1s, 2000, 10, '0 s left'"
    })
    void tellsCountsAndWhatIsLeft(String budget, long executions, double seconds, String left) {
        String line = ProgressLine.of(after(executions, seconds), Budget.parse(budget));
        assertThat(line)
                .isEqualTo(
                        "\r\u001b[K%,d executions, %,.0f/s, 321 traces, 45 pairs met, 0 found, %s"
                                .formatted(executions, executions / seconds, left));
    }

    @Test
    void saysNoMoreThanItKnows() {
        Budget none = Budget.of(Duration.ofDays(3650));
        assertThat(ProgressLine.of(after(0, 1.0), none)).isEmpty();
        assertThat(ProgressLine.of(after(5, 1.0), none)).endsWith(" 1 s so far, no budget");
    }
}
