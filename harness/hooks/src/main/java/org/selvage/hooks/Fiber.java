package org.selvage.hooks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import jdk.internal.vm.annotation.ChangesCurrentThread;
import org.jspecify.annotations.Nullable;

/**
 * One controlled thread: a continuation that runs on a {@link Carrier} under the identity of a
 * {@link Thread} object.
 *
 * <h2>Why not a virtual thread</h2>
 *
 * A virtual thread brings its own identity: code that compares {@code Thread.currentThread()} with
 * the object it started, or that subclasses {@code Thread}, would see another one. Here the
 * program's own thread object, of whatever class, is made the current thread for as long as its
 * continuation is mounted. Lock ownership, thread locals and interrupts are then right by
 * construction, also inside the JDK. A switch and the creation of a task cost less, too: there is
 * no virtual thread state machine to pass.
 *
 * <h2>Why it is safe</h2>
 *
 * The JIT compiler assumes that the current thread does not change within a compiled method. {@link
 * #run} is the only method in which it does, and is annotated so, which the JVM honours for classes
 * of the boot loader. Seen from inside a fiber the current thread never changes. A fiber holds no
 * JVM monitor that another one may want: woven code has none, and code that is not woven has no
 * scheduling point inside.
 */
public final class Fiber {
    /** With this system property, fibers are threads of their own, as debuggers need them. */
    public static final String DEBUGGED = "selvage.debugged";

    /** Whether they are. */
    static final boolean IS_DEBUGGED = Boolean.getBoolean(DEBUGGED);

    static final ContinuationScope SCOPE = new ContinuationScope("selvage");
    private static final JavaLangAccess JDK = SharedSecrets.getJavaLangAccess();
    private static final MethodHandle SET_CURRENT_THREAD =
            find(Thread.class, "setCurrentThread", Thread.class);

    // What Continuation.run and yield do around these two serves continuations within each other
    // and virtual threads, and is a fifth of a switch.
    private static final MethodHandle ENTER =
            find(
                    Continuation.class,
                    "enterSpecial",
                    Continuation.class,
                    boolean.class,
                    boolean.class);
    private static final MethodHandle YIELD = find(Continuation.class, "doYield");

    private final Continuation continuation;
    private final @Nullable StartedThread started;
    private final Thread thread;
    private boolean hasBegun;

    /**
     * Makes a fiber that has not begun.
     *
     * @param thread what {@code Thread.currentThread()} is inside
     * @param body what it runs; must not throw
     */
    public Fiber(Thread thread, Runnable body) {
        this.thread = thread;
        this.continuation = new Continuation(SCOPE, body);
        this.started = IS_DEBUGGED ? new StartedThread(thread, body) : null;
        Carrier carrier = Carrier.current();
        if (carrier != null) {
            carrier.repeatable.seed(thread);
        }
    }

    private static MethodHandle find(Class<?> type, String name, Class<?>... parameters) {
        try {
            return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                    .unreflect(type.getDeclaredMethod(name, parameters));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this JVM has no such method: "
                            + type.getName()
                            + "."
                            + name
                            + " version="
                            + Runtime.version(),
                    e);
        }
    }

    /**
     * Runs fibers, each until it suspends itself or ends, as long as the controller names one.
     *
     * <p>The loop is here, and not around a method that runs one fiber, as a return to a frame that
     * is older than the switch is one that the processor cannot predict.
     *
     * @param carrier the calling thread
     */
    @ChangesCurrentThread
    public static void run(Carrier carrier, Controller controller) {
        try {
            for (Fiber next = controller.nextFiber(); next != null; next = controller.nextFiber()) {
                if (next.started != null) {
                    next.started.run(carrier);
                    continue;
                }
                SET_CURRENT_THREAD.invokeExact((Thread) carrier, next.thread);
                JDK.setScopedValueCache(null);
                JDK.setContinuation(carrier, next.continuation);
                boolean again = next.hasBegun;
                next.hasBegun = true;
                try {
                    ENTER.invokeExact(next.continuation, again, false);
                } finally {
                    JDK.setContinuation(carrier, null);
                    SET_CURRENT_THREAD.invokeExact((Thread) carrier, (Thread) carrier);
                }
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a fiber's body let an exception escape", e);
        }
    }

    /** The stack of a fiber that is suspended, innermost frame first. */
    public StackTraceElement[] stackTrace() {
        return started != null ? started.stackTrace() : continuation.getStackTrace();
    }

    /** Whether the locals of its frames can be read while it is suspended. */
    public static boolean isReadable() {
        return !IS_DEBUGGED;
    }

    Continuation continuation() {
        return continuation;
    }

    /**
     * What the {@code run} methods of threads ask first when they are debugged.
     *
     * @return true if the fiber's body has been run instead
     */
    static boolean enter(Object self) {
        return StartedThread.enter(self);
    }

    /**
     * Suspends the calling fiber until {@link #run} is called again.
     *
     * @return false if it could not be suspended because a native frame or a class initialiser is
     *     on its stack, or because there is no memory for its frames
     */
    public static boolean suspend() {
        if (IS_DEBUGGED) {
            return StartedThread.suspend();
        }
        try {
            return (int) YIELD.invokeExact() == 0;
        } catch (OutOfMemoryError e) {
            return false;
        } catch (Throwable e) {
            throw new IllegalStateException("the JVM cannot suspend a fiber", e);
        }
    }
}
