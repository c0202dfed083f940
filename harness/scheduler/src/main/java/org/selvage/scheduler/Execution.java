package org.selvage.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.Carrier;
import org.selvage.hooks.Controller;
import org.selvage.hooks.Fiber;
import org.selvage.hooks.OperationKind;
import org.selvage.hooks.Sites;

/**
 * Runs a program once, one task at a time, on one carrier.
 *
 * <h2>How a decision is made</h2>
 *
 * Before each visible operation the running task stands in {@link #point}. If another task could
 * run as well, the choice source decides there, on the task's own stack; choosing the same task
 * again costs no switch. A task that blocks leaves the run queue and decides who follows. Only then
 * does it suspend its fiber, and the carrier's loop mounts the next one.
 *
 * <h2>Where there is a point, and where not</h2>
 *
 * A point stands before an operation that another task's operation may conflict with. Releasing a
 * mutex has none: whoever could run in between could as well run after it, except where some task
 * looks at the lock without taking it ({@link Mutex#observed}). Starting a task, ending one and
 * waking one have none either: they only add to what can run at the next point.
 *
 * <h2>Time</h2>
 *
 * The clock is virtual. It moves to the next deadlines when no task can run, and by a tick when it
 * is read, so that a loop that waits for a moment comes to an end.
 *
 * <p>An object may run any number of executions, one after the other. It is confined to its
 * carrier.
 */
public final class Execution extends Controller {
    /** Where the virtual clock starts, in milliseconds since 1970: 1 January 2026. */
    public static final long EPOCH_MILLIS = 1_767_225_600_000L;

    private static final long CLOCK_READ_NANOS = 100L;

    /**
     * Deadlines closer together than this fire together, at the latest of them: no clock is finer
     * than the latency of a real wake-up, and which of the tasks runs first is worth exploring.
     */
    private static final long TIMER_SLACK_NANOS = 1_000_000L;

    /**
     * After this many operations in a row that change nothing, or that may change something, the
     * next deadline passes although a task can run: it polls for what a sleeping task will do, and
     * polling takes time.
     */
    private static final long IDLE_STEPS = 1_000L;

    private static final long BUSY_STEPS = 10_000L;

    private static final VarHandle STEPS = stepsHandle();

    private final Carrier carrier;
    private final long maxSteps;
    private final Choice choice = new Choice(this);
    private final Tape tape = new Tape();
    private final RunQueue runQueue = new RunQueue();
    private final MutexTable mutexes = new MutexTable();

    private @Nullable Task[] tasks = new @Nullable Task[8];
    private int taskCount;
    private int liveUserTasks;
    private int timedTasks;
    private @Nullable Task running;
    private @Nullable Task next;
    private @Nullable Verdict verdict;
    private long clockNanos;
    private long steps;
    private int switches;

    /** How many tasks are in {@link Object#wait()}. */
    private int monitorWaiters;

    /**
     * The step of the last operation that may have changed something, and of the last move of the
     * clock.
     */
    private long lastChange;

    private long lastWakeUp;

    private ChoiceSource choices = ChoiceSource.DEFAULT;
    private boolean everyPoint;
    private @Nullable OperationListener listener;
    private ArrayList<Task> notifiable = new ArrayList<>(0);

    /**
     * Makes an execution that can be run on a carrier.
     *
     * @param carrier the thread that will call {@link #run}
     * @param maxSteps after how many operations an execution is cut off, at least 1
     */
    public Execution(Carrier carrier, long maxSteps) {
        if (maxSteps < 1) {
            throw new IllegalArgumentException("maxSteps=" + maxSteps);
        }
        this.carrier = carrier;
        this.maxSteps = maxSteps;
    }

    private static VarHandle stepsHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Execution.class, "steps", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // ---- running

    /**
     * Runs a program to its end. Tasks that are still alive then are abandoned where they stand.
     *
     * @param program what the first task runs; an exception that it throws is a failure
     * @param source decides the draws
     * @param observer sees each operation, or null
     */
    public Verdict run(
            ThrowingRunnable program, ChoiceSource source, @Nullable OperationListener observer) {
        reset();
        choices = source;
        everyPoint = source.everyPoint();
        listener = observer;
        carrier.control(this);
        try {
            Thread main = new Thread(null, null, "main");
            main.setDaemon(false); // not as the carrier is: the program's threads inherit it
            next = add(main, "main", program);
            loop();
        } finally {
            carrier.control(null);
            running = null;
        }
        Verdict result = verdict;
        return result == null ? new Verdict.Passed() : result;
    }

