package org.selvage.scheduler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.Carrier;
import org.selvage.hooks.Fiber;
import org.selvage.hooks.StateReader;

/**
 * What an execution does when it has reached its step limit: it goes on under a fixed schedule and
 * looks for a livelock.
 *
 * <h2>The schedule</h2>
 *
 * Whoever of the enabled tasks has not run for longest runs next. No draw decides, so whoever comes
 * to the same limit goes on alike.
 *
 * <h2>The verdict</h2>
 *
 * Before each step the state is compared with a saved one, which moves at powers of two (Brent, "An
 * improved Monte Carlo factorization algorithm", 1980). If they are equal, the steps in between can
 * be repeated for ever. That is a livelock only if the repetition is strongly fair, and time passes
 * in it: each task that could run at some moment, or waits for a moment of the clock, has run.
 *
 * <p>The clock is in the state by what is left of each wait, and by how often it was read. What
 * cannot be seen or is not controlled ends the search for a livelock: nothing is known, then.
 */
final class FairContinuation implements StateReader.Model {
    /** How many operations, steps and states are looked at, and how many objects in these. */
    private static final int MAX_OPERATIONS = 8_000;

    private static final int MAX_STEPS = 4_000;
    private static final int MAX_STATES = 150;
    private static final long MAX_VISITED = 1_000_000L;

    /** How often the compiled code of some class is thrown away. */
    private static final int MAX_INTERPRETED = 4;

    private final Execution execution;
    private final Carrier carrier;

    private Verdict.@Nullable StepLimit limit;
    private Verdict.@Nullable Livelock livelock;
    private @Nullable StateReader reader;

    private int operations;
    private int steps;
    private int states;
    private int interpreted;

    /** The step at which the state was saved, and the one at which it moves. */
    private int savedAt;

    private int nextSave;

    /** The states of the scheduler alone, when the whole was saved. */
    private long[] savedOutline = new long[0];

    /** The tasks of which not all could be seen when the whole was saved. */
    private final BitSet savedBlind = new BitSet();

    /** The classes in whose frames not all was seen, of tasks that have run since. */
    private final Set<Class<?>> blind = new LinkedHashSet<>();

    /**
     * The step in which each task ran last, and the last in which it could, or waited for a time.
     */
    private int[] ran = new int[0];

    private int[] could = new int[0];

    /** Since the state was saved. */
    private final List<Verdict.Turn> cycle = new ArrayList<>();

    /** How many values the program has drawn. */
    private int drawn;

    FairContinuation(Execution execution, Carrier carrier) {
        this.execution = execution;
        this.carrier = carrier;
    }

    /** Another execution begins. */
    void clear() {
        limit = null;
        livelock = null;
        reader = null;
        cycle.clear();
    }

    boolean isOn() {
        return limit != null;
    }

    /** The step limit is reached; false if states cannot be read. */
    boolean begin(Verdict.StepLimit reached) {
        limit = reached;
        reader = new StateReader(carrier, this);
        operations = 0;
        steps = 0;
        states = 0;
        interpreted = 0;
        nextSave = 1;
        drawn = 0;
        Arrays.fill(ran, 0);
        Arrays.fill(could, 0);
        return Fiber.isReadable();
    }

    /** What to say of the execution, however it ended. */
    Verdict verdict(@Nullable Verdict end) {
        if (end instanceof Verdict.Broken) {
            return end;
        }
        Verdict.Livelock found = livelock;
        return found != null ? found : Objects.requireNonNull(limit);
    }

    /** Whether enough was tried. */
    boolean isOver() {
        return operations > MAX_OPERATIONS
                || steps > MAX_STEPS
                || states > MAX_STATES
                || carrier.usesOutside()
                || (reader != null && reader.visited() > MAX_VISITED);
    }

    /** A task has announced an operation. */
    void operation(Task task) {
        operations++;
        cycle.add(new Verdict.Turn(task.name, task.kind, task.site));
    }

    /** A draw that does not say which task runs: always the first option. */
    int draw(Choice.Kind kind) {
        if (kind == Choice.Kind.VALUE) {
            drawn++;
        }
        return 0;
    }

    /** The enabled task that has not run for longest. REQUIRES: there is one. */
    Task choose() {
        reserve();
        Task oldest = null;
        for (int i = 0; i < execution.taskCount(); i++) {
            Task task = execution.task(i);
            if (task.enabled && (oldest == null || ran[i] < ran[oldest.id])) {
                oldest = task;
            }
        }
        if (oldest == null) {
            throw new IllegalStateException("no task is enabled");
        }
        return oldest;
    }

    private void reserve() {
        if (ran.length < execution.taskCount()) {
            ran = Arrays.copyOf(ran, execution.taskCount() * 2);
            could = Arrays.copyOf(could, execution.taskCount() * 2);
        }
    }

    /** A task can run, if only until somebody else takes what it wants. */
    void couldRun(Task task) {
        if (isOn()) {
            reserve();
            could[task.id] = steps;
        }
    }

