package org.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a user sees it: what it prints, what it writes, how it exits. */
final class CommandTest {
    @TempDir private Path folder = Path.of("set by JUnit");

    private record Outcome(int status, String out, String err) {}

    private static Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Outcome(status, out.toString(), err.toString());
    }

    private Outcome search(String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "search",
                                "counter",
                                "--findings",
                                folder.resolve("findings").toString(),
                                "--out",
                                folder.resolve("out").toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private Path foundSchedule(String profile) {
        Outcome found = search("--profile", profile, "--executions", "2000");
        assertThat(found.status()).isEqualTo(1);
        return folder.resolve("out/counter/" + profile + "-seed1.schedule");
    }

    @Test
    void aSearchThatFindsSomethingTellsItAndFilesIt() {
        Outcome found = search("--executions", "2000");
        assertThat(found.status()).isEqualTo(1);
        assertThat(found.out()).contains("lost update: counter=1", "AtomicInteger.get", "findings");
        assertThat(found.out().stripTrailing().lines().reduce((a, b) -> b).orElse(""))
                .startsWith("./selvage replay ");
        assertThat(folder.resolve("findings")).isDirectoryContaining("glob:**0001-*");
    }

    /** A lost update takes two clients, and no fewer. */
    @Test
    void aFailureIsToldOfTheSmallestScenario() throws IOException {
        Outcome found = search("--set", "clients=7", "--executions", "2000");
        assertThat(found.status()).isEqualTo(1);
        assertThat(found.out()).contains("to 1 context switch, clients=2", "lost update");
        Path schedule = folder.resolve("out/counter/racy-seed1.schedule");
        assertThat(Files.readString(schedule)).contains("parameter clients=2");
        Outcome replayed = run("replay", schedule.toString(), "--times", "100");
        assertThat(replayed.status()).isEqualTo(1);
        assertThat(replayed.out()).contains("100 of 100 replays had identical operations");
    }

    @Test
    void shrinkingSaysWhichScenarioIsLeft() throws IOException {
        Path schedule = folder.resolve("large.schedule");
        String small = Files.readString(foundSchedule("racy"));
        Files.writeString(schedule, small.replace("seed 1\n", "seed 1\nparameter clients=9\n"));
        Outcome shrunk = run("shrink", schedule.toString());
        assertThat(shrunk.status()).as(shrunk.toString()).isEqualTo(1);
        assertThat(shrunk.out())
                .containsPattern("shrunk in \\d+ executions: .*, and the scenario to clients=2\n");
        assertThat(Files.readString(folder.resolve("large.shrunk.schedule")))
                .contains("parameter clients=2");
    }

    @Test
    void aSearchThatFindsNothingSaysWhatItCovered() {
        Outcome nothing = search("--profile", "atomic", "--executions", "500");
        assertThat(nothing.status()).isZero();
        assertThat(nothing.out()).contains("nothing found", "500 executions");
        assertThat(folder.resolve("findings")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--exhaustive | all traces",
                "--exhaustive --bound 1 --workers 2 | all schedules with up to 1 preemptions"
            })
    void anExhaustiveSearchSaysThatNoneExists(String options, String proven) {
        List<String> more = new ArrayList<>(List.of("--profile", "atomic"));
        more.addAll(List.of(options.split(" ")));
        Outcome none = search(more.toArray(String[]::new));
        assertThat(none.status()).isZero();
        assertThat(none.out())
                .contains("none exists in scenario counter, profile atomic: searched completely, ")
                .contains(proven)
                .doesNotContain("nothing found");
    }

    @Test
    void shardsAreMerged() {
        String[] options = {"--profile", "atomic", "--exhaustive", "--bound", "1", "--shard"};
        for (String shard : List.of("1/2", "2/2")) {
            List<String> more = new ArrayList<>(List.of(options));
            more.add(shard);
            Outcome part = search(more.toArray(String[]::new));
            assertThat(part.out()).contains("shard " + shard + " of all schedules");
        }
        Outcome merged = run("merge", folder.resolve("out").toString());
        assertThat(merged.status()).isZero();
        assertThat(merged.out()).contains("shards: 2 of 2", "none exists", "searched completely");
        Outcome nothing = run("merge", folder.resolve("none").toString());
        assertThat(nothing.status()).isEqualTo(2);
    }

    @Test
    void anInterruptedSearchIsResumed() {
        search("--profile", "atomic", "--executions", "160");
        Outcome more = search("--profile", "atomic", "--executions", "320", "--resume");
        assertThat(more.status()).isZero();
        assertThat(more.out()).contains("320 executions");
        Outcome other =
                search("--profile", "atomic", "--executions", "9", "--resume", "--max-steps", "9");
        assertThat(other.status()).isEqualTo(2);
        assertThat(other.err()).contains("the saved search is another one").hasLineCount(1);
    }

    /** A folder of another program, of another version, or one that a full disk cut short. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(?<=program=)[0-9a-f]+ | 0123456789abcdef | the saved search is another one",
                "selvage-search [0-9]+ | selvage-search 3 | it does not begin with",
                "(?s)begun.* | '' | its end is missing"
            })
    void whatCannotBeResumedGetsOneLineAndStays(String part, String other, String message)
            throws IOException {
        search("--profile", "atomic", "--executions", "160");
        Path saved = folder.resolve("out/counter/atomic-seed1.search");
        String text = Files.readString(saved);
        String changed = text.replaceFirst(part, other);
        assertThat(changed).isNotEqualTo(text);
        Files.writeString(saved, changed);
        Outcome refused = search("--profile", "atomic", "--executions", "320", "--resume");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains(message).hasLineCount(1);
        assertThat(saved).hasContent(changed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--shard 5/3 | there is no such shard: shard=5/3",
                "--shard x | a shard is written as 2/5",
                "--workers 0 | the number of workers is out of range: workers=0, range=1..8",
                "--bound 2 | --bound needs --exhaustive",
                "--exhaustive --bound 65 | the bound is out of range: strategy=bounded:65",
                "--exhaustive --strategy pct | --exhaustive chooses the strategy itself",
                "--exhaustive --shard 1/2 | this strategy cannot be divided into shards",
                "--strategy pct:99 | the depth is out of range",
                "--strategy nosuch | no such strategy: strategy=nosuch",
                "--resume | there is no search to go on with"
            })
    void aSearchThatCannotBeGetsOneLine(String options, String message) {
        Outcome refused = search(options.split(" "));
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains(message).hasLineCount(1);
    }

    @Test
    void aDeadlockIsFound() {
        Outcome found = search("--profile", "deadlock", "--executions", "2000");
        assertThat(found.status()).isEqualTo(1);
        assertThat(found.out()).contains("deadlock").contains("one").contains("other");
    }

    @Test
    void theSameSeedGivesTheSameExecutions() throws IOException {
        Path schedule = foundSchedule("racy");
        String first = Files.readString(schedule);
        search("--executions", "2000");
        assertThat(Files.readString(schedule)).isEqualTo(first);
    }

    @Test
    void aScheduleReplaysTheSameWayEachTime() {
        Path schedule = foundSchedule("racy");
        Outcome replayed = run("replay", schedule.toString(), "--times", "100", "--trace");
        assertThat(replayed.status()).isEqualTo(1);
        assertThat(replayed.out())
                .contains("100 of 100 replays had identical operations")
                .contains("lost update: counter=1")
                .contains("read AtomicInteger.get");
    }

    @Test
    void aScheduleThatNamesAnotherOperationDiverges() throws IOException {
        Path schedule = foundSchedule("racy");
        Files.writeString(
                schedule, Files.readString(schedule).replaceFirst("\\| [a-z]+ ", "| lock "));
        Outcome diverged = run("replay", schedule.toString());
        assertThat(diverged.status()).isEqualTo(4);
        assertThat(diverged.out()).contains("diverged").contains("expected=").contains("came=");
    }

    @Test
    void whatShrinkingFoundIsToldWhereItCannotBeWritten() throws IOException {
        Path schedule = foundSchedule("racy");
        Files.createDirectory(schedule.resolveSibling("racy-seed1.shrunk.schedule"));
        Outcome shrunk = run("shrink", schedule.toString());
        assertThat(shrunk.status()).isEqualTo(2);
        assertThat(shrunk.out()).contains("lost update", "context switches 1");
        assertThat(shrunk.err().lines())
                .singleElement()
                .asString()
                .contains("the schedule cannot be written: file=");
    }

    @Test
    void shrinkingKeepsTheFailure() {
        Path schedule = foundSchedule("racy");
        Outcome shrunk = run("shrink", schedule.toString());
        assertThat(shrunk.status()).isEqualTo(1);
        assertThat(shrunk.out()).contains("lost update: counter=1");
        assertThat(
                        run(
                                        "replay",
                                        folder.resolve("out/counter/racy-seed1.shrunk.schedule")
                                                .toString())
                                .status())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "search nowhere | no such scenario: scenario=nowhere, known=[counter]",
                "search counter --profile p9 | no such profile: profile=p9",
                "search counter --defect d9 | no such defect: defect=d9",
                "search counter --strategy s9 | no such strategy: strategy=s9",
                "search counter --strategy pct:0 | the depth is out of range",
                "search counter --budget 0 | the budget must be above zero",
                "search counter --budget 0s | the budget must be above zero",
                "search counter --budget soon | neither a time such as 30s",
                "search counter --max-steps 0 | the step limit must be above zero",
                "search counter --seed x | Invalid value for option '--seed'",
                "search counter --set a=1 --executions 1 | no such parameter",
                "search | Missing required parameter",
                "replay nowhere.schedule | there is no such schedule or finding: file=nowhere.schedule",
                "replay nowhere.schedule --times 0 | must be above zero",
                "shrink nowhere.schedule | there is no such schedule",
                "list nothing | Invalid value",
                "fly | Unmatched argument",
            })
    void badInputGetsOneClearLine(String line, String expected) {
        Outcome outcome = run(line.split(" "));
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err().stripTrailing().lines()).hasSize(1);
        assertThat(outcome.err()).startsWith("selvage: ").contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "selvage-schedule 1 | selvage-schedule 9 | not known: version=9",
                "end 1 | '' | cut short",
                "scenario counter | scenario elsewhere | no such scenario: scenario=elsewhere",
                "profile racy | profile p9 | no such profile",
                "seed 1 | seed one | the seed is no number",
                "selvage-schedule 1 | hello | this is no schedule",
                "task | chair | a step is TASK@OPERATION.DRAW",
                "profile racy | profile p\u001b[31m9 | no such profile: profile=p?[31m9",
            })
    void aScheduleThatIsWrongGetsOneClearLineAndStays(String part, String other, String expected)
            throws IOException {
        Path schedule = foundSchedule("racy");
        String edited = Files.readString(schedule).replace(part, other);
        Files.writeString(schedule, edited);
        Outcome outcome = run("replay", schedule.toString());
        assertThat(outcome.status()).as(outcome.out()).isEqualTo(2);
        assertThat(outcome.err().stripTrailing().lines()).hasSize(1);
        assertThat(outcome.err()).contains(expected);
        assertThat(Files.readString(schedule)).isEqualTo(edited);
    }

    @Test
    void aFindingsFolderThatIsAFileIsRefusedBeforeTheSearch() throws IOException {
        Path file = Files.writeString(folder.resolve("findings"), "mine");
        Outcome outcome = search("--executions", "2000");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("the folder cannot be written: folder=" + file);
        assertThat(Files.readString(file)).isEqualTo("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--out", "--findings"})
    void aFolderUnderAFileIsRefusedBeforeTheSearch(String option) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        Outcome outcome = run("search", "counter", option, file.resolve("sub").toString());
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("the folder cannot be written: ").hasLineCount(1);
        assertThat(outcome.out()).isEmpty();
    }

    /** As on a disk that fills up during the search. */
    @Test
    void whatIsFoundIsToldThoughItCannotBeWritten() throws IOException {
        Path inTheWay = folder.resolve("out/counter/racy-seed1.schedule/in the way");
        Files.createDirectories(inTheWay);
        Outcome outcome = search("--executions", "2000");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("the schedule cannot be written: ").hasLineCount(1);
        assertThat(outcome.out()).contains("selvage-schedule 1", "lost update: counter=1");
    }

    @Test
    void aSearchEndsWithItsResultThoughItsPartialResultsCannotBeWritten() throws IOException {
        Path saved = folder.resolve("out/counter/atomic-seed1.search");
        Files.createDirectories(saved.resolve("in the way"));
        Outcome outcome = search("--profile", "atomic", "--executions", "200");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).contains("nothing found", "200 executions");
        assertThat(outcome.err())
                .contains("the partial results were not written, the last ones are kept: ")
                .hasLineCount(1);
        assertThat(saved.getParent()).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void everythingThatCanBeNamedIsListed() {
        assertThat(run("list", "scenarios").out()).contains("counter");
        assertThat(run("list", "profiles").out()).contains("racy").contains("deadlock");
        assertThat(run("list", "strategies").out()).contains("random").contains("pct");
        assertThat(run("list", "faults").status()).isZero();
        assertThat(run("list", "defects").status()).isZero();
    }
}