    /** What the first task runs. */
    @FunctionalInterface
    public interface ThrowingRunnable {
        /** Runs the program. */
        void run() throws Throwable;
    }

    private void reset() {
        Arrays.fill(tasks, 0, taskCount, null);
        taskCount = 0;
        liveUserTasks = 0;
        timedTasks = 0;
        runQueue.clear();
        mutexes.clear();
        tape.clear();
        verdict = null;
        clockNanos = 0L;
        steps = 0L;
        switches = 0;
        monitorWaiters = 0;
        lastChange = 0L;
        lastWakeUp = 0L;
    }

    private void loop() {
        Task task = next;
        while (task != null) {
            running = task;
            next = null;
            task.fiber.run(carrier);
            task = next;
        }
    }

    private Task add(Thread thread, String name, ThrowingRunnable body) {
        int id = taskCount++;
        if (id == tasks.length) {
            tasks = Arrays.copyOf(tasks, id * 2);
        }
        Task[] self = new Task[1];
        boolean daemon = id > 0 && thread.isDaemon();
        Task task = new Task(id, thread, name, daemon, () -> runTask(self[0], body));
        self[0] = task;
        tasks[id] = task;
        if (!daemon) {
            liveUserTasks++;
        }
        enable(task);
        return task;
    }

    private void runTask(Task task, ThrowingRunnable body) {
        Throwable thrown = null;
        if (listener != null) {
            listener.operation(this, task);
        }
        carrier.setLive(true);
        try {
            body.run();
        } catch (Throwable e) {
            thrown = uncaught(task, e);
        }
        carrier.setLive(false);
        if (verdict != null) {
            return;
        }
        announce(task, OperationKind.END, null, 0);
        task.state = Task.State.FINISHED;
        disable(task);
        if (listener != null) {
            listener.operation(this, task);
        }
        if (thrown != null) {
            end(new Verdict.Failed(task.name, thrown));
            return;
        }
        for (Task joiner : task.joiners) {
            wake(task, joiner);
        }
        if (monitorWaiters > 0) {
            notifyAllOn(task);
        }
        if (!task.daemon && --liveUserTasks == 0) {
            next = null;
            return;
        }
        next = pickAfterBlocking(task);
    }

    /**
     * Gives the exception to the program's own handler if it has one; returns it if it has none.
     */
    private static @Nullable Throwable uncaught(Task task, Throwable thrown) {
        Thread.UncaughtExceptionHandler handler = task.thread.getUncaughtExceptionHandler();
        if (handler == task.thread.getThreadGroup()) {
            handler = Thread.getDefaultUncaughtExceptionHandler();
        }
        if (task.id == 0 || handler == null || thrown instanceof AssertionError) {
            return thrown;
        }
        try {
            handler.uncaughtException(task.thread, thrown);
            return null;
        } catch (RuntimeException | Error e) {
            return e;
        }
    }

    private void end(Verdict result) {
        if (verdict == null) {
            verdict = result;
        }
        next = null;
    }

    /** Ends the execution from inside a task, whose fiber is then abandoned. */
    private void abandon(Verdict result) {
        end(result);
        carrier.setLive(false);
        if (!Fiber.suspend()) {
            throw new AbandonedExecution();
        }
    }

    /** Unwinds a task that cannot be abandoned because it is pinned. */
    private static final class AbandonedExecution extends Error {
        private static final long serialVersionUID = 1L;

        AbandonedExecution() {
            super("the execution has ended", null, false, false);
        }
    }

    // ---- the run queue

    private void enable(Task task) {
        if (!task.enabled) {
            task.enabled = true;
            runQueue.add(task.id);
        }
    }

    private void disable(Task task) {
        if (task.enabled) {
            task.enabled = false;
            runQueue.remove(task.id);
        }
    }

    private Task self() {
        Task task = running;
        if (task == null) {
            throw new IllegalStateException("no task is running");
        }
        return task;
    }

