package org.selvage.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Cause;
import org.selvage.search.Trace;

/** Who takes part in a finding, and where each of them stands when it fails. */
final class Cast {
    private Cast() {}

    /**
     * What is said of each task that takes part: for one that fails or waits for another its stack;
     * for the others the stack of the racing operation, or else where they stand, or their last
     * operation if they have ended. The task that fails comes first.
     */
    static Map<String, List<String>> stands(Finding finding) {
        Trace trace = finding.trace();
        Timeline timeline = new Timeline(trace, finding.schedule().deviations());
        Plot plot = new Plot(finding.telling(), timeline);
        List<Integer> order = new ArrayList<>(timeline.failing());
        plot.tasks().stream().filter(task -> !order.contains(task)).forEach(order::add);
        Map<String, List<String>> stands = new LinkedHashMap<>();
        for (int task : order) {
            if (task >= trace.tasks().size()) {
                continue;
            }
            List<StackTraceElement> stack =
                    trace.stacks().getOrDefault(trace.tasks().get(task), List.of());
            Verdict.Blocked blocked = timeline.blocked(task);
            boolean told = blocked != null || timeline.failing().contains(task);
            int racing = racingStep(finding, task);
            if (!told && !trace.callsOf(racing).isEmpty()) {
                stands.put(
                        "task "
                                + timeline.name(task)
                                + " at step "
                                + racing
                                + ", "
                                + timeline.operation(trace.steps().get(racing - 1)),
                        Wording.stack(trace.callsOf(racing)));
            } else if (stack.isEmpty()) {
                stands.put(
                        "task " + timeline.name(task) + " has ended; its last operation was",
                        List.of(lastOperation(trace, timeline, task)));
            } else {
                String does = blocked != null ? timeline.waits(blocked) : told ? "fails" : "stands";
                stands.put("task " + timeline.name(task) + " " + does, Wording.stack(stack));
            }
        }
        return stands;
    }

    /** The number of the task's operation that the cause names, or 0. */
    private static int racingStep(Finding finding, int task) {
        Cause cause = finding.cause();
        Cause.Race race = cause == null ? null : cause.race();
        if (race == null) {
            return 0;
        }
        List<Trace.Step> steps = finding.trace().steps();
        for (int step : new int[] {race.first(), race.second()}) {
            if (step > 0 && steps.get(step - 1).task() == task) {
                return step;
            }
        }
        return 0;
    }

    private static String lastOperation(Trace trace, Timeline timeline, int task) {
        for (Trace.Step step : trace.steps().reversed()) {
            String place = Timeline.place(step);
            if (step.task() == task && !place.isEmpty()) {
                return timeline.operation(step) + " at " + place;
            }
        }
        return "none";
    }
}
