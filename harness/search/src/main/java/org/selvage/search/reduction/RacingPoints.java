package org.selvage.search.reduction;

import java.util.Arrays;
import org.selvage.hooks.OperationKind;
import org.selvage.hooks.Sites;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Task;

/**
 * The points of a program's tasks at which races begin, as far as executions have shown. A point is
 * a task and a place in the program; a race begins there if what the task does up to its next point
 * conflicts with something that another task did later and that nothing orders behind it.
 *
 * <p>A preemption at any other point need not be tried. Let a task be preempted before {@code o},
 * others do {@code w}, and then the task goes on with {@code o}. If {@code o} is independent of
 * {@code w}, then it may as well be taken first: the preemption moves behind it, and there are no
 * more of them than before. If not, let {@code c} be the first in {@code w} that conflicts. The
 * schedule that takes {@code o}, then is preempted, and comes to {@code c}, has no more preemptions
 * either, and shows the race of {@code o} and {@code c}. So once a search has tried all that these
 * points leave and has found no new one, it has seen every trace within its bound. That is how
 * Flanagan and Godefroid, "Dynamic partial-order reduction" (POPL 2005) find backtracking points;
 * the conservative ones that a bound takes (Coons, Musuvathi, McKinley, OOPSLA 2013) are not
 * needed, as every task is tried wherever a switch costs nothing.
 *
 * <p>Who wants a mutex cannot conflict while another task holds it, so the race of two critical
 * sections is the one of their beginnings. What gives a mutex back, or ends a task, races with who
 * takes or joins it next: had that one come first, it would have had to wait, and a switch away
 * from who waits costs nothing.
 */
public final class RacingPoints {
    /** The points that several searches of one program have found together. */
    public static final class Shared {
        private final LongSet points = new LongSet();
        private long[] list = new long[64];
        private int size;
        private volatile int version;

        /** A number that grows whenever a point is added. */
        public int version() {
            return version;
        }

        private synchronized void add(long point) {
            if (points.add(point)) {
                if (size == list.length) {
                    list = Arrays.copyOf(list, size * 2);
                }
                list[size++] = point;
                version++;
            }
        }

        private synchronized int tell(LongSet known, int from) {
            for (int i = from; i < size; i++) {
                known.add(list[i]);
            }
            return size;
        }

        /**
         * A number that is equal for equal sets of points, also in another JVM that runs the same
         * program.
         */
        public synchronized long fingerprint() {
            long sum = 0L;
            for (int i = 0; i < size; i++) {
                sum += list[i];
            }
            return sum;
        }
    }

    /** Operations from one point to the next, of one task, at one moment of its clock. */
    private static final class Stretch {
        int task = -1;
        int time;
        int from;
        int to;
        int site;

        void set(int ofTask, int atTime, int first, int last, int lastSite) {
            task = ofTask;
            time = atTime;
            from = first;
            to = last;
            site = lastSite;
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
    private final LongSet known = new LongSet();
    private int told;

    // By task.
    private int[][] clocks = new int[0][];
    private Ints[] sites = new Ints[0];
    private int[] from = new int[8];
    private long[] identities = new long[8];
    private OperationKind[] kinds = new OperationKind[8];

    /** By site. */
    private long[] places = new long[256];

    private Uses[] variables = new Uses[0];
    private int used;

    /** Makes the view of one search. */
    RacingPoints(Shared shared) {
        this.shared = shared;
    }

    void begin() {
        told = shared.tell(known, told);
        for (int[] clock : clocks) {
            Arrays.fill(clock, 0);
        }
        for (Ints visited : sites) {
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
            sites = Arrays.copyOf(sites, size);
            for (int i = old; i < size; i++) {
                sites[i] = new Ints(64);
            }
        }
        if (task >= from.length) {
            int old = from.length;
            from = Arrays.copyOf(from, Math.max(task + 1, old * 2));
            identities = Arrays.copyOf(identities, from.length);
            kinds = Arrays.copyOf(kinds, from.length);
            Arrays.fill(kinds, old, kinds.length, OperationKind.BEGIN);
        }
    }

    /** A task stands at a point where it could be preempted. */
    void point(int name) {
        reserve(name);
        from[name] = sites[name].size;
    }

    /** Whether a race is known to begin at a task's point. */
    boolean isRacing(long identity, int site) {
        return site == 0 || known.contains(key(identity, site));
    }

    private long key(long identity, int site) {
        if (site >= places.length) {
            places = Arrays.copyOf(places, Math.max(site + 1, places.length * 2));
        }
        if (places[site] == 0L) {
            places[site] = place(Sites.get(site));
        }
        return TraceHash.mix(identity, places[site]);
    }

    /** A number that is the same for every loader and JVM. */
    private static long place(Sites.Site site) {
        long line = ((long) site.className().hashCode() << 32) | site.line();
        long target = ((long) site.method().hashCode() << 32) ^ site.target().hashCode();
        return TraceHash.mix(line, target) | 1L;
    }

    void operation(Task task, int name, long identity) {
        reserve(name);
        identities[name] = identity;
        kinds[name] = task.kind();
        clocks[name] = grown(clocks[name], name);
        clocks[name][name]++;
        if (hasPoint(task)) {
            from[name] = sites[name].size;
        }
        if (task.site() != 0) {
            sites[name].add(task.site());
        }
    }

    /** Whether there is a point before such an operation in every execution. */
    private static boolean hasPoint(Task task) {
        return task.site() != 0
                && switch (task.kind()) {
                    case READ, WRITE, UPDATE, TRY_LOCK, FILE_READ, FILE_WRITE, FILE_FORCE -> true;
                    default -> false;
                };
    }

    void access(Execution execution, int number, int name, int access) {
        reserve(name);
        Uses uses = uses(Access.variable(access));
        int mode = Access.mode(access);
        if (mode != Access.RELEASE) {
            race(uses, name, mode != Access.READ);
        }
        int[] clock = grown(clocks[name], name);
        clock = joined(clock, uses.writeClock);
        int time = clock[name];
        int site = execution.task(number).site();
        int to = sites[name].size;
        if (mode == Access.READ) {
            uses.read(name).set(name, time, from[name], to, site);
            uses.readClock = joined(uses.readClock, clock);
        } else {
            clock = joined(clock, uses.readClock);
            uses.writeClock = joined(uses.writeClock, clock);
            boolean gives = mode == Access.RELEASE || kinds[name] == OperationKind.UNLOCK;
            (gives ? uses.release : uses.write).set(name, time, from[name], to, site);
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
            mark(task, earlier.from, earlier.to, earlier.site);
        }
    }

    private boolean isBefore(int task, int time, int name) {
        int[] clock = clocks[name];
        return task < clock.length && time <= clock[task];
    }

    private void mark(int task, int first, int last, int site) {
        for (int i = first; i < last; i++) {
            mark(task, sites[task].get(i));
        }
        mark(task, site);
    }

    private void mark(int task, int site) {
        if (site != 0) {
            long key = key(identities[task], site);
            if (known.add(key)) {
                shared.add(key);
            }
        }
    }

    /** A task's last operations conflict with all that another one could do. */
    void conflictsWithAll(Task task, int name) {
        reserve(name);
        mark(name, from[name], sites[name].size, task.site());
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
            mark(ended, from[ended], sites[ended].size, 0);
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
