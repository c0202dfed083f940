package org.selvage.hooks;

import java.time.Duration;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.misc.InnocuousThread;
import jdk.internal.misc.VM;
import jdk.internal.vm.ThreadContainer;
import jdk.internal.vm.annotation.ReservedStackAccess;
import org.jspecify.annotations.Nullable;

/**
 * What woven code calls. On a thread that is no {@link Carrier}, and while the harness itself runs,
 * each hook does what the JVM would have done, or nothing.
 *
 * <p>There are two families. Hooks for the program's own code carry the site. Hooks at the entry of
 * JDK methods find the site that the program's call armed a moment before with {@link #site}; a
 * call from inside the JDK finds none, and makes no scheduling point: a method of the JDK is one
 * step of the program unless it blocks.
 */
public final class Hooks {
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private Hooks() {}

    // ---- the program's own code

    /** The next JDK method that is entered was called from this site. */
    public static void site(int site) {
        Carrier c = Carrier.live();
        if (c != null) {
            c.armedSite = site;
            c.initializers = 0; // one that met the end of the stack may not have said so
        }
    }

    /**
     * A method of what may be a concurrent collection, or a view, an iterator, an entry or a
     * wrapper of one, is about to be called by way of a type such as {@link java.util.Map}, which
     * other collections have, too.
     */
    @ReservedStackAccess
    public static void collectionCall(@Nullable Object receiver, OperationKind kind, int site) {
        Carrier c = receiver == null ? null : Carrier.live();
        if (c == null || receiver == null) {
            return;
        }
        c.live = false;
        try {
            Object collection = ConcurrentCollections.of(receiver);
            if (collection != null) {
                controller(c).operation(kind, collection, site);
            }
        } finally {
            c.live = true;
        }
    }

    /** A shared variable of {@code object} is about to be read. */
    public static void read(@Nullable Object object, int site) {
        operation(OperationKind.READ, object, site);
    }

    /** A shared variable of {@code object} is about to be written. */
    public static void write(@Nullable Object object, int site) {
        operation(OperationKind.WRITE, object, site);
    }

    /** A shared variable of {@code object} is about to be read and written in one step. */
    public static void update(@Nullable Object object, int site) {
        operation(OperationKind.UPDATE, object, site);
    }

    @ReservedStackAccess
    private static void operation(OperationKind kind, @Nullable Object object, int site) {
        Carrier c = Carrier.live();
        if (c != null) {
            c.live = false;
            try {
                controller(c).operation(kind, object, site);
            } finally {
                c.live = true;
            }
        }
    }

    /**
     * A plain field is about to be read. If synchronisation orders the read behind all writes so
     * far, as it mostly does, this is all that happens.
     *
     * @param written the epoch of the last write, or 0
     * @param touched the epoch of the last read or write, or 0
     * @param field the field's id
     * @return the epoch of this read, or 0 if {@link #announcePlain} and {@link #sharedRead} shall
     *     be called
     */
    public static long orderedRead(long written, long touched, int field) {
        Carrier c = Carrier.live();
        return c == null ? 0L : c.orderedRead(written, touched, field);
    }

    /**
     * A plain field is about to be written.
     *
     * @return the epoch of this write, or 0 if {@link #announcePlain} and {@link #sharedWrite}
     *     shall be called
     */
    public static long orderedWrite(long written, long touched, int field) {
        Carrier c = Carrier.live();
        return c == null ? 0L : c.orderedWrite(written, touched, field);
    }

    /**
     * A plain field that other tasks may touch, too, is about to be accessed: they may go first.
     *
     * @param object the object whose field it is, or null for a static field
     */
    @ReservedStackAccess
    public static void announcePlain(
            @Nullable Object object,
            long written,
            long touched,
            boolean write,
            int field,
            int site) {
        Carrier c = Carrier.live();
        if (c != null) {
            c.live = false;
            try {
                controller(c).announcePlain(object, written, touched, write, field, site);
            } finally {
                c.live = true;
            }
        }
    }

    /** The announced read takes place now; returns the epoch to note for it. */
    public static long sharedRead(long written, long touched, int field) {
        Carrier c = Carrier.live();
        return c == null ? touched : shared(c, written, touched, false, field);
    }

