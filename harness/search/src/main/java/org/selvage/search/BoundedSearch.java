package org.selvage.search;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Verdict;
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
 * only prunes less.
 */
final class BoundedSearch implements Strategy {
    /** What a bound counts. */
    enum Cost {
        PREEMPTIONS,
        DELAYS
    }

    private final Cost cost;
    private final int bound;
    private final @Nullable TraceHash hash;
    private final SeenStates seen = new SeenStates();

    private int level;
    private int[] picks = new int[64];
    private int[] counts = new int[64];
    private boolean[] costly = new boolean[64];
    private int length;
    private int fixed;
    private int at;
    private int spent;
    private boolean free;
    private boolean pruned;
    private boolean cutOff;
    private boolean started;

    /** How much had raced when this search of the tree began. */
    private int races;

    BoundedSearch(Cost cost, int bound, boolean reduce) {
        this.cost = cost;
        this.bound = bound;
        this.hash = reduce ? new TraceHash() : null;
    }

    @Override
    public boolean begin(long index) {
        if (started && !advance()) {
            if (level == bound || !pruned) {
                return false;
            }
            level++;
            pruned = false;
            fixed = 0;
            seen.clear();
        }
        started = true;
        at = 0;
        length = 0;
        spent = 0;
        free = false;
        if (hash != null) {
            hash.begin();
        }
        return true;
    }

    /** Sets the last draw that has another affordable option to that option. */
    private boolean advance() {
        int left = level - spent;
        for (int i = length - 1; i >= 0; i--) {
            int next = picks[i] + 1;
            left += price(i, picks[i]);
            if (next < counts[i]) {
                if (price(i, next) <= left) {
                    picks[i] = next;
                    fixed = i + 1;
                    return true;
                }
                pruned = true;
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
        if (free) {
            return 0;
        }
        int draw = at++;
        if (draw >= fixed) {
            boolean schedules = choice.kind() == Choice.Kind.TASK;
            if (schedules && hash != null && isSeen(choice, hash)) {
                free = true;
                return 0;
            }
            add(draw, choice);
        } else {
            length = draw + 1;
        }
        spent += price(draw, picks[draw]);
        return picks[draw];
    }

    private void add(int draw, Choice choice) {
        if (draw == picks.length) {
            picks = Arrays.copyOf(picks, draw * 2);
            counts = Arrays.copyOf(counts, draw * 2);
            costly = Arrays.copyOf(costly, draw * 2);
        }
        picks[draw] = 0;
        counts[draw] = choice.count();
        costly[draw] =
                choice.kind() == Choice.Kind.TASK
                        && (cost == Cost.DELAYS || (choice.isPreemption() && !choice.isYield()));
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
        cutOff |= verdict instanceof Verdict.StepLimit || verdict instanceof Verdict.Pinned;
        if (execution.raceCount() != races) {
            // There are more points from now on: what was tried was another tree.
            races = execution.raceCount();
            started = false;
            level = 0;
            fixed = 0;
            pruned = false;
            cutOff = false;
            seen.clear();
        }
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
