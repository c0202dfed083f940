package org.selvage.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Search;

class TextReportTest {
    private static Search.Result nothing(long executions, long unknown, boolean exhausted) {
        return new Search.Result(
                null,
                executions,
                123_456,
                7_890,
                executions / 2,
                2_500_000_000L,
                unknown,
                unknown == 0 ? null : new Verdict.StepLimit(100_000),
                exhausted);
    }

    private static String report(Search.Result search) {
        return TextReport.nothingFound(
                new Coverage(
                        "scenario drop-vs-merge",
                        "mariadb-10.2.9",
                        "portfolio",
                        List.of("budget=30s", "max-steps=100000"),
                        search));
    }

    @Test
    void theErrorComesFirstAndTheCommandLast() {
        Finding finding =
                Samples.dropAgainstMerge().finding("scenario drop-vs-merge", "mysql-5.7.22");
        List<String> lines =
                TextReport.finding(
                                finding,
                                List.of(
                                        Path.of("findings", "0001-x"),
                                        Path.of("findings", "0001-x", "minimal.schedule")),
                                100,
                                false)
                        .lines()
                        .toList();
        assertThat(lines.getFirst()).isEqualTo(Samples.MISSING_SPACE);
        assertThat(lines.getLast()).isEqualTo("./selvage replay findings/it/minimal.schedule");
        assertThat(lines)
                .containsSubsequence(
                        "task master fails",
                        "    at org.selvage.engine.tablespace.FilSystem.io(FilSystem.java:309)",
                        "    at org.selvage.engine.bufferpool.BufferPool.readMergePage(BufferPool.java:140)",
                        "task dropper stands",
                        "    at java.lang.Thread.sleep(Thread.java:509)",
                        "    at org.selvage.engine.tablespace.Mysql5722.waitForPending(Mysql5722.java:140)",
                        "    at org.selvage.engine.tablespace.Mysql5722.deleteTablespace(Mysql5722.java:60)",
                        "",
                        "found after 42 executions and 1.50 s; shrunk in 17 executions to"
                                + " 1 context switch, tables=2",
                        "unknown: 2 executions were cut off, and nothing is known of how they end; the first:"
                                + " unknown: step limit reached, steps=100000",
                        "written: findings/0001-x",
                        "written: findings/0001-x/minimal.schedule");
    }

    @Test
    void framesOfTheHarnessOfParkingAndOfWhoeverRunsTheTaskAreCut() {
        String report = TextReport.finding(Samples.lostUpdate().finding());
        assertThat(report)
                .contains(
                        "task main fails\n    at example.Counter.check(Counter.java:31)\n    at example.Counter.run")
                .contains(
                        "task one has ended; its last operation was\n    write Counter.value at Counter.add:12")
                .doesNotContain("example.Launcher", "org.selvage.scheduler");
    }

    @Test
    void nothingFoundSaysWhatWasCovered() {
        assertThat(report(nothing(10_000, 0, false)))
                .isEqualTo(
                        """
                        nothing found in scenario drop-vs-merge, profile mariadb-10.2.9

                        covered: 10,000 executions in 2.50 s, with 5,000 distinct schedules
                                 123,456 steps and 7,890 context switches in all
                        strategy: portfolio
                        bounds: budget=30s max-steps=100000
                        the budget ended the search; schedules other than these were not executed
                        """);
    }

    @Test
    void cutOffExecutionsAreUnknownAndNeverAPass() {
        assertThat(report(nothing(10, 3, false)))
                .contains(
                        "unknown: 3 executions were cut off, and nothing is known of how they end; the first:"
                                + " unknown: step limit reached, steps=100000")
                .doesNotContainIgnoringCase("pass", "correct", "safe", "exhaustive");
    }

    @Test
    void aStrategyThatRanOutOfSchedulesIsNotCalledExhaustive() {
        assertThat(report(nothing(1, 0, true)))
                .contains("1 execution in", "the strategy had nothing left to try")
                .doesNotContainIgnoringCase("exhaustive");
        assertThat(report(nothing(0, 0, true))).contains("so nothing is known");
    }

    @Test
    void aFindingIsNeverReportedAsNothing() {
        Search.Result found = Samples.lostUpdate().finding().search();
        assertThatThrownBy(() -> report(found)).hasMessageContaining("something was found");
    }

    @Test
    void theSameFindingIsToldInTheSameWords() {
        assertThat(TextReport.finding(Samples.deadlock().finding()))
                .isEqualTo(TextReport.finding(Samples.deadlock().finding()))
                .contains(
                        "task left waits for Forks.second, held by right\n    at example.Forks.left(Forks.java:22)");
    }
}