    /** The announced write takes place now; returns the epoch to note for it. */
    public static long sharedWrite(long written, long touched, int field) {
        Carrier c = Carrier.live();
        return c == null ? written : shared(c, written, touched, true, field);
    }

    private static long shared(Carrier c, long written, long touched, boolean write, int field) {
        c.live = false;
        try {
            return controller(c).plainAccess(written, touched, write, field);
        } finally {
            c.live = true;
        }
    }

    /** An element of an array is about to be read. */
    public static void arrayRead(@Nullable Object array, int index, int site) {
        Carrier c = Carrier.live();
        if (c != null && array != null && !c.orderedElement(array, index, false, site)) {
            element(c, array, index, false, site);
        }
    }

    /** An element of an array is about to be written. */
    public static void arrayWrite(@Nullable Object array, int index, int site) {
        Carrier c = Carrier.live();
        if (c != null && array != null && !c.orderedElement(array, index, true, site)) {
            element(c, array, index, true, site);
        }
    }

    @ReservedStackAccess
    private static void element(Carrier c, Object array, int index, boolean write, int site) {
        c.live = false;
        try {
            controller(c).arrayAccess(array, index, write, site);
        } finally {
            c.live = true;
        }
    }

    /** A loop begins another turn: one that waits for another task must let it run some day. */
    public static void turn() {
        Carrier c = Carrier.live();
        if (c != null && c.turn()) {
            yieldNow();
        }
    }

    /**
     * An operation on something that is no object of the program, such as a page of a file.
     *
     * @param resource its identity: equal operations must name the same object
     */
    @ReservedStackAccess
    public static void operation(OperationKind kind, Object resource) {
        Carrier c = Carrier.live();
        if (c != null) {
            int site = c.takeSite();
            c.live = false;
            try {
                controller(c).operation(kind, resource, site);
            } finally {
                c.live = true;
            }
        }
    }

    /** Replaces {@code monitorenter}. */
    @ReservedStackAccess
    public static void monitorEnter(Object object, int site) {
        Carrier c = Carrier.live();
        if (c == null) {
            PlainMonitors.enter(object);
            return;
        }
        if (object == null) {
            throw new NullPointerException("Cannot enter synchronized block because value is null");
        }
        c.live = false;
        try {
            controller(c).monitorEnter(object, site, true);
        } finally {
            c.live = true;
        }
    }

    /** Replaces {@code monitorexit}. */
    @ReservedStackAccess
    public static void monitorExit(Object object) {
        Carrier c = Carrier.live();
        if (c == null) {
            PlainMonitors.exit(object);
            return;
        }
        c.live = false;
        try {
            controller(c).monitorExit(object);
        } finally {
            c.live = true;
        }
    }

    /**
     * Code of the JDK is about to enter a monitor inside which it may call the program back. The
     * JVM's monitor follows, and is free then: whoever has it has the modelled one, too.
     *
     * @param point whether entering is an operation of the program's, or a detail of the JDK
     */
    @ReservedStackAccess
    public static void beforeMonitor(@Nullable Object object, boolean point) {
        Carrier c = Carrier.live();
        if (c != null && object != null) {
            int site = c.takeSite();
            c.live = false;
            try {
                controller(c).monitorEnter(object, site, point);
            } finally {
                c.live = true;
            }
        }
    }

    /** Code of the JDK is about to leave a monitor that {@link #beforeMonitor} was called for. */
    public static void leavingMonitor(Object object) {
        if (Carrier.live() != null) {
            monitorExit(object);
        }
    }

    /** Replaces {@link Thread#holdsLock(Object)}. */
    public static boolean holdsLock(Object object) {
        Carrier c = Carrier.live();
        return c == null
                ? PlainMonitors.holds(object)
                : controller(c).holdsMonitor(object) || Thread.holdsLock(object);
    }

    /** Replaces {@link Object#wait()}. */
    public static void await(Object object) throws InterruptedException {
        await(object, 0L, 0);
    }

    /** Replaces {@link Object#wait(long)}. */
    public static void await(Object object, long millis) throws InterruptedException {
        await(object, millis, 0);
    }

