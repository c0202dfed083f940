package org.selvage.search;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Verdict;
import org.selvage.search.reduction.ConflictSites;
import org.selvage.search.reduction.TraceHash;

/**
 * Tries every schedule up to a bound, first those with bound 0, then with 1, and so on.
 *
 * <p>Counting preemptions: Musuvathi, Qadeer, "Iterative context bounding for systematic testing of
 * multithreaded programs" (PLDI 2007). Counting delays, the tasks that a choice passes over in
 * round-robin order: Emmi, Qadeer, Rakamaric, "Delay-bounded scheduling" (POPL 2011). Other draws
 * than who runs next are free.
 *
 * <p>With reduction, what follows a choice is not tried again where an equal trace has led to the
 * same choice before with as many preemptions left: the state is the same, and so is all that can
 * follow. That is the happens-before cache of the first paper. It keeps every behaviour within the
 * bound, which dynamic partial-order reduction by itself does not: see Coons, Musuvathi, McKinley,
 * "Bounded partial-order reduction" (OOPSLA 2013), whose backtracking rules are not used here; the
 * price is a table of what was seen. It compares hashes of 64 bits, and when the table is full it
 * only prunes less. An execution ends where it comes to what was tried. And nobody is preempted
 * before an operation that conflicts with no other task's: see {@link ConflictSites}.
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
    private final ConflictSites.Shared shared;
    private final @Nullable ConflictSites conflicts;
    private final @Nullable TraceHash hash;
    private final SeenStates seen = new SeenStates();

    private int level;
    private int version;
    private int[] picks = new int[64];
    private int[] counts = new int[64];
    private boolean[] costly = new boolean[64];
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
        this(cost, bound, reduce, Part.WHOLE, new ConflictSites.Shared());
    }

    /**
     * A part of a search.
     *
     * @param shared what all parts have found out together
     */
    BoundedSearch(Cost cost, int bound, boolean reduce, Part part, ConflictSites.Shared shared) {
        this.cost = cost;
        this.bound = bound;
        this.part = part;
        this.shared = shared;
        this.conflicts = reduce ? new ConflictSites(shared) : null;
        this.hash = reduce ? new TraceHash(conflicts) : null;
    }

    @Override
    public boolean begin(long index) {
        if (shared.version() != version) {
            // A place was found to conflict before which nobody was preempted: the level again.
            startLevel();
        } else if (started && !advance()) {
            if (level == bound || !pruned) {
                return false;
            }
            level++;
            startLevel();
        }
        started = true;
        at = 0;
        length = 0;
        spent = 0;
        deviates = false;
        ended = false;
        if (hash != null) {
            hash.begin();
        }
        return true;
    }

    private void startLevel() {
        version = shared.version();
        pruned = false;
        fixed = 0;
        length = 0;
        seen.clear();
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
        int draw = at++;
        if (draw >= fixed) {
            boolean schedules = choice.kind() == Choice.Kind.TASK;
            if (schedules && deviates && hash != null && isSeen(choice, hash)) {
                ended = true;
                choice.end(new Verdict.StepLimit(choice.steps()));
                return 0;
            }
            add(draw, choice);
        } else {
            length = draw + 1;
        }
        deviates |= picks[draw] != 0;
        spent += price(draw, picks[draw]);
        return picks[draw];
    }

    private void add(int draw, Choice choice) {
        if (draw == picks.length) {
            picks = Arrays.copyOf(picks, draw * 2);
            counts = Arrays.copyOf(counts, draw * 2);
            costly = Arrays.copyOf(costly, draw * 2);
        }
        boolean preempts = choice.isPreemption() && !choice.isYield();
        picks[draw] = 0;
        counts[draw] = choice.count();
        costly[draw] = choice.kind() == Choice.Kind.TASK && (cost == Cost.DELAYS || preempts);
        if (preempts && conflicts != null && !conflicts.mayConflict(choice.drawer())) {
            counts[draw] = 1;
        }
        length = draw + 1;
    }

    /** Whether all that can follow was or will be tried from an equal state. */
    private boolean isSeen(Choice choice, TraceHash trace) {
        long key = Xoroshiro.combine(trace.value(), choice.task(0).id());
        key = Xoroshiro.combine(key, (long) choice.drawer().id() << 32 | choice.count());
        return !seen.add(key, level - spent);
    }

    @Override
    public @Nullable OperationListener listener() {
        return hash;
    }

    @Override
    public void end(Execution execution, Verdict verdict) {
        if (conflicts != null) {
            conflicts.end();
        }
        if (!ended) {
            cutOff |= verdict instanceof Verdict.StepLimit || verdict instanceof Verdict.Unknown;
        }
        if (execution.raceCount() != races) {
            races = execution.raceCount();
            restart();
        }
    }

    @Override
    public void restart() {
        // There are more points from now on: what was tried was another tree.
        started = false;
        level = 0;
        cutOff = false;
        startLevel();
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
