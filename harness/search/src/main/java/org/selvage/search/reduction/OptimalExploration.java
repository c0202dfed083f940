package org.selvage.search.reduction;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;

/**
 * Runs every trace of a program once, by {@link OptimalReduction}: the draws come from here, and
 * the operations go back.
 *
 * <p>A step goes from one scheduling point to the next. What the task is about to do at the point
 * is declared; releasing a mutex, notifying, starting and ending follow undeclared, and harm
 * nothing: no other task's next step depends on them that could have come first. Objects that code
 * of the JDK touches on its way, and wake-ups of parked tasks, do; they are exposed. Which classes
 * of objects are touched like that is learnt, and when something is learnt late the search starts
 * over.
 */
public final class OptimalExploration implements ChoiceSource {
    /** How many points a task passes before another one is preferred because it spins or yields. */
    private static final int PATIENCE = 64;

    private final OptimalReduction reduction = new OptimalReduction(false);
    private final Listener listener = new Listener();
    private final Point point = new Point();
    private final SpinDetector spins = new SpinDetector();
    private final SpinLoops loops = new SpinLoops(false);
    private final Ints enabled = new Ints(8);
    private final Set<Class<?>> touched = new HashSet<>();
    private boolean observesTasks;
    private boolean learnt;
    private boolean cutOff;
    private boolean hurried;

    /**
     * Whether the execution was ended because what can follow is run elsewhere, and how many were.
     */
    private boolean redundant;

    private long redundantCount;

    /**
     * Whether no task does anything any more but go round in a loop: a livelock, as will be seen at
     * the step limit.
     */
    private boolean stuck;

    /** The tasks that were held up when that was seen; others were blocked. */
    private final BitSet heldUp = new BitSet();

    /** How many points the running task has passed since another one ran. */
    private int run;

    private int[] effects = new int[8];
    private @Nullable Execution execution;
    private @Nullable Task last;

    /** Gets ready for the next execution; false if every trace was run. */
    public boolean begin() {
        listener.beginExecution();
        spins.begin();
        loops.begin();
        redundant = false;
        stuck = false;
        heldUp.clear();
        run = 0;
        java.util.Arrays.fill(effects, -1);
        last = null;
        return reduction.begin();
    }

    /** Sees the operations of the executions. */
    public OperationListener listener() {
        return listener;
    }

    @Override
    public boolean everyPoint() {
        return true;
    }

    /** How many traces were run to their ends since the search began or started over. */
    public long traces() {
        return reduction.executions() - redundantCount;
    }

    /** Whether the last execution was ended because what can follow is run elsewhere. */
    public boolean wasEnough() {
        return redundant;
    }

    /** How often states were read at places that were not known as loops. */
    public int stateReads() {
        return loops.reads();
    }

    /** Whether every execution had a trace of its own. */
    public boolean neverRepeats() {
        return reduction.irregular() == 0;
    }

    /**
     * Whether all that was run, was run to its end, and under nothing but the choices made here.
     */
    public boolean isComplete() {
        return !cutOff && !hurried && reduction.infeasible() == 0;
    }

    /**
     * How many executions the search will need in all, judged by how far each branching on the way
     * to the current execution is done: Knuth, "Estimating the efficiency of backtrack programs"
     * (Math. Comp. 29, 1975). Branchings that are not known yet make it too low.
     */
    public double estimatedExecutions() {
        return reduction.executions() / reduction.progress();
    }

    @Override
    public int choose(Choice choice) {
        if (choice.kind() != Choice.Kind.TASK) {
            loops.interrupt();
            return reduction.draw(choice.count());
        }
        if (stuck) {
            return 0;
        }
        declare(choice.drawer());
        int position = reduction.depth();
        loops.arrive(choice, position);
        point.choice = choice;
        point.first = preferred(choice);
        if (loops.any() && !reduction.isGuided() && loops.isFutile(point.preferredTask().id())) {
            if (isChanged(choice)) {
                redundant = true;
                choice.end(new Verdict.StepLimit(choice.steps()));
                return 0;
            }
            loops.release(choice);
            if (!choice.execution().isTimeAwaited()) {
                stuck = true;
                for (int i = 0; i < choice.count(); i++) {
                    heldUp.set(choice.task(i).id());
                }
                reduction.stop();
                return 0;
            }
        }
        int task = reduction.next(point, listener.variables.limit());
        int number = listener.number(task);
        Task next = task(number);
        run = next == last ? run + 1 : 0;
        last = next;
        loops.choose(choice, next, position);
        return choice.optionOf(number);
    }

