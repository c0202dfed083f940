package org.selvage.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;

/**
 * A failing schedule that was executed once more and written down.
 *
 * @param schedule with what is expected at each deviation
 * @param trace the execution, operation by operation
 */
public record Confirmation(Schedule schedule, Trace trace) {

    /** What a schedule says of the program. The components are those of {@link Schedule}. */
    public record Header(
            String subject,
            String profile,
            List<String> defects,
            long seed,
            Map<String, String> parameters,
            String fingerprint) {}

    /** Executes deviations, noting at each what the drawing task was about to do. */
    public static Confirmation of(Subject subject, List<Deviation> deviations, Header header) {
        List<Schedule.Step> steps = new ArrayList<>();
        Occurrences occurrences = new Occurrences();
        Replay replay =
                new Replay(deviations, Replay.Mode.LENIENT)
                        .watchedBy((choice, option) -> {
                            int occurrence = occurrences.note(choice);
                            if (option != 0) {
                                steps.add(step(choice, option, occurrence));
                            }
                        });
        replay.begin(0);
        Trace trace = TraceRecorder.recordWithCalls(subject, replay);
        String failure = Signature.endOf(trace.verdict());
        Schedule schedule =
                new Schedule(
                        header.subject,
                        header.profile,
                        header.defects,
                        header.seed,
                        header.parameters,
                        header.fingerprint,
                        failure,
                        List.copyOf(steps));
        return new Confirmation(schedule, trace);
    }

    private static Schedule.Step step(Choice choice, int option, int occurrence) {
        Task drawer = choice.drawer();
        int picked = choice.kind().isOfTask() ? choice.task(option).id() : option;
        String to =
                switch (choice.kind()) {
                    case TASK, NOTIFY -> choice.task(option).name();
                    case VALUE -> "value " + option;
                    case SPURIOUS -> "spurious wake-up";
                    case TIMEOUT -> "its time is up";
                };
        return new Schedule.Step(
                new Deviation(
                        drawer.id(), drawer.operations(), drawer.draws(), choice.kind(), picked),
                Operations.describe(drawer) + " (" + occurrence + ")",
                drawer.name() + " -> " + to);
    }

    /**
     * Replays a schedule: each deviation where the task has had as many operations as it says, and
     * is about to do what it says. If the program no longer does that, because it was edited
     * elsewhere, the deviations are looked for by place; that execution counts if it fails as the
     * schedule says.
     */
    public static Trace replay(Subject subject, Schedule schedule) {
        return replay(subject, schedule, TraceRecorder::record);
    }

    /** As {@link #replay(Subject, Schedule)}, with the stack of each operation. */
    public static Trace replayWithCalls(Subject subject, Schedule schedule) {
        return replay(subject, schedule, TraceRecorder::recordWithCalls);
    }

    private static Trace replay(
            Subject subject, Schedule schedule, BiFunction<Subject, ChoiceSource, Trace> recorder) {
        Hazards.asFor(schedule, subject.execution());
        Replay replay = Replay.strict(schedule, subject.execution());
        replay.begin(0);
        Trace trace = recorder.apply(subject, replay);
        PlaceReplay byPlace = PlaceReplay.of(schedule);
        if (difference(schedule, trace).isEmpty() || byPlace == null) {
            return trace;
        }
        Trace again = recorder.apply(subject, byPlace);
        boolean fails = again.verdict().isFailure() && difference(schedule, again).isEmpty();
        return fails ? again : trace;
    }

    /** How a replay differs from what its schedule says, or an empty string. */
    public static String difference(Schedule schedule, Trace replayed) {
        if (replayed.verdict() instanceof Verdict.Diverged diverged) {
            return diverged.difference();
        }
        String came = Signature.endOf(replayed.verdict());
        if (!schedule.failure().isEmpty()
                && !withoutNumbers(came).equals(withoutNumbers(schedule.failure()))) {
            return "the end: expected=\"" + schedule.failure() + "\" came=\"" + came + "\"";
        }
        return "";
    }

    /** The first operation in which two executions differ. */
    public static String difference(Trace first, Trace second) {
        int common = Math.min(first.steps().size(), second.steps().size());
        for (int i = 0; i < common; i++) {
            if (!first.steps().get(i).equals(second.steps().get(i))) {
                return "step="
                        + (i + 1)
                        + " first=\""
                        + first.steps().get(i)
                        + "\" second=\""
                        + second.steps().get(i)
                        + "\"";
            }
        }
        return "steps=" + first.steps().size() + " and " + second.steps().size();
    }

    /** A description without the numbers that an edit elsewhere in the file changes. */
    static String withoutNumbers(String text) {
        return Signature.withoutLambdaNumbers(withoutLines(text));
    }

    static String withoutLines(String text) {
        return text.replaceAll(":[0-9]+", "");
    }
}
