package org.selvage.search.reduction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.OperationKind;
import org.selvage.hooks.StateReader;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.ProgramState;
import org.selvage.scheduler.Task;

/**
 * Finds the tasks that go round in a loop to no effect: a task is back at a point where it was, and
 * the whole state of the program is what it was then. What can follow from here can follow from
 * there as well, with one round less. So a search takes such a task for blocked. No number of
 * rounds has to be chosen, and no loop has to be marked: a search that ends has tried all that the
 * program can do. It is the transformation of spin loops to blocking ones of Kokologiannakis, Ren,
 * Vafeiadis, "Dynamic partial order reductions for spinloops" (FMCAD 2021), found while the program
 * runs instead of in its code, so that any loop counts, also one that locks and unlocks on the way.
 *
 * <h2>When states are compared</h2>
 *
 * Where a task comes to the same operation on the same object again. To read a state costs as much
 * as thousands of steps, so a place that is not known as a loop is looked at only if the task has
 * just made two rounds of the same operations, of which none writes or locks, or many rounds if
 * some do; then after twice as many each time, and after more of them the more often it was in
 * vain. What is read of places that were looked at in vain is charged to the points that the search
 * has passed, so that it stays a small part of the work whatever the program does. All of that is
 * counted, never timed. Where a loop was found, each round is looked at from its beginning, at no
 * charge, and the search begins anew: what it counts does not depend on when the loop was found.
 */
final class SpinLoops {
    /** How many points of a round are remembered for each task. */
    private static final int POINTS = 16;

    /** Where no loop is known, a state is compared with no round later than this one. */
    private static final int MOST_ROUNDS = 8;

    /**
     * So many equal rounds in a row have to come before states are compared if some operation of
     * theirs may change something; otherwise one that equals the round before it is enough.
     */
    private static final int CHANGING_ROUNDS = 8;

    /** How often that doubles at most, each time that it was in vain. */
    private static final int MOST_DOUBLINGS = 4;

    /** The same where a task yields, which it seldom does but in such loops. */
    private static final int MOST_DOUBLINGS_OF_YIELDS = 1;

    /** How many objects may be read at places not known as loops before any point was passed. */
    private static final long ADVANCE = 1L << 16;

    /** How many points have to be passed for each more. */
    private static final long POINTS_PER_OBJECT = 64L;

    /** After so many executions the reader, which remembers classes and loaders, is made anew. */
    private static final int RENEWAL = 1_000;

    /** A point that a task has come to. */
    private static final class Point {
        int site;
        @Nullable Object object;
        int count;

        /** What the task's operations before the last visit add up to. */
        long past;

        /** What those of the last round add up to. */
        long round;

        /** How many rounds in a row have had the same operations as the one before. */
        int repeats;

        /** How many operations that may change something came before the last visit. */
        int changes;

        /** Whether any came in the last round. */
        boolean isChanging;

        /** Where the task came to it last. */
        int last;

        /** Where the state was kept. */
        int position;

        /** The count at which the state was kept. */
        int kept;

        @Nullable ProgramState state;
    }

    /** One task's points and, if its last round was to no effect, that round. */
    private static final class Track {
        final Point[] points = new Point[POINTS];
        int used;
        int replaced;

        /** What the task's operations so far add up to. */
        long past;

        /** How many of them may have changed something. */
        int changes;

        boolean futile;
        int from;
        int to;
        int checked;
        @Nullable ProgramState view;

        Track() {
            for (int i = 0; i < POINTS; i++) {
                points[i] = new Point();
            }
        }

        @Nullable Point find(Task task) {
            for (int i = 0; i < used; i++) {
                if (points[i].site == task.site() && points[i].object == task.object()) {
                    return points[i];
                }
            }
            return null;
        }
    }

    private final boolean acrossSwitches;
    private final List<Track> tracks = new ArrayList<>();
    private final List<ProgramState> free = new ArrayList<>();
    private @Nullable Execution execution;
    private int executions;
    private int runner = -1;
    private int futile;
    private boolean off;
    private long releasedAt;
    private @Nullable StateReader reader;

    /** How many points were passed, and what was read for them. */
    private long passed;

    private long charged;
    private int reads;

    /** By site: how often comparing states was in vain; -1 where it was not. */
    private int[] failures = new int[256];

    private long known;
    private boolean learnt;

