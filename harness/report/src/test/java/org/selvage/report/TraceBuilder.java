package org.selvage.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Deviation;
import org.selvage.search.Schedule;
import org.selvage.search.Search;
import org.selvage.search.Shrinker;
import org.selvage.search.Signature;
import org.selvage.search.Trace;

/** Builds executions by hand, numbering steps and operations as the recorder does. */
final class TraceBuilder {
    private final List<String> tasks;
    private final List<Trace.Step> steps = new ArrayList<>();
    private final Map<Integer, Integer> operations = new HashMap<>();
    private final Map<String, List<StackTraceElement>> stacks = new LinkedHashMap<>();
    private final List<Deviation> deviations = new ArrayList<>();
    private long nanos;

    TraceBuilder(String... tasks) {
        this.tasks = List.of(tasks);
    }

    TraceBuilder begin(int task) {
        operations.put(task, -1);
        return step(task, OperationKind.BEGIN, "", "", "Runner.run:1");
    }

    int count() {
        return steps.size();
    }

    TraceBuilder end(int task) {
        return step(task, OperationKind.END, "", "", "Runner.run:1");
    }

    /** Starts a task; its thread is labelled with its number, as threads are started in order. */
    TraceBuilder start(int task, int started, String place) {
        return step(task, OperationKind.START, "Thread.start", "Thread#" + started, place);
    }

    TraceBuilder join(int task, int joined, String place) {
        return step(task, OperationKind.JOIN, "Thread.join", "Thread#" + joined, place);
    }

    TraceBuilder lock(int task, String mutex, String place) {
        return step(task, OperationKind.LOCK, mutex + ".lock", mutex + "#1", place);
    }

    TraceBuilder unlock(int task, String mutex, String place) {
        return step(task, OperationKind.UNLOCK, mutex + ".unlock", mutex + "#1", place);
    }

    TraceBuilder read(int task, String field, String place) {
        return step(task, OperationKind.READ, field, field + "#1", place);
    }

    TraceBuilder write(int task, String field, String place) {
        return step(task, OperationKind.WRITE, field, field + "#1", place);
    }

    TraceBuilder step(int task, OperationKind kind, String target, String object, String place) {
        int operation = operations.merge(task, 1, Integer::sum);
        steps.add(
                new Trace.Step(
                        steps.size() + 1, task, kind, target, object, place, operation, nanos));
        return this;
    }

    TraceBuilder time(long millis) {
        nanos = millis * 1_000_000L;
        return this;
    }

    /** The task's next operation is announced, and another task is picked. */
    TraceBuilder preempt(int task, int picked) {
        deviations.add(
                new Deviation(
                        task, operations.getOrDefault(task, 0) + 1, 0, Choice.Kind.TASK, picked));
        return this;
    }

    /** Something was drawn at the task's last operation. */
    TraceBuilder draw(int task, Choice.Kind kind, int picked) {
        deviations.add(new Deviation(task, operations.getOrDefault(task, 0), 0, kind, picked));
        return this;
    }

    TraceBuilder stack(String task, StackTraceElement... frames) {
        stacks.put(task, List.of(frames));
        return this;
    }

    static StackTraceElement frame(String className, String method, int line) {
        String simple = className.substring(className.lastIndexOf('.') + 1);
        return new StackTraceElement(className, method, simple + ".java", line);
    }

    Trace failed(int task, Throwable cause, StackTraceElement... frames) {
        cause.setStackTrace(frames);
        stacks.put(tasks.get(task), List.of(frames));
        return build(new Verdict.Failed(tasks.get(task), cause));
    }

    Trace build(Verdict verdict) {
        return new Trace(List.copyOf(steps), tasks, verdict, stacks, List.of(), 0x5e1fa6eL);
    }

    List<Deviation> deviations() {
        return List.copyOf(deviations);
    }

    static Verdict.Blocked blocked(
            String task, Task.State state, String on, String owner, StackTraceElement frame) {
        return new Verdict.Blocked(task, false, state, on, owner, List.of(frame));
    }

    Finding finding(Trace trace, String subject, String profile) {
        return finding(trace, subject, profile, List.of());
    }

    Finding finding(Trace trace, String subject, String profile, List<String> defects) {
        List<Schedule.Step> listed =
                deviations.stream().map(d -> new Schedule.Step(d, "something", "a -> b")).toList();
        Schedule schedule =
                new Schedule(
                        subject,
                        profile,
                        defects,
                        7,
                        Map.of("tables", "2"),
                        "00ff",
                        Signature.of(trace.verdict()).toString(),
                        listed);
        Search.Result search =
                new Search.Result(
                        new Search.Failure(trace.verdict(), deviations(), 41),
                        42,
                        4200,
                        420,
                        40,
                        1_500_000_000L,
                        2,
                        new Verdict.StepLimit(100_000),
                        false);
        return new Finding(
                schedule,
                trace,
                search,
                new Shrinker.Shrunk(deviations(), 2, 17),
                List.of("strategy=portfolio", "seed=7"),
                "./selvage replay findings/it/minimal.schedule");
    }
}