    /**
     * The option to take unless a trace asks for another one: a task that only repeats itself lets
     * the others go first. One that yields goes on for a while all the same, as a round is only
     * known for one when nobody has come in between.
     */
    private int preferred(Choice choice) {
        boolean spins = this.spins.isSpinning(choice) && run > PATIENCE;
        int first = 0;
        if (spins && choice.count() > 1) {
            first = 1;
        } else if (choice.isYield() && run <= PATIENCE) {
            first = choice.optionOf(choice.drawer().id());
        }
        for (int i = 0; i < choice.count() && loops.any(); i++) {
            int option = (first + i) % choice.count();
            if (!loops.isFutile(choice.task(option).id())) {
                return option;
            }
        }
        return first;
    }

    /**
     * Whether one of the tasks that are held up would see something else now: then what it does
     * next is run where that came first.
     */
    private boolean isChanged(Choice choice) {
        for (int i = 0; i < choice.count(); i++) {
            Task task = choice.task(i);
            int id = task.id();
            if (reduction.conflicts(listener.name(task), loops.from(id), loops.to(id))
                    && loops.seesChange(task)) {
                return true;
            }
        }
        return false;
    }

    private Task task(int number) {
        Execution current = execution;
        if (current == null) {
            throw new IllegalStateException("no execution");
        }
        return current.task(number);
    }

    /** The execution has ended. */
    public void end(Execution ended, Verdict verdict) {
        Task running = last;
        if (running != null && running.state() != Task.State.FINISHED && !stuck) {
            declare(running);
        }
        enabled.clear();
        boolean isCutOff =
                verdict instanceof Verdict.StepLimit || verdict instanceof Verdict.Unknown;
        cutOff |= (isCutOff && !redundant) || (stuck && !(verdict instanceof Verdict.Livelock));
        for (int i = 0; i < ended.taskCount(); i++) {
            Task task = ended.task(i);
            if (loops.isFutile(i) || heldUp.get(i)) {
                reduction.waits(listener.name(task));
            } else if (task.isEnabled() && !isCutOff && !stuck) {
                enabled.add(listener.name(task));
            }
        }
        reduction.end(enabled);
        redundantCount += redundant ? 1 : 0;
        if ((learnt && reduction.executions() > 1) || loops.hasLearnt()) {
            reduction.restart();
            redundantCount = 0;
        }
        learnt = false;
    }

    /** Says what a task that has come to a point, or has blocked, will do next. */
    private void declare(Task task) {
        Execution current = execution;
        if (current == null) {
            return;
        }
        int name = listener.name(task);
        Ints declared = reduction.declare(name);
        effects[name] = task.operations();
        if (task.contends()) {
            declareAcquisition(task, name, declared);
        } else {
            switch (task.state()) {
                case RUNNABLE -> {
                    if (task.kind() != OperationKind.END) {
                        listener.describe(current, task, declared);
                        Task target =
                                task.kind() == OperationKind.JOIN
                                        ? AccessListener.target(current, task)
                                        : null;
                        if (target != null && target.state() == Task.State.FINISHED) {
                            reduction.endEnables(listener.name(target), name);
                        }
                    }
                }
                case PARKED -> {
                    effects[name] = -1;
                    declared.add(Access.of(Variables.wakeUpOf(name), Access.WRITE, true));
                    if (task.site() == 0) {
                        listener.describeRest(name, declared);
                    }
                }
                case SLEEPING, JOINING -> {
                    if (task.state() == Task.State.SLEEPING) {
                        effects[name] = -1;
                    }
                }
                case BLOCKED, WAITING, FINISHED -> effects[name] = -1;
            }
        }
        if (observesTasks && task.state() != Task.State.RUNNABLE) {
            int wakeUp = Access.of(Variables.wakeUpOf(name), Access.WRITE, true);
            declared.add(wakeUp);
            if (task.state() != Task.State.FINISHED) {
                reduction.access(wakeUp);
            }
        }
        if (task.isTimed()) {
            reduction.access(
                    Access.of(listener.variables.number(current, null), Access.READ, true));
        }
    }

