package org.selvage.search.reduction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Happens-before by vector clocks over the steps of one execution, and the races in it: pairs of
 * dependent steps that nothing in between orders, and of which the second could have come first.
 */
final class RaceDetection {
    private final Steps steps;
    private final List<TaskTrack> tracks;
    private final ArrayList<Step> prevented = new ArrayList<>();
    private final Step scratch = new Step();
    private int length;
    private int width;

    // Per variable: positions of the last accesses, or -1.
    private int[] lastWrite = new int[0];
    private int[] lastAcquire = new int[0];
    private int[] lastRelease = new int[0];
    private Ints[] readers = new Ints[0];
    private int variables;

    // Races by their first step.
    private int[] heads = new int[64];
    private final Ints nexts = new Ints(64);
    private final Ints seconds = new Ints(64);
    private final Ints mutex = new Ints(64);

    private final Ints candidates = new Ints(8);
    private int mutexHolder;

    RaceDetection(Steps steps, List<TaskTrack> tracks) {
        this.steps = steps;
        this.tracks = tracks;
    }

    /**
     * Finds the races of an execution.
     *
     * @param count how many steps it has
     * @param unchanged how many of them it shares with the execution before
     * @param again whether also those between two steps that it shares with the execution before
     * @param enabled the tasks that could still run
     */
    void detect(int count, int unchanged, boolean again, Ints enabled) {
        length = count;
        int from = unchanged;
        if (tracks.size() > width) {
            width = Math.max(8, Integer.highestOneBit(tracks.size()) * 2);
            from = 0;
        }
        clear(count);
        for (int i = 0; i < count; i++) {
            Step step = steps.get(i);
            if (i >= from) {
                step.races.clear();
                order(step, -1);
                step.clock[step.task] = step.index;
            }
            note(step, i);
            if (again || i >= unchanged) {
                for (int r = 0; r < step.races.size; r++) {
                    link(step.races.get(r), i);
                }
            }
        }
        detectPrevented(count, enabled);
    }

    private void clear(int count) {
        Arrays.fill(lastWrite, 0, variables, -1);
        Arrays.fill(lastAcquire, 0, variables, -1);
        Arrays.fill(lastRelease, 0, variables, -1);
        for (int v = 0; v < variables; v++) {
            readers[v].clear();
        }
        if (heads.length < count) {
            heads = new int[count * 2];
        }
        Arrays.fill(heads, 0, count, -1);
        nexts.clear();
        seconds.clear();
        mutex.clear();
    }

    private void detectPrevented(int count, Ints enabled) {
        int used = 0;
        for (int task = 0; task < tracks.size(); task++) {
            TaskTrack track = tracks.get(task);
            boolean runnable = enabled.contains(task);
            boolean contends =
                    track.declared.size > 0 && Access.mode(track.declared.get(0)) == Access.ACQUIRE;
            if (track.finished || track.waits || track.barrier || (!runnable && !contends)) {
                continue;
            }
            if (prevented.size() == used) {
                prevented.add(new Step());
            }
            Step step = prevented.get(used);
            step.begin(task, track.positions.size + 1, track.last());
            for (int i = 0; i < track.declared.size; i++) {
                step.access(track.declared.get(i));
            }
            step.declared = step.accesses.size;
            step.enablers.copyFrom(track.enablers);
            order(step, runnable ? count - 1 : -1);
            step.clock[task] = step.index;
            for (int r = 0; r < step.races.size; r++) {
                link(step.races.get(r), count + used);
            }
            used++;
        }
    }

    private void link(int race, int second) {
        int first = race >> 1;
        nexts.add(heads[first]);
        seconds.add(second);
        mutex.add(race & 1);
        heads[first] = nexts.size - 1;
    }

    /** What a task would do next, as far as it has declared so. Valid until the next call. */
    Step declaredStep(int task) {
        TaskTrack track = tracks.get(task);
        scratch.begin(task, track.positions.size + 1, track.last());
        for (int i = 0; i < track.declared.size; i++) {
            scratch.access(track.declared.get(i));
        }
        scratch.declared = scratch.accesses.size;
        return scratch;
    }

    boolean hasRaces(int first) {
        return heads[first] >= 0;
    }

    int firstRace(int first) {
        return heads[first];
    }

    int nextRace(int race) {
        return nexts.get(race);
    }

    Step second(int race) {
        int position = seconds.get(race);
        return position < length ? steps.get(position) : prevented.get(position - length);
    }

    boolean isAboutMutex(int race) {
        return mutex.get(race) == 1;
    }

    /** How many steps of a task come before a position. */
    int stepsBefore(int task, int position) {
        Ints positions = tracks.get(task).positions;
        int count = 0;
        while (count < positions.size && positions.get(count) < position) {
            count++;
        }
        return count;
    }

