package org.selvage.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.selvage.report.Finding;
import org.selvage.report.Sources;
import org.selvage.report.TextReport;
import org.selvage.search.Cause;
import org.selvage.search.CauseSearch;
import org.selvage.search.Confirmation;
import org.selvage.search.Hazards;
import org.selvage.search.ScenarioShrinker;
import org.selvage.search.Search;
import org.selvage.search.Strategies;
import org.selvage.search.Subject;

/**
 * Whoever knows InnoDB recognises the race of report 1 in what is told of it, whatever the seed:
 * the merge passes its check, the drop sets stop_new_ops, the merge issues its read. {@code
 * -Dselvage.stories=20} tells twenty of them.
 */
final class StoryOfTheRaceTest {
    private static final int MAX_LINES = 25;
    private static final String MASTER = " +\\d+ +(\\d+ m?s +)?";
    private static final String DROP = MASTER + "\\| +";

    static IntStream seeds() {
        return IntStream.rangeClosed(1, Integer.getInteger("selvage.stories", 3));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theRaceIsRecognised(int seed) throws Exception {
        String text =
                Stage.with(
                        "drop-vs-merge",
                        Stage.setup("mysql-5.7.22"),
                        subject -> TextReport.finding(finding(subject, seed)));
        List<String> lines = text.lines().toList();
        int from = first(lines, 0, " step .* master +drop-table");
        int to = first(lines, from, " not shown.*");
        List<String> story = lines.subList(from, to + 1);
        assertThat(story).as(text).hasSizeLessThanOrEqualTo(MAX_LINES);
        int check = first(story, 0, MASTER + "lock FilSystem.mutex +FilSystem.size:.*");
        int stop = first(story, check, DROP + "update word: 0 -> -2147483648 .*\\.stop:.*");
        int read = first(story, stop, MASTER + "lock FilSystem.mutex +FilSystem.io:.*");
        first(story, read, MASTER + "!! fails: EngineErrorLine .*");
        assertThat(text.replaceAll("\\s+", " "))
                .containsPattern(
                        "The race: step \\d+, drop-table: update .*PendingOperations.stop:.*"
                                + " master: read PendingOperations.word");
    }

    /** The first line from an index on that matches. */
    private static int first(List<String> lines, int from, String pattern) {
        for (int i = from; i < lines.size(); i++) {
            if (lines.get(i).matches(pattern)) {
                return i;
            }
        }
        throw new AssertionError(
                "no line matches "
                        + pattern
                        + " from line "
                        + from
                        + " on:\n"
                        + String.join("\n", lines));
    }

    private static Finding finding(Subject subject, long seed) {
        Search.Result result = Stage.search(subject, Strategies.DEFAULT, seed, 3_000L);
        ScenarioShrinker.Smallest smallest =
                ScenarioShrinker.shrink(
                        subject, Objects.requireNonNull(result.failure()), 5_000L, 500L);
        Subject small = smallest.subject();
        Confirmation confirmation =
                Confirmation.of(
                        small,
                        smallest.shrunk().deviations(),
                        new Confirmation.Header(
                                "scenario drop-vs-merge",
                                "mysql-5.7.22",
                                List.of(),
                                1L,
                                small.parameters(),
                                ""));
        Cause cause =
                CauseSearch.find(
                        small, smallest.shrunk().deviations(), confirmation.trace(), 5_000L);
        return new Finding(
                confirmation.schedule(),
                confirmation.trace(),
                result,
                smallest.shrunk(),
                List.of(),
                "",
                cause,
                Sources.NONE,
                Hazards.NONE);
    }
}
