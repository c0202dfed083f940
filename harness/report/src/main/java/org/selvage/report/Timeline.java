package org.selvage.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Frames;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Deviation;
import org.selvage.search.Operations;
import org.selvage.search.Trace;

/**
 * Where each task stood still and why, read off the sequence of operations.
 *
 * <p>A trace holds the operations that took effect. So a task that stands still is one whose next
 * operation is not the next of all; why it does is told by its last operation (it sleeps, parks,
 * waits), by its next one (a lock that another task gives back in between, a join of a task that
 * ends in between), or, if neither, by the schedule: another task was picked.
 *
 * <p>A task that is picked again and then blocks for ever leaves no operation behind. So one that
 * was stopped before the lock at which a deadlock finds it is said to wait for it all the time.
 */
final class Timeline {
    /** Why a task stands still. */
    enum Reason {
        /** It could have gone on. */
        PREEMPTED,
        LOCK,
        WAIT,
        PARK,
        SLEEP,
        JOIN,
        YIELD,
        /** It waits, but the trace does not say for what. */
        BLOCKED
    }

    /**
     * A task stands still.
     *
     * @param task its number
     * @param from the index of its last operation before
     * @param until the index of its next operation, or the number of operations if there is none
     * @param reason why
     * @param by the task that has the lock or is joined, or -1
     */
    record Stop(int task, int from, int until, Reason reason, int by) {}

    private record Announced(int task, int operation) {}

    private final Trace trace;
    private final List<Trace.Step> steps;
    private final int[] next;
    private final Map<String, Integer> taskOfThread = new HashMap<>();
    private final Set<Announced> preempted = new HashSet<>();
    private final boolean scheduled;
    private final List<Stop> stops = new ArrayList<>();

    /**
     * Reads a trace.
     *
     * @param deviations the schedule that led to it; if empty, a stop that nothing else explains
     *     counts as a preemption
     */
    Timeline(Trace trace, List<Deviation> deviations) {
        this.trace = trace;
        this.steps = trace.steps();
        this.next = nextOfSameTask(steps);
        this.scheduled = !deviations.isEmpty();
        for (Deviation d : deviations) {
            if (d.kind() == Choice.Kind.TASK) {
                preempted.add(new Announced(d.task(), d.operation()));
            }
        }
        int started = 0;
        for (Trace.Step step : steps) {
            if (step.kind() == OperationKind.START) {
                // Tasks are numbered in the order in which they are started; the first task is 0.
                taskOfThread.put(step.object(), ++started);
            }
        }
        for (int i = 0; i + 1 < steps.size(); i++) {
            if (steps.get(i + 1).task() != steps.get(i).task()
                    && steps.get(i).kind() != OperationKind.END) {
                stops.add(stop(i));
            }
        }
    }

    private static int[] nextOfSameTask(List<Trace.Step> steps) {
        int tasks = steps.stream().mapToInt(Trace.Step::task).max().orElse(0) + 1;
        int[] following = new int[tasks];
        Arrays.fill(following, steps.size());
        int[] next = new int[steps.size()];
        for (int i = steps.size() - 1; i >= 0; i--) {
            int task = steps.get(i).task();
            next[i] = following[task];
            following[task] = i;
        }
        return next;
    }

    private Stop stop(int from) {
        Trace.Step last = steps.get(from);
        int until = next[from];
        Trace.Step pending = until < steps.size() ? steps.get(until) : null;
        boolean preemptedThere =
                scheduled
                        && pending != null
                        && preempted.contains(new Announced(last.task(), pending.operation()));
        if (pending != null && isLockTaken(pending.kind()) && last.kind() != OperationKind.WAIT) {
            int owner = ownerBetween(pending.object(), last.task(), from, until);
            if (owner >= 0
                    || (scheduled
                            && !preemptedThere
                            && reasonOf(last.kind()) == Reason.PREEMPTED)) {
                return new Stop(last.task(), from, until, Reason.LOCK, owner);
            }
        }
        if (pending != null && pending.kind() == OperationKind.JOIN) {
            int joined = taskOf(pending.object());
            if (joined >= 0 && endsBetween(joined, from, until)) {
                return new Stop(last.task(), from, until, Reason.JOIN, joined);
            }
        }
        Reason own = preemptedThere ? Reason.PREEMPTED : reasonOf(last.kind());
        if (pending == null && own == Reason.PREEMPTED) {
            return blockedForEver(last.task(), from);
        }
        return new Stop(last.task(), from, until, own, -1);
    }