    /**
     * Makes one that knows no loop yet.
     *
     * @param acrossSwitches whether other tasks may have run in a round, too
     */
    SpinLoops(boolean acrossSwitches) {
        this.acrossSwitches = acrossSwitches;
    }

    /** Gets ready for the next execution. */
    void begin() {
        for (Track track : tracks) {
            clear(track);
        }
        runner = -1;
        futile = 0;
        off = false;
        learnt = false;
        if (++executions % RENEWAL == 0) {
            reader = null;
            free.clear();
        }
    }

    /** Whether a place was found in this execution that is known as a loop from now on. */
    boolean hasLearnt() {
        return learnt;
    }

    /** Equal where the same places are known as loops. */
    long known() {
        return known;
    }

    /** How often states were read at places that were not known as loops. */
    int reads() {
        return reads;
    }

    /** Whether a place is known as one in a loop. */
    boolean isLoop(int site) {
        return site != 0 && site < failures.length && failures[site] < 0;
    }

    /** Some draw was made that belongs to no state: rounds begin anew. */
    void interrupt() {
        for (Track track : tracks) {
            clearPoints(track);
        }
    }

    /** No task is held up any more until time passes. */
    void release(Choice choice) {
        releasedAt = choice.execution().virtualNanos();
        for (Track track : tracks) {
            clear(track);
        }
        futile = 0;
        off = true;
    }

    /** Whether some task is held up. */
    boolean any() {
        return futile > 0;
    }

    /** Whether a task's last round was to no effect. */
    boolean isFutile(int task) {
        return task < tracks.size() && tracks.get(task).futile;
    }

    /** Where the last round of such a task begins. */
    int from(int task) {
        return tracks.get(task).from;
    }

    /** Where the last round of such a task has ended. */
    int to(int task) {
        return tracks.get(task).to;
    }

    /** Up to where it is known that nothing that it sees has changed since. */
    int checked(int task) {
        return tracks.get(task).checked;
    }

    void setChecked(int task, int position) {
        tracks.get(task).checked = position;
    }

    /** Whether a task whose last round was to no effect sees something else now. */
    boolean seesChange(Task task) {
        ProgramState view = tracks.get(task.id()).view;
        return view == null || !view.isSavedView(task);
    }

    /**
     * A task has come to a point, or to its end. To be told of each choice.
     *
     * @param position how far the execution has come
     */
    void arrive(Choice choice, int position) {
        Task task = choice.drawer();
        off &= choice.execution().virtualNanos() == releasedAt;
        if (off || !task.isEnabled() || task.id() >= tracks.size()) {
            return;
        }
        Track track = tracks.get(task.id());
        Point point = track.find(task);
        if (point == null
                || point.state == null
                || (failures[task.site()] >= 0 && !mayRepeat(track, point))) {
            return;
        }
        if (!isSaved(choice, point)) {
            return;
        }
        if (!point.state.isSeen()) {
            point.state.interpret(); // and soon another state is kept
            recycle(point);
            point.count = 0;
            point.repeats = 0;
            failures[point.site] = Math.min(failures[point.site], 0);
            return;
        }
        ProgramState view = state(choice);
        if (!view.saveView(task)) {
            free.add(view);
            return;
        }
        int from = point.position;
        for (int i = 0; i < track.used; i++) {
            learn(track.points[i], from);
        }
        clearPoints(track);
        track.futile = true;
        track.from = from;
        track.to = position;
        track.checked = position;
        track.view = view;
        futile++;
    }

    /** Whether a round at a place that is not known as a loop may have been to no effect. */
    private static boolean mayRepeat(Track track, Point point) {
        int rounds = point.count - point.kept + 1;
        return rounds <= MOST_ROUNDS
                && Integer.bitCount(rounds) == 1
                && track.past - point.past == point.round;
    }

    private boolean isSaved(Choice choice, Point point) {
        long before = reader(choice).visited();
        boolean saved = point.state != null && point.state.isSaved();
        charge(choice, point.site, before);
        return saved;
    }

    /** Rounded, as what can be reached differs a little with what was compiled. */
    private void charge(Choice choice, int site, long before) {
        long read = reader(choice).visited() - before;
        if (failures[site] >= 0 && read > 0) {
            charged += Long.highestOneBit(read) * 2L;
            reads++;
        }
    }

