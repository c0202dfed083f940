package org.selvage.scheduler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
final class FairContinuation {
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
    private @Nullable ProgramState state;

    private int operations;
    private int steps;
    private int states;
    private int interpreted;

    /** The step at which the state was saved, and the one at which it moves. */
    private int savedAt;

    private int nextSave;

    /**
     * The step in which each task ran last, and the last in which it could, or waited for a time.
     */
    private int[] ran = new int[0];

    private int[] could = new int[0];

    /** Since the state was saved. */
    private final List<Verdict.Turn> cycle = new ArrayList<>();

    /** How many values the program has drawn, now and when the state was saved. */
    private int drawn;

    private int savedDrawn;

    FairContinuation(Execution execution, Carrier carrier) {
        this.execution = execution;
        this.carrier = carrier;
    }

    /** Another execution begins. */
    void clear() {
        limit = null;
        livelock = null;
        reader = null;
        state = null;
        cycle.clear();
    }

    boolean isOn() {
        return limit != null;
    }

    /** The step limit is reached; false if states cannot be read. */
    boolean begin(Verdict.StepLimit reached) {
        limit = reached;
        reader = ProgramState.reader(execution);
        state = new ProgramState(execution, reader);
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
        ProgramState saved = Objects.requireNonNull(state);
        if (steps == nextSave) {
            nextSave *= 2;
            savedAt = steps;
            savedDrawn = drawn;
            states++;
            saved.save();
            cycle.clear();
            return false;
        }
        if (drawn != savedDrawn || !saved.matchesOutline() || !isFair()) {
            return false;
        }
        states++;
        if (!saved.matchesContents() || !isSeen(saved)) {
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
     */
    private boolean isSeen(ProgramState kept) {
        if (kept.isSeen()) {
            return true;
        }
        if (interpreted < MAX_INTERPRETED && kept.interpret()) {
            interpreted++;
        }
        nextSave = 2 * steps - savedAt;
        return false;
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
}