    /** Replaces {@link Object#wait(long, int)}. */
    @ReservedStackAccess
    public static void await(Object object, long millis, int nanos) throws InterruptedException {
        if (millis < 0) {
            throw new IllegalArgumentException("timeout value is negative");
        }
        if (nanos < 0 || nanos > 999_999) {
            throw new IllegalArgumentException("nanosecond timeout value out of range");
        }
        long wait = saturatedNanos(millis, nanos);
        Carrier c = Carrier.live();
        if (c == null) {
            PlainMonitors.await(object, wait);
            return;
        }
        c.live = false;
        try {
            controller(c).monitorWait(object, wait, c.takeSite());
        } finally {
            c.live = true;
        }
    }

    /** Replaces {@link Object#notify()}. */
    public static void notifyOne(Object object) {
        signal(object, false);
    }

    /** Replaces {@link Object#notifyAll()}. */
    public static void notifyEvery(Object object) {
        signal(object, true);
    }

    @ReservedStackAccess
    private static void signal(Object object, boolean all) {
        Carrier c = Carrier.live();
        if (c == null) {
            PlainMonitors.signal(object, all);
            return;
        }
        c.live = false;
        try {
            controller(c).monitorNotify(object, all, c.takeSite());
        } finally {
            c.live = true;
        }
    }

    /** The carrier on whose virtual clock the calling code is, or null. */
    private static @Nullable Carrier onClock() {
        Carrier c = Carrier.live();
        return c == null || c.initializers > 0 ? null : c;
    }

    /** Replaces {@link System#nanoTime()}. */
    public static long nanoTime() {
        Carrier c = onClock();
        return c == null ? System.nanoTime() : controller(c).nanoTime();
    }

    /** Replaces {@link System#currentTimeMillis()}. */
    public static long currentTimeMillis() {
        Carrier c = onClock();
        return c == null ? System.currentTimeMillis() : controller(c).currentTimeMillis();
    }

    /**
     * Replaces {@link VM#getNanoTimeAdjustment(long)}, on which {@link java.time.Instant#now()} is
     * built.
     */
    public static long getNanoTimeAdjustment(long offsetSeconds) {
        Carrier c = onClock();
        if (c == null) {
            return VM.getNanoTimeAdjustment(offsetSeconds);
        }
        long millis = controller(c).currentTimeMillis();
        return (millis / 1_000L - offsetSeconds) * 1_000_000_000L
                + millis % 1_000L * NANOS_PER_MILLI;
    }

    /** Replaces {@link Thread#onSpinWait()}, whose body the JIT compiler ignores. */
    public static void onSpinWait() {
        if (!yieldNow()) {
            Thread.onSpinWait();
        }
    }

    /**
     * The JVM initialises a class whose initialiser is modelled: woven code that uses the class
     * runs it, see {@link #beginInitializer}.
     */
    public static ClassInitializer initializer(Class<?> type) {
        ClassInitializer initializer = new ClassInitializer(type);
        if (type.getClassLoader() instanceof StaticsOwner owner) {
            owner.initializing(initializer);
        }
        return initializer;
    }

    /**
     * A class is about to be used of which the task does not know that it is initialised.
     *
     * @return whether to run the initialiser, and then to call {@link #endInitializer} or {@link
     *     #initializerFailed}
     * @throws NoClassDefFoundError if the initialiser has failed in this execution
     */
    @ReservedStackAccess
    public static boolean beginInitializer(ClassInitializer type, int site) {
        Carrier c = Carrier.live();
        if (c == null) {
            return type.beginOutside();
        }
        if (c.knows(type)) {
            return false;
        }
        c.live = false;
        try {
            return controller(c).beginInitializer(type, site);
        } finally {
            c.live = true;
        }
    }

    /** The initialiser of a class has ended. */
    @ReservedStackAccess
    public static void endInitializer(ClassInitializer type) {
        Carrier c = Carrier.live();
        if (c != null) {
            endInitializer(c, type, null);
        }
    }

