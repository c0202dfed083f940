package org.selvage.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.selvage.scheduler.Frames;
import org.selvage.search.Trace;

/** A replayed execution as text. */
public final class TraceText {
    private static final int STACK_FRAMES = 14;

    private TraceText() {}

    /**
     * Every operation on a line of its own: number, virtual time, task, operation, object, place.
     */
    public static String steps(Trace trace) {
        StringBuilder text = new StringBuilder();
        int width = 4;
        for (String task : trace.tasks()) {
            width = Math.max(width, task.length());
        }
        String format = "%6d %12.6f ms  %-" + width + "s  %s%s%s%n";
        for (Trace.Step step : trace.steps()) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            format,
                            step.number(),
                            step.virtualNanos() / 1e6,
                            Wording.oneLine(trace.tasks().get(step.task())),
                            step.describe(),
                            step.object().isEmpty() ? "" : "  " + Wording.oneLine(step.object()),
                            step.place().isEmpty() ? "" : "  at " + step.place()));
        }
        return text.toString();
    }

    /** How the execution ended, with the stacks of the tasks that were alive if it failed. */
    public static String verdict(Trace trace) {
        StringBuilder text =
                new StringBuilder(Wording.oneLine(trace.verdict().summary())).append('\n');
        if (trace.verdict().isFailure()) {
            for (Map.Entry<String, List<StackTraceElement>> stack : trace.stacks().entrySet()) {
                List<StackTraceElement> frames = Frames.shown(stack.getValue());
                if (!frames.isEmpty()) {
                    text.append("\n").append(Wording.oneLine(stack.getKey())).append('\n');
                    frames.stream()
                            .limit(STACK_FRAMES)
                            .forEach(frame -> text.append("    at ").append(frame).append('\n'));
                }
            }
            text.append('\n');
        }
        text.append(trace.steps().size()).append(" operations, digest=");
        text.append(Long.toHexString(trace.digest())).append('\n');
        return text.toString();
    }
}