    private void announce(Task task, OperationKind kind, @Nullable Object object, int site) {
        task.kind = kind;
        task.object = object;
        task.site = site;
        task.operations++;
        task.draws = 0;
        STEPS.setOpaque(this, steps + 1);
        if (steps > maxSteps && kind != OperationKind.END) {
            abandon(new Verdict.StepLimit(steps - 1));
        }
        if (kind != OperationKind.READ && kind != OperationKind.YIELD) {
            lastChange = steps;
        } else if (steps - lastChange > IDLE_STEPS) {
            passTime();
        }
        if (steps - lastWakeUp > BUSY_STEPS) {
            passTime();
        }
    }

    private void passTime() {
        lastChange = steps;
        lastWakeUp = steps;
        advanceClock();
    }

    /** The running task has announced an operation; whoever is chosen runs now. */
    private void point(Task task) {
        if ((runQueue.count() > 1 || everyPoint) && task.classInitializers == 0) {
            int pick = draw(Choice.Kind.TASK, runQueue.count(), task.id);
            if (pick != 0) {
                switchTo(task, taskAt(runQueue.select(pick - 1, task.id)), true);
            }
        }
    }

    private void effect(Task task) {
        if (listener != null) {
            listener.operation(this, task);
        }
    }

    private int draw(Choice.Kind kind, int count, int first) {
        Task task = self();
        choice.kind = kind;
        choice.count = count;
        choice.first = first;
        int pick;
        try {
            pick = choices.choose(choice);
        } catch (RuntimeException e) {
            abandon(new Verdict.Broken(e));
            throw e;
        }
        if (verdict != null) {
            abandon(verdict);
        }
        if (kind != Choice.Kind.TASK && listener != null) {
            listener.drawn(this, task, pick);
        }
        if (pick != 0) {
            int picked =
                    switch (kind) {
                        case TASK -> runQueue.select(pick - 1, first);
                        case NOTIFY -> waiter(pick).id;
                        case VALUE -> pick;
                    };
            tape.add(task.id, task.operations, task.draws, kind, picked);
        }
        task.draws++;
        return pick;
    }

    private void switchTo(Task from, Task to, boolean optional) {
        next = to;
        if (Fiber.suspend()) {
            switches++;
            return;
        }
        next = null;
        if (!optional) {
            end(new Verdict.Pinned(from.name, ownStack()));
            throw new AbandonedExecution();
        }
    }

    private static List<StackTraceElement> ownStack() {
        return List.of(new Throwable().getStackTrace());
    }

    /**
     * The running task has left the run queue. Returns once somebody has put it back and it was
     * chosen.
     */
    private void block(Task task, Task.State state, long deadline) {
        task.state = state;
        task.deadline = deadline;
        task.timedOut = false;
        if (deadline != Task.NEVER) {
            timedTasks++;
        }
        disable(task);
        Task chosen = pickAfterBlocking(task);
        if (chosen == null) {
            abandon(deadlock());
        } else if (chosen != task) {
            switchTo(task, chosen, false);
        }
        task.state = Task.State.RUNNABLE;
    }

    private @Nullable Task pickAfterBlocking(Task task) {
        while (runQueue.count() == 0) {
            if (!advanceClock()) {
                if (task.state == Task.State.FINISHED) {
                    end(deadlock());
                }
                return null;
            }
        }
        int first = runQueue.after(task.id);
        if ((runQueue.count() == 1 && !everyPoint) || task.classInitializers > 0) {
            return taskAt(first);
        }
        int pick = draw(Choice.Kind.TASK, runQueue.count(), first);
        return taskAt(pick == 0 ? first : runQueue.select(pick - 1, first));
    }

    private boolean advanceClock() {
        if (timedTasks == 0) {
            return false;
        }
        lastWakeUp = steps;
        long earliest = Task.NEVER;
        for (int i = 0; i < taskCount; i++) {
            earliest = Math.min(earliest, taskAt(i).deadline);
        }
        long latest = earliest;
        for (int i = 0; i < taskCount; i++) {
            long deadline = taskAt(i).deadline;
            if (deadline - earliest < TIMER_SLACK_NANOS) {
                latest = Math.max(latest, deadline);
            }
        }
        clockNanos = Math.max(clockNanos, latest);
        for (int i = 0; i < taskCount; i++) {
            Task task = taskAt(i);
            if (task.deadline <= clockNanos) {
                wake(task);
                task.timedOut = true;
                if (listener != null) {
                    listener.timedOut(this, task);
                }
            }
        }
        return true;
    }

    private void wake(Task by, Task task) {
        if (listener != null) {
            listener.woken(this, by, task);
        }
        wake(task);
    }