    /** The initialiser of a class has thrown this; returns what its user gets. */
    @ReservedStackAccess
    public static Throwable initializerFailed(ClassInitializer type, Throwable thrown) {
        Carrier c = Carrier.live();
        if (c != null) {
            endInitializer(c, type, thrown);
        } else {
            type.reset();
            type.fail(thrown);
        }
        return thrown instanceof Error ? thrown : new ExceptionInInitializerError(thrown);
    }

    @ReservedStackAccess
    private static void endInitializer(
            Carrier c, ClassInitializer type, @Nullable Throwable thrown) {
        c.live = false;
        try {
            controller(c).endInitializer(type, thrown);
        } finally {
            c.live = true;
        }
    }

    /** A class is initialised whose static variables stay what they are. */
    public static void keepsStatics(Class<?> type, String reason) {
        if (type.getClassLoader() instanceof StaticsOwner owner) {
            owner.keeps(type, reason);
        }
    }

    /** A class initialiser of the program begins. */
    public static void beginClassInitializer() {
        classInitializer(true);
    }

    /** A class initialiser of the program has ended, normally or not. */
    public static void endClassInitializer() {
        classInitializer(false);
    }

    private static void classInitializer(boolean begins) {
        Carrier c = Carrier.live();
        if (c != null) {
            controller(c).classInitializer(begins);
        }
    }

    // ---- entries of JDK methods

    /** A method of a concurrent JDK object is entered. */
    @ReservedStackAccess
    public static void enter(Object self, OperationKind kind) {
        Carrier c = Carrier.live();
        if (c != null) {
            int site = c.takeSite();
            c.live = false;
            try {
                enter(c, self, kind, site);
            } finally {
                c.live = true;
            }
        }
    }

    /** As above, of an object that may be part of a concurrent collection. */
    @ReservedStackAccess
    public static void enterPart(Object self, OperationKind kind) {
        Carrier c = Carrier.live();
        if (c != null) {
            int site = c.takeSite();
            c.live = false;
            try {
                Object collection = ConcurrentCollections.of(self);
                enter(c, collection == null ? self : collection, kind, site);
            } finally {
                c.live = true;
            }
        }
    }

    private static void enter(Carrier c, Object object, OperationKind kind, int site) {
        if (site != 0) {
            controller(c).operation(kind, object, site);
        } else {
            controller(c).touched(kind, object);
        }
    }

    /** {@link java.util.concurrent.locks.ReentrantLock#lock()} and its like are entered. */
    public static void lock(Object synchronizer) {
        lock(synchronizer, false);
    }

    /**
     * {@link java.util.concurrent.locks.ReentrantLock#lockInterruptibly()} and its like are
     * entered.
     */
    public static void lockInterruptibly(Object synchronizer) {
        lock(synchronizer, true);
    }

    @ReservedStackAccess
    private static void lock(Object synchronizer, boolean interruptible) {
        Carrier c = Carrier.live();
        if (c != null) {
            int site = c.takeSite();
            c.live = false;
            try {
                controller(c).lock(synchronizer, interruptible, site);
            } finally {
                c.live = true;
            }
        }
    }

    /** {@code AbstractOwnableSynchronizer.setExclusiveOwnerThread} is entered. */
    @ReservedStackAccess
    public static void ownerChanged(Object synchronizer, @Nullable Thread owner) {
        Carrier c = Carrier.live();
        if (c != null) {
            c.live = false;
            try {
                controller(c).ownerChanged(synchronizer, owner);
            } finally {
                c.live = true;
            }
        }
    }

    /** {@link LockSupport#park()} is entered; true if the hook did its work. */
    public static boolean park(@Nullable Object blocker) {
        return parkFor(blocker, -1L);
    }

    /** As {@link #park(Object)}, for so many nanoseconds at most; for ever if negative. */
    static void park(@Nullable Object blocker, long nanos) {
        boolean ignored = parkFor(blocker, nanos);
    }

    /** {@link LockSupport#parkNanos(long)} is entered; true if the hook did its work. */
    public static boolean parkNanos(@Nullable Object blocker, long nanos) {
        if (nanos <= 0) {
            site(0);
            return false;
        }
        return parkFor(blocker, nanos);
    }

