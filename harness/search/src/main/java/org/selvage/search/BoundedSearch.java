package org.selvage.search;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Verdict;
import org.selvage.search.reduction.BoundedReduction;

/**
 * Tries every schedule up to a bound, first those with bound 0, then with 1, and so on.
 *
 * <p>Counting preemptions: Musuvathi, Qadeer, "Iterative context bounding for systematic testing of
 * multithreaded programs" (PLDI 2007). Counting delays, the tasks that a choice passes over in
 * round-robin order: Emmi, Qadeer, Rakamaric, "Delay-bounded scheduling" (POPL 2011). Other draws
 * than who runs next are free.
 *
 * <p>With reduction, every trace within the bound is seen, though not every schedule: see {@link
 * BoundedReduction}. An execution ends where all that can follow was or will be tried. What is seen
 * on the way says where preemptions are needed, so the largest bound is repeated until that has not
 * grown; a few executions with random draws within the bound go first, so that it seldom does.
 *
 * <p>With and without it, a task that only goes round in a loop until another one does something is
 * taken for blocked at the end of a round: others run, and that costs nothing, while a yield within
 * the round is no reason to switch. Musuvathi and Qadeer, "Fair stateless model checking" (PLDI
 * 2008), ask programs to yield in such loops; here they are found.
 *
 * <p>A search can be one of several parts. The first deviation of a schedule decides which part
 * tries it; the schedule without any is tried by each.
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

    /** How many executions look for racing points before the search begins. */
    private static final int SCOUTS = 32;

    /** How many points a scout passes, on average, before it preempts. */
    private static final int SCOUT_POINTS = 32;

    private final Xoroshiro random;
    private int scouts;
    private boolean scouting;

    private final BoundedReduction.Shared shared;
    private final BoundedReduction reduction;

    /** Whether what shows nothing new is left out. */
    private final boolean reduces;

    private int level;
    private int version;
    private int[] picks = new int[64];
    private int[] counts = new int[64];
    private boolean[] costly = new boolean[64];

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
        this.random = new Xoroshiro(part.index());
        this.reduction = new BoundedReduction(shared);
        this.reduces = reduce;
    }

    @Override
    public boolean begin(long index) {
        scouting = reduces && scouts < SCOUTS;
        if (scouting) {
            scouts++;
        } else if (!started) {
            startLevel();
        } else if (!advance()) {
            if (level < bound && isPruned()) {
                level++;
                startLevel();
            } else if (reduces && shared.version() != version) {
                startLevel(); // with what was found out on the way
            } else {
                return false;
            }
        }
        started |= !scouting;
        at = 0;
        length = 0;
        spent = 0;
        deviates = false;
        ended = false;
        reduction.trace().begin();
        return true;
    }

    /** Whether there are schedules beyond the level, of this part or another one. */
    private boolean isPruned() {
        return pruned || shared.isPruned(level);
    }

    @Override
    public boolean isStale() {
        return (reduces && shared.version() != version) || (level < bound && isPruned());
    }

    private void startLevel() {
        version = shared.version();
        pruned = false;
        fixed = 0;
        length = 0;
        shared.begin(version);
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
        }
        return false;
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
            return scouting ? random.nextInt(choice.count()) : pick(choice, choice.count(), false);
        }
        if (options.length < choice.count()) {
            options = new int[choice.count() * 2];
        }
        int count = reduction.options(choice, options);
        boolean preempts =
                choice.isPreemption() && !choice.isYield() && !reduction.isHeldUp(choice.drawer());
        int pick = scouting ? scout(choice, count, preempts) : pick(choice, count, preempts);
        if (ended) {
            return 0;
        }
        reduction.choose(choice, choice.task(options[pick]));
        return options[pick];
    }

    /** Takes the option that the search is at, of so many. */
    private int pick(Choice choice, int count, boolean preempts) {
        boolean need =
                !reduction.isStuck() && (!reduces || !preempts || reduction.mayPreempt(choice));
        int draw = at++;
        if (draw >= fixed) {
            if (choice.kind() == Choice.Kind.TASK && deviates && isTried(choice)) {
                ended = true;
                choice.end(new Verdict.StepLimit(choice.steps()));
                return 0;
            }
            add(draw, choice, need ? count : 1, preempts);
        } else {
            length = draw + 1;
        }
        deviates |= picks[draw] != 0;
        spent += price(draw, picks[draw]);
        return picks[draw];
    }

    /** Draws at random within the bound. */
    private int scout(Choice choice, int count, boolean preempts) {
        if (!preempts) {
            return random.nextInt(count);
        }
        reduction.mayPreempt(choice);
        if (spent == bound || random.nextInt(SCOUT_POINTS) != 0) {
            return 0;
        }
        spent++;
        return random.nextInt(count);
    }

    private void add(int draw, Choice choice, int count, boolean preempts) {
        if (draw == picks.length) {
            picks = Arrays.copyOf(picks, draw * 2);
            counts = Arrays.copyOf(counts, draw * 2);
            costly = Arrays.copyOf(costly, draw * 2);
        }
        picks[draw] = 0;
        counts[draw] = count;
        costly[draw] = choice.kind() == Choice.Kind.TASK && (cost == Cost.DELAYS || preempts);
        length = draw + 1;
    }

    /** Whether all that can follow was or will be tried elsewhere. */
    private boolean isTried(Choice choice) {
        return reduces && reduction.isSeen(choice, (long) version << 32 | races, level - spent);
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
        return pruned ? "all schedules with up to " + level + " " + counted : "all schedules";
    }
}