    /** Ends the wait of a task, whatever it waits for. */
    private void wake(Task task) {
        if (task.deadline != Task.NEVER) {
            task.deadline = Task.NEVER;
            timedTasks--;
        }
        Mutex mutex = task.mutex;
        if (task.state == Task.State.WAITING && mutex != null) {
            mutex.waiters.remove(task);
            monitorWaiters--;
            contend(task, mutex);
        } else {
            enable(task);
        }
    }

    // ---- mutexes

    private void contend(Task task, Mutex mutex) {
        task.kind = OperationKind.MONITOR_ENTER;
        task.object = mutex.object;
        task.state = Task.State.BLOCKED;
        mutex.contenders.add(task);
        if (mutex.owner == null) {
            enable(task);
        } else {
            disable(task);
        }
    }

    private void take(Task task, Mutex mutex) {
        mutex.owner = task;
        mutex.holds = 1;
        ArrayList<Task> contenders = mutex.contenders;
        for (int i = 0; i < contenders.size(); i++) {
            Task contender = contenders.get(i);
            contender.state = Task.State.BLOCKED;
            disable(contender);
        }
    }

    private void release(Mutex mutex) {
        mutex.owner = null;
        mutex.holds = 0;
        ArrayList<Task> contenders = mutex.contenders;
        for (int i = 0; i < contenders.size(); i++) {
            enable(contenders.get(i));
        }
    }

    /**
     * Returns when the mutex is free for the running task, which has announced that it wants it.
     */
    private void awaitFree(Task task, Mutex mutex, boolean point) {
        task.mutex = mutex;
        if (mutex.owner != null) {
            mutex.contenders.add(task);
            task.state = Task.State.BLOCKED;
            if (closesCycle(task)) {
                abandon(deadlock());
            }
            block(task, Task.State.BLOCKED, Task.NEVER);
            mutex.contenders.remove(task);
        } else if (point && (runQueue.count() > 1 || everyPoint)) {
            mutex.contenders.add(task);
            point(task);
            mutex.contenders.remove(task);
            task.state = Task.State.RUNNABLE;
        }
        task.mutex = null;
    }

    /**
     * Whether the running task waits for itself over a chain of owners that wait, too. None of them
     * can ever run again, whatever the other tasks do.
     */
    private static boolean closesCycle(Task task) {
        boolean mustEnd = false;
        Task next = task;
        do {
            Mutex wanted = next.mutex;
            if (next.state != Task.State.BLOCKED || next.interruptible || wanted == null) {
                return false;
            }
            mustEnd |= !next.daemon;
            next = wanted.owner;
        } while (next != null && next != task);
        return next == task && mustEnd;
    }

    @Override
    public void monitorEnter(Object object, int site, boolean point) {
        Task task = self();
        Mutex mutex = mutexes.of(object);
        if (mutex.owner == task) {
            mutex.holds++;
            return;
        }
        mutex.silent = !point;
        if (mutex.silent && mutex.owner == null) {
            take(task, mutex);
            return;
        }
        announce(task, OperationKind.MONITOR_ENTER, object, site);
        awaitFree(task, mutex, point);
        take(task, mutex);
        effect(task);
    }

    @Override
    public void monitorExit(Object object) {
        Task task = self();
        Mutex mutex = mutexes.of(object);
        if (mutex.owner != task) {
            return; // the enter was abandoned by an unwinding task
        }
        if (--mutex.holds == 0) {
            release(mutex);
            if (!mutex.silent) {
                announce(task, OperationKind.MONITOR_EXIT, object, 0);
                effect(task);
            }
        }
    }

    @Override
    public boolean holdsMonitor(Object object) {
        Mutex mutex = mutexes.find(object);
        return mutex != null && mutex.owner == self();
    }

    @Override
    public void monitorWait(Object object, long nanos, int site) throws InterruptedException {
        Task task = self();
        Mutex mutex = owned(object, task);
        if (task.thread.isInterrupted()) {
            Thread.interrupted();
            throw new InterruptedException();
        }
        announce(task, OperationKind.WAIT, object, site);
        effect(task);
        int holds = mutex.holds;
        release(mutex);
        task.mutex = mutex;
        task.notified = false;
        mutex.waiters.add(task);
        monitorWaiters++;
        block(task, Task.State.WAITING, deadline(nanos == 0 ? -1 : nanos));
        mutex.contenders.remove(task);
        task.mutex = null;
        announce(task, OperationKind.MONITOR_ENTER, object, site);
        take(task, mutex);
        mutex.holds = holds;
        effect(task);
        if (!task.notified && task.thread.isInterrupted()) {
            Thread.interrupted();
            throw new InterruptedException();
        }
    }

