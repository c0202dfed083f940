package org.selvage.hooks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * A fiber for debuggers: the program's own thread object, started for real, that runs only while it
 * has the turn.
 *
 * <p>A debugger asks the JVM for the state of the current thread, which a thread object that was
 * never started does not have: under the Java Debug Wire Protocol a JVM in which {@link Fiber}
 * mounts continuations dies. Here each task is a thread of its own that a debugger lists, suspends
 * and steps through, and the carrier waits until it hands the turn back. It is slow, and there is
 * one carrier at a time.
 *
 * <p>The JVM calls the thread's {@code run} method, which may be of any class. Woven ones, and
 * those of the JDK's own kinds of threads, ask {@link #enter} first.
 */
final class StartedThread {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final long LOOK_NANOS = 5_000_000L;
    private static final MethodHandle START = start0();

    /** The one that has the turn, or is about to get it. */
    private static volatile @Nullable StartedThread current;

    private final Thread thread;
    private final Runnable body;
    private volatile @Nullable Carrier carrier;
    private volatile boolean turn;
    private boolean started;
    private boolean entered;

    StartedThread(Thread thread, Runnable body) {
        this.thread = thread;
        this.body = body;
    }

    private static MethodHandle start0() {
        try {
            return MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                    .findVirtual(Thread.class, "start0", MethodType.methodType(void.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this JVM has no Thread.start0: version=" + Runtime.version(), e);
        }
    }

    /** The carrier for which the calling thread has the turn, or null. */
    static @Nullable Carrier carrier() {
        StartedThread now = current;
        return now != null && now.thread == Thread.currentThread() ? now.carrier : null;
    }

    /** Runs it until it suspends itself or ends. */
    void run(Carrier by) {
        carrier = by;
        current = this;
        turn = true;
        if (started) {
            UNSAFE.unpark(thread);
        } else {
            started = true;
            try {
                START.invokeExact(thread);
            } catch (Throwable e) {
                throw new IllegalStateException(
                        "the thread cannot be started for a debugger: class="
                                + thread.getClass().getName(),
                        e);
            }
        }
        while (turn) {
            UNSAFE.park(false, LOOK_NANOS);
        }
        current = null;
    }

    /** As {@link Fiber#suspend}. */
    static boolean suspend() {
        StartedThread self = current;
        if (self == null || self.thread != Thread.currentThread()) {
            throw new IllegalStateException("the calling thread does not have the turn");
        }
        self.handBack();
        while (!self.turn) {
            // Returns at once if the program has interrupted the thread: then this loop spins.
            UNSAFE.park(false, LOOK_NANOS);
        }
        return true;
    }

    private void handBack() {
        Carrier by = carrier;
        turn = false;
        UNSAFE.unpark(by);
    }

    /**
     * A thread's {@code run} method is entered.
     *
     * @return true if it was entered by the JVM for the one that has the turn, whose body has been
     *     run then
     */
    static boolean enter(Object self) {
        StartedThread now = current;
        if (now == null || now.thread != self || now.entered) {
            return false;
        }
        now.entered = true;
        try {
            now.body.run();
        } finally {
            now.handBack();
        }
        return true;
    }

    StackTraceElement[] stackTrace() {
        return started ? thread.getStackTrace() : new StackTraceElement[0];
    }
}