    private static boolean isLockTaken(OperationKind kind) {
        return kind == OperationKind.LOCK || kind == OperationKind.MONITOR_ENTER;
    }

    private static Reason reasonOf(OperationKind kind) {
        return switch (kind) {
            case WAIT -> Reason.WAIT;
            case PARK -> Reason.PARK;
            case SLEEP -> Reason.SLEEP;
            case YIELD -> Reason.YIELD;
            case BEGIN,
                    END,
                    READ,
                    WRITE,
                    UPDATE,
                    LOCK,
                    TRY_LOCK,
                    UNLOCK,
                    MONITOR_ENTER,
                    MONITOR_EXIT,
                    NOTIFY,
                    NOTIFY_ALL,
                    UNPARK,
                    START,
                    JOIN,
                    INTERRUPT,
                    FILE_READ,
                    FILE_WRITE,
                    FILE_FORCE ->
                    Reason.PREEMPTED;
        };
    }

    /** The task that gives the object back before anyone takes it; it had it all the time. */
    private int ownerBetween(String object, int task, int from, int until) {
        for (int i = from + 1; i < until; i++) {
            Trace.Step step = steps.get(i);
            if (step.task() != task && step.object().equals(object)) {
                boolean gives = Wording.isRelease(step.kind()) || step.kind() == OperationKind.WAIT;
                return gives ? step.task() : -1;
            }
        }
        return -1;
    }

    private boolean endsBetween(int task, int from, int until) {
        for (int i = from + 1; i < until; i++) {
            if (steps.get(i).task() == task && steps.get(i).kind() == OperationKind.END) {
                return true;
            }
        }
        return false;
    }

    /** Whether the schedule stops a task after operations of which none is told. */
    boolean isStoppedLater(int task) {
        int last =
                steps.stream()
                        .filter(step -> step.task() == task)
                        .mapToInt(Trace.Step::operation)
                        .max()
                        .orElse(0);
        return preempted.stream()
                .anyMatch(stop -> stop.task() == task && stop.operation() > last + 1);
    }

    private Stop blockedForEver(int task, int from) {
        Verdict.Blocked blocked = blocked(task);
        if (blocked == null) {
            int announced = steps.get(from).operation() + 1;
            boolean named = !scheduled || preempted.contains(new Announced(task, announced));
            Reason reason = reasonOf(stack(task));
            boolean picked = reason == Reason.PREEMPTED || (named && reason == Reason.BLOCKED);
            return new Stop(task, from, steps.size(), picked ? Reason.PREEMPTED : reason, -1);
        }
        Reason reason =
                switch (blocked.state()) {
                    case BLOCKED -> Reason.LOCK;
                    case WAITING -> Reason.WAIT;
                    case PARKED -> Reason.PARK;
                    case SLEEPING -> Reason.SLEEP;
                    case JOINING -> Reason.JOIN;
                    case RUNNABLE, FINISHED -> Reason.PREEMPTED;
                };
        String by = reason == Reason.JOIN ? blocked.on() : blocked.owner();
        return new Stop(task, from, steps.size(), reason, trace.tasks().indexOf(by));
    }

    private List<StackTraceElement> stack(int task) {
        return trace.stacks().getOrDefault(trace.tasks().get(task), List.of());
    }

    /**
     * Why the owner of a stack does not run: the scheduler's method in which it stands is named
     * after the operation.
     */
    private static Reason reasonOf(List<StackTraceElement> stack) {
        for (StackTraceElement frame : stack) {
            if (frame.getClassName().equals("org.selvage.scheduler.Execution")) {
                switch (frame.getMethodName()) {
                    case "point" -> {
                        return Reason.PREEMPTED;
                    }
                    case "join" -> {
                        return Reason.JOIN;
                    }
                    case "lock", "monitorEnter" -> {
                        return Reason.LOCK;
                    }
                    case "monitorWait" -> {
                        return Reason.WAIT;
                    }
                    case "park" -> {
                        return Reason.PARK;
                    }
                    case "sleep" -> {
                        return Reason.SLEEP;
                    }
                    default -> {
                        // One of the steps inside such an operation.
                    }
                }
            }
        }
        return Reason.BLOCKED;
    }

    /** What a deadlock says about a task, if it is in one. */
    Verdict.@Nullable Blocked blocked(int task) {
        if (trace.verdict() instanceof Verdict.Deadlock deadlock) {
            for (Verdict.Blocked blocked : deadlock.blocked()) {
                if (blocked.task().equals(trace.tasks().get(task))) {
                    return blocked;
                }
            }
        }
        return null;
    }

