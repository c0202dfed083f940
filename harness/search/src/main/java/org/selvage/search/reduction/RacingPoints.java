package org.selvage.search.reduction;

import java.util.Arrays;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Task;

/**
 * The points at which races begin, as far as executions have shown. A point is a task and its past:
 * all that happened before, in the sense of happens-before, to where it stands. A race begins there
 * if what the task does up to its next point conflicts with something that another task did later
 * and that nothing orders behind it.
 *
 * <p>A preemption at any other point need not be tried. Let a task be preempted before {@code o},
 * others do {@code w}, and then the task goes on with {@code o}. If {@code o} is independent of
 * {@code w}, then it may as well be taken first: the preemption moves behind it, and there are no
 * more of them than before. If not, let {@code c} be the first in {@code w} that conflicts. The
 * schedule that takes {@code o}, then is preempted, and comes to {@code c}, has no more preemptions
 * either, and shows the race of {@code o} and {@code c}. So once all was tried that goes on with
 * {@code o}, it is known whether the preemption is needed. That is how Flanagan and Godefroid,
 * "Dynamic partial-order reduction" (POPL 2005) find backtracking points; the conservative ones
 * that a bound takes (Coons, Musuvathi, McKinley, OOPSLA 2013) are not needed, as every task is
 * tried wherever a switch costs nothing, unless the first one's whole run is independent.
 *
 * <p>Points outlive the executions that showed them: what follows a state is tried once, and the
 * races of that with what led to the state are the same however it was reached, as they belong to
 * the trace. Yang, Chen, Gopalakrishnan, Kirby, "Efficient stateful dynamic partial order
 * reduction" (SPIN 2008), keep summaries of what follows each state instead.
 *
 * <p>Who wants a mutex cannot conflict while another task holds it, so the race of two critical
 * sections is the one of their beginnings. If {@code o} takes the mutex that {@code c} would take,
 * then {@code c} does not come: the other task ends up waiting, which is the race. What gives a
 * mutex back, or ends a task, races with who takes or joins it next: had that one come first, it
 * would have had to wait, and a switch away from who waits costs nothing.
 */
public final class RacingPoints {
    /**
     * The points that several searches of one program have found together. Beyond 2^24 of them,
     * races count as beginning everywhere.
     */
    static final class Shared {
        private static final int STRIPES = 16;
        private static final int MOST = 1 << 20;
        private final LongSet[] points = new LongSet[STRIPES];

        Shared() {
            for (int i = 0; i < STRIPES; i++) {
                points[i] = new LongSet(MOST);
            }
        }

        private LongSet stripe(long point) {
            return points[(int) (point >>> 60) & STRIPES - 1];
        }

        void add(long point) {
            LongSet stripe = stripe(point);
            synchronized (stripe) {
                stripe.add(point);
            }
        }

        /** Whether a race is known to begin at a point; where there are too many, at any. */
        boolean contains(long point) {
            LongSet stripe = stripe(point);
            synchronized (stripe) {
                return stripe.isFull() || stripe.contains(point);
            }
        }
    }

    private static final int RECENT = 1 << 12;

    /** Operations from one point to the next, of one task, at one moment of its clock. */
    private static final class Stretch {
        int task = -1;
        int time;
        int from;
        int to;

        void set(int ofTask, int atTime, int first, int last) {
            task = ofTask;
            time = atTime;
            from = first;
            to = last;
        }
    }

    /** What has been done to a variable. */
    private static final class Uses {
        final Stretch write = new Stretch();
        final Stretch release = new Stretch();
        Stretch[] reads = new Stretch[0];
        int readers;

        /** Everything that the next access of either mode comes after. */
        int[] writeClock = new int[4];

        int[] readClock = new int[4];

        void clear() {
            write.task = -1;
            release.task = -1;
            readers = 0;
            Arrays.fill(writeClock, 0);
            Arrays.fill(readClock, 0);
        }

        Stretch read(int task) {
            for (int i = 0; i < readers; i++) {
                if (reads[i].task == task) {
                    return reads[i];
                }
            }
            if (readers == reads.length) {
                reads = Arrays.copyOf(reads, readers + 2);
                reads[readers] = new Stretch();
                reads[readers + 1] = new Stretch();
            }
            return reads[readers++];
        }
    }

    private final Shared shared;

    /** Points that were added lately. */
    private final long[] recent = new long[RECENT];

    // By task.
    private int[][] clocks = new int[0][];
    private Longs[] points = new Longs[0];
    private int[] from = new int[8];
    private OperationKind[] kinds = new OperationKind[8];

    private Uses[] variables = new Uses[0];
    private int used;

    /** Makes the view of one search. */
    RacingPoints(Shared shared) {
        this.shared = shared;
    }

    void begin() {
        for (int[] clock : clocks) {
            Arrays.fill(clock, 0);
        }
        for (Longs visited : points) {
            visited.clear();
        }
        Arrays.fill(from, 0);
        Arrays.fill(kinds, OperationKind.BEGIN);
        for (int v = 0; v < used; v++) {
            variables[v].clear();
        }
        used = 0;
    }

