package org.selvage.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.ArrayShadow;
import org.selvage.hooks.Carrier;
import org.selvage.hooks.ClassInitializer;
import org.selvage.hooks.CollectionShadow;
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

    private static final int RESERVE_BYTES = 1 << 20;

    private final Carrier carrier;
    private final StepCount steps;
    private final RunQueue runQueue = new RunQueue();
    private final Draws draws = new Draws(this, runQueue);
    private final Locking locking = new Locking(this);
    private final Threads threads = new Threads(this);
    private final HappensBefore order = new HappensBefore();
    private final PlainMemory memory;
    private final VirtualClock clock = new VirtualClock(this);
    private final Shutdown shutdown = new Shutdown(this);
    private final FairContinuation fair;

    private final TaskTable tasks = new TaskTable();
    private final WakeUps wakeUps = new WakeUps(this, clock);
    private final Polling polling = new Polling();

    private int liveUserTasks;
    private @Nullable Task running;
    private @Nullable Task next;
    private @Nullable Verdict verdict;
    private int switches;

    /** Whether each plain access is told, also those that race with none. */
    private boolean isTold;

    private boolean everyPoint;
    private @Nullable OperationListener listener;

    /** Given up when a program has used up the memory, so that the harness can say so. */
    private byte @Nullable [] reserve;

    /**
     * Makes an execution that can be run on a carrier.
     *
     * @param carrier the thread that will call {@link #run}
     * @param maxSteps after how many operations an execution is cut off, at least 1
     */
    public Execution(Carrier carrier, long maxSteps) {
        this.carrier = carrier;
        this.steps = new StepCount(maxSteps);
        this.memory = new PlainMemory(this, carrier);
        this.fair = new FairContinuation(this, carrier);
    }

    /**
     * From now on the source is asked what otherwise does not happen, or only when nothing else
     * can.
     *
     * @param spurious whether a wait, or a park by the program itself, ends for no reason
     * @param timedOut whether a timed wait or a sleep ends by its deadline although a task can run
     */
    public void exploreWakeUps(boolean spurious, boolean timedOut) {
        wakeUps.explore(spurious, timedOut);
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
        isTold = source.isReplay() || memory.dataRaces().isFailing();
        everyPoint = source.everyPoint();
        listener = observer;
        carrier.control(this);
        draws.begin(source);
        memory.begin();
        order.begin(carrier.executions());
        try {
            Thread main = new Thread(null, null, "main");
            main.setDaemon(false); // not as the carrier is: the program's threads inherit it
            next = add(main, "main", program);
            Fiber.run(carrier, this);
        } catch (OutOfMemoryError e) { // in the harness itself
            end(outOfMemory(running == null ? "main" : running.name, e));
        } finally {
            carrier.control(null);
            running = null;
        }
        Verdict result = fair.isOn() ? fair.verdict(verdict) : verdict;
        return result == null ? new Verdict.Passed() : result;
    }

    /** What the first task runs. */
    @FunctionalInterface
    public interface ThrowingRunnable {
        /** Runs the program. */
        void run() throws Throwable;
    }

    private void reset() {
        tasks.clear();
        liveUserTasks = 0;
        clock.clear();
        runQueue.clear();
        locking.clear();
        shutdown.clear();
        verdict = null;
        steps.clear();
        fair.clear();
        switches = 0;
        polling.clear();
    }

    /**
     * Called again and again: what the last execution kept in static variables, which may be all
     * memory, is only free once this one has set them anew.
     */
    private void keepReserve() {
        if (reserve == null) {
            try {
                reserve = new byte[RESERVE_BYTES];
            } catch (OutOfMemoryError e) {
                reserve = null;
            }
        }
    }

    /** Nothing more is run of a program without memory: the harness would lack it, too. */
    private Verdict outOfMemory(String task, OutOfMemoryError thrown) {
        reserve = null;
        carrier.calls().clear();
        return Verdict.outOfMemory(task, thrown);
    }

    @Override
    public @Nullable Fiber nextFiber() {
        Task task = next;
        if (task == null || (fair.isOn() && fair.repeats(task))) {
            return null;
        }
        running = task;
        next = null;
        if (task.resumed++ > 0) {
            switches++;
        }
        showEpoch(task);
        followCollections();
        carrier.calls().mount(task.calledCollections);
        return task.fiber;
    }

    Task add(Thread thread, String name, ThrowingRunnable body) {
        keepReserve();
        int id = tasks.count();
        Task[] self = new Task[1];
        boolean daemon = id > 0 && thread.isDaemon();
        Task task = new Task(id, thread, name, daemon, () -> runTask(self[0], body));
        self[0] = task;
        tasks.add(task);
        order.start(running, task);
        followCollections();
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
            if (Verdict.isOutOfMemory(e)) {
                carrier.setLive(false);
                end(outOfMemory(task.name, (OutOfMemoryError) e));
                return;
            }
            thrown = task.uncaught(e, carrier.defaultHandler());
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
        locking.notifyAllOn(task);
        if ((shutdown.ended(task) || (!task.daemon && --liveUserTasks == 0)) && !shutdown.begin()) {
            end(shutdown.verdict());
            return;
        }
        next = pickAfterBlocking(task);
    }

    private void end(Verdict result) {
        if (verdict == null) {
            verdict = result;
        }
        next = null;
    }

    /** Ends the execution from inside a task, whose fiber is then abandoned. */
    void abandon(Verdict result) {
        end(result);
        carrier.setLive(false);
        if (!Fiber.suspend()) {
            throw carrier.unwind();
        }
    }

    // ---- the run queue

    void enable(Task task) {
        if (!task.enabled) {
            fair.couldRun(task);
            task.enabled = true;
            runQueue.add(task.id);
        }
    }

    void disable(Task task) {
        if (task.enabled) {
            task.enabled = false;
            runQueue.remove(task.id);
        }
    }

    Task self() {
        Task task = running;
        if (task == null) {
            throw new IllegalStateException("no task is running");
        }
        return task;
    }

    void announce(Task task, OperationKind kind, @Nullable Object object, int site) {
        task.kind = kind;
        task.object = object;
        task.site = site;
        task.draws = 0;
        countStep(kind);
        if (task.classInitializers > 0) {
            return; // a step of whoever uses the class first
        }
        task.operations += 1 + carrier.takeSkipped();
        if (fair.isOn()) {
            fair.operation(task);
        }
        if (site != 0 && ++task.calls % StackDepth.INTERVAL == 0) {
            StackDepth.check();
        }
        if (polling.operation(kind, steps.get())) {
            advanceClock();
        }
    }

    void countStep(OperationKind kind) {
        if (steps.add() && kind != OperationKind.END) {
            try {
                pastLimit();
            } catch (OutOfMemoryError e) { // which the program must not catch
                abandon(outOfMemory(self().name, e));
            }
        }
    }

    void countPlainStep() {
        if (steps.addPlain()) {
            abandon(new Verdict.StepLimit(steps.get() - 1, self().name, ownStack()));
        }
    }

    /**
     * The execution is cut off, but goes on for a while by itself, to see whether it repeats. What
     * happens in that time is told to nobody.
     */
    private void pastLimit() {
        if (!fair.isOn()) {
            Task task = self();
            if (!fair.begin(new Verdict.StepLimit(steps.get() - 1, task.name, ownStack()))) {
                abandon(fair.verdict(null));
            }
            listener = null;
        } else if (fair.isOver()) {
            abandon(fair.verdict(null));
        }
    }

    boolean isFair() {
        return fair.isOn();
    }

    /** Whether the source is to decide who runs. */
    boolean isChoice() {
        return runQueue.count() > 1 || everyPoint;
    }

    boolean everyPoint() {
        return everyPoint;
    }

    /** The running task has announced an operation; whoever is chosen runs now. */
    void point(Task task) {
        if (isLeft(task) && !Fiber.suspend()) {
            stays();
        }
    }

    /** Whether another task was chosen, for which the running one should suspend itself. */
    private boolean isLeft(Task task) {
        if (task.classInitializers > 0) {
            return false;
        }
        if (fair.isOn()) {
            switchTo(task, fair.choose());
            return false;
        }
        if (!isChoice()) {
            task.draws++; // a replay, which is asked at every point, counts alike
            return false;
        }
        int chosen = draws.drawTask(task, task.id);
        if (chosen == task.id) {
            return false;
        }
        next = tasks.at(chosen);
        return true;
    }

    void effect(Task task) {
        if (listener != null && (task.classInitializers == 0 || task.kind == OperationKind.START)) {
            listener.operation(this, task);
        }
    }

    void unparked(Task task) {
        if (listener != null) {
            listener.unparked(this, task);
        }
    }

    /** Draws anything but who runs next. */
    int draw(Choice.Kind kind, int count) {
        return fair.isOn() ? fair.draw(kind) : draws.draw(kind, count);
    }

    /** A draw is about to take effect: the source may have ended the execution instead. */
    void afterDraw() {
        if (verdict != null) {
            abandon(verdict);
        }
    }

    /** The running task must suspend itself. */
    private void switchTo(Task from, Task to) {
        next = to;
        if (!Fiber.suspend()) {
            next = null;
            end(Verdict.pinned(from.name, ownStack()));
            throw carrier.unwind();
        }
    }

    private static List<StackTraceElement> ownStack() {
        return List.of(new Throwable().getStackTrace());
    }

    /**
     * The running task has left the run queue. Returns once somebody has put it back and it was
     * chosen.
     */
    void block(Task task, Task.State state, long deadline) {
        task.state = state;
        if (wakeUps.endsAtOnce(task, deadline)) {
            point(task);
            task.state = Task.State.RUNNABLE;
            return;
        }
        clock.await(task, deadline);
        disable(task);
        Task chosen = pickAfterBlocking(task);
        if (chosen == null) {
            abandon(verdict != null ? verdict : nobodyRuns());
        } else if (chosen != task || fair.isOn()) {
            switchTo(task, chosen);
        }
        task.state = Task.State.RUNNABLE;
    }

    private @Nullable Task pickAfterBlocking(Task task) {
        while (runQueue.count() == 0) {
            if (!locking.endPatience() && !advanceClock()) {
                if (verdict == null && task.state == Task.State.FINISHED) {
                    end(nobodyRuns());
                }
                return null;
            }
        }
        if (fair.isOn() && task.classInitializers == 0) {
            return fair.choose();
        }
        int first = runQueue.after(task.id);
        if (!isChoice() || task.classInitializers > 0) {
            return tasks.at(first);
        }
        return tasks.at(draws.drawTask(task, first));
    }

    /** All tasks wait: a deadlock, unless the outside world may end a wait. */
    private Verdict nobodyRuns() {
        String waker = carrier.waker();
        return waker.isEmpty()
                ? Deadlocks.describe(this, locking.mutexes())
                : new Verdict.Unknown(
                        "all tasks wait, but what is not controlled may end a wait: " + waker,
                        self().name,
                        stackOf(self()));
    }

    private boolean advanceClock() {
        if (clock.isAwaited()) {
            polling.wakeUp(steps.get());
        }
        return clock.advance();
    }

    /** The running task ends the wait of another one. */
    void wake(Task by, Task task) {
        if (listener != null) {
            listener.woken(this, by, task);
        }
        wake(task);
    }

    /** Ends the wait of a task, whatever it waits for. */
    void wake(Task task) {
        clock.endWait(task);
        Mutex mutex = task.mutex;
        if (task.state == Task.State.WAITING && mutex != null) {
            locking.endWait(task, mutex);
        } else {
            enable(task);
        }
    }

    /** The running task knows what a task did that had come so far. */
    void acquire(Task task, int @Nullable [] past) {
        if (past != null) {
            HappensBefore.acquire(task, past);
            showEpoch(task);
        }
    }

    /**
     * Lets the carrier know the running task's epoch, with which it passes over most plain
     * accesses.
     */
    void showEpoch(Task task) {
        carrier.setEpoch(isTold || task.classInitializers > 0 ? 0L : task.epoch, task.clock);
    }

    /** What a task does before there is another one is ordered before all that others do. */
    private void followCollections() {
        Task task = running;
        carrier.calls().follow(tasks.count() > 1 && task != null && task.classInitializers == 0);
    }

    // ---- monitors and locks

    @Override
    public void monitorEnter(Object object, int site, boolean point) {
        locking.monitorEnter(object, site, point);
    }

    @Override
    public void monitorExit(Object object) {
        locking.monitorExit(object);
    }

    @Override
    public void approachMonitor(Object object, boolean sure, int site) {
        locking.approachMonitor(object, sure, site);
    }

    @Override
    public void enteredMonitor(Object object) {
        locking.enteredMonitor(object);
    }

    @Override
    public void leavingMonitor(Object object) {
        locking.leavingMonitor(object);
    }

    @Override
    public boolean holdsMonitor(Object object) {
        return locking.holdsMonitor(object);
    }

    @Override
    public void monitorWait(Object object, long nanos, int site) throws InterruptedException {
        locking.monitorWait(object, nanos, site);
    }

    @Override
    public void monitorNotify(Object object, boolean all, int site) {
        locking.monitorNotify(object, all, site);
    }

    @Override
    public void lock(Object synchronizer, boolean interruptible, int site) {
        locking.lock(synchronizer, interruptible, site);
    }

    @Override
    public void ownerChanged(Object synchronizer, @Nullable Thread owner) {
        locking.ownerChanged(synchronizer, owner);
    }

    @Override
    public int queued(Object synchronizer, @Nullable Thread thread) {
        return locking.queued(synchronizer, thread);
    }

    // ---- parking, time, threads

    @Override
    public void park(@Nullable Object blocker, long nanos, int site) {
        threads.park(blocker, nanos, site);
    }

    @Override
    public @Nullable Object blocker(Thread thread) {
        Task task = taskOf(thread);
        return task != null && task.state == Task.State.PARKED ? task.object : null;
    }

    @Override
    public boolean unpark(Thread thread, int site) {
        return threads.unpark(thread, site);
    }

    @Override
    public void start(Thread thread, Runnable body, int site) {
        threads.start(thread, body, site);
    }

    @Override
    public void exit(int status, boolean shutdownHooks) {
        Task task = self();
        announce(task, OperationKind.END, null, 0);
        effect(task);
        if (!shutdown.exit(status, shutdownHooks)) {
            abandon(shutdown.verdict());
        }
        block(task, Task.State.PARKED, Task.NEVER);
    }

    @Override
    public void addShutdownHook(Thread hook) {
        shutdown.add(hook);
    }

    @Override
    public boolean removeShutdownHook(Thread hook) {
        return shutdown.remove(hook);
    }

    @Override
    public Thread[] liveThreads() {
        return threads.liveThreads();
    }

    @Override
    public boolean join(Thread thread, long nanos, int site) throws InterruptedException {
        return threads.join(thread, nanos, site);
    }

    @Override
    public void sleep(long nanos, int site) throws InterruptedException {
        threads.sleep(nanos, site);
    }

    @Override
    public void yieldNow(int site) {
        Task task = self();
        announce(task, OperationKind.YIELD, null, site);
        effect(task);
        if (task.classInitializers > 0) {
            return;
        }
        if (fair.isOn()) {
            if (runQueue.count() == 1 && site != 0) {
                advanceClock();
            }
            point(task);
            return;
        }
        // The JDK's own loops spin for a moment before they park: that takes no time.
        if (runQueue.count() == 1 && (site == 0 || !advanceClock()) && !everyPoint) {
            return;
        }
        int first = runQueue.after(task.id);
        int chosen = isChoice() ? draws.drawTask(task, first) : first;
        if (chosen != task.id) {
            next = tasks.at(chosen);
            if (!Fiber.suspend()) {
                stays();
            }
        }
    }

    @Override
    public void beforeInterrupt(Thread thread, int site) {
        operation(OperationKind.INTERRUPT, thread, site);
    }

    @Override
    public void afterInterrupt(Thread thread) {
        threads.afterInterrupt(thread);
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
        return threads.state(thread, running);
    }

    @Override
    protected boolean announces(OperationKind kind, @Nullable Object object, int site) {
        Task task = self();
        announce(task, kind, object == null ? Sites.get(site).target() : object, site);
        return locking.isPoint(task, kind) && isLeft(task);
    }

    @Override
    protected void stays() {
        next = null;
    }

    @Override
    protected void performs(OperationKind kind) {
        Task task = self();
        locking.synchronise(task, kind);
        effect(task);
    }

    @Override
    public void fieldOperation(OperationKind kind, @Nullable Object object, int field, int site) {
        memory.shareField(field);
        operation(kind, object, site);
    }

    @Override
    public void elementOperation(OperationKind kind, Object array, int index, int site) {
        ArrayShadow shadow = memory.shadow(array);
        if (shadow.contains(index)) {
            operation(kind, shadow.element(index), site);
            memory.noteElement(self(), shadow, index, !kind.isRead(), site);
        }
    }

    @Override
    public void announcePlain(
            @Nullable Object object,
            long written,
            long touched,
            boolean write,
            int field,
            int site) {
        memory.announce(self(), object, written, touched, write, field, site);
    }

    @Override
    public long plainAccess(long written, long touched, boolean write, int field) {
        return memory.access(self(), written, touched, write, field);
    }

    @Override
    public boolean collectionCall(CollectionShadow shadow, boolean write, int site, int draw) {
        return memory.call(self(), shadow, write, site, draw);
    }

    @Override
    public void collectionAccess(
            CollectionShadow shadow,
            Object owner,
            int variable,
            boolean write,
            int site,
            int field,
            int draw) {
        memory.inside(
                self(),
                shadow,
                new DataRaces.Pending(owner, variable, write, Sites.part(site, field)),
                draw);
    }

    @Override
    public void arrayAccess(Object array, int index, boolean write, int site) {
        memory.element(self(), array, index, write, site);
    }

    @Override
    public void arrayAccess(
            Object array, int index, boolean write, int site, int operation, boolean first) {
        memory.inRange(self(), array, index, write, site, operation, first);
    }

    @Override
    public ArrayShadow arrayShadow(Object array) {
        return memory.shadow(array);
    }

    /** The source of the draws. */
    ChoiceSource choices() {
        return draws.source();
    }

    /** The data races of all executions so far, once they are looked for. */
    public DataRaces dataRaces() {
        return memory.dataRaces();
    }

    /** How many fields, and places that access arrays, have raced in the executions so far. */
    public int raceCount() {
        return memory.raceCount();
    }

    @Override
    public long nanoTime() {
        touched(OperationKind.UPDATE, this);
        return clock.read();
    }

    @Override
    public long currentTimeMillis() {
        touched(OperationKind.UPDATE, this);
        return EPOCH_MILLIS + clock.read() / 1_000_000L;
    }

    @Override
    public boolean beginInitializer(ClassInitializer type, int site) {
        return locking.beginInitializer(type, site);
    }

    @Override
    public void endInitializer(ClassInitializer type, @Nullable Throwable thrown) {
        locking.endInitializer(type, thrown);
    }

    @Override
    public void classInitializer(boolean begins) {
        Task task = self();
        task.classInitializers += begins ? 1 : -1;
        showEpoch(task);
        followCollections();
    }

    @Override
    public String currentTaskName() {
        Task task = running;
        return task == null ? "none" : task.name;
    }

    Carrier carrier() {
        return carrier;
    }

    VirtualClock clock() {
        return clock;
    }

    MutexTable mutexes() {
        return locking.mutexes();
    }

    long deadline(long nanos) {
        return clock.deadline(nanos);
    }

    // ---- what others may ask

    /** The task that runs a thread, or null if it was not started in this execution. */
    public @Nullable Task taskOf(Thread thread) {
        Task current = running;
        if (current != null && current.thread == thread) {
            return current;
        }
        return tasks.of(thread);
    }

    /** Whether every other task has ended. */
    boolean isAlone(Task task) {
        return tasks.isAlone(task);
    }

    /** The task that runs, or ran last. */
    public Task current() {
        return self();
    }

    /** The number of tasks started so far. */
    public int taskCount() {
        return tasks.count();
    }

    /** A task by its number, from 0 to {@link #taskCount()} - 1. */
    public Task task(int id) {
        return tasks.at(id);
    }

    /** How many operations were announced so far; may be read from any thread. */
    public long steps() {
        return steps.look();
    }

    List<Thread> shutdownHooks() {
        return shutdown.hooks();
    }

    long lastChange() {
        return polling.lastChange();
    }

    /** Something has changed that is told by no announced operation. */
    void noteChange() {
        polling.change(steps.get());
    }

    @Nullable OperationListener listener() {
        return listener;
    }

    /** How often another task was mounted. */
    public int switches() {
        return switches;
    }

    /** Virtual nanoseconds since the execution began. */
    public long virtualNanos() {
        return clock.now();
    }

    /** Whether some task waits for a moment of the virtual clock. */
    public boolean isTimeAwaited() {
        return clock.isAwaited();
    }

    /** The draws that deviated from the first option; valid until the next run. */
    public Tape tape() {
        return draws.tape();
    }

    /**
     * What programs have used that is not controlled, in this and in earlier executions of the
     * carrier, each with the first place.
     */
    public List<String> uncontrolled() {
        return carrier.uncontrolled();
    }

    /** Ends the execution with this verdict at the next draw. */
    public void stop(Verdict result) {
        end(result);
    }

    Task enabledTask(int option, int first) {
        return tasks.at(option == 0 ? first : runQueue.select(option - 1, first));
    }

    int optionOf(int task, int first) {
        return runQueue.option(task, first);
    }

    Task waiter(int option) {
        return locking.waiter(option);
    }

    /** The stack of a task, innermost frame first; empty if it has none. */
    public List<StackTraceElement> stackOf(Task task) {
        if (task == running && carrier == Thread.currentThread()) {
            return List.of(task.fiber.stackTrace());
        }
        return task == running ? ownStack() : List.of(task.fiber.stackTrace());
    }
}
