package org.selvage.search.reduction;

import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;

/**
 * What a search with a bound on preemptions need not try, so that it still sees every trace that
 * some schedule within the bound has.
 *
 * <ul>
 *   <li>What follows a state after which all was tried with as many preemptions left: the
 *       happens-before cache of Musuvathi and Qadeer (PLDI 2007). A state is a trace and who could
 *       go on without a preemption.
 *   <li>A preemption where no race begins: {@link RacingPoints}.
 *   <li>Where a switch costs nothing, all tasks but the first, if no race begins in what that one
 *       does until it has to stop. Any schedule in which it goes later is equal to one in which all
 *       of that comes first, at no greater cost.
 * </ul>
 */
public final class BoundedReduction {
    /** What the parts of one search have found together. */
    public static final class Shared {
        private static final int STRIPES = 16;

        private final RacingPoints.Shared points = new RacingPoints.Shared();
        private final SeenStates[] seen = new SeenStates[STRIPES];
        private volatile long prunedLevels;

        private final boolean whole;

        /** Nothing is known yet. */
        public Shared() {
            this(true);
        }

        /**
         * Nothing is known yet.
         *
         * @param whole whether these parts are all there are
         */
        public Shared(boolean whole) {
            this.whole = whole;
            for (int i = 0; i < STRIPES; i++) {
                seen[i] = new SeenStates();
            }
        }

        /** Whether all that can follow a state, with so many preemptions, was tried. */
        public boolean isDone(long state, int budget) {
            return stripe(state).contains(state, budget);
        }

        /** All that can follow a state, with so many preemptions, was tried. */
        public void done(long state, int budget) {
            stripe(state).add(state, budget);
        }

        /** Whether no other parts find what is not told here. */
        public boolean isWhole() {
            return whole;
        }

        /** Whether a race is known to begin at a point. */
        public boolean isRacing(long point) {
            return points.contains(point);
        }

        /** Some part had to leave out what costs more than this level. */
        public synchronized void prune(int level) {
            prunedLevels |= 1L << Math.min(level, Long.SIZE - 1);
        }

        /** Whether some part had to leave out what costs more than this level. */
        public boolean isPruned(int level) {
            return (prunedLevels & 1L << Math.min(level, Long.SIZE - 1)) != 0L;
        }

        private SeenStates stripe(long state) {
            return seen[(int) (state >>> 60) & STRIPES - 1];
        }
    }

    private final RacingPoints points;
    private final TraceHash trace = new TraceHash(this);
    private int last;

    /** The accesses of the execution, and the numbers of the tasks that made them. */
    private final Ints accesses = new Ints(64);

    private final Ints accessors = new Ints(64);
    private final SpinLoops loops = new SpinLoops(true);
    private boolean stuck;
    private @Nullable Execution execution;

    /** Makes the reduction of one part. */
    public BoundedReduction(Shared shared) {
        this.points = new RacingPoints(shared.points);
    }

    /** What must see the operations; {@link TraceHash#begin} begins an execution. */
    public TraceHash trace() {
        return trace;
    }

    void begin() {
        points.begin();
        accesses.clear();
        accessors.clear();
        loops.begin();
        stuck = false;
    }

    void operation(Execution current, Task task, int name) {
        execution = current;
        last = name;
        points.operation(task, name, trace.past(name));
    }

    void pass(int name) {
        points.pass(name, trace.past(name));
    }

    void access(int name, int access) {
        accesses.add(access);
        accessors.add(trace.number(name));
        if (points.releases(name, access)) {
            blocked(Access.variable(access));
        }
        points.access(name, access);
    }

    /** Who waits for a mutex has raced with who has held it so far. */
    private void blocked(int variable) {
        for (int i = 0; execution != null && i < execution.taskCount(); i++) {
            Task task = execution.task(i);
            if (isBlocked(task) && trace.variable(task) == variable) {
                points.blocked(trace.name(task), variable);
            }
        }
    }

    private static boolean isBlocked(Task task) {
        return task.state() == Task.State.BLOCKED && task.object() != null;
    }

    void joined(int task, int ended) {
        points.joined(task, ended);
    }

    void enables(int by, int task) {
        points.enables(by, task);
    }

    void alone(int task) {
        points.alone(task);
    }

