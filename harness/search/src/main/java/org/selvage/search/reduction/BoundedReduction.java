package org.selvage.search.reduction;

import java.util.concurrent.atomic.AtomicInteger;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;

/**
 * What a search with a bound on preemptions need not try, so that it still sees every trace that
 * some schedule within the bound has.
 *
 * <ul>
 *   <li>What follows a state that was seen with as many preemptions left: the happens-before cache
 *       of Musuvathi and Qadeer (PLDI 2007). A state is a trace and who could go on without a
 *       preemption.
 *   <li>A preemption where no race begins: {@link RacingPoints}.
 * </ul>
 */
public final class BoundedReduction {
    /** What the parts of one search have found together. */
    public static final class Shared {
        private static final int STRIPES = 16;

        private final RacingPoints.Shared points = new RacingPoints.Shared();
        private final SeenStates[] seen = new SeenStates[STRIPES];
        private final AtomicInteger generation = new AtomicInteger(-1);
        private volatile long prunedLevels;

        /** Nothing is known yet. */
        public Shared() {
            for (int i = 0; i < STRIPES; i++) {
                seen[i] = new SeenStates();
            }
        }

        /** A number that grows whenever what was searched before has to be searched again. */
        public int version() {
            return points.version();
        }

        /** States that were seen with less knowledge than there is now are of no use any more. */
        public void begin(int version) {
            int before = generation.getAndAccumulate(version, Math::max);
            if (before < version) {
                for (SeenStates stripe : seen) {
                    stripe.clear();
                }
            }
        }

        /** Some part had to leave out what costs more than this level. */
        public synchronized void prune(int level) {
            prunedLevels |= 1L << Math.min(level, Long.SIZE - 1);
        }

        /** Whether some part had to leave out what costs more than this level. */
        public boolean isPruned(int level) {
            return (prunedLevels & 1L << Math.min(level, Long.SIZE - 1)) != 0L;
        }

        /** Equal for searches that have found the same points. */
        public long fingerprint() {
            return points.fingerprint();
        }

        private SeenStates stripe(long state) {
            return seen[(int) (state >>> 60) & STRIPES - 1];
        }
    }

    private final Shared shared;
    private final RacingPoints points;
    private final TraceHash trace = new TraceHash(this);
    private int last;

    /** Makes the reduction of one part. */
    public BoundedReduction(Shared shared) {
        this.shared = shared;
        this.points = new RacingPoints(shared.points);
    }

    /** What must see the operations; {@link TraceHash#begin} begins an execution. */
    public TraceHash trace() {
        return trace;
    }

    void begin() {
        points.begin();
    }

    void operation(Task task, int name) {
        last = name;
        points.operation(task, name, trace.identity(name));
    }

    void access(Execution execution, int number, int name, int access) {
        points.access(execution, number, name, access);
    }

    void joined(int task, int ended) {
        points.joined(task, ended);
    }

    void enables(int by, int task) {
        points.enables(by, task);
    }

    void alone(int task) {
        points.alone(task);
    }

    /** Whether the drawer, which could go on, need be preempted. */
    public boolean mayPreempt(Choice choice) {
        Task task = choice.drawer();
        int name = trace.name(task);
        points.point(name);
        return points.isRacing(trace.identity(name), task.site());
    }

    /**
     * Whether all that can follow was or will be tried from an equal state.
     *
     * @param key of what else the states must have in common
     * @param budget how many more preemptions there may be
     */
    public boolean isSeen(Choice choice, long key, int budget) {
        boolean goesOn = choice.isPreemption() && !choice.isYield();
        long state = TraceHash.mix(trace.value(), key);
        if (goesOn) {
            state = TraceHash.mix(state, trace.identity(trace.name(choice.drawer())));
        }
        return !shared.stripe(state).add(state, budget);
    }

    /** The execution has ended by itself. */
    public void end(Execution execution, Verdict verdict) {
        for (int i = 0; i < execution.taskCount(); i++) {
            Task task = execution.task(i);
            if (task.state() == Task.State.BLOCKED && task.object() != null) {
                points.blocked(trace.name(task), trace.variable(task));
            }
        }
        // Whoever ends an execution keeps the others from all that they could still do.
        for (int i = 0; i < execution.taskCount(); i++) {
            Task task = execution.task(i);
            if (verdict instanceof Verdict.Deadlock || trace.name(task) == last) {
                points.conflictsWithAll(task, trace.name(task));
            }
        }
    }
}
