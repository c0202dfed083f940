package org.selvage.scheduler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.ArrayShadow;
import org.selvage.hooks.Sites;

/**
 * Data races as the Java memory model has them (JLS 17.4.5): two accesses of one plain variable, at
 * least one a write, that happens-before does not order.
 *
 * <p>A race is told only where it stands before one's eyes: a task is about to access a variable
 * while another one stands right before a conflicting access. Either may come next, with nothing in
 * between, so nothing can order them (Sen, "Race directed random testing of concurrent programs",
 * PLDI 2008). Vector clocks alone would also tell of accesses that the JDK orders in a way that is
 * not seen here; they only say where the points are at which tasks are stopped.
 *
 * <p>Costs nothing until {@link #collect} or {@link #fail} is called.
 */
public final class DataRaces {
    private static final int MOST = 20;

    private final List<Sighting> sightings = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private boolean collecting;
    private boolean failing;

    DataRaces() {}

    /**
     * One of the two accesses.
     *
     * @param task the name of the task
     * @param write whether it writes
     * @param place where, as {@code Class.method:line}
     * @param stack the task's stack, innermost frame first, with the frames of the harness
     */
    public record Access(String task, boolean write, String place, List<StackTraceElement> stack) {
        /** The access in words: who does what where. */
        public String describe() {
            return task + (write ? " writes at " : " reads at ") + place;
        }
    }

    /**
     * A data race that was seen.
     *
     * @param variable the field as {@code Class.field}, or the array
     * @param first the access whose place comes first in the alphabet
     */
    public record Sighting(String variable, Access first, Access second) {
        /** The race that an execution ended with, or null if it ended otherwise. */
        public static @Nullable Sighting of(Verdict verdict) {
            return verdict instanceof Verdict.Failed failed
                            && failed.cause() instanceof DataRaceError error
                    ? error.race()
                    : null;
        }

        /** The access of a task, which stands right before it, or null if it has none. */
        public @Nullable Access of(String task) {
            return first.task().equals(task) ? first : second.task().equals(task) ? second : null;
        }

        /** What is to come, in words. */
        public String aboutTo(Access access) {
            return "about to " + (access.write() ? "write " : "read ") + variable;
        }

        /** One line. */
        public String describe() {
            return "data race on "
                    + variable
                    + ": "
                    + first.describe()
                    + ", "
                    + second.describe()
                    + ", and nothing orders them";
        }
    }

    /** A plain access that a task stands right before. */
    record Pending(@Nullable Object object, int variable, boolean write, int site) {
        boolean conflicts(Pending other) {
            return object == other.object && variable == other.variable && (write || other.write);
        }

        String name() {
            String target = Sites.get(site).target();
            return object instanceof ArrayShadow.Element element
                    ? target.replaceFirst("\\[]$", "") + "[" + element.index() + "]"
                    : target;
        }
    }

    /** What an execution ends with when a data race is a failure. */
    public static final class DataRaceError extends Error {
        private static final long serialVersionUID = 1L;

        private final transient Sighting race;

        DataRaceError(Sighting race) {
            super(race.describe());
            this.race = race;
            setStackTrace(race.first().stack().toArray(StackTraceElement[]::new));
        }

        /** The two accesses; neither has taken effect. */
        public Sighting race() {
            return race;
        }
    }

    /** From now on races are noted, once for each pair of places; executions go on. */
    public void collect() {
        collecting = true;
    }

    /** From now on a race ends its execution with {@link Verdict.Failed}. */
    public void fail() {
        failing = true;
    }

    boolean isWatching() {
        return collecting || failing;
    }

    boolean isFailing() {
        return failing;
    }

    /** What was noted, in the order in which it was seen. */
    public List<Sighting> sightings() {
        return List.copyOf(sightings);
    }

    /** The running task is about to make an access. REQUIRES: {@link #isWatching}. */
    void meet(Execution execution, Task task, Pending access) {
        for (int id = 0; id < execution.taskCount(); id++) {
            Task other = execution.task(id);
            Pending met = other.pending;
            if (met != null && other != task && met.conflicts(access)) {
                meet(execution, task, access, other, met);
            }
        }
    }

    private void meet(Execution execution, Task task, Pending access, Task other, Pending met) {
        String here = Sites.get(access.site()).place();
        String there = Sites.get(met.site()).place();
        String key =
                access.name() + " " + (here.compareTo(there) < 0 ? here + there : there + here);
        if (!failing && (sightings.size() >= MOST || !known.add(key))) {
            return;
        }
        Access one = new Access(task.name, access.write(), here, execution.stackOf(task));
        Access two = new Access(other.name, met.write(), there, execution.stackOf(other));
        boolean inOrder = here.compareTo(there) < 0 || (here.equals(there) && access.write());
        Sighting race = new Sighting(access.name(), inOrder ? one : two, inOrder ? two : one);
        if (failing) {
            execution.abandon(new Verdict.Failed(race.first().task(), new DataRaceError(race)));
        } else {
            sightings.add(race);
        }
    }
}
