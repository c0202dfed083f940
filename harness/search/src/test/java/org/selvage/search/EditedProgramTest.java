package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A schedule of one build of a program, replayed on another. */
final class EditedProgramTest {
    private static final Confirmation.Header HEADER =
            new Confirmation.Header("main programs", "", List.of(), 1L, Map.of(), "0");

    private static Schedule found(String program) throws Exception {
        return Carriers.call(
                handover -> {
                    Subject subject = Subject.of(Explorer.program(program, new String[1]), 20_000L);
                    Search.Result found =
                            new Search(
                                            subject,
                                            Strategies.named("random", 3),
                                            Budget.of(10_000L),
                                            Search.Progress.SILENT)
                                    .run();
                    Search.Failure failure = Objects.requireNonNull(found.failure());
                    Shrinker.Shrunk shrunk = Shrinker.shrink(subject, failure, 5_000L);
                    String text =
                            ScheduleText.print(
                                    Confirmation.of(subject, shrunk.deviations(), HEADER)
                                            .schedule());
                    return ScheduleText.parse(text);
                },
                Duration.ofSeconds(60));
    }

    private static Trace replay(String program, Schedule schedule) throws Exception {
        return Carriers.call(
                handover -> {
                    Subject subject = Subject.of(Explorer.program(program, new String[1]), 20_000L);
                    Trace replayed = Confirmation.replay(subject, schedule);
                    if (replayed.verdict().isFailure()) {
                        assertThat(replayedToItsEnd(subject, replayed).digest())
                                .as("as a debugger sees it")
                                .isEqualTo(replayed.digest());
                    }
                    return replayed;
                },
                Duration.ofSeconds(60));
    }

    private static Trace replayedToItsEnd(Subject subject, Trace replayed) {
        return FailingOperation.replayTo(
                subject, Deviation.of(subject.execution()), FailingOperation.of(replayed));
    }

    @Test
    void operationsThatWereAddedElsewhereDoNotMatter() throws Exception {
        Schedule schedule = found("Edited.before");
        Trace replayed = replay("Edited.after", schedule);
        assertThat(replayed.verdict().isFailure()).as(replayed.verdict().summary()).isTrue();
        assertThat(Confirmation.difference(schedule, replayed)).isEmpty();
    }

    @Test
    void aProgramThatNoLongerComesThereDiverges() throws Exception {
        Schedule schedule = found("Edited.before");
        Trace replayed = replay("Edited.other", schedule);
        assertThat(Confirmation.difference(schedule, replayed)).isNotEmpty();
    }
}
