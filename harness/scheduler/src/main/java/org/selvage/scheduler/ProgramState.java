package org.selvage.scheduler;

import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.selvage.hooks.Fiber;
import org.selvage.hooks.StateReader;

/**
 * The state of an execution between two steps, kept to be compared with a later one: equal states
 * go on alike. What the scheduler knows comes first, as it is cheap to compare; then all that the
 * tasks reach, by {@link StateReader}.
 *
 * <p>Either the whole state, or what one task can see of it: its frames, the statics, what these
 * reach, and what the other tasks are doing.
 */
@SuppressWarnings("EnumOrdinal") // compared within one run of the JVM
public final class ProgramState {
    private final Execution execution;
    private final StateReader reader;
    private final StateReader.Sequence sequence = new StateReader.Sequence();
    private long[] saved = new long[0];

    /** The tasks of which not all could be seen when the whole was kept. */
    private final BitSet savedBlind = new BitSet();

    /** How often each task had been resumed by then, and which one was running. */
    private int[] resumed = new int[0];

    private int running;

    /** The classes in whose frames not all was seen, of tasks that have run since. */
    private final Set<Class<?>> blind = new LinkedHashSet<>();

    /**
     * Makes one that holds no state yet.
     *
     * @param reader of {@link #reader}; all states of a search may have the same
     */
    public ProgramState(Execution execution, StateReader reader) {
        this.execution = execution;
        this.reader = reader;
    }

    /** What reads the states of executions on a carrier; it remembers the classes. */
    public static StateReader reader(Execution execution) {
        return new StateReader(execution.carrier(), new Tasks(execution));
    }

    /**
     * Keeps the whole state; false if it cannot be seen, and then none equals it. Of what tasks
     * know that do not run until it is compared, all that nobody else can reach need not be seen.
     */
    public boolean save() {
        long[] outline = outline();
        boolean seen = Fiber.isReadable() && read(true);
        saved = seen ? outline : new long[0];
        return seen;
    }

    /** Whether the whole state is the one that was kept, as far as {@link #isSeen} it is seen. */
    public boolean isSaved() {
        return matchesOutline() && read(false);
    }

    /** Whether it may be, as far as the scheduler alone can tell. */
    boolean matchesOutline() {
        return Arrays.equals(outline(), saved);
    }

    /** Whether it is as far as it can be seen, if the scheduler alone sees no difference. */
    boolean matchesContents() {
        return read(false);
    }

    /**
     * Whether the states that were kept and compared last hold all that the tasks know that have
     * run in between.
     */
    public boolean isSeen() {
        return blind.isEmpty() && savedBlind.stream().noneMatch(i -> hasRun(execution.task(i)));
    }

    /** Has the classes interpreted in whose frames not all was seen; false if there are none. */
    public boolean interpret() {
        if (blind.isEmpty()) {
            return false;
        }
        reader.interpret(blind);
        return true;
    }

    private boolean hasRun(Task task) {
        return task.id == running
                || task.id >= resumed.length
                || task.resumed != resumed[task.id]
                || isRunning(task);
    }

    private static boolean isRunning(Task task) {
        return task.thread == Thread.currentThread();
    }

    /** Keeps what a task can see; false if that cannot be read. */
    public boolean saveView(Task task) {
        long[] outline = viewOutline(task);
        boolean seen = Fiber.isReadable() && readView(task, true);
        saved = seen ? outline : new long[0];
        return seen;
    }

    /** Whether a task sees what was kept. */
    public boolean isSavedView(Task task) {
        return Arrays.equals(viewOutline(task), saved) && readView(task, false);
    }

    /** What the scheduler knows of the tasks. */
    private long[] outline() {
        int count = execution.taskCount();
        long[] outline = new long[count * 6 + 1];
        outline[0] = execution.clock().reads();
        for (int i = 0; i < count; i++) {
            describe(execution.task(i), outline, i * 6 + 1);
        }
        return outline;
    }

    private long[] viewOutline(Task task) {
        int count = execution.taskCount();
        long[] outline = new long[count + 8];
        outline[0] = execution.clock().reads();
        outline[1] = execution.clock().now();
        describe(task, outline, 2);
        for (int i = 0; i < count; i++) {
            outline[i + 8] = execution.task(i).state.ordinal();
        }
        return outline;
    }

    private void describe(Task task, long[] outline, int at) {
        outline[at] = task.state.ordinal();
        outline[at + 5] = task.kind.ordinal();
        outline[at + 1] = task.site;
        outline[at + 2] = task.isTimed() ? task.deadline - execution.clock().now() : Task.NEVER;
        outline[at + 3] = flags(task);
        outline[at + 4] = task.joined == null ? -1 : task.joined.id;
    }

    private static long flags(Task task) {
        return (task.enabled ? 1 : 0)
                | (task.permit ? 2 : 0)
                | (task.notified ? 4 : 0)
                | (task.interruptible ? 8 : 0)
                | (task.patient ? 16 : 0)
                | (long) task.classInitializers << 8;
    }

    private boolean read(boolean save) {
        int count = execution.taskCount();
        blind.clear();
        if (save) {
            savedBlind.clear();
            running = -1;
            resumed = resumed.length < count ? new int[count * 2] : resumed;
            Arrays.fill(resumed, 0);
        }
        reader.begin(sequence, save);
        execution.shutdownHooks().forEach(reader::object);
        reader.put(execution.shutdownHooks().size());
        for (int i = 0; i < count; i++) {
            Task task = execution.task(i);
            Set<Class<?>> compiled = put(task);
            if (save) {
                savedBlind.set(i, !compiled.isEmpty());
                resumed[i] = task.resumed;
                running = isRunning(task) ? i : running;
            } else if (hasRun(task)) {
                blind.addAll(compiled);
            }
        }
        return end();
    }

    private boolean readView(Task task, boolean save) {
        reader.begin(sequence, save);
        boolean seen = put(task).isEmpty();
        return end() && seen;
    }

    private boolean end() {
        boolean same = reader.end();
        return same && reader.unseen().isEmpty();
    }

    /** Returns the classes in whose frames not all of the task could be seen. */
    private Set<Class<?>> put(Task task) {
        reader.object(task.thread);
        if (task.state == Task.State.FINISHED) {
            return Set.of();
        }
        reader.object(task.mutex == null ? null : task.mutex.object);
        reader.object(task.approached == null ? null : task.approached.object);
        return isRunning(task) ? reader.mounted() : reader.fiber(task.fiber);
    }

    /** What the scheduler knows of the program's objects. */
    private record Tasks(Execution execution) implements StateReader.Model {
        @Override
        public boolean isTask(Thread thread) {
            return execution.taskOf(thread) != null;
        }

        @Override
        public void describe(Object object, StateReader state) {
            Mutex mutex = execution.mutexes().find(object);
            if (mutex == null
                    || (mutex.owner == null
                            && mutex.contenders.isEmpty()
                            && mutex.waiters.isEmpty())) {
                state.put(0L);
                return;
            }
            state.put(1L);
            state.put(mutex.owner == null ? -1 : mutex.owner.id);
            state.put(mutex.holds);
            state.put(mutex.nativeHolds);
            tasks(mutex.contenders, state);
            tasks(mutex.waiters, state);
        }

        private static void tasks(List<Task> tasks, StateReader state) {
            state.put(tasks.size());
            for (Task task : tasks) {
                state.put(task.id);
            }
        }
    }
}