    /**
     * All tasks are suspended, and this one is about to make a step.
     *
     * @return whether a livelock is found, or the search for one is over
     */
    boolean repeats(Task next) {
        reserve();
        steps++;
        boolean repeats = isOver() || compare();
        ran[next.id] = steps;
        for (int i = 0; i < execution.taskCount(); i++) {
            Task task = execution.task(i);
            if (task.enabled || task.isTimed()) {
                could[i] = steps;
            }
        }
        return repeats;
    }

    /** Compares the state with the saved one, or saves it. */
    private boolean compare() {
        long[] outline = outline();
        if (steps == nextSave) {
            nextSave *= 2;
            savedAt = steps;
            savedOutline = read(true) ? outline : new long[0];
            cycle.clear();
            return false;
        }
        if (!Arrays.equals(outline, savedOutline) || !isFair() || !read(false) || !isSeen()) {
            return false;
        }
        List<Verdict.Blocked> tasks = new ArrayList<>();
        for (int i = 0; i < execution.taskCount(); i++) {
            Task task = execution.task(i);
            if (task.state != Task.State.FINISHED) {
                tasks.add(Deadlocks.describe(execution, execution.mutexes(), task));
            }
        }
        livelock = new Verdict.Livelock(List.copyOf(cycle), List.copyOf(tasks));
        return true;
    }

    /**
     * Whether the state holds all that the tasks know that have run since it was saved. If not,
     * they go on in the interpreter, and another state is saved when all of them have.
     *
     * <p>What the others know need not be seen: nobody can reach it but they, and they do not run.
     */
    private boolean isSeen() {
        if (!blind.isEmpty() && interpreted < MAX_INTERPRETED) {
            interpreted++;
            Objects.requireNonNull(reader).interpret(blind);
        }
        if (!blind.isEmpty() || savedBlind.stream().anyMatch(i -> ran[i] >= savedAt)) {
            nextSave = 2 * steps - savedAt;
            return false;
        }
        return true;
    }

    /** Whether each task that could run since the state was saved has run since. */
    private boolean isFair() {
        for (int i = 0; i < execution.taskCount(); i++) {
            if (could[i] >= savedAt && ran[i] < savedAt) {
                return false;
            }
        }
        return true;
    }

    /** What the scheduler knows of the tasks: cheap to compare. */
    @SuppressWarnings("EnumOrdinal") // compared within one run of the JVM
    private long[] outline() {
        int count = execution.taskCount();
        long[] outline = new long[count * 6 + 2];
        outline[0] = execution.clock().reads();
        outline[1] = drawn;
        for (int i = 0; i < count; i++) {
            Task task = execution.task(i);
            int at = i * 6 + 2;
            outline[at] = task.state.ordinal();
            outline[at + 1] = task.kind.ordinal();
            outline[at + 2] = task.site;
            outline[at + 3] = task.isTimed() ? task.deadline - execution.clock().now() : Task.NEVER;
            outline[at + 4] = flags(task);
            outline[at + 5] = task.joined == null ? -1 : task.joined.id;
        }
        return outline;
    }

    private static long flags(Task task) {
        return (task.enabled ? 1 : 0)
                | (task.permit ? 2 : 0)
                | (task.timedOut ? 4 : 0)
                | (task.notified ? 8 : 0)
                | (task.interruptible ? 16 : 0)
                | (task.patient ? 32 : 0)
                | (long) task.classInitializers << 8;
    }

    private boolean read(boolean save) {
        StateReader current = Objects.requireNonNull(reader);
        states++;
        blind.clear();
        if (save) {
            savedBlind.clear();
        }
        current.begin(save);
        execution.shutdownHooks().forEach(current::object);
        current.put(execution.shutdownHooks().size());
        for (int i = 0; i < execution.taskCount(); i++) {
            Task task = execution.task(i);
            current.object(task.thread);
            if (task.state != Task.State.FINISHED) {
                current.object(task.mutex == null ? null : task.mutex.object);
                current.object(task.approached == null ? null : task.approached.object);
                see(task, current.fiber(task.fiber), save);
            }
        }
        boolean same = current.end();
        return same && current.unseen().isEmpty();
    }

    private void see(Task task, Set<Class<?>> compiled, boolean save) {
        if (save) {
            savedBlind.set(task.id, !compiled.isEmpty());
        } else if (ran[task.id] >= savedAt) {
            blind.addAll(compiled);
        }
    }

    @Override
    public boolean isTask(Thread thread) {
        return execution.taskOf(thread) != null;
    }

    @Override
    public void describe(Object object, StateReader state) {
        Mutex mutex = execution.mutexes().find(object);
        if (mutex == null
                || (mutex.owner == null && mutex.contenders.isEmpty() && mutex.waiters.isEmpty())) {
            state.put(0L);
            return;
        }
        state.put(1L);
        state.put(mutex.owner == null ? -1 : mutex.owner.id);
        state.put(mutex.holds);
        state.put(mutex.nativeHolds);
        tasks(mutex.contenders, state);
        tasks(mutex.waiters, state);
    }

    private static void tasks(List<Task> tasks, StateReader state) {
        state.put(tasks.size());
        for (Task task : tasks) {
            state.put(task.id);
        }
    }
}