    private void declareAcquisition(Task task, int name, Ints declared) {
        Object object = task.object();
        if (object == null) {
            throw new IllegalStateException("a mutex without an object: task=" + task);
        }
        int variable = listener.variables.number(object, null);
        if (task.state() == Task.State.WAITING) {
            effects[name]++;
            reduction.waits(name);
        } else if (task.site() == 0 && task.state() == Task.State.BLOCKED) {
            // It ran into the mutex in the middle of a step, so that step has looked at it.
            reduction.access(Access.of(variable, Access.WRITE, true));
        }
        declared.add(Access.of(variable, Access.ACQUIRE, listener.isTouched(object.getClass())));
        if (task.site() == 0 && task.kind() == OperationKind.LOCK) {
            listener.describeRest(name, declared);
        }
    }

    /** The options at a scheduling point, by the names of the tasks. */
    private final class Point implements OptimalReduction.Options {
        @Nullable Choice choice;
        int only = -1;
        int first;

        Task preferredTask() {
            return java.util.Objects.requireNonNull(choice).task(first);
        }

        @Override
        public int preferred() {
            Choice current = choice;
            return current == null ? only : listener.name(current.task(first));
        }

        @Override
        public boolean isEnabled(int task) {
            Choice current = choice;
            if (current == null) {
                return task == only;
            }
            int number = listener.number(task);
            return number >= 0 && current.optionOf(number) >= 0;
        }
    }

    private final class Listener extends AccessListener {
        @Override
        public void operation(Execution current, Task task) {
            execution = current;
            int name = name(task);
            if (name >= effects.length) {
                int old = effects.length;
                effects = java.util.Arrays.copyOf(effects, Math.max(name + 1, old * 2));
                java.util.Arrays.fill(effects, old, effects.length, -1);
            }
            if (last != task) {
                // The first task begins, or a class initialiser went on without being asked.
                point.choice = null;
                point.only = name;
                reduction.next(point, variables.limit());
                last = task;
            }
            if (effects[name] == task.operations() && task.kind() != OperationKind.END) {
                effects[name] = -1;
                edges(current, task, name);
                return;
            }
            super.operation(current, task);
        }

        @Override
        void access(int task, int access) {
            reduction.access(access);
        }

        @Override
        void enables(int by, int task) {
            reduction.enables(task);
            if (task >= effects.length) {
                int old = effects.length;
                effects = java.util.Arrays.copyOf(effects, Math.max(task + 1, old * 2));
                java.util.Arrays.fill(effects, old, effects.length, -1);
            }
        }

        @Override
        void joined(int task, int ended) {}

        @Override
        void ended(int task) {
            reduction.finish(task);
        }

        @Override
        void alone(int task) {
            Task running = last;
            // Time passed although something could run: by a rule that counts steps, not by a
            // choice.
            hurried |= running != null && running.state() == Task.State.RUNNABLE;
            reduction.isLast(task);
        }

        @Override
        boolean isTouched(Class<?> type) {
            return !touched.isEmpty() && touched.contains(type);
        }

        @Override
        void noteTouched(Class<?> type) {
            learnt |= touched.add(type);
        }

        @Override
        boolean observesTasks() {
            return observesTasks;
        }

        @Override
        void noteObservesTasks() {
            learnt |= !observesTasks;
            observesTasks = true;
        }
    }
}
