package org.selvage.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.ArrayShadow;
import org.selvage.hooks.Fiber;
import org.selvage.hooks.OperationKind;
import org.selvage.hooks.Sites;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Frames;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;

/** Writes an execution down as a {@link Trace}. Slow; a search runs without it. */
public final class TraceRecorder implements OperationListener {
    private static final StackWalker WALKER =
            StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /** Of a recursion that is about to overflow its stack, the innermost frames say enough. */
    private static final long MAX_FRAMES = 256;

    /** The outermost frame that belongs to a task; whoever runs the search is below it. */
    private static final String FIBER = Fiber.class.getName();

    private final List<Trace.Step> steps = new ArrayList<>();
    private final IdentityHashMap<Object, String> objects = new IdentityHashMap<>();
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final Values values = new Values(objects);

    /**
     * The classes that were seen running, by their names without the package. Looking at a static
     * variable of another class could run that class's initialiser.
     */
    private final Map<String, Set<Class<?>>> running = new HashMap<>();

    /** The object of the last operation if that changes a variable, and the variable. */
    private @Nullable Object changing;

    private String changingTarget = "";
    private long digest = 1;

    private final boolean isCalls;
    private final List<List<StackTraceElement>> calls = new ArrayList<>();

    /** Equal stacks are the same list, as most operations are issued again and again. */
    private final Map<List<StackTraceElement>, List<StackTraceElement>> known = new HashMap<>();

    private TraceRecorder(boolean isCalls) {
        this.isCalls = isCalls;
    }

    /** Executes a subject and writes it down, without the stacks of its operations. */
    public static Trace record(Subject subject, ChoiceSource source) {
        return record(subject, source, new TraceRecorder(false));
    }

    /** Executes a subject and writes it down, with the stack of each operation. */
    public static Trace recordWithCalls(Subject subject, ChoiceSource source) {
        return record(subject, source, new TraceRecorder(true));
    }

    /** Executes a subject and writes it down; the listener sees each operation after that. */
    static Trace record(Subject subject, ChoiceSource source, OperationListener listener) {
        TraceRecorder recorder = new TraceRecorder(false);
        return record(subject, source, recorder, Listeners.both(recorder, listener));
    }

    private static Trace record(Subject subject, ChoiceSource source, TraceRecorder recorder) {
        return record(subject, source, recorder, recorder);
    }

    private static Trace record(
            Subject subject,
            ChoiceSource source,
            TraceRecorder recorder,
            OperationListener listener) {
        Verdict verdict = subject.execute(source, listener);
        recorder.finishPending();
        Execution execution = subject.execution();
        List<String> tasks = new ArrayList<>();
        Map<String, List<StackTraceElement>> stacks = new LinkedHashMap<>();
        for (int i = 0; i < execution.taskCount(); i++) {
            Task task = execution.task(i);
            tasks.add(task.name());
            if (verdict instanceof Verdict.Failed failed && failed.task().equals(task.name())) {
                stacks.put(task.name(), List.of(failed.cause().getStackTrace()));
            } else if (task.state() != Task.State.FINISHED) {
                stacks.put(task.name(), execution.stackOf(task));
            }
        }
        return new Trace(
                List.copyOf(recorder.steps),
                List.copyOf(tasks),
                verdict,
                stacks,
                List.copyOf(recorder.calls),
                recorder.digest);
    }

