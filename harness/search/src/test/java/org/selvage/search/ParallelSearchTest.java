package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.weaver.Agent;

/** Workers, shards, and searches that are saved, merged and resumed. */
class ParallelSearchTest {
    private static final String PROGRAM = "Monitors.waitNotifyAll";
    private static final String FAILING = "Monitors.lostWakeUp";
    private static final long ALL_TRACES = 96L;

    @TempDir private Path folder = Path.of("set by JUnit");

    private static ParallelSearch make(String strategy, Shard shard, long executions) {
        return new ParallelSearch(
                new ParallelSearch.Plan(strategy, 7L, shard, Budget.of(executions)),
                Search.Progress.SILENT);
    }

    /** Runs a search on workers, each with classes and a carrier of its own. */
    private static Search.Result run(ParallelSearch search, String program, int workers)
            throws Exception {
        Agent.require();
        do {
            List<Callable<Integer>> work = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                int worker = i;
                work.add(() -> work(search, program, worker, workers));
            }
            try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
                for (Future<Integer> done : threads.invokeAll(work)) {
                    done.get();
                }
            }
        } while (!search.isFinished());
        return search.result();
    }

    private static int work(ParallelSearch search, String program, int worker, int workers)
            throws Exception {
        return Carriers.call(
                handover -> {
                    String[] outcome = {""};
                    Subject subject = Subject.of(Explorer.program(program, outcome), 10_000L);
                    subject.execute(ChoiceSource.DEFAULT, null);
                    handover.watch(subject.execution()::steps);
                    search.work(subject, worker, workers);
                    return worker;
                },
                Duration.ofSeconds(60));
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "pct", "pos", "surw", "coverage", "portfolio"})
    void anyNumberOfWorkersRunsTheSameExecutions(String strategy) throws Exception {
        Search.Result one = run(make(strategy, Shard.ONLY, 300L), PROGRAM, 1);
        assertThat(one.executions()).isEqualTo(300L);
        for (int workers : new int[] {2, 3}) {
            Search.Result many = run(make(strategy, Shard.ONLY, 300L), PROGRAM, workers);
            assertThat(many.executions()).isEqualTo(300L);
            assertThat(many.steps()).isEqualTo(one.steps());
            assertThat(many.switches()).isEqualTo(one.switches());
            assertThat(many.schedules()).isEqualTo(one.schedules());
            assertThat(many.traces()).isEqualTo(one.traces());
            assertThat(many.curve().getLast().pairs()).isEqualTo(one.curve().getLast().pairs());
        }
        Search.Failure failure = failure(strategy, 1);
        assertThat(failure(strategy, 2).execution()).isEqualTo(failure.execution());
        assertThat(failure(strategy, 2).deviations()).isEqualTo(failure.deviations());
    }

    /** Lanes tell what they have executed only now and then. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void everyExecutionIsCounted(int workers) throws Exception {
        ParallelSearch search = make("random", Shard.ONLY, 6_400L);
        assertThat(run(search, PROGRAM, workers).executions()).isEqualTo(6_400L);
        assertThat(search.snapshot().begun()).containsOnly(6_400L / ParallelSearch.LANES);
    }

    private static Search.Failure failure(String strategy, int workers) throws Exception {
        Search.Result result = run(make(strategy, Shard.ONLY, 300L), FAILING, workers);
        return Objects.requireNonNull(result.failure());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theLanesOfABoundedSearchTryEverythingTogether(int workers) throws Exception {
        Search.Result result = run(make("bounded:64", Shard.ONLY, 100_000L), PROGRAM, workers);
        assertThat(result.failure()).isNull();
        assertThat(result.proven()).isEqualTo("all schedules");
        assertThat(result.traces()).isEqualTo(ALL_TRACES);
    }

    @Test
    void shardsAreMergedIntoTheWhole() throws Exception {
        List<Path> files = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            ParallelSearch search = make("bounded:64", new Shard(i, 3), 100_000L);
            Search.Result part = run(search, PROGRAM, 1);
            assertThat(part.proven()).isEqualTo("shard " + i + "/3 of all schedules");
            Path file = folder.resolve(i + ".search");
            SavedSearch.write(search, "a search", file);
            files.add(file);
        }
        SavedSearch.Merged merged = SavedSearch.merge(files);
        assertThat(merged.shards()).isEqualTo("3 of 3");
        assertThat(merged.result().proven()).isEqualTo("all schedules");
        assertThat(merged.result().traces()).isEqualTo(ALL_TRACES);
        SavedSearch.Merged two = SavedSearch.merge(files.subList(0, 2));
        assertThat(two.result().proven()).isNull();
        assertThatThrownBy(() -> SavedSearch.merge(List.of(files.get(0), files.get(0))))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("two files are of one shard: shard=1/3");
    }

    @Test
    void aResumedSearchGoesOnWhereItEnded() throws Exception {
        Path file = folder.resolve("one.search");
        ParallelSearch first = make("random", Shard.ONLY, 160L);
        run(first, PROGRAM, 1);
        SavedSearch.write(first, "a search", file);
        ParallelSearch second = make("random", Shard.ONLY, 480L);
        SavedSearch.read(file).resume(second, file, "a search");
        Search.Result resumed = run(second, PROGRAM, 1);
        Search.Result whole = run(make("random", Shard.ONLY, 480L), PROGRAM, 1);
        assertThat(resumed.executions()).isEqualTo(whole.executions()).isEqualTo(480L);
        assertThat(resumed.steps()).isEqualTo(whole.steps());
        assertThat(resumed.traces()).isEqualTo(whole.traces());
        assertThat(resumed.schedules()).isEqualTo(whole.schedules());
        ParallelSearch other = make("random", Shard.ONLY, 480L);
        assertThatThrownBy(() -> SavedSearch.read(file).resume(other, file, "another one"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the saved search is another one");
    }

    @Test
    void aStoppedSearchHasItsResults() throws Exception {
        ParallelSearch search = make("random", Shard.ONLY, 1_000_000L);
        search.stop();
        Search.Result result = run(search, PROGRAM, 2);
        assertThat(result.executions()).isZero();
        assertThat(result.exhausted()).isFalse();
        assertThat(result.proven()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "selvage-search 1 | it does not begin with",
                "selvage-search 4 | its end is missing",
                "'selvage-search 4\nend' | a line is missing"
            })
    void aBrokenFileGetsOneClearLine(String text, String reason) throws Exception {
        Path file = Files.writeString(folder.resolve("broken.search"), text);
        assertThatThrownBy(() -> SavedSearch.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({"5/3", "0/3", "1/0", "x", "1/99999", "-1/2"})
    void thereIsNoSuchShard(String text) {
        assertThatThrownBy(() -> Shard.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shard=" + text);
    }

    @Test
    void buildServersNameTheirShards() {
        assertThat(Shard.of(Map.of())).isEqualTo(Shard.ONLY);
        assertThat(Shard.of(Map.of("CI_NODE_INDEX", "2", "CI_NODE_TOTAL", "4")))
                .isEqualTo(new Shard(2, 4));
        assertThat(Shard.of(Map.of("CIRCLE_NODE_INDEX", "0", "CIRCLE_NODE_TOTAL", "4")))
                .isEqualTo(new Shard(1, 4));
        assertThat(
                        Shard.of(
                                Map.of(
                                        "BUILDKITE_PARALLEL_JOB",
                                        "3",
                                        "BUILDKITE_PARALLEL_JOB_COUNT",
                                        "4")))
                .isEqualTo(new Shard(4, 4));
        assertThat(Shard.of(Map.of("TEST_SHARD_INDEX", "1", "TEST_TOTAL_SHARDS", "2")))
                .isEqualTo(new Shard(2, 2));
        assertThat(Shard.of(Map.of("SELVAGE_SHARD_INDEX", "2", "SELVAGE_SHARD_COUNT", "2")))
                .isEqualTo(new Shard(2, 2));
    }

    @Test
    void theOptimalSearchCannotBeDivided() {
        assertThatThrownBy(() -> make("optimal", new Shard(1, 2), 1L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("this strategy cannot be divided into shards");
    }
}