    /** Computes the clock of a step and its races with the steps before it. */
    private void order(Step step, int terminator) {
        if (step.clock.length < width) {
            step.clock = new int[width];
        }
        int[] clock = step.clock;
        if (step.previous >= 0) {
            System.arraycopy(steps.get(step.previous).clock, 0, clock, 0, width);
        } else {
            Arrays.fill(clock, 0);
        }
        for (int i = 0; i < step.enablers.size; i++) {
            join(clock, steps.get(step.enablers.get(i)).clock);
        }
        if (step.barrier) {
            for (TaskTrack track : tracks) {
                // Positions of the whole execution: only those before this step count.
                joinLastBefore(clock, track, step);
            }
        }
        collect(step);
        if (terminator >= 0) {
            offer(step, terminator);
        }
        Arrays.sort(candidates.values, 0, candidates.size);
        for (int i = candidates.size - 1; i >= 0; i--) {
            int position = candidates.get(i);
            Step candidate = steps.get(position);
            if (clock[candidate.task] < candidate.index) {
                if (mutexHolder < 0 || isFreeWithout(candidate, position, step)) {
                    step.races.add(position << 1);
                }
                join(clock, candidate.clock);
            }
        }
        if (mutexHolder >= 0) {
            joinMutex(step, clock);
        }
    }

    /**
     * Whether the mutex that a step acquires would be free had another step, and all that follows
     * from it, not been.
     */
    private boolean isFreeWithout(Step without, int position, Step step) {
        int variable = Access.variable(step.accesses.get(0));
        int released = lastRelease[variable];
        return !stays(mutexHolder, position, without)
                || (released >= 0 && stays(released, position, without));
    }

    private boolean stays(int other, int position, Step without) {
        return other < position || !steps.get(other).happensAfter(without);
    }

    private void joinLastBefore(int[] clock, TaskTrack track, Step step) {
        for (int i = track.positions.size - 1; i >= 0; i--) {
            Step other = steps.get(track.positions.get(i));
            if (other == step) {
                continue;
            }
            if (track.positions.get(i) < positionOf(step)) {
                join(clock, other.clock);
                return;
            }
        }
    }

    private int positionOf(Step step) {
        Ints positions = tracks.get(step.task).positions;
        return step.index <= positions.size ? positions.get(step.index - 1) : length;
    }

    private void joinMutex(Step step, int[] clock) {
        if (step.clockWithoutMutex.length < width) {
            step.clockWithoutMutex = new int[width];
        }
        System.arraycopy(clock, 0, step.clockWithoutMutex, 0, width);
        Step holder = steps.get(mutexHolder);
        if (clock[holder.task] < holder.index) {
            step.races.add((mutexHolder << 1) | 1);
        }
        int variable = Access.variable(step.accesses.get(0));
        join(clock, holder.clock);
        join(clock, steps.get(lastWrite[variable]).clock);
        for (int i = 0; i < readers[variable].size; i++) {
            join(clock, steps.get(readers[variable].get(i)).clock);
        }
    }

    /** Steps that the step may race with, and the holder of the mutex that it had to wait for. */
    private void collect(Step step) {
        candidates.clear();
        mutexHolder = -1;
        for (int i = 0; i < step.accesses.size; i++) {
            int access = step.accesses.get(i);
            int variable = Access.variable(access);
            if (variable >= variables) {
                continue;
            }
            int mode = Access.mode(access);
            int after = -1;
            if (i > 0 && step.acquires(variable)) {
                continue;
            }
            if (i == 0 && step.acquires(variable)) {
                int acquired = lastAcquire[variable];
                int released = lastRelease[variable];
                if (acquired >= 0 && acquired != released) {
                    mutexHolder = steps.get(acquired).task == step.task ? -1 : acquired;
                    // Whoever looked at the mutex while it was held did not enable this step by
                    // that.
                    after = released < 0 ? Integer.MAX_VALUE : released;
                }
            }
            if (lastWrite[variable] > after) {
                offer(step, lastWrite[variable]);
            }
            if (mode != Access.READ) {
                Ints list = readers[variable];
                for (int r = 0; r < list.size; r++) {
                    if (list.get(r) > after) {
                        offer(step, list.get(r));
                    }
                }
            }
        }
    }

    private void offer(Step step, int position) {
        if (steps.get(position).task != step.task && !candidates.contains(position)) {
            candidates.add(position);
        }
    }

    private void note(Step step, int position) {
        for (int i = 0; i < step.accesses.size; i++) {
            int access = step.accesses.get(i);
            int variable = Access.variable(access);
            if (variable >= variables) {
                grow(variable);
            }
            int mode = Access.mode(access);
            if (mode == Access.READ) {
                readers[variable].add(position);
                continue;
            }
            lastWrite[variable] = position;
            readers[variable].clear();
            if (mode == Access.ACQUIRE || mode == Access.TAKE) {
                lastAcquire[variable] = position;
                lastRelease[variable] = -1;
            } else if (mode == Access.RELEASE) {
                lastRelease[variable] = position;
            }
        }
    }

    private void grow(int variable) {
        int size = Math.max(variable + 1, variables * 2);
        lastWrite = grown(lastWrite, size);
        lastAcquire = grown(lastAcquire, size);
        lastRelease = grown(lastRelease, size);
        readers = Arrays.copyOf(readers, size);
        for (int v = variables; v < size; v++) {
            readers[v] = new Ints(4);
        }
        variables = size;
    }

    private static int[] grown(int[] old, int size) {
        int[] larger = Arrays.copyOf(old, size);
        Arrays.fill(larger, old.length, size, -1);
        return larger;
    }

    private static void join(int[] clock, int[] other) {
        for (int i = 0; i < other.length; i++) {
            if (other[i] > clock[i]) {
                clock[i] = other[i];
            }
        }
    }
}