    @Override
    public void monitorNotify(Object object, boolean all, int site) {
        Task task = self();
        Mutex mutex = owned(object, task);
        announce(task, all ? OperationKind.NOTIFY_ALL : OperationKind.NOTIFY, object, site);
        effect(task);
        if (mutex.waiters.isEmpty()) {
            return;
        }
        if (all) {
            signalAll(task, mutex);
            return;
        }
        int pick = 0;
        if (mutex.waiters.size() > 1) {
            notifiable = mutex.waiters;
            pick = draw(Choice.Kind.NOTIFY, mutex.waiters.size(), 0);
        }
        signal(task, mutex.waiters.get(pick));
    }

    private void signalAll(Task by, Mutex mutex) {
        while (!mutex.waiters.isEmpty()) {
            signal(by, mutex.waiters.getFirst());
        }
    }

    /** The JVM notifies those who wait on a thread object when the thread ends. */
    private void notifyAllOn(Task ended) {
        Mutex mutex = mutexes.find(ended.thread);
        if (mutex != null) {
            signalAll(ended, mutex);
        }
    }

    private void signal(Task by, Task waiter) {
        waiter.notified = true;
        wake(by, waiter);
    }

    private Mutex owned(Object object, Task task) {
        Mutex mutex = mutexes.of(object);
        if (mutex.owner != task) {
            throw new IllegalMonitorStateException("current thread is not owner");
        }
        return mutex;
    }

    @Override
    public void lock(Object synchronizer, boolean interruptible, int site) {
        Task task = self();
        Mutex mutex = mutexes.of(synchronizer);
        if (mutex.owner == task) {
            return;
        }
        announce(task, OperationKind.LOCK, synchronizer, site);
        if (mutex.isFair()) {
            // Who comes first is served first: the lock's own queue knows the order, and parks the
            // task.
            if (site != 0) {
                point(task);
            }
        } else if (!interruptible || !task.thread.isInterrupted()) {
            task.interruptible = interruptible;
            awaitFree(task, mutex, site != 0);
            task.interruptible = false;
        }
        effect(task);
    }

    @Override
    public void ownerChanged(Object synchronizer, @Nullable Thread owner) {
        Mutex mutex = mutexes.of(synchronizer);
        Task task = self();
        if (listener != null) {
            listener.ownerChanged(this, task, synchronizer, owner != null);
        }
        if (owner == null) {
            release(mutex);
        } else if (owner == task.thread) {
            take(task, mutex);
        }
    }

    @Override
    public int queued(Object synchronizer, @Nullable Thread thread) {
        Mutex mutex = mutexes.find(synchronizer);
        int queued = 0;
        if (mutex != null && mutex.owner != null) {
            for (Task contender : mutex.contenders) {
                if (thread == null || contender.thread == thread) {
                    queued++;
                }
            }
        }
        return queued;
    }

    // ---- parking, time, threads

    @Override
    public void park(@Nullable Object blocker, long nanos, int site) {
        Task task = self();
        announce(
                task,
                OperationKind.PARK,
                blocker == null ? LockSupport.getBlocker(task.thread) : blocker,
                site);
        if (site != 0) {
            point(task);
        }
        effect(task);
        if (task.permit) {
            task.permit = false;
            return;
        }
        if (nanos != 0 && !task.thread.isInterrupted()) {
            block(task, Task.State.PARKED, deadline(nanos));
            task.permit = false;
        }
    }

    @Override
    public @Nullable Object blocker(Thread thread) {
        Task task = taskOf(thread);
        return task != null && task.state == Task.State.PARKED ? task.object : null;
    }

    @Override
    public boolean unpark(Thread thread, int site) {
        Task task = self();
        announce(task, OperationKind.UNPARK, thread, site);
        if (site != 0) {
            point(task);
        }
        effect(task);
        Task target = taskOf(thread);
        if (target == null) {
            return thread.getState() == Thread.State.NEW;
        }
        if (target.state == Task.State.PARKED && !target.enabled) {
            wake(task, target);
        } else {
            target.permit = true;
        }
        return true;
    }

