package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The estimate of how many traces there are, and the curve of pairs over executions. */
class TraceStatisticsTest {
    private static final long[] NONE = {};

    private static TraceStatistics of(long... traces) {
        TraceStatistics statistics = new TraceStatistics();
        for (long trace : traces) {
            statistics.add(trace, NONE, 0, 0);
        }
        return statistics;
    }

    /** Chao's estimator: what was seen, and the square of singletons over twice the doubletons. */
    @Test
    void theEstimateRestsOnTracesSeenOnceAndTwice() {
        assertThat(of(1, 2, 3).estimate()).isNaN();
        assertThat(of(1, 2, 3, 4, 5, 5).estimate()).isEqualTo(5 + 4.0 * 4.0 / 2.0);
        assertThat(of(1, 2, 2, 3, 3, 4, 4, 4).estimate()).isEqualTo(4 + 1.0 / 4.0);
        assertThat(of(6, 6, 0, 0).estimate()).isEqualTo(2.0);
        assertThat(of(6, 6, 0, 0).traces()).isEqualTo(2L);
    }

    @Test
    void theCurveHasPointsAtPowersOfTwoAndAtTheEnd() {
        TraceStatistics statistics = new TraceStatistics();
        long[] pairs = {7, 8, 7, 9};
        for (int i = 0; i < 5; i++) {
            int from = Math.min(i, pairs.length);
            statistics.add(1 + i % 3, pairs, from, Math.min(from + 1, pairs.length));
        }
        assertThat(statistics.curve())
                .containsExactly(
                        new Search.CurvePoint(1, 1, 1),
                        new Search.CurvePoint(2, 2, 2),
                        new Search.CurvePoint(4, 3, 3),
                        new Search.CurvePoint(5, 3, 3));
    }

    /** What was counted elsewhere counts as if it had been seen here. */
    @Test
    void tablesAreAdded() {
        TraceStatistics.Table table = of(1, 2, 2).table();
        TraceStatistics statistics = of(1, 5);
        statistics.add(table.traces(), table.counts());
        assertThat(statistics.traces()).isEqualTo(3L);
        assertThat(statistics.estimate()).isEqualTo(3 + 1.0 / 4.0);
    }
}