    @Override
    public void operation(Execution execution, Task task) {
        finishPending();
        if (!task.isRacing()) {
            return; // depends on what other executions did
        }
        OperationKind kind = task.kind();
        Sites.Site site = Sites.get(task.site());
        String object = label(task.object());
        if (task.thread() == Thread.currentThread()) {
            noteRunning();
        }
        String place = task.site() == 0 ? programFrame() : site.place();
        steps.add(
                new Trace.Step(
                        steps.size() + 1,
                        task.id(),
                        kind,
                        site.target(),
                        object,
                        place,
                        task.operations(),
                        execution.virtualNanos(),
                        task.site() == 0 ? "" : site.className(),
                        value(task, site)));
        if (isCalls) {
            // An operation that another task brings about, such as the end of a wait, has none.
            List<StackTraceElement> stack =
                    task.thread() == Thread.currentThread() ? programStack() : List.of();
            calls.add(known.computeIfAbsent(stack, same -> same));
        }
        digest = Xoroshiro.combine(digest, task.id());
        digest = Xoroshiro.combine(digest, kind.name().hashCode());
        digest = Xoroshiro.combine(digest, site.target().hashCode());
        digest = Xoroshiro.combine(digest, place.hashCode());
        digest = Xoroshiro.combine(digest, object.hashCode());
        digest = Xoroshiro.combine(digest, execution.virtualNanos());
    }

    @Override
    public void drawn(Execution execution, Task task, Choice.Kind kind, int pick) {
        if (pick == 0 || !kind.isOptional() || steps.isEmpty()) {
            return;
        }
        Trace.Step wait = steps.removeLast();
        steps.add(
                wait.withValue(
                        kind == Choice.Kind.SPURIOUS ? "wakes spuriously" : "its time is up"));
    }

    /**
     * What a variable holds that is read; one that is changed is looked at again before the next
     * operation takes effect, as nothing else happens in between.
     */
    private String value(Task task, Sites.Site site) {
        if (!Values.isOfVariable(task.kind())) {
            return "";
        }
        Object object = task.object();
        if (object instanceof String name) {
            object = declaring(name); // it stands for a static variable
        }
        String now = values.read(object, site.target());
        if (task.kind() != OperationKind.READ) {
            changing = object;
            changingTarget = site.target();
        }
        return now;
    }

    private void noteRunning() {
        Class<?> type =
                WALKER.walk(frames ->
                        frames.takeWhile(frame -> !frame.getClassName().equals(FIBER))
                                .filter(frame -> Frames.isProgram(frame.getClassName()))
                                .findFirst()
                                .<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
                                .orElse(null));
        while (type != null && Frames.isProgram(type.getName())) {
            String name = type.getName().substring(type.getName().lastIndexOf('.') + 1);
            running.computeIfAbsent(name, key -> new HashSet<>()).add(type);
            type = type.getSuperclass();
        }
    }

    /** The class of a static variable, if it was seen running and no other class has its name. */
    private @Nullable Class<?> declaring(String variable) {
        String name = variable.substring(0, Math.max(0, variable.lastIndexOf('.')));
        Set<Class<?>> types = running.getOrDefault(name, Set.of());
        return types.size() == 1 ? types.iterator().next() : null;
    }

    /** Completes the value of the last operation if it changed a variable. */
    private void finishPending() {
        Object object = changing;
        if (object == null) {
            return;
        }
        changing = null;
        Trace.Step last = steps.removeLast();
        String after = values.read(object, changingTarget);
        steps.add(last.withValue(Trace.Step.change(last.kind(), last.value(), after)));
    }

    private String label(@Nullable Object object) {
        if (object == null) {
            return "";
        }
        if (object instanceof String name) {
            return name;
        }
        if (object instanceof ArrayShadow.Element element) {
            return label(element.array()) + "[" + element.index() + "]";
        }
        String known = objects.get(object);
        if (known == null) {
            String simple = Values.simpleName(object);
            known = simple + "#" + counts.merge(simple, 1, Integer::sum);
            objects.put(object, known);
        }
        return known;
    }

    private static List<StackTraceElement> programStack() {
        return WALKER.walk(frames ->
                frames.takeWhile(frame -> !frame.getClassName().equals(FIBER))
                        .limit(MAX_FRAMES)
                        .map(StackWalker.StackFrame::toStackTraceElement)
                        .toList());
    }

    private static String programFrame() {
        return WALKER.walk(frames ->
                frames.takeWhile(frame -> !frame.getClassName().equals(FIBER))
                        .filter(frame -> Frames.isProgram(frame.getClassName()))
                        .findFirst()
                        .map(frame -> Frames.place(frame.toStackTraceElement()))
                        .orElse(""));
    }
}