    @Override
    @SuppressWarnings("DoNotCall") // the task is the thread, and runs what the thread would run
    public void start(Thread thread, int site) {
        Task task = self();
        if (taskOf(thread) != null) {
            throw new IllegalThreadStateException();
        }
        announce(task, OperationKind.START, thread, site);
        effect(task);
        String name = thread.getName();
        if (name.isEmpty() || isGenerated(name)) {
            name = "thread-" + taskCount;
        }
        add(thread, name, thread::run);
    }

    private static boolean isGenerated(String name) {
        return name.startsWith("Thread-") && name.length() > 7 && Character.isDigit(name.charAt(7));
    }

    @Override
    public boolean join(Thread thread, long nanos, int site) throws InterruptedException {
        Task task = self();
        Task target = taskOf(thread);
        if (target == null) {
            return false;
        }
        announce(task, OperationKind.JOIN, thread, site);
        throwIfInterrupted(task);
        if (target.state != Task.State.FINISHED && nanos != 0) {
            task.joined = target;
            target.joiners.add(task);
            block(task, Task.State.JOINING, deadline(nanos));
            target.joiners.remove(task);
            task.joined = null;
            throwIfInterrupted(task);
        } else if (nanos != 0) {
            point(task);
        }
        effect(task);
        return true;
    }

    @Override
    public void sleep(long nanos, int site) throws InterruptedException {
        Task task = self();
        announce(task, OperationKind.SLEEP, null, site);
        throwIfInterrupted(task);
        effect(task);
        block(task, Task.State.SLEEPING, deadline(nanos));
        throwIfInterrupted(task);
    }

    private static void throwIfInterrupted(Task task) throws InterruptedException {
        if (task.thread.isInterrupted()) {
            Thread.interrupted();
            throw new InterruptedException();
        }
    }

    @Override
    public void yieldNow(int site) {
        Task task = self();
        announce(task, OperationKind.YIELD, null, site);
        effect(task);
        if (task.classInitializers > 0) {
            return;
        }
        if (runQueue.count() == 1 && !advanceClock() && !everyPoint) {
            return;
        }
        int first = runQueue.after(task.id);
        int pick =
                runQueue.count() == 1 && !everyPoint
                        ? 0
                        : draw(Choice.Kind.TASK, runQueue.count(), first);
        int chosen = pick == 0 ? first : runQueue.select(pick - 1, first);
        if (chosen != task.id) {
            switchTo(task, taskAt(chosen), true);
        }
    }

    @Override
    public void beforeInterrupt(Thread thread, int site) {
        operation(OperationKind.INTERRUPT, thread, site);
    }

    @Override
    public void afterInterrupt(Thread thread) {
        Task target = taskOf(thread);
        if (target == null || target.enabled) {
            return;
        }
        switch (target.state) {
            case WAITING, PARKED, SLEEPING, JOINING -> wake(self(), target);
            case BLOCKED -> {
                Mutex mutex = target.mutex;
                if (target.interruptible && mutex != null) {
                    mutex.contenders.remove(target);
                    if (listener != null) {
                        listener.woken(this, self(), target);
                    }
                    enable(target);
                }
            }
            case RUNNABLE, FINISHED -> {}
        }
    }

    @Override
    public void touched(OperationKind kind, Object object) {
        Task task = running;
        if (listener != null && task != null) {
            listener.touched(this, task, kind, object);
        }
    }

    @Override
    public Thread.@Nullable State state(Thread thread) {
        Task task = taskOf(thread);
        if (task == null) {
            return null;
        }
        touched(OperationKind.READ, thread);
        return switch (task.state) {
            case RUNNABLE -> Thread.State.RUNNABLE;
            case BLOCKED ->
                    task.kind == OperationKind.LOCK ? Thread.State.WAITING : Thread.State.BLOCKED;
            case FINISHED -> Thread.State.TERMINATED;
            case WAITING, PARKED, JOINING ->
                    task.deadline == Task.NEVER ? Thread.State.WAITING : Thread.State.TIMED_WAITING;
            case SLEEPING -> Thread.State.TIMED_WAITING;
        };
    }

