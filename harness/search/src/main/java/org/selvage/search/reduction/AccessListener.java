package org.selvage.search.reduction;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.FieldVariables;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Task;

/**
 * Turns the operations of an execution into accesses to variables and edges between tasks. Two
 * tasks depend on each other through a field of an object, a mutex or an object of
 * java.util.concurrent as a whole, a file, a task's wake-up (park, unpark, interrupt), a task's
 * life (start, end, join) and the virtual clock.
 *
 * <p>Tasks are named by who started them as the how-manieth, so that a task has one name however
 * the executions interleave.
 */
abstract class AccessListener implements OperationListener {
    private static final StackWalker WALKER = StackWalker.getInstance();

    final Variables variables = new Variables();
    private final FieldVariables fields = new FieldVariables();
    private final Lineage lineage = new Lineage();

    /** The names of the tasks by their numbers in this execution, and back. */
    private int[] names = new int[8];

    private int[] numbers = new int[8];
    private int known;

    /** By name: what the call into the JDK that a task is in has touched so far. */
    private Ints[] call = new Ints[0];

    /** The accesses of the operation at hand. */
    final Ints operation = new Ints(4);

    void beginExecution() {
        variables.clear();
        lineage.restart();
        java.util.Arrays.fill(numbers, -1);
        known = 0;
    }

    /** A task accesses a variable. */
    abstract void access(int task, int access);

    /** A task takes or leaves part in no access: one starts, ends or wakes another. */
    abstract void enables(int by, int task);

    /** A task has seen that another one has ended. */
    abstract void joined(int task, int ended);

    abstract void ended(int task);

    abstract void alone(int task);

    /** Whether undeclared accesses may reach objects of this class; remembered. */
    boolean isTouched(Class<?> type) {
        return false;
    }

    void noteTouched(Class<?> type) {}

    /** Whether some task looks whether others live, or interrupts them. */
    boolean observesTasks() {
        return true;
    }

    void noteObservesTasks() {}

    /** The name of a task. */
    final int name(Task task) {
        int id = task.id();
        if (id >= known) {
            learn(id, id == 0 ? lineage.first() : lineage.child(0));
        }
        return names[id];
    }

    /** A number that stands for a task's name in every JVM that runs the same program. */
    final long identity(int name) {
        return lineage.identity(name);
    }

    /** The number that a task has in this execution, or -1. */
    final int number(int name) {
        return name < numbers.length ? numbers[name] : -1;
    }

    private int learn(int id, int name) {
        if (id >= names.length) {
            names = java.util.Arrays.copyOf(names, Math.max(id + 1, names.length * 2));
        }
        if (name >= numbers.length) {
            int old = numbers.length;
            numbers = java.util.Arrays.copyOf(numbers, Math.max(name + 1, old * 2));
            java.util.Arrays.fill(numbers, old, numbers.length, -1);
        }
        names[id] = name;
        numbers[name] = id;
        known = id + 1;
        if (name >= call.length) {
            int old = call.length;
            call = java.util.Arrays.copyOf(call, Math.max(name + 1, old * 2));
            for (int i = old; i < call.length; i++) {
                call[i] = new Ints(4);
            }
        }
        call[name].clear();
        return name;
    }

    @Override
    public void operation(Execution execution, Task task) {
        operation.clear();
        describe(execution, task, operation);
        int name = name(task);
        for (int i = 0; i < operation.size; i++) {
            access(name, operation.get(i));
        }
        edges(execution, task, name);
    }

    /** What else than accesses an operation does to other tasks. */
    final void edges(Execution execution, Task task, int name) {
        switch (task.kind()) {
            case START -> enables(name, learn(execution.taskCount(), lineage.child(name)));
            case JOIN -> {
                Task target = target(execution, task);
                if (target != null && target.state() == Task.State.FINISHED) {
                    joined(name, name(target));
                }
            }
            case END -> ended(name);
            default -> {
                // Accesses say it all.
            }
        }
    }

    static @Nullable Task target(Execution execution, Task task) {
        return task.object() instanceof Thread thread ? execution.taskOf(thread) : null;
    }