    /**
     * The operations by which a task took the locks that it still has at the end; the lock taken
     * last is last.
     */
    List<Integer> held(int task) {
        Map<String, Integer> held = new LinkedHashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            Trace.Step step = steps.get(i);
            if (step.task() == task && Wording.isRelease(step.kind())) {
                held.remove(step.object());
            } else if (step.task() == task && Wording.isLock(step.kind())) {
                held.putIfAbsent(step.object(), i);
            }
        }
        return List.copyOf(held.values());
    }

    /**
     * What a task waits for; its lock goes by the name under which its owner took it, where that is
     * certain.
     */
    String waits(Verdict.Blocked blocked) {
        int owner = trace.tasks().indexOf(blocked.owner());
        String type = simple(blocked.on());
        List<Integer> candidates =
                held(owner).stream()
                        .filter(index -> steps.get(index).object().startsWith(type + "#"))
                        .toList();
        if (owner < 0 || candidates.size() != 1) {
            return Waits.text(blocked, type);
        }
        Trace.Step taken = steps.get(candidates.getFirst());
        String words = operation(taken);
        int blank = words.indexOf(' ');
        return Waits.text(blocked, blank < 0 ? taken.object() : words.substring(blank + 1));
    }

    /** How the execution ended: a deadlock with the names that the program has for its locks. */
    String summary() {
        if (!(trace.verdict() instanceof Verdict.Deadlock deadlock)) {
            return Wording.oneLine(trace.verdict().summary());
        }
        List<String> tasks = new ArrayList<>();
        for (Verdict.Blocked blocked : deadlock.blocked()) {
            tasks.add(Wording.oneLine(blocked.task()) + " " + waits(blocked));
        }
        return "deadlock: " + String.join("; ", tasks);
    }

    private static String simple(String className) {
        return Wording.oneLine(
                className.substring(
                        Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1));
    }

    /** Every place where a task stood still, in order. */
    List<Stop> stops() {
        return stops;
    }

    /** The index of the next operation of the same task, or the number of operations. */
    int next(int index) {
        return next[index];
    }

    /** The number of the task behind a thread's label, or -1. */
    int taskOf(String object) {
        return taskOfThread.getOrDefault(object, -1);
    }

    /** The name of a task. */
    String name(int task) {
        return task < trace.tasks().size()
                ? Wording.oneLine(trace.tasks().get(task))
                : "task " + task;
    }

    /** The tasks that fail: the one that threw, or those that wait for ever and are no daemons. */
    List<Integer> failing() {
        return switch (trace.verdict()) {
            case Verdict.Failed failed -> List.of(lastNamed(failed.task()));
            case Verdict.Deadlock deadlock -> deadlocked(deadlock);
            case Verdict.Livelock livelock ->
                    livelock.cycle().stream()
                            .map(turn -> trace.tasks().indexOf(turn.task()))
                            .filter(task -> task >= 0)
                            .distinct()
                            .sorted()
                            .toList();
            case Verdict.Unknown unknown -> List.of(lastNamed(unknown.task()));
            case Verdict.Passed passed -> List.of();
            case Verdict.StepLimit limit -> List.of();
            case Verdict.Diverged diverged -> List.of();
            case Verdict.Broken broken -> List.of();
        };
    }

    private int lastNamed(String name) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            int task = steps.get(i).task();
            if (task < trace.tasks().size() && trace.tasks().get(task).equals(name)) {
                return task;
            }
        }
        return Math.max(0, trace.tasks().indexOf(name));
    }

    /**
     * Those that wait for what another one has, and those in a circle with them; if there are none,
     * all that are no daemons.
     */
    private List<Integer> deadlocked(Verdict.Deadlock deadlock) {
        Set<Integer> owned = new TreeSet<>();
        Set<Integer> all = new TreeSet<>();
        for (Verdict.Blocked blocked : deadlock.blocked()) {
            int task = trace.tasks().indexOf(blocked.task());
            if (task >= 0 && !blocked.daemon()) {
                all.add(task);
            }
            if (task >= 0 && (!blocked.owner().isEmpty() || isInCircle(deadlock, blocked))) {
                owned.add(task);
            }
        }
        return List.copyOf(owned.isEmpty() ? all : owned);
    }

    /** Whether a task waits, by way of others, for itself. */
    private static boolean isInCircle(Verdict.Deadlock deadlock, Verdict.Blocked first) {
        Verdict.@Nullable Blocked at = first;
        for (int i = 0; at != null && i < deadlock.blocked().size(); i++) {
            String next =
                    !at.owner().isEmpty()
                            ? at.owner()
                            : at.state() == Task.State.JOINING ? at.on() : "";
            if (next.equals(first.task())) {
                return true;
            }
            at =
                    deadlock.blocked().stream()
                            .filter(other -> other.task().equals(next))
                            .findFirst()
                            .orElse(null);
        }
        return false;
    }

    /**
     * The operation that a stopped task is about to perform, in words; where it stands if it never
     * does.
     */
    String pending(Stop stop) {
        if (stop.until() == steps.size()) {
            return "";
        }
        Trace.Step pending = steps.get(stop.until());
        return pending.kind() == OperationKind.END ? "its end" : operation(pending);
    }

    /** Where a stopped task stands. */
    String place(Stop stop) {
        if (stop.until() < steps.size()) {
            return place(steps.get(stop.until()));
        }
        return standing(stop.task());
    }

    /** Where a task stands at the end, or an empty string if it has ended. */
    String standing(int task) {
        List<StackTraceElement> stack = trace.stacks().get(trace.tasks().get(task));
        return stack == null ? "" : Wording.place(Frames.innermost(stack));
    }

    /** Where an operation was issued; nowhere if it is the first or last of a task. */
    static String place(Trace.Step step) {
        return switch (step.kind()) {
            case BEGIN, END -> "";
            case READ,
                    WRITE,
                    UPDATE,
                    LOCK,
                    TRY_LOCK,
                    UNLOCK,
                    MONITOR_ENTER,
                    MONITOR_EXIT,
                    WAIT,
                    NOTIFY,
                    NOTIFY_ALL,
                    PARK,
                    UNPARK,
                    START,
                    JOIN,
                    SLEEP,
                    YIELD,
                    INTERRUPT,
                    FILE_READ,
                    FILE_WRITE,
                    FILE_FORCE ->
                    Wording.place(step.place());
        };
    }

    /** An operation in words; operations on threads name the task. */
    String operation(Trace.Step step) {
        if (step.kind() == OperationKind.MONITOR_ENTER && step.target().endsWith(".wait")) {
            return "enter again";
        }
        int task = taskOf(step.object());
        return switch (step.kind()) {
            case START, JOIN, UNPARK, INTERRUPT ->
                    Operations.describe(step.kind(), 0) + (task < 0 ? "" : " " + name(task));
            case END -> "ends";
            case BEGIN -> "begins";
            case READ,
                    WRITE,
                    UPDATE,
                    LOCK,
                    TRY_LOCK,
                    UNLOCK,
                    MONITOR_ENTER,
                    MONITOR_EXIT,
                    WAIT,
                    NOTIFY,
                    NOTIFY_ALL,
                    PARK,
                    SLEEP,
                    YIELD,
                    FILE_READ,
                    FILE_WRITE,
                    FILE_FORCE ->
                    Wording.oneLine(Wording.operation(step, isAmbiguous(step)));
        };
    }

    /** An operation in words, with the value that was read or written. */
    String told(Trace.Step step) {
        return operation(step) + value(step);
    }

    /** The value that was read or written, as it stands behind the operation. */
    static String value(Trace.Step step) {
        if (step.value().isEmpty()) {
            return "";
        }
        String value = Wording.oneLine(step.value());
        boolean holds =
                switch (step.kind()) {
                    case WAIT, PARK, SLEEP, JOIN -> false;
                    default -> !value.contains(" -> ");
                };
        return (holds ? " = " : ": ") + value;
    }

    private @Nullable Map<String, Set<String>> objectsOfTarget;

    /** Whether the same target names several objects in this execution. */
    private boolean isAmbiguous(Trace.Step step) {
        Map<String, Set<String>> objects = objectsOfTarget;
        if (objects == null) {
            objects = new HashMap<>();
            for (Trace.Step each : steps) {
                objects.computeIfAbsent(subject(each), key -> new HashSet<>()).add(each.object());
            }
            objectsOfTarget = objects;
        }
        Set<String> found = objects.get(subject(step));
        return found != null && found.size() > 1;
    }

    /** The variable or lock that an operation names, the same for all objects of one class. */
    static String subject(Trace.Step step) {
        String words = step.describe();
        String target = words.substring(words.indexOf(' ') + 1);
        int dot = target.lastIndexOf('.');
        // AtomicInteger.get and AtomicInteger.set name the same object.
        return dot > 0
                        && step.object().startsWith(target.substring(0, dot) + "#")
                        && !Wording.isLock(step.kind())
                ? target.substring(0, dot)
                : target;
    }
}