    @ReservedStackAccess
    private static boolean parkFor(@Nullable Object blocker, long nanos) {
        Carrier c = Carrier.live();
        if (c == null) {
            return false;
        }
        int site = c.takeSite();
        c.live = false;
        try {
            controller(c).park(blocker, nanos, site);
        } finally {
            c.live = true;
        }
        return true;
    }

    /** {@link LockSupport#parkUntil(long)} is entered; true if the hook did its work. */
    public static boolean parkUntil(@Nullable Object blocker, long deadlineMillis) {
        Carrier c = Carrier.live();
        if (c == null) {
            return false;
        }
        long millis = Math.max(0L, deadlineMillis - controller(c).currentTimeMillis());
        return parkFor(blocker, saturatedNanos(millis, 0));
    }

    /** {@link LockSupport#getBlocker(Thread)} is entered; null if the method shall tell it. */
    public static @Nullable Object blocker(@Nullable Thread thread) {
        Carrier c = Carrier.live();
        return c == null || thread == null ? null : controller(c).blocker(thread);
    }

    /** {@link LockSupport#unpark(Thread)} is entered; true if the hook did its work. */
    @ReservedStackAccess
    public static boolean unpark(@Nullable Thread thread) {
        Carrier c = Carrier.live();
        if (c == null || thread == null) {
            return false;
        }
        int site = c.takeSite();
        c.live = false;
        try {
            return controller(c).unpark(thread, site);
        } finally {
            c.live = true;
        }
    }

    /** {@link Thread#start()} is entered; true if the hook did its work. */
    public static boolean start(Thread thread) {
        Runnable body = thread; // the task is the thread, and runs what the thread would run
        return start(thread, body);
    }

    /**
     * A thread is started in a container, such as an executor, which is told of its end; true if
     * the hook did its work.
     */
    @SuppressWarnings("DoNotCall")
    public static boolean start(Thread thread, ThreadContainer container) {
        Carrier c = Carrier.live();
        if (c == null) {
            return false;
        }
        int site = c.takeSite();
        container.add(thread);
        c.armedSite = site;
        return start(
                thread,
                () -> {
                    try {
                        thread.run();
                    } finally {
                        container.remove(thread);
                    }
                });
    }

    @ReservedStackAccess
    private static boolean start(Thread thread, Runnable body) {
        Carrier c = Carrier.live();
        if (c == null || thread instanceof InnocuousThread) { // one of the JDK, as for processes
            return false;
        }
        int site = c.takeSite();
        c.live = false;
        try {
            controller(c).start(thread, body, site);
        } finally {
            c.live = true;
        }
        return true;
    }

    /** {@link Thread#join(long)} is entered; true if the hook did its work. */
    public static boolean join(Thread thread, long millis) throws InterruptedException {
        if (millis < 0) {
            throw new IllegalArgumentException("timeout value is negative");
        }
        return joinNanos(thread, millis == 0 ? -1L : saturatedNanos(millis, 0));
    }

    /**
     * {@link Thread#join(Duration)} is entered.
     *
     * @return 1 if the thread has ended, 0 if not, -1 if it is not controlled
     */
    public static int join(Thread thread, Duration duration) throws InterruptedException {
        if (!joinNanos(thread, Math.max(0L, saturatedNanos(duration)))) {
            return -1;
        }
        return state(thread) == Thread.State.TERMINATED ? 1 : 0;
    }

    @ReservedStackAccess
    private static boolean joinNanos(Thread thread, long nanos) throws InterruptedException {
        Carrier c = Carrier.live();
        if (c == null) {
            return false;
        }
        int site = c.takeSite();
        c.live = false;
        try {
            return controller(c).join(thread, nanos, site);
        } finally {
            c.live = true;
        }
    }

    /** Every form of {@link Thread#sleep(long)} is entered; true if the hook did its work. */
    @ReservedStackAccess
    public static boolean sleepNanos(long nanos) throws InterruptedException {
        Carrier c = Carrier.live();
        if (c == null) {
            return false;
        }
        int site = c.takeSite();
        c.live = false;
        try {
            controller(c).sleep(nanos, site);
        } finally {
            c.live = true;
        }
        return true;
    }