    @Override
    public void operation(OperationKind kind, @Nullable Object object, int site) {
        Task task = self();
        announce(task, kind, object == null ? Sites.get(site).target() : object, site);
        switch (kind) {
            case UNLOCK -> {
                if (everyPoint || mutexes.of(task.objectOrName()).observed) {
                    point(task);
                }
            }
            case TRY_LOCK -> {
                mutexes.of(task.objectOrName()).observed = true;
                point(task);
            }
            default -> point(task);
        }
        effect(task);
    }

    @Override
    public long nanoTime() {
        touched(OperationKind.UPDATE, this);
        clockNanos += CLOCK_READ_NANOS;
        return clockNanos;
    }

    @Override
    public long currentTimeMillis() {
        touched(OperationKind.UPDATE, this);
        clockNanos += CLOCK_READ_NANOS;
        return EPOCH_MILLIS + clockNanos / 1_000_000L;
    }

    @Override
    public void classInitializer(boolean begins) {
        self().classInitializers += begins ? 1 : -1;
    }

    @Override
    public String currentTaskName() {
        Task task = running;
        return task == null ? "none" : task.name;
    }

    private long deadline(long nanos) {
        if (nanos < 0) {
            return Task.NEVER;
        }
        long end = clockNanos + nanos;
        return end < 0 ? Task.NEVER : end;
    }

    // ---- what others may ask

    /** The task that runs a thread, or null if it was not started in this execution. */
    public @Nullable Task taskOf(Thread thread) {
        Task current = running;
        if (current != null && current.thread == thread) {
            return current;
        }
        for (int i = 0; i < taskCount; i++) {
            Task task = taskAt(i);
            if (task.thread == thread) {
                return task;
            }
        }
        return null;
    }

    private Task taskAt(int id) {
        Task task = tasks[id];
        if (task == null) {
            throw new IllegalStateException("no task has number=" + id);
        }
        return task;
    }

    /** The task that runs, or ran last. */
    public Task current() {
        return self();
    }

    /** The number of tasks started so far. */
    public int taskCount() {
        return taskCount;
    }

    /** A task by its number, from 0 to {@link #taskCount()} - 1. */
    public Task task(int id) {
        return taskAt(id);
    }

    /** How many operations were announced so far; may be read from any thread. */
    public long steps() {
        return (long) STEPS.getOpaque(this);
    }

    long lastChange() {
        return lastChange;
    }

    /** How often another task was mounted. */
    public int switches() {
        return switches;
    }

    /** Virtual nanoseconds since the execution began. */
    public long virtualNanos() {
        return clockNanos;
    }

    /** The draws that deviated from the first option; valid until the next run. */
    public Tape tape() {
        return tape;
    }

    /** Ends the execution with this verdict at the next draw. */
    public void stop(Verdict result) {
        end(result);
    }

    Task enabledTask(int option, int first) {
        return taskAt(option == 0 ? first : runQueue.select(option - 1, first));
    }

    int optionOf(int task, int first) {
        if (!runQueue.contains(task)) {
            return -1;
        }
        if (task == first) {
            return 0;
        }
        return runQueue.rank(task) + (task < first ? 1 : 0);
    }

    Task waiter(int option) {
        return notifiable.get(option);
    }

    /** The stack of a task, innermost frame first; empty if it has none. */
    public List<StackTraceElement> stackOf(Task task) {
        if (task == running && carrier == Thread.currentThread()) {
            return List.of(task.fiber.stackTrace());
        }
        return task == running ? ownStack() : List.of(task.fiber.stackTrace());
    }

    private Verdict deadlock() {
        List<Verdict.Blocked> blocked = new ArrayList<>();
        for (int i = 0; i < taskCount; i++) {
            Task task = taskAt(i);
            if ((task.state != Task.State.FINISHED && !task.enabled) || task == running) {
                blocked.add(describe(task));
            }
        }
        return new Verdict.Deadlock(List.copyOf(blocked));
    }

    private Verdict.Blocked describe(Task task) {
        Mutex mutex = task.mutex;
        if (mutex == null && task.state == Task.State.PARKED && task.object != null) {
            mutex = mutexes.find(task.object);
        }
        String on = mutex == null ? describe(task.object) : describe(mutex.object);
        String owner = mutex == null || mutex.owner == null ? "" : mutex.owner.name;
        if (task.joined != null) {
            on = task.joined.name;
        }
        return new Verdict.Blocked(task.name, task.daemon, task.state, on, owner, stackOf(task));
    }

    private static String describe(@Nullable Object object) {
        return object == null ? "" : object.getClass().getName();
    }
}