    /**
     * The options of a task draw: without the tasks that only go round in a loop to no effect until
     * another one does something. One that yields in such a loop goes on to the end of its round,
     * where that is seen. To be asked at each.
     *
     * @param options where to put them, in order; large enough
     * @return how many there are
     */
    public int options(Choice choice, int[] options) {
        for (int i = 0; i < choice.count() && loops.any(); i++) {
            Task task = choice.task(i);
            if (loops.isFutile(task.id()) && isConcerned(task.id()) && loops.seesChange(task)) {
                loops.resume(task.id());
            }
        }
        if (!stuck) {
            loops.arrive(choice, accesses.size);
        }
        Task drawer = choice.drawer();
        if (choice.isYield()
                && loops.isLoop(drawer.site())
                && !stuck
                && !loops.isFutile(drawer.id())) {
            options[0] = choice.optionOf(drawer.id());
            return 1;
        }
        int count = 0;
        for (int i = 0; i < choice.count(); i++) {
            if (!loops.isFutile(choice.task(i).id())) {
                options[count++] = i;
            }
        }
        if (count > 0) {
            return count;
        }
        loops.release(choice);
        stuck = !choice.execution().isTimeAwaited();
        for (int i = 0; i < choice.count(); i++) {
            options[i] = i;
        }
        return choice.count();
    }

    /** Whether something on which a task's last round depends was accessed since. */
    private boolean isConcerned(int task) {
        int to = loops.to(task);
        for (int i = loops.checked(task); i < accesses.size; i++) {
            for (int k = loops.from(task); k < to && accessors.get(i) != task; k++) {
                if (accessors.get(k) == task && Access.conflict(accesses.get(i), accesses.get(k))) {
                    loops.setChecked(task, accesses.size);
                    return true;
                }
            }
        }
        loops.setChecked(task, accesses.size);
        return false;
    }

    /** Whether no task can do anything any more but go round in a loop. */
    public boolean isStuck() {
        return stuck;
    }

    /** Whether a task only goes round in a loop until another one does something. */
    public boolean isHeldUp(Task task) {
        return loops.isFutile(task.id());
    }

    /** This task runs next. */
    public void choose(Choice choice, Task task) {
        if (stuck) {
            return;
        }
        loops.choose(choice, task, accesses.size);
    }

    /** Whether the execution under way has shown another loop, so that options change. */
    public boolean hasLearnt() {
        return loops.hasLearnt();
    }

    /** Something else was drawn than who runs next. */
    public void drawn() {
        loops.interrupt();
    }

    /** The point at which the drawer, which could go on, stands: the task and its past. */
    public long point(Choice choice) {
        int name = trace.name(choice.drawer());
        long point = trace.past(name);
        points.point(name, point);
        return point;
    }

    /** A task is about to go on where another one had to stop: how many points it has come to. */
    public int goesOn(Task task) {
        int name = trace.name(task);
        int count = points.count(name);
        pass(name);
        return count;
    }

    /** Adds the points that a task has come to since then. */
    public void copyPoints(Task task, int first, Longs to) {
        points.copy(trace.name(task), first, to);
    }

    /** Whether some task was found to go round in a loop that waits. */
    public boolean hasLoops() {
        return loops.known() != 0L;
    }

    /**
     * The state of the execution: equal where the same can follow.
     *
     * @param key of what else the states must have in common
     */
    public long state(Choice choice, long key) {
        boolean goesOn = choice.isPreemption() && !choice.isYield() && !isHeldUp(choice.drawer());
        long state = TraceHash.mix(trace.value(), key + loops.known());
        if (goesOn) {
            state = TraceHash.mix(state, trace.identity(trace.name(choice.drawer())));
        }
        for (int i = 0; i < choice.taskCount() && loops.any(); i++) {
            if (loops.isFutile(i)) {
                state += trace.identity(trace.name(choice.execution().task(i)));
            }
        }
        return state;
    }

    /** The execution has ended by itself. */
    public void end(Execution execution, Verdict verdict) {
        for (int i = 0; i < execution.taskCount(); i++) {
            Task task = execution.task(i);
            if (isBlocked(task)) {
                points.blocked(trace.name(task), trace.variable(task));
            }
        }
        // Whoever ends an execution keeps the others from all that they could still do.
        for (int i = 0; i < execution.taskCount(); i++) {
            Task task = execution.task(i);
            if (verdict instanceof Verdict.Deadlock || trace.name(task) == last) {
                points.conflictsWithAll(trace.name(task));
            }
        }
    }
}