    /** {@link Thread#yield()} is entered; true if the hook did its work. */
    @ReservedStackAccess
    public static boolean yieldNow() {
        Carrier c = Carrier.live();
        if (c == null) {
            return false;
        }
        int site = c.takeSite();
        c.live = false;
        try {
            controller(c).yieldNow(site);
        } finally {
            c.live = true;
        }
        return true;
    }

    /** {@link Thread#interrupt()} is entered. */
    @ReservedStackAccess
    public static void beforeInterrupt(Thread thread) {
        Carrier c = Carrier.live();
        if (c != null) {
            int site = c.takeSite();
            c.live = false;
            try {
                controller(c).beforeInterrupt(thread, site);
            } finally {
                c.live = true;
            }
        }
    }

    /** {@link Thread#interrupt()} returns. */
    @ReservedStackAccess
    public static void afterInterrupt(Thread thread) {
        Carrier c = Carrier.live();
        if (c != null) {
            c.live = false;
            try {
                controller(c).afterInterrupt(thread);
            } finally {
                c.live = true;
            }
        }
    }

    /**
     * The {@code run} method of what may be a thread is entered, under a debugger.
     *
     * @return true if the method shall return
     */
    public static boolean runs(Object self) {
        return self instanceof Thread && Fiber.enter(self);
    }

    /** {@link Thread#interrupted()} is entered. */
    public static void interrupted() {
        Carrier c = Carrier.live();
        if (c != null && c.armedSite != 0) {
            enter(Thread.currentThread(), OperationKind.UPDATE);
        }
    }

    /** {@link Thread#getState()} is entered; null if the thread is not controlled. */
    public static Thread.@Nullable State state(Thread thread) {
        Carrier c = Carrier.current();
        if (c == null || c.controller == null) {
            return null;
        }
        if (c.live) {
            enter(thread, OperationKind.READ);
        }
        return c.controller.state(thread);
    }

    /**
     * {@code ReentrantLock.getQueueLength()} is entered: the length, or -1 if the method shall tell
     * it.
     */
    public static int queueLength(AbstractQueuedSynchronizer synchronizer) {
        Carrier c = Carrier.live();
        if (c == null) {
            return -1;
        }
        enter(synchronizer, OperationKind.READ);
        return controller(c).queued(synchronizer, null) + synchronizer.getQueueLength();
    }

    /**
     * {@code ReentrantLock.hasQueuedThreads()} is entered: 1 yes, 0 no, -1 if the method shall tell
     * it.
     */
    public static int hasQueued(AbstractQueuedSynchronizer synchronizer) {
        return Integer.signum(queueLength(synchronizer));
    }

    /**
     * {@code ReentrantLock.hasQueuedThread(Thread)} is entered: 1 yes, 0 no, -1 if the method shall
     * tell it.
     */
    public static int hasQueued(AbstractQueuedSynchronizer synchronizer, Thread thread) {
        Carrier c = Carrier.live();
        if (c == null || thread == null) {
            return -1;
        }
        enter(synchronizer, OperationKind.READ);
        return controller(c).queued(synchronizer, thread) > 0 || synchronizer.isQueued(thread)
                ? 1
                : 0;
    }

    /** {@link Thread#isAlive()} is entered: 1 alive, 0 not, -1 the thread is not controlled. */
    public static int alive(Thread thread) {
        Thread.State state = state(thread);
        if (state == null) {
            return -1;
        }
        return state == Thread.State.NEW || state == Thread.State.TERMINATED ? 0 : 1;
    }

    static Controller controller(Carrier carrier) {
        Controller controller = carrier.controller;
        if (controller == null) {
            throw new IllegalStateException("a live carrier has no controller");
        }
        return controller;
    }

    private static long saturatedNanos(long millis, int nanos) {
        return millis >= Long.MAX_VALUE / NANOS_PER_MILLI - 1
                ? Long.MAX_VALUE
                : millis * NANOS_PER_MILLI + nanos;
    }

    private static long saturatedNanos(Duration duration) {
        return duration.toSeconds() >= Long.MAX_VALUE / 1_000_000_000L - 1
                ? Long.MAX_VALUE
                : duration.toNanos();
    }
}
