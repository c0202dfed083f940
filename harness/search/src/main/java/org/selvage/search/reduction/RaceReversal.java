package org.selvage.search.reduction;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reverses the races of an execution: what does not happen after the first step of a race, followed
 * by its second step, is inserted into the wake-up tree before the first one, unless something that
 * sleeps there covers it. See {@link OptimalReduction} for the paper and for what differs.
 *
 * <p>Most of the time of a search that is not spent in the program is spent here, hence arrays, and
 * bit masks that settle most questions of independence.
 */
final class RaceReversal {
    private static final int NONE = Integer.MAX_VALUE;

    private final Steps steps;
    private final List<TaskTrack> tracks;
    private final RaceDetection races;
    private final boolean exact;
    private final long mostBranches;

    /** How many branches the wake-up trees of all states on the current branch have. */
    long branches;

    /** Whether the limit has shortened a sequence. */
    boolean hasCut;

    /** What does not happen after the first step of the race, in order. */
    private Step[] sequence = new Step[64];

    private int length;

    /** By position in the sequence: where the next step of the same task is, or -1. */
    private int[] following = new int[64];

    /** By task: where its first step in the sequence is, or -1, and its last. */
    private int[] firstOf = new int[0];

    private int[] lastOf = new int[0];

    /** What the sequence reads and writes. */
    private long readMask;

    private long writeMask;

    /** The sleepers, by their index, that could go before the sequence. */
    private final Ints awake = new Ints(16);

    // While a sequence is followed into the tree.
    private boolean[] consumed = new boolean[64];
    private boolean secondConsumed;

    /** By task: its next step in the sequence, or -1, and the how-manieth of the task that is. */
    private int[] nextOf = new int[0];

    private int[] nextIndex = new int[0];

    /** By task: how many of its steps the path in the tree has taken. */
    private int[] taken = new int[0];

    /**
     * By task: whether one of those is not of the sequence, and so may see something else than it
     * saw in this execution: what the task does next here is then only a hint.
     */
    private boolean[] strayed = new boolean[0];

    RaceReversal(
            Steps steps,
            List<TaskTrack> tracks,
            RaceDetection races,
            boolean exact,
            long mostBranches) {
        this.steps = steps;
        this.tracks = tracks;
        this.races = races;
        this.exact = exact;
        this.mostBranches = mostBranches;
    }

    /** Reverses every race that begins with the step at this position. */
    void reverse(int first, int depth) {
        Step e = steps.get(first);
        reserve(depth - first);
        collect(e, first, depth);
        findAwake(e);
        for (int race = races.firstRace(first); race >= 0; race = races.nextRace(race)) {
            Step second = races.second(race);
            boolean mutex = races.isAboutMutex(race);
            boolean undeclared = !exact && e.conflictsUndeclared(second);
            if (!isCovered(e, second, mutex, undeclared)) {
                insert(e, first, second, mutex, undeclared);
            }
        }
    }

    private void reserve(int most) {
        int width = tracks.size();
        if (firstOf.length < width) {
            firstOf = new int[width * 2];
            lastOf = new int[width * 2];
            nextOf = new int[width * 2];
            nextIndex = new int[width * 2];
            taken = new int[width * 2];
            strayed = new boolean[width * 2];
        }
        if (sequence.length < most) {
            sequence = new Step[most * 2];
            following = new int[most * 2];
            consumed = new boolean[most * 2];
        }
    }

    private void collect(Step e, int first, int depth) {
        Arrays.fill(firstOf, 0, tracks.size(), -1);
        length = 0;
        long read = 0L;
        long write = 0L;
        for (int i = first + 1; i < depth; i++) {
            Step s = steps.get(i);
            if (s.clock[e.task] < e.index) {
                if (firstOf[s.task] < 0) {
                    firstOf[s.task] = length;
                } else {
                    following[lastOf[s.task]] = length;
                }
                lastOf[s.task] = length;
                following[length] = -1;
                sequence[length++] = s;
                read |= s.readMask;
                write |= s.writeMask;
            }
        }
        readMask = read;
        writeMask = write;
    }

    /** The sleepers that are weak initials of the sequence, found before its last step is known. */
    private void findAwake(Step e) {
        awake.clear();
        for (int i = 0; i < e.sleepers.size(); i++) {
            Sleeper sleeper = e.sleepers.get(i);
            int own = firstOf[sleeper.task];
            boolean initial;
            if (own >= 0) {
                initial = isStep(sleeper, sequence[own]) && isInitial(own);
            } else if (sleeper.opaque) {
                initial = false;
            } else {
                initial =
                        isApart(sleeper.readMask, sleeper.writeMask)
                                || isIndependentOfSequence(sleeper);
            }
            if (initial) {
                awake.add(i);
            }
        }
    }

    /** Whether something with these accesses is independent of the whole sequence, by the masks. */
    private boolean isApart(long read, long write) {
        return (write & (writeMask | readMask)) == 0L && (read & writeMask) == 0L;
    }

    private static boolean isStep(Sleeper sleeper, Step step) {
        return step.values.size == sleeper.values.length
                && OptimalReduction.startsWith(sleeper.values, step.values.toArray());
    }

    private boolean isInitial(int position) {
        Step step = sequence[position];
        for (int i = 0; i < position; i++) {
            if (step.happensAfter(sequence[i])) {
                return false;
            }
        }
        return true;
    }

    private boolean isIndependentOfSequence(Sleeper sleeper) {
        for (int i = 0; i < length; i++) {
            if (!sleeper.isIndependentOf(sequence[i])) {
                return false;
            }
        }
        return true;
    }

