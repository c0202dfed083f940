package org.selvage.search;

import java.util.List;
import org.selvage.scheduler.Verdict;

/**
 * Where a replay under a debugger stops: a breakpoint on {@link #reached}. The frames below it are
 * those of the program, whose last operation before it fails takes effect there.
 */
public final class FailingOperation {
    private FailingOperation() {}

    /**
     * The replay has come to the operation.
     *
     * @param step its number
     * @param task the name of the task
     * @param operation what it does
     */
    public static void reached(int step, String task, String operation) {
        // Called once, in a replay under a debugger, for a breakpoint to stand on.
        if (step < 1 || task.isEmpty() || operation.isEmpty()) {
            throw new IllegalArgumentException("step=" + step);
        }
    }

    /**
     * The number of the last operation of the task that fails, or of the last operation; giving a
     * lock back is none.
     */
    public static int of(Trace trace) {
        String failing = trace.verdict() instanceof Verdict.Failed failed ? failed.task() : "";
        for (Trace.Step step : trace.steps().reversed()) {
            boolean counts =
                    switch (step.kind()) {
                        // What is given back while the exception passes says little.
                        case END, UNLOCK, MONITOR_EXIT -> false;
                        default -> true;
                    };
            if (counts && (failing.isEmpty() || trace.tasks().get(step.task()).equals(failing))) {
                return step.number();
            }
        }
        return trace.steps().size();
    }

    /**
     * Executes a replay once more and calls {@link #reached} at a step.
     *
     * @param deviations the replay's own: those of its schedule, unless the program was edited
     */
    public static Trace replayTo(Subject subject, List<Deviation> deviations, int step) {
        Replay replay = new Replay(deviations, Replay.Mode.LENIENT);
        replay.begin(0);
        int[] left = {step};
        return TraceRecorder.record(
                subject,
                replay,
                (execution, task) -> {
                    if (task.isRacing() && --left[0] == 0) {
                        reached(step, task.name(), Operations.describe(task));
                    }
                });
    }
}
