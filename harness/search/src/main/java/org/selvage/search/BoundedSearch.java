package org.selvage.search;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;
import org.selvage.search.reduction.BoundedReduction;
import org.selvage.search.reduction.Longs;

/**
 * Tries every schedule up to a bound, first those with bound 0, then with 1, and so on.
 *
 * <p>Counting preemptions: Musuvathi, Qadeer, "Iterative context bounding for systematic testing of
 * multithreaded programs" (PLDI 2007). Counting delays, the tasks that a choice passes over in
 * round-robin order: Emmi, Qadeer, Rakamaric, "Delay-bounded scheduling" (POPL 2011). Other draws
 * than who runs next are free.
 *
 * <p>With reduction, every trace within the bound is seen, though not every schedule: see {@link
 * BoundedReduction}. An execution ends where all that can follow was tried. What is seen behind a
 * point says whether a preemption there is needed, so that is decided when all the rest was tried.
 *
 * <p>With and without it, a task that only goes round in a loop until another one does something is
 * taken for blocked at the end of a round: others run, and that costs nothing, while a yield within
 * the round is no reason to switch. Musuvathi and Qadeer, "Fair stateless model checking" (PLDI
 * 2008), ask programs to yield in such loops; here they are found.
 *
 * <p>A search can be one of several parts. The first deviation of a schedule decides which part
 * tries it; the schedule without any is tried by each, and a level is gone through again when
 * another part has found that a preemption of that schedule is needed.
 */
final class BoundedSearch implements Strategy {
    /** What a bound counts. */
    enum Cost {
        PREEMPTIONS,
        DELAYS
    }

    private final Cost cost;
    private final int bound;
    private final Part part;

    private final BoundedReduction.Shared shared;
    private final BoundedReduction reduction;

    /** Whether what shows nothing new is left out. */
    private final boolean reduces;

    private int level;
    private int[] picks = new int[64];
    private int[] counts = new int[64];
    private boolean[] costly = new boolean[64];

    /** How many options a draw has if a race turns out to begin there; 0 if that is no question. */
    private int[] held = new int[64];

    /** The points of the draws, and the states before them, or 0. */
    private long[] points = new long[64];

    private long[] states = new long[64];

    /**
     * By draw that is no preemption: where in {@link #runs} the points are that the first option's
     * task comes to before it has to stop; the end is -1 where that was not seen.
     */
    private int[] runFrom = new int[64];

    private int[] runTo = new int[64];
    private final Longs runs = new Longs(256);

    /** The draw whose first option runs, or -1; which task that is, and from which point on. */
    private int running = -1;

    private @Nullable Task runner;
    private int runStart;

    /** Points of the schedule without deviations at which no race was known to begin. */
    private volatile long[] passed = {};

    private final Longs passing = new Longs(64);

    /** The options of the draw at hand that count. */
    private int[] options = new int[8];

    private int length;
    private int fixed;
    private int at;
    private int spent;
    private boolean deviates;
    private boolean ended;
    private boolean pruned;
    private boolean cutOff;
    private boolean started;

    /** How much had raced when this search of the tree began. */
    private int races;

    /** A search of the whole, alone. */
    BoundedSearch(Cost cost, int bound, boolean reduce) {
        this(cost, bound, reduce, Part.WHOLE, new BoundedReduction.Shared());
    }

    /**
     * A part of a search.
     *
     * @param shared what all parts have found out together
     */
    BoundedSearch(Cost cost, int bound, boolean reduce, Part part, BoundedReduction.Shared shared) {
        this.cost = cost;
        this.bound = bound;
        this.part = part;
        this.shared = shared;
        this.reduction = new BoundedReduction(shared);
        this.reduces = reduce;
    }

    @Override
    public boolean begin(long index) {
        if (!started) {
            startLevel();
        } else if (!advance()) {
            passed = passing.toArray();
            if (level < bound && isPruned()) {
                level++;
                startLevel();
            } else if (hasMissed()) {
                startLevel();
            } else {
                return false;
            }
        }
        started = true;
        at = 0;
        length = 0;
        spent = 0;
        deviates = false;
        ended = false;
        running = -1;
        reduction.trace().begin();
        return true;
    }

    /** Whether there are schedules beyond the level, of this part or another one. */
    private boolean isPruned() {
        return pruned || shared.isPruned(level);
    }

    @Override
    public boolean isStale() {
        return hasMissed() || (level < bound && isPruned());
    }

    /** Whether another part has found that the schedule without deviations has to be preempted. */
    private boolean hasMissed() {
        for (long point : passed) {
            if (shared.isRacing(point)) {
                return true;
            }
        }
        return false;
    }

    private void startLevel() {
        pruned = false;
        fixed = 0;
        length = 0;
        passed = new long[0];
        passing.clear();
        runs.clear();
    }

    /** Sets the last draw that has another affordable option to that option. */
    private boolean advance() {
        int left = level - spent;
        int first = 0;
        while (first < length && picks[first] == 0) {
            first++;
        }
        for (int i = length - 1; i >= 0; i--) {
            left += price(i, picks[i]);
            if (held[i] != 0 && isNeeded(i)) {
                counts[i] = held[i];
                held[i] = 0;
            }
            for (int next = picks[i] + 1; next < counts[i]; next++) {
                if (i <= first && !part.has(i, next)) {
                    continue;
                }
                if (price(i, next) > left) {
                    pruned = true;
                    shared.prune(level);
                    break;
                }
                picks[i] = next;
                fixed = i + 1;
                return true;
            }
            if (states[i] != 0L) {
                if (picks[i] != 0) { // else the next state with a branch will do
                    shared.done(states[i], left);
                }
            } else if (held[i] != 0) {
                pass(i);
            }
            if (runFrom[i] >= 0) {
                runs.truncate(runFrom[i]);
            }
        }
        return false;
    }