    private boolean isCovered(Step e, Step second, boolean mutex, boolean undeclared) {
        if (firstOf[second.task] < 0 && sleeps(e, second.task) && isInitialSecond(second, mutex)) {
            return true;
        }
        for (int i = 0; i < awake.size; i++) {
            Sleeper sleeper = e.sleepers.get(awake.get(i));
            if (firstOf[sleeper.task] >= 0) {
                return true;
            }
            if (sleeper.task != second.task
                    && !undeclared
                    && sleeper.isIndependentOfDeclared(second, exact)) {
                return true;
            }
        }
        return false;
    }

    private static boolean sleeps(Step e, int task) {
        for (int i = 0; i < e.sleepers.size(); i++) {
            if (e.sleepers.get(i).task == task) {
                return true;
            }
        }
        return false;
    }

    private static int[] clockOf(Step second, boolean mutex) {
        return mutex ? second.clockWithoutMutex : second.clock;
    }

    /** Whether nothing in the sequence happens before the second step of the race. */
    private boolean isInitialSecond(Step second, boolean mutex) {
        int[] clock = clockOf(second, mutex);
        for (int t = 0; t < tracks.size(); t++) {
            if (firstOf[t] >= 0 && clock[t] >= sequence[firstOf[t]].index) {
                return false;
            }
        }
        return true;
    }

    /**
     * Inserts the sequence and the second step of the race into the wake-up tree before the first.
     */
    private void insert(Step e, int first, Step second, boolean mutex, boolean undeclared) {
        Arrays.fill(consumed, 0, length, false);
        secondConsumed = false;
        for (int t = 0; t < tracks.size(); t++) {
            int next = firstOf[t];
            nextOf[t] = next;
            nextIndex[t] = next < 0 ? NONE : sequence[next].index;
            taken[t] = 0;
            strayed[t] = false;
        }
        Branch parent = null;
        Branch head = e.rest;
        while (true) {
            Branch last = null;
            Branch found = null;
            for (Branch b = head; b != null; b = b.sibling) {
                last = b;
                if (accepts(b, first, second, mutex, undeclared)) {
                    found = b;
                    break;
                }
            }
            if (found == null) {
                append(e, parent, last, second);
                return;
            }
            if (found.child == null) {
                return;
            }
            parent = found;
            head = found.child;
        }
    }

    /** Whether the branch is a weak initial of what is left of the sequence; takes its step out. */
    private boolean accepts(Branch b, int first, Step second, boolean mutex, boolean undeclared) {
        int task = b.task;
        int own = nextOf[task];
        if (own >= 0) {
            Step s = sequence[own];
            if (!b.agreesWith(s.values) || !isInitialOfRest(s.clock, task)) {
                return false;
            }
            consumed[own] = true;
            int next = following[own];
            nextOf[task] = next;
            nextIndex[task] = next < 0 ? NONE : sequence[next].index;
        } else if (!secondConsumed && second.task == task) {
            if (!isInitialOfRest(clockOf(second, mutex), task)) {
                return false;
            }
            secondConsumed = true;
            strayed[task] = true;
        } else if (undeclared || !isIndependentOfRest(b, first, second)) {
            return false;
        } else {
            strayed[task] = true;
        }
        taken[task]++;
        return true;
    }

    /**
     * Whether nothing that is left happens before a step of this task: it is enough to look at the
     * next step of each other task, as the clocks of one task only grow.
     */
    private boolean isInitialOfRest(int[] clock, int task) {
        for (int t = 0; t < tracks.size(); t++) {
            if (clock[t] >= nextIndex[t] && t != task) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the step of a branch, of a task that is not in the sequence, is independent of what
     * is left of it, as far as is known. Where nothing is known the answer is yes: if that is
     * wrong, the two will be found to race in the branch, while a second branch beside an
     * independent first one would break the order of the tree.
     */
    private boolean isIndependentOfRest(Branch b, int first, Step second) {
        if (strayed[b.task] && b.isKnown(steps.get(first).names)) {
            for (int i = 0; i < length; i++) {
                if (!consumed[i] && b.conflicts(sequence[i], sequence[i].accesses.size)) {
                    return false;
                }
            }
            return secondConsumed || !b.conflicts(second, second.declared);
        }
        int index = races.stepsBefore(b.task, first) + taken[b.task];
        TaskTrack track = tracks.get(b.task);
        if (index > track.positions.size || (index == track.positions.size && track.finished)) {
            return true;
        }
        Step own =
                index < track.positions.size
                        ? steps.get(track.positions.get(index))
                        : races.declaredStep(b.task);
        if (!isApart(own.readMask, own.writeMask)) {
            for (int i = 0; i < length; i++) {
                if (!consumed[i] && !own.isIndependentOf(sequence[i])) {
                    return false;
                }
            }
        }
        return secondConsumed
                || !Step.conflict(
                        own.accesses.values,
                        own.accesses.size,
                        second.accesses.values,
                        second.declared);
    }

    private void append(Step e, @Nullable Branch parent, @Nullable Branch last, Step second) {
        Branch head = null;
        Branch tail = null;
        for (int i = 0; i <= length; i++) {
            if (i < length ? consumed[i] : secondConsumed) {
                continue;
            }
            Branch branch = i < length ? new Branch(sequence[i], true) : new Branch(second, false);
            if (tail == null) {
                head = branch;
            } else {
                tail.child = branch;
            }
            tail = branch;
            if (++branches > mostBranches) {
                hasCut = true;
                break; // what is cut off is found again from what is left
            }
        }
        if (head == null) {
            return;
        }
        if (last != null) {
            last.sibling = head;
        } else if (parent != null) {
            parent.child = head;
        } else {
            e.rest = head;
        }
    }
}