    private void reserve(int task) {
        if (task >= clocks.length) {
            int old = clocks.length;
            int size = Math.max(task + 1, old * 2);
            clocks = Arrays.copyOf(clocks, size);
            for (int i = old; i < size; i++) {
                clocks[i] = new int[4];
            }
            points = Arrays.copyOf(points, size);
            for (int i = old; i < size; i++) {
                points[i] = new Longs(64);
            }
        }
        if (task >= from.length) {
            int old = from.length;
            from = Arrays.copyOf(from, Math.max(task + 1, old * 2));
            kinds = Arrays.copyOf(kinds, from.length);
            Arrays.fill(kinds, old, kinds.length, OperationKind.BEGIN);
        }
    }

    /** A task stands at a point where it could be preempted. */
    void point(int name, long point) {
        reserve(name);
        from[name] = points[name].size;
        points[name].add(point);
    }

    /** How many points and other places a task has come to. */
    int count(int name) {
        reserve(name);
        return points[name].size;
    }

    /** Adds the points that a task has come to from one on. */
    void copy(int name, int first, Longs to) {
        for (int i = first; i < points[name].size; i++) {
            to.add(points[name].get(i));
        }
    }

    /** A task comes to a place between two points. */
    void pass(int name, long point) {
        reserve(name);
        points[name].add(point);
    }

    void operation(Task task, int name, long point) {
        reserve(name);
        kinds[name] = task.kind();
        clocks[name] = grown(clocks[name], name);
        clocks[name][name]++;
        if (hasPoint(task)) {
            from[name] = points[name].size;
        }
        points[name].add(point);
    }

    /** Whether there is a point before such an operation in every execution. */
    private static boolean hasPoint(Task task) {
        return task.site() != 0
                && switch (task.kind()) {
                    case READ, WRITE, UPDATE, TRY_LOCK, FILE_READ, FILE_WRITE, FILE_FORCE -> true;
                    default -> false;
                };
    }

    void access(int name, int access) {
        reserve(name);
        Uses uses = uses(Access.variable(access));
        int mode = Access.mode(access);
        if (mode != Access.RELEASE) {
            race(uses, name, mode != Access.READ);
        }
        int[] clock = grown(clocks[name], name);
        clock = joined(clock, uses.writeClock);
        int time = clock[name];
        int to = points[name].size;
        if (mode == Access.READ) {
            uses.read(name).set(name, time, from[name], to);
            uses.readClock = joined(uses.readClock, clock);
        } else {
            clock = joined(clock, uses.readClock);
            uses.writeClock = joined(uses.writeClock, clock);
            boolean gives = releases(name, access);
            (gives ? uses.release : uses.write).set(name, time, from[name], to);
            if (!gives) {
                uses.release.task = -1;
            }
            uses.readers = 0;
        }
        clocks[name] = clock;
    }

    /** Notes the races of an access that a task is about to make. */
    private void race(Uses uses, int name, boolean writes) {
        note(uses.write, name);
        note(uses.release, name);
        if (writes) {
            for (int i = 0; i < uses.readers; i++) {
                note(uses.reads[i], name);
            }
        }
    }

    private void note(Stretch earlier, int name) {
        int task = earlier.task;
        if (task >= 0 && task != name && !isBefore(task, earlier.time, name)) {
            mark(task, earlier.from, earlier.to);
        }
    }

    private boolean isBefore(int task, int time, int name) {
        int[] clock = clocks[name];
        return task < clock.length && time <= clock[task];
    }

    private void mark(int task, int first, int last) {
        for (int i = first; i < last; i++) {
            long point = points[task].get(i);
            int slot = (int) (point >>> 32) & RECENT - 1;
            if (recent[slot] != point) {
                recent[slot] = point;
                shared.add(point);
            }
        }
    }

    /** A task's last operations conflict with all that another one could do. */
    void conflictsWithAll(int name) {
        reserve(name);
        mark(name, from[name], points[name].size);
    }

    /** Whether an access of a task gives a mutex back. */
    boolean releases(int name, int access) {
        reserve(name);
        return Access.mode(access) == Access.RELEASE || kinds[name] == OperationKind.UNLOCK;
    }

    /** A task ends up waiting for a mutex that another one holds. */
    void blocked(int name, int variable) {
        if (variable < used) {
            note(variables[variable].write, name);
        }
    }

    /** A task sees that another one has ended. */
    void joined(int task, int ended) {
        reserve(Math.max(task, ended));
        if (!isBefore(ended, clocks[ended][ended], task)) {
            mark(ended, from[ended], points[ended].size);
        }
        enables(ended, task);
    }

    void enables(int by, int task) {
        reserve(Math.max(by, task));
        clocks[task] = joined(clocks[task], clocks[by]);
    }

    void alone(int task) {
        reserve(task);
        for (int[] clock : clocks) {
            clocks[task] = joined(clocks[task], clock);
        }
    }

    private Uses uses(int variable) {
        if (variable >= variables.length) {
            int old = variables.length;
            variables = Arrays.copyOf(variables, Math.max(variable + 1, Math.max(64, old * 2)));
            for (int v = old; v < variables.length; v++) {
                variables[v] = new Uses();
            }
        }
        used = Math.max(used, variable + 1);
        return variables[variable];
    }

    /**
     * Lengths are powers of two: two clocks that are joined in turn must not make each other
     * longer.
     */
    private static int[] grown(int[] clock, int task) {
        return task < clock.length ? clock : Arrays.copyOf(clock, Integer.highestOneBit(task) * 2);
    }

    private static int[] joined(int[] clock, int[] other) {
        int[] result = grown(clock, other.length - 1);
        for (int i = 0; i < other.length; i++) {
            if (other[i] > result[i]) {
                result[i] = other[i];
            }
        }
        return result;
    }
}