    /** If the point is one of a round to no effect, so may others that begin there be. */
    private void learn(Point point, int from) {
        if (point.last >= from && failures[point.site] >= 0) {
            failures[point.site] = -1;
            known += TraceHash.mix(point.site, 1L);
            learnt = true;
        }
    }

    /** This task runs next. */
    void choose(Choice choice, Task task, int position) {
        if (off) {
            return;
        }
        if (runner != task.id() && !acrossSwitches && runner >= 0) {
            clearPoints(track(runner));
        }
        runner = task.id();
        Track track = track(runner);
        resume(track);
        // A loop without operations yields now and then: OperationKind.YIELD without a site.
        boolean isPoint = task.site() != 0 || task.kind() == OperationKind.YIELD;
        if (!isPoint || task.state() != Task.State.RUNNABLE) {
            return;
        }
        passed++;
        Point point = track.find(task);
        if (point == null) {
            point = add(track, task);
        } else {
            long round = track.past - point.past;
            point.repeats = point.count > 1 && round == point.round ? point.repeats + 1 : 0;
            point.round = round;
            point.isChanging = track.changes != point.changes;
        }
        point.past = track.past;
        point.changes = track.changes;
        track.past += TraceHash.mix(task.site(), 1L);
        if (task.kind() != OperationKind.READ && task.kind() != OperationKind.YIELD) {
            track.changes++;
        }
        point.count++;
        point.last = position;
        if (isWorth(task, point)) {
            keep(choice, point, position);
        }
    }

    private void keep(Choice choice, Point point, int position) {
        ProgramState state = point.state == null ? state(choice) : point.state;
        long before = reader(choice).visited();
        boolean seen = state.save();
        charge(choice, point.site, before);
        point.state = seen ? state : null;
        point.position = position;
        point.kept = point.count;
        if (!seen) {
            free.add(state);
        }
        if (failures[point.site] >= 0) {
            failures[point.site]++; // unless it is of use
        }
    }

    /** A task is no longer held up. */
    void resume(int task) {
        resume(tracks.get(task));
    }

    private void resume(Track track) {
        if (track.futile) {
            track.futile = false;
            futile--;
            clear(track);
        }
    }

    private boolean isWorth(Task task, Point point) {
        int site = task.site();
        if (site >= failures.length) {
            failures = Arrays.copyOf(failures, Math.max(site + 1, failures.length * 2));
        }
        int vain = failures[site];
        if (vain < 0) {
            return Integer.bitCount(point.count) == 1 || point.count < 5;
        }
        boolean yields = task.kind() == OperationKind.YIELD;
        int doublings = Math.min(vain, yields ? MOST_DOUBLINGS_OF_YIELDS : MOST_DOUBLINGS);
        int rounds = point.isChanging && !yields ? CHANGING_ROUNDS : 1;
        return Integer.bitCount(point.repeats) == 1
                && point.repeats >= rounds << doublings
                && (vain == 0 || charged < ADVANCE + passed / POINTS_PER_OBJECT);
    }

    private Track track(int task) {
        while (tracks.size() <= task) {
            tracks.add(new Track());
        }
        return tracks.get(task);
    }

    private Point add(Track track, Task task) {
        Point point;
        if (track.used < POINTS) {
            point = track.points[track.used++];
        } else {
            point = track.points[track.replaced];
            track.replaced = (track.replaced + 1) % POINTS;
            recycle(point);
        }
        point.site = task.site();
        point.object = task.object();
        point.count = 0;
        point.round = 0L;
        point.repeats = 0;
        return point;
    }

    private ProgramState state(Choice choice) {
        StateReader current = reader(choice);
        return free.isEmpty() ? new ProgramState(choice.execution(), current) : free.removeLast();
    }

    private StateReader reader(Choice choice) {
        if (choice.execution() != execution || reader == null) {
            execution = choice.execution();
            reader = ProgramState.reader(execution);
            free.clear();
        }
        return reader;
    }

    private void recycle(Point point) {
        if (point.state != null) {
            free.add(point.state);
            point.state = null;
        }
    }

    private void clearPoints(Track track) {
        for (int i = 0; i < track.used; i++) {
            recycle(track.points[i]);
            track.points[i].object = null;
        }
        track.used = 0;
        track.replaced = 0;
    }

    private void clear(Track track) {
        clearPoints(track);
        track.futile = false;
        if (track.view != null) {
            free.add(track.view);
            track.view = null;
        }
    }
}
