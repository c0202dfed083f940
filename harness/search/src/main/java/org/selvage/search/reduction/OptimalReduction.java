package org.selvage.search.reduction;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Optimal dynamic partial-order reduction: Abdulla, Aronis, Jonsson, Sagonas, "Optimal dynamic
 * partial order reduction" (POPL 2014), and "Source sets: a foundation for optimal dynamic partial
 * order reduction" (J. ACM 64, 2017).
 *
 * <p>The algorithm alone, on numbers: tasks and variables are ints, and whoever uses it runs the
 * executions. Only the current branch of the search tree is kept, and the wake-up trees of the
 * states on it. Those can grow with the number of traces: a program of many readers and one writer
 * has planned half of its traces before it has run the other half. So they are limited. Beyond the
 * limit only the first step of a sequence is kept: memory stays bounded, nothing is lost, but
 * traces may be run more than once, and {@link #irregular} tells so.
 *
 * <h2>What is as in the paper</h2>
 *
 * Sleep sets, wake-up trees and their insertion, races found in complete executions, and reversal
 * by the whole of what does not happen after the first event of the race.
 *
 * <h2>What differs</h2>
 *
 * <ul>
 *   <li>A step may access several variables. The first accesses of a step are declared before it
 *       runs; what it comes to afterwards is only known once it ran. When a race is reversed, the
 *       accesses of its second step beyond the declared ones are unknown. A sleeping step then only
 *       counts as independent of it if no undeclared access can reach its variables ({@link
 *       Access#isExposed}). A race about an undeclared access is reversed even if what is
 *       independent of the sequence was explored before: whether a step comes to an undeclared
 *       access may depend on just that. Both may run a trace twice; none is lost.
 *   <li>Mutexes: acquiring is enabled only while the mutex is free. Two acquisitions race when
 *       nothing but the mutex orders them. As in the second paper, what a task would do next when
 *       the execution ends counts as an event that races with earlier ones: otherwise a deadlock or
 *       a failure would hide what it prevented.
 *   <li>A race is reversed in the first execution that has it, not again in those that share both
 *       of its steps. The sequences of these differ only in steps that are independent of the
 *       second step, which so occurs in all that is explored from the first one, and wakes what
 *       slept; the order of the others is reversed there. That holds while every sequence is run as
 *       it was planned: no draw, nothing cut off, none that leaves something asleep.
 *   <li>Draws inside a step: each outcome is a branch.
 *   <li>Where a wake-up sequence ends while something still sleeps, it is woken: in the paper this
 *       cannot be; here it can when a step did other than it had declared.
 * </ul>
 */
final class OptimalReduction {
    /** What can run at a scheduling point. */
    interface Options {
        /** The task that would run without a search. */
        int preferred();

        /** Whether a task can run. */
        boolean isEnabled(int task);
    }

    /** The largest wake-up tree, about 250 MB. */
    private static final long MOST_BRANCHES = 6L << 20;

    private final Steps steps = new Steps();
    private final ArrayList<TaskTrack> tracks = new ArrayList<>();
    private final RaceDetection races;
    private final RaceReversal reversal;
    private int depth;
    private int prefix;
    private boolean exhausted;
    private int drawn;
    private @Nullable Branch guide;

    private long executions;
    private long irregular;
    private long infeasible;
    private boolean wasted;
    private boolean stopped;

    /** Whether a step has had draws inside it. */
    private boolean drew;

    /**
     * Makes a reduction at the start of its search.
     *
     * @param exact whether every step declares all that it accesses
     */
    OptimalReduction(boolean exact) {
        this(exact, MOST_BRANCHES);
    }

    /** As {@link #OptimalReduction(boolean)}, with another limit to the wake-up tree. */
    OptimalReduction(boolean exact, long mostBranches) {
        this.races = new RaceDetection(steps, tracks);
        this.reversal = new RaceReversal(steps, tracks, races, exact, mostBranches);
    }

    /** Starts over, as if nothing had been explored. */
    void restart() {
        prefix = 0;
        exhausted = false;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            step.current = null;
            step.rest = null;
            step.explored = 0;
            step.sleepers.clear();
        }
        executions = 0;
        irregular = 0;
        infeasible = 0;
        reversal.branches = 0;
    }

    /** Gets ready for the next execution; false if every trace was run. */
    boolean begin() {
        if (exhausted) {
            return false;
        }
        depth = 0;
        guide = null;
        wasted = false;
        stopped = false;
        for (TaskTrack track : tracks) {
            track.reset();
        }
        return true;
    }

    /** The number of steps begun. */
    int depth() {
        return depth;
    }

    /** How many executions ran. */
    long executions() {
        return executions;
    }

    /**
     * How often a branch could not be taken, or variables came in another order: above 0, nothing
     * is proven.
     */
    long infeasible() {
        return infeasible;
    }

    /**
     * How often the end of a wake-up sequence left something asleep, which then had to be woken. If
     * 0, no two executions ran the same trace; above, some may have.
     */
    long irregular() {
        return irregular;
    }

    /** Whether all went as in the paper so far. */
    private boolean isRegular() {
        return irregular == 0 && infeasible == 0 && !drew && !reversal.hasCut;
    }

    TaskTrack track(int task) {
        while (tracks.size() <= task) {
            tracks.add(new TaskTrack());
        }
        return tracks.get(task);
    }

    /** Whether the current step is one that was run before, from the same state. */
    boolean isReplaying() {
        return depth <= prefix;
    }

    /** Whether the next step is one that has to be taken. */
    boolean isGuided() {
        return wasted
                || depth < prefix
                || guide != null
                || (depth == prefix && depth < steps.size() && steps.get(depth).current != null);
    }

    /**
     * Whether what some task did in the steps of a range depends on what another one did after it.
     */
    boolean conflicts(int task, int from, int to) {
        for (int i = to; i < depth; i++) {
            Step later = steps.get(i);
            for (int k = from; k < to && later.task != task; k++) {
                if (!later.isIndependentOf(steps.get(k))) {
                    return true;
                }
            }
        }
        return false;
    }

    // ---- during an execution

    /**
     * Begins the next step. The tasks' declared accesses must be up to date.
     *
     * @param names how many variables have a number
     * @return the task that takes the step
     */
    int next(Options options, int names) {
        if (wasted || stopped) {
            return options.preferred();
        }
        closeStep();
        int task;
        if (depth < prefix) {
            task = steps.get(depth).task;
            if (!options.isEnabled(task)) {
                throw new IllegalStateException(
                        "the program is not deterministic: it ran differently under the same choices, step="
                                + depth
                                + " task="
                                + task
                                + "; something it depends on is not controlled");
            }
            if (steps.get(depth).names != names) {
                infeasible++; // sleepers may have other variables than their numbers say
            }
            follow(task);
            return task;
        }
        Step step = steps.reserve(depth);
        if (depth > prefix || step.current == null) {
            fallAsleep(step);
            step.explored = 0;
            step.current = guide;
            step.rest = guide == null ? null : guide.sibling;
            reversal.branches -= guide == null ? 0 : 1;
        }
        Branch branch = step.current;
        if (branch != null && !options.isEnabled(branch.task)) {
            if (depth == prefix) {
                infeasible++;
                wasted = true;
                return options.preferred();
            }
            step.current = null;
            branch = null;
        }
        if (branch == null && !step.sleepers.isEmpty()) {
            // The wake-up tree did not lead as far as it was to: nothing may sleep in what is
            // explored freely.
            irregular++;
            step.sleepers.clear();
        }
        task = branch == null ? options.preferred() : branch.task;
        record(step, task, names);
        if (branch != null) {
            step.fixed = branch.fixed;
        }
        guide = branch == null ? null : branch.child;
        return task;
    }

    private void follow(int task) {
        TaskTrack track = track(task);
        track.positions.add(depth);
        track.enablers.clear();
        track.barrier = false;
        drawn = 0;
        depth++;
    }

    private void record(Step step, int task, int names) {
        TaskTrack track = track(task);
        step.begin(task, track.positions.size + 1, track.last());
        for (int i = 0; i < track.declared.size; i++) {
            step.access(track.declared.get(i));
        }
        step.declared = step.accesses.size;
        step.enablers.copyFrom(track.enablers);
        step.barrier = track.barrier;
        step.names = names;
        follow(task);
    }

    /** The sleep set after the step before. */
    private void fallAsleep(Step step) {
        ArrayList<Sleeper> sleepers = step.sleepers;
        sleepers.clear();
        if (depth == 0) {
            return;
        }
        Step before = steps.get(depth - 1);
        ArrayList<Sleeper> earlier = before.sleepers;
        boolean variants = false;
        for (int i = 0; i < earlier.size(); i++) {
            Sleeper sleeper = earlier.get(i);
            if (sleeper.task != before.task && sleeper.isIndependentOf(before)) {
                sleepers.add(sleeper);
            } else if (sleeper.values.length > 0) {
                variants = true;
            }
        }
        if (variants) {
            // The outcomes of one step sleep together or not at all.
            for (int i = 0; i < earlier.size(); i++) {
                Sleeper woken = earlier.get(i);
                if (woken.values.length > 0 && !sleepers.contains(woken)) {
                    sleepers.removeIf(other -> other.task == woken.task);
                }
            }
        }
    }

    /** The current step accesses a variable. */
    void access(int access) {
        if (depth > prefix && !wasted && !stopped) {
            steps.get(depth - 1).access(access);
        }
    }

    /** What follows in this execution is to be left as it is, and nothing is planned from it. */
    void stop() {
        stopped = true;
    }

    /** What the task will access first when it runs next; replaces what was declared before. */
    Ints declare(int task) {
        Ints declared = track(task).declared;
        declared.clear();
        return declared;
    }

    /** The current step enables the next step of another task. */
    void enables(int task) {
        TaskTrack track = track(task);
        track.enablers.add(depth - 1);
        track.waits = false;
    }

    /** The last step of one task enables the next step of another. */
    void endEnables(int ended, int task) {
        int last = track(ended).last();
        if (last >= 0) {
            track(task).enablers.add(last);
        }
    }

    /** Nothing but the next step of this task was possible, once all before had happened. */
    void isLast(int task) {
        track(task).barrier = true;
        track(task).waits = false;
    }

    /** What the task has declared comes only after another one has woken it. */
    void waits(int task) {
        track(task).waits = true;
    }

    /** The task has ended. */
    void finish(int task) {
        track(task).finished = true;
    }

    /**
     * Decides a draw inside the current step.
     *
     * @param count how many outcomes there are
     */
    int draw(int count) {
        if (wasted || stopped) {
            return 0;
        }
        drew = true;
        Step step = steps.get(depth - 1);
        int at = drawn++;
        if (depth <= prefix) {
            return step.values.get(at);
        }
        Branch branch = step.current;
        int value = branch != null && at < branch.values.length ? branch.values[at] : 0;
        step.values.add(value);
        step.options.add(count);
        return value;
    }

    /** The step before is complete: the other outcomes of its draws become branches. */
    private void closeStep() {
        if (depth <= prefix || depth == 0) {
            return;
        }
        Step step = steps.get(depth - 1);
        for (int at = step.values.size - 1; at >= step.fixed; at--) {
            for (int value = step.options.get(at) - 1; value >= 0; value--) {
                if (value != step.values.get(at)) {
                    vary(step, at, value);
                }
            }
        }
        step.fixed = step.values.size;
    }

    private void vary(Step step, int at, int value) {
        int[] values = java.util.Arrays.copyOf(step.values.values, at + 1);
        values[at] = value;
        for (Sleeper sleeper : step.sleepers) {
            if (sleeper.task == step.task && startsWith(sleeper.values, values)) {
                return;
            }
        }
        Branch before = null;
        for (Branch b = step.rest; b != null; before = b, b = b.sibling) {
            if (b.task == step.task && startsWith(b.values, values)) {
                if (before != null) {
                    before.sibling = b.sibling;
                    b.sibling = step.rest;
                    step.rest = b;
                }
                b.fixed = Math.max(b.fixed, at + 1);
                return;
            }
        }
        reversal.branches++;
        Branch branch = new Branch(step, values, at + 1);
        branch.sibling = step.rest;
        step.rest = branch;
    }

    static boolean startsWith(int[] values, int[] start) {
        return values.length >= start.length
                && java.util.Arrays.equals(values, 0, start.length, start, 0, start.length);
    }

    // ---- at the end of an execution

    /**
     * The execution has ended: plans the next one.
     *
     * @param enabled tasks that could still run: the last step has prevented them
     */
    void end(Ints enabled) {
        if (wasted) {
            executions++;
            depth = prefix + 1;
            backtrack();
            return;
        }
        closeStep();
        if (depth < prefix || (depth == prefix && prefix > 0)) {
            throw new IllegalStateException(
                    "the program is not deterministic: it ended earlier under the same choices, steps="
                            + depth
                            + " expected="
                            + prefix);
        }
        executions++;
        races.detect(depth, prefix, !isRegular(), enabled);
        for (int first = depth - 1; first >= 0; first--) {
            if (races.hasRaces(first)) {
                reversal.reverse(first, depth);
            }
        }
        backtrack();
    }

    /**
     * Which part of the tree is done, from 0 to 1, if every branch not yet entered is like those
     * that are.
     */
    double progress() {
        double done = 0.0;
        double weight = 1.0;
        for (int i = 0; i <= prefix && i < steps.size() && !exhausted; i++) {
            Step step = steps.get(i);
            int left = 1;
            for (Branch b = step.rest; b != null; b = b.sibling) {
                left++;
            }
            int all = left + step.explored;
            done += weight * step.explored / all;
            weight /= all;
        }
        return exhausted ? 1.0 : Math.max(done, weight);
    }

    private void backtrack() {
        for (int i = depth - 1; i >= 0; i--) {
            Step step = steps.get(i);
            Branch next = step.rest;
            if (next != null) {
                step.sleepers.add(new Sleeper(step));
                step.explored++;
                step.current = next;
                step.rest = next.sibling;
                reversal.branches--;
                prefix = i;
                return;
            }
        }
        exhausted = true;
    }

    /** The steps of the execution that has just ended, for tests: task numbers in order. */
    List<Integer> tasksInOrder() {
        List<Integer> tasks = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            tasks.add(steps.get(i).task);
        }
        return tasks;
    }
}