    /** Whether other options than the first have to be tried, now that all behind that was. */
    private boolean isNeeded(int draw) {
        if (runFrom[draw] < 0) {
            return shared.isRacing(points[draw]);
        }
        boolean needed = runTo[draw] < 0;
        for (int i = runFrom[draw]; i < runTo[draw] && !needed; i++) {
            needed = shared.isRacing(runs.get(i));
        }
        return needed;
    }

    /** Notes what would show that other options of a draw are needed after all. */
    private void pass(int draw) {
        if (runFrom[draw] < 0) {
            passing.add(points[draw]);
        }
        for (int i = runFrom[draw]; i >= 0 && i < runTo[draw]; i++) {
            passing.add(runs.get(i));
        }
    }

    /** Ends the run of a draw's first option where its task has to stop. */
    private void endRun(Choice choice, boolean preempts) {
        Task task = runner;
        if (running >= 0 && task != null && (choice.drawer() != task || !preempts)) {
            reduction.copyPoints(task, runStart, runs);
            runTo[running] = runs.size();
            running = -1;
        }
    }

    private int price(int draw, int pick) {
        if (!costly[draw] || pick == 0) {
            return 0;
        }
        return cost == Cost.PREEMPTIONS ? 1 : pick;
    }

    @Override
    public int choose(Choice choice) {
        if (ended) {
            return 0;
        }
        if (choice.kind() != Choice.Kind.TASK) {
            reduction.drawn();
            return pick(choice, choice.count(), false);
        }
        if (options.length < choice.count()) {
            options = new int[choice.count() * 2];
        }
        int count = reduction.options(choice, options);
        boolean preempts =
                choice.isPreemption() && !choice.isYield() && !reduction.isHeldUp(choice.drawer());
        endRun(choice, preempts);
        int pick = pick(choice, count, preempts);
        if (ended) {
            return 0;
        }
        reduction.choose(choice, choice.task(options[pick]));
        return options[pick];
    }

    /** Takes the option that the search is at, of so many. */
    private int pick(Choice choice, int count, boolean preempts) {
        long point = reduces && preempts ? reduction.point(choice) : 0L;
        int draw = at++;
        if (draw >= fixed) {
            long state = 0L;
            if (reduces && deviates && choice.kind() == Choice.Kind.TASK) {
                state = reduction.state(choice, races);
                if (shared.isDone(state, level - spent)) {
                    ended = true;
                    choice.end(new Verdict.StepLimit(choice.steps()));
                    return 0;
                }
            }
            add(draw, choice, reduction.isStuck() ? 1 : count, preempts);
            points[draw] = point;
            states[draw] = state;
            if (reduces && counts[draw] > 1 && (deviates || shared.isWhole())) {
                hold(draw, choice, point);
            }
        }
        length = draw + 1;
        deviates |= picks[draw] != 0;
        spent += price(draw, picks[draw]);
        return picks[draw];
    }

    /** Puts off all options but the first. */
    private void hold(int draw, Choice choice, long point) {
        boolean free = choice.kind() == Choice.Kind.TASK && point == 0L && !reduction.hasLoops();
        if (point != 0L || free) {
            held[draw] = counts[draw];
            counts[draw] = 1;
        }
        if (free) {
            running = draw;
            runner = choice.task(options[0]);
            runStart = reduction.goesOn(runner);
            runFrom[draw] = runs.size();
            runTo[draw] = -1;
        }
    }

    private void add(int draw, Choice choice, int count, boolean preempts) {
        if (draw == picks.length) {
            picks = Arrays.copyOf(picks, draw * 2);
            counts = Arrays.copyOf(counts, draw * 2);
            costly = Arrays.copyOf(costly, draw * 2);
            held = Arrays.copyOf(held, draw * 2);
            points = Arrays.copyOf(points, draw * 2);
            states = Arrays.copyOf(states, draw * 2);
            runFrom = Arrays.copyOf(runFrom, draw * 2);
            runTo = Arrays.copyOf(runTo, draw * 2);
        }
        picks[draw] = 0;
        counts[draw] = count;
        costly[draw] = choice.kind() == Choice.Kind.TASK && (cost == Cost.DELAYS || preempts);
        held[draw] = 0;
        runFrom[draw] = -1;
    }

    @Override
    public OperationListener listener() {
        return reduction.trace();
    }

    @Override
    public void end(Execution execution, Verdict verdict) {
        if (!ended) {
            if (reduces) {
                reduction.end(execution, verdict);
            }
            cutOff |= verdict instanceof Verdict.StepLimit || verdict instanceof Verdict.Unknown;
            cutOff |= reduction.isStuck() && !(verdict instanceof Verdict.Livelock);
        }
        if (execution.raceCount() != races) {
            races = execution.raceCount();
            restart();
        } else if (reduction.hasLearnt()) {
            restart();
        }
    }

    @Override
    public void restart() {
        // There are more points from now on: what was tried was another tree.
        started = false;
        level = 0;
        cutOff = false;
    }

    @Override
    public boolean wasEnough() {
        return ended;
    }

    @Override
    public @Nullable String proven() {
        if (cutOff) {
            return null;
        }
        String counted = cost == Cost.PREEMPTIONS ? "preemptions" : "delays";
        return isPruned() ? "all schedules with up to " + level + " " + counted : "all schedules";
    }
}
