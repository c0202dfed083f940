package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.selvage.scheduler.Verdict;

class ShrinkerTest {
    private static final long MAX_STEPS = 20_000L;

    /** What is left of a failure that a random walk found, and how the shrunk schedule ends. */
    private record Shrinking(
            Search.Failure found, Shrinker.Shrunk shrunk, Verdict replayed, boolean minimal) {}

    private static Shrinking shrink(String program, long seed, long executions) throws Exception {
        return Carriers.call(
                handover -> {
                    Subject subject =
                            Subject.of(Explorer.program(program, new String[1]), MAX_STEPS);
                    Search.Result result =
                            new Search(
                                            subject,
                                            Strategies.named("random", seed),
                                            Budget.of(10_000L),
                                            Search.Progress.SILENT)
                                    .run();
                    Search.Failure failure = Objects.requireNonNull(result.failure());
                    Shrinker.Shrunk shrunk = Shrinker.shrink(subject, failure, executions);
                    Verdict replayed =
                            subject.execute(
                                    new Replay(shrunk.deviations(), Replay.Mode.LENIENT), null);
                    boolean minimal = true;
                    for (int i = 0; i < shrunk.deviations().size(); i++) {
                        List<Deviation> fewer = new ArrayList<>(shrunk.deviations());
                        fewer.remove(i);
                        Verdict without =
                                subject.execute(new Replay(fewer, Replay.Mode.LENIENT), null);
                        minimal &=
                                !without.isFailure()
                                        || !Signature.of(without).equals(failure.signature());
                    }
                    return new Shrinking(failure, shrunk, replayed, minimal);
                },
                Duration.ofSeconds(60));
    }

    /** Each defect needs one deviation, and one more if the tasks begin in an unusual order. */
    @ParameterizedTest
    @CsvSource({"lostUpdate, 2", "lockOrder, 2", "lostWakeUp, 2", "checkThenAct, 2", "noisy, 2"})
    void leavesNoDeviationThatIsNotNeeded(String program, int deviations) throws Exception {
        for (long seed = 1; seed <= 10; seed++) {
            Shrinking result = shrink("Canaries." + program, seed, 2_000);
            assertThat(result.shrunk.deviations()).hasSizeBetween(1, deviations);
            assertThat(result.minimal).isTrue();
            assertThat(Signature.of(result.replayed)).isEqualTo(result.found.signature());
        }
    }

    @Test
    void keepsToItsBudgetAndToTheFailure() throws Exception {
        Shrinking result = shrink("Canaries.noisy", 1, 5);
        assertThat(result.shrunk.executions()).isLessThanOrEqualTo(5);
        assertThat(Signature.of(result.replayed)).isEqualTo(result.found.signature());
    }
}