    /** The accesses of the operation that a task is about to perform, or has just performed. */
    final void describe(Execution execution, Task task, Ints out) {
        int name = name(task);
        Ints inner = call[name];
        if (task.site() != 0) {
            inner.clear();
        }
        OperationKind kind = task.kind();
        switch (kind) {
            case BEGIN, YIELD, SLEEP, START, JOIN -> {}
            case END -> {
                if (observesTasks()) {
                    out.add(Access.of(Variables.lifeOf(name), Access.WRITE, true));
                }
            }
            case PARK -> out.add(Access.of(Variables.wakeUpOf(name), Access.WRITE, true));
            case UNPARK, INTERRUPT -> {
                Task target = target(execution, task);
                if (target != null) {
                    out.add(Access.of(Variables.wakeUpOf(name(target)), Access.WRITE, true));
                }
                if (kind == OperationKind.INTERRUPT) {
                    noteObservesTasks();
                    if (target != null && target.state() == Task.State.WAITING) {
                        // It leaves the wait set, so a notification may now go to another one.
                        out.add(object(target, Access.WRITE, true));
                    }
                }
            }
            case MONITOR_EXIT, WAIT -> out.add(object(task, Access.RELEASE, false));
            case LOCK, MONITOR_ENTER, NOTIFY, NOTIFY_ALL -> {
                Object mutex = task.object();
                if (task.site() == 0 && mutex != null && isForeign(mutex)) {
                    return;
                }
                int access = object(task, Access.WRITE, false);
                out.add(access);
                inner.add(access);
            }
            case UNLOCK, TRY_LOCK -> out.add(object(task, Access.WRITE, true));
            case READ, WRITE, UPDATE, FILE_READ, FILE_WRITE, FILE_FORCE -> {
                int mode = kind.isRead() ? Access.READ : Access.WRITE;
                Task target = target(execution, task);
                if (target != null) {
                    noteObservesTasks();
                    out.add(Access.of(Variables.wakeUpOf(name(target)), mode, true));
                    out.add(Access.of(Variables.lifeOf(name(target)), Access.READ, true));
                } else {
                    int access = variable(task, mode);
                    out.add(access);
                    inner.add(access);
                }
            }
        }
    }

    private int object(Task task, int mode, boolean exposed) {
        Object object = task.object();
        return object == null
                ? Access.of(variables.number(this, null), mode, true)
                : Access.of(
                        variables.number(object, null),
                        mode,
                        exposed || isTouched(object.getClass()));
    }

    private int variable(Task task, int mode) {
        Object object = task.object();
        if (object == null || object instanceof String) {
            return object(task, mode, false);
        }
        String field = fields.field(object, task.site());
        if (field != null) {
            return Access.of(variables.number(object, field), mode, false);
        }
        boolean observes = object instanceof AbstractOwnableSynchronizer;
        return Access.of(
                variables.number(object, null), mode, observes || isTouched(object.getClass()));
    }

    /** What a task may touch when it goes on after it has waited inside a call into the JDK. */
    final void describeRest(int name, Ints out) {
        Ints inner = call[name];
        for (int i = 0; i < inner.size; i++) {
            out.add(
                    Access.of(
                            Access.variable(inner.get(i)),
                            Access.WRITE,
                            Access.isExposed(inner.get(i))));
        }
    }

    @Override
    public void ownerChanged(Execution execution, Task task, Object synchronizer, boolean taken) {
        if (isForeign(synchronizer)) {
            return;
        }
        int name = name(task);
        int number = variables.number(synchronizer, null);
        boolean exposed = isTouched(synchronizer.getClass());
        access(name, Access.of(number, taken ? Access.TAKE : Access.RELEASE, exposed));
        call[name].add(Access.of(number, Access.WRITE, exposed));
    }

    @Override
    public void woken(Execution execution, Task by, Task woken) {
        enables(name(by), name(woken));
        if (observesTasks()) {
            access(name(by), Access.of(Variables.wakeUpOf(name(woken)), Access.WRITE, true));
        }
    }

    @Override
    public void timedOut(Execution execution, Task task) {
        alone(name(task));
    }

    /** Whether an object that this execution has not come to yet is none of the program's. */
    private boolean isForeign(Object object) {
        return !variables.contains(object) && isMachinery();
    }

    /**
     * Whether the JVM's own machinery, such as the linking of a call or the loading of a class,
     * made the call: it shares nothing with the program, and does what it does at its own times.
     */
    private static boolean isMachinery() {
        return WALKER.walk(frames ->
                frames.map(StackWalker.StackFrame::getClassName)
                        .dropWhile(name -> name.startsWith("org.selvage."))
                        .skip(1)
                        .findFirst()
                        .filter(name ->
                                name.startsWith("java.lang.")
                                        || name.startsWith("jdk.internal.")
                                        || name.startsWith("sun."))
                        .isPresent());
    }

    @Override
    public void touched(Execution execution, Task task, OperationKind kind, Object object) {
        if (object == task.object() && (kind.isRead() || !task.kind().isRead())) {
            return;
        }
        if (object instanceof ForkJoinPool.ManagedBlocker) {
            return; // one wait of one task; others reach it through the condition it waits on
        }
        int name = name(task);
        int mode = kind.isRead() ? Access.READ : Access.WRITE;
        if (object instanceof Thread thread) {
            if (thread == task.thread()) {
                return; // a constructor of Thread asks whether its caller lives
            }
            noteObservesTasks();
            Task target = execution.taskOf(thread);
            if (target != null) {
                access(name, Access.of(Variables.wakeUpOf(name(target)), mode, true));
                access(name, Access.of(Variables.lifeOf(name(target)), mode, true));
            }
            return;
        }
        if (object != execution) {
            if (isForeign(object)) {
                return;
            }
            noteTouched(object.getClass());
        }
        int access = Access.of(variables.number(object, null), mode, true);
        access(name, access);
        call[name].add(access);
    }
}
