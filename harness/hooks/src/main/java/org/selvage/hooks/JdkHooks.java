package org.selvage.hooks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.concurrent.ForkJoinPool;
import jdk.internal.misc.Unsafe;
import jdk.internal.vm.annotation.ReservedStackAccess;
import org.jspecify.annotations.Nullable;

/**
 * What woven methods of the JDK call, beside {@link Hooks}: for what the JVM shares between
 * executions or makes different in each.
 *
 * <p>A method that takes the JDK's own value returns it on a thread that is not controlled.
 */
public final class JdkHooks {
    private static final String WORK = "next task of a pool";

    private static final MethodHandle COMMON_POOL = commonPoolConstructor();

    private JdkHooks() {}

    private static MethodHandle commonPoolConstructor() {
        try {
            return MethodHandles.privateLookupIn(ForkJoinPool.class, MethodHandles.lookup())
                    .findConstructor(
                            ForkJoinPool.class, MethodType.methodType(void.class, byte.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this JVM's common pool cannot be made anew: version=" + Runtime.version(), e);
        }
    }

    /** The common pool: a new one for each execution. */
    public static ForkJoinPool commonPool(ForkJoinPool real) {
        Carrier c = Carrier.live();
        if (c == null) {
            return real;
        }
        ForkJoinPool pool = c.commonPool;
        if (pool == null) {
            try {
                pool = (ForkJoinPool) COMMON_POOL.invokeExact((byte) 0);
            } catch (Throwable e) {
                throw new IllegalStateException("the common pool cannot be made", e);
            }
            c.commonPool = pool;
        }
        return pool;
    }

    /**
     * A worker of a pool, or who helps it, comes to its next task: another one may be quicker.
     * Without this point a worker would go from task to task as if in one step, and synchronisation
     * inside the pool would seem to order what its tasks do with what other workers' tasks do.
     */
    @ReservedStackAccess
    public static void nextWork() {
        Carrier c = Carrier.live();
        Controller controller = c == null ? null : c.controller;
        if (c == null || controller == null) {
            return;
        }
        c.live = false;
        try {
            // Written and never read: in conflict with every other worker's, but it orders none.
            controller.operation(OperationKind.WRITE, WORK, 0);
        } finally {
            c.live = true;
        }
    }

    /** {@link Unsafe#park}, which the fork-join pool calls itself. */
    public static void park(Unsafe unsafe, boolean isAbsolute, long time) {
        Carrier c = Carrier.live();
        if (c == null) {
            unsafe.park(isAbsolute, time);
        } else if (isAbsolute) {
            Hooks.parkUntil(null, time);
        } else {
            Hooks.park(null, time == 0L ? -1L : time);
        }
    }

    /** {@link Unsafe#unpark}, which the fork-join pool calls itself. */
    public static void unpark(Unsafe unsafe, @Nullable Object thread) {
        if (!(thread instanceof Thread t) || !Hooks.unpark(t)) {
            unsafe.unpark(thread);
        }
    }

    /** Whether virtual threads are continuations; as tasks they are fibers like all others. */
    public static boolean continuations(boolean real) {
        return real && Carrier.live() == null;
    }

    /** {@link Runtime#availableProcessors()}. */
    public static int processors(int real) {
        return Carrier.live() == null ? real : Repeatable.PROCESSORS;
    }

    /** The identifier of a new thread. */
    public static long threadIdentifier(long real) {
        Carrier c = Carrier.current(); // also while the harness makes the first thread
        return c == null || c.controller == null ? real : c.repeatable.identifier();
    }

    /** What a program sees of an identifier. */
    public static long visibleIdentifier(long identifier) {
        return Repeatable.visible(identifier);
    }

    /** The number in the name of a thread. */
    public static int threadNumber(int real) {
        return number(real, Repeatable.Series.THREAD_NAME);
    }

    /** The number in the names of a pool's threads. */
    public static int poolNumber(int real) {
        return number(real, Repeatable.Series.POOL_NAME);
    }

    /** The number of a fork-join pool, less one. */
    public static int forkJoinPoolNumber(int real) {
        return number(real, Repeatable.Series.FORK_JOIN_POOL);
    }

    /** The number in the name of a timer's thread. */
    public static int timerNumber(int real) {
        return number(real, Repeatable.Series.TIMER);
    }

    private static int number(int real, Repeatable.Series series) {
        Carrier c = Carrier.live();
        return c == null ? real : c.repeatable.number(series);
    }

    /** A seed. */
    public static long random(long real) {
        Carrier c = Carrier.live();
        return c == null ? real : c.repeatable.random();
    }

    /** {@link Math#random()}. */
    public static double random(double real) {
        Carrier c = Carrier.live();
        return c == null ? real : (c.repeatable.random() >>> 11) * 0x1.0p-53;
    }

    /** {@link java.security.SecureRandom#nextBytes} is entered; true if the hook did its work. */
    public static boolean randomBytes(byte[] into) {
        Carrier c = Carrier.live();
        if (c == null) {
            return false;
        }
        for (int i = 0; i < into.length; i++) {
            into[i] = (byte) (c.repeatable.random() >>> 56);
        }
        return true;
    }

    /** The program uses what is not controlled. */
    public static void uncontrolled(String name) {
        Carrier c = Carrier.live();
        if (c != null) {
            c.live = false;
            try {
                c.outside().use(name);
            } finally {
                c.live = true;
            }
        }
    }

    /** A socket is about to be bound or connected: it is closed at the end of the execution. */
    public static void opened(AutoCloseable socket) {
        Carrier c = Carrier.live();
        if (c != null) {
            c.outside().opened(socket);
        }
    }

    /** A process was started: it ends with the execution. */
    public static Process started(Process process) {
        Carrier c = Carrier.live();
        if (c != null) {
            c.outside().opened(() -> OutsideWorld.end(process));
        }
        return process;
    }

    /**
     * {@link System#identityHashCode} of the program's own code, and the hash code of its objects
     * that have none of their own.
     */
    public static int identityHashCode(@Nullable Object object) {
        Carrier c = object == null ? null : Carrier.current();
        if (object == null || c == null) {
            return System.identityHashCode(object);
        }
        if (c.live) {
            return c.identities.of(object);
        }
        int known = c.identities.find(object);
        return known == 0 ? System.identityHashCode(object) : known;
    }

    /** {@link System#identityHashCode} for a table of the JDK. */
    public static int identityKey(@Nullable Object object) {
        Carrier c = object == null ? null : Carrier.live();
        return object != null && c != null && kind(c, object) != IdentityNumbers.Kind.LASTING
                ? c.identities.of(object)
                : System.identityHashCode(object);
    }

    /** {@link Object#hashCode} of any object, for a table of the JDK or the program's own code. */
    public static int hashCode(Object object) {
        Carrier c = Carrier.live();
        return c != null
                        && !(object instanceof String)
                        && kind(c, object) == IdentityNumbers.Kind.WITHOUT_HASH_CODE
                ? c.identities.of(object)
                : object.hashCode();
    }

    /**
     * The hash code of an enum's constant, which hash tables iterate by: the same in each JVM, and
     * of each object that executions make for the same constant.
     */
    public static int enumHashCode(Object constant) {
        int hash =
                constant instanceof Enum<?> c
                        ? c.getDeclaringClass().getName().hashCode() * 31 + c.name().hashCode()
                        : 0;
        return hash == 0 ? 1 : hash;
    }

    private static IdentityNumbers.Kind kind(Carrier c, Object object) {
        c.live = false; // a class is looked at by reflection, once
        try {
            return IdentityNumbers.kind(object.getClass());
        } finally {
            c.live = true;
        }
    }

    /** The salt of unmodifiable sets and maps, which decides where an iteration begins. */
    public static long salt(long real) {
        return Carrier.live() == null ? real : Repeatable.SALT;
    }

    /** Whether an unmodifiable set or map is iterated backwards. */
    public static boolean backwards(boolean real) {
        return Carrier.live() == null && real;
    }

    /** {@link Runtime#exit} is entered; returns false if the JVM shall exit. */
    public static boolean exit(int status) {
        return exit(status, true);
    }

    /** {@link Runtime#halt} is entered; returns false if the JVM shall halt. */
    public static boolean halt(int status) {
        return exit(status, false);
    }

    private static boolean exit(int status, boolean shutdownHooks) {
        Carrier c = Carrier.live();
        Controller controller = c == null ? null : c.controller;
        if (c == null || controller == null) {
            return false;
        }
        c.live = false;
        try {
            controller.exit(status, shutdownHooks);
        } finally {
            c.live = true;
        }
        return true;
    }

    /** {@link Runtime#addShutdownHook} is entered; true if the hook did its work. */
    public static boolean addShutdownHook(Thread hook) {
        Carrier c = Carrier.live();
        Controller controller = c == null ? null : c.controller;
        if (controller == null) {
            return false;
        }
        controller.addShutdownHook(hook);
        return true;
    }

    /**
     * A log manager wants its handlers closed at the end of the JVM; that of an execution ends
     * without.
     */
    public static void addLoggingCleaner(Runtime runtime, Thread hook) {
        if (Carrier.current() == null) {
            runtime.addShutdownHook(hook);
        }
    }

    /**
     * {@link Runtime#removeShutdownHook} is entered.
     *
     * @return 1 if it was registered, 0 if not, -1 if the method shall tell
     */
    public static int removeShutdownHook(Thread hook) {
        Carrier c = Carrier.live();
        Controller controller = c == null ? null : c.controller;
        return controller == null ? -1 : controller.removeShutdownHook(hook) ? 1 : 0;
    }

    /** Follows {@link Class#forName(String)}: the class is initialised. */
    public static Class<?> initialized(Class<?> type) throws Throwable {
        if (type.getClassLoader() instanceof StaticsOwner owner) {
            owner.initialize(type);
        }
        return type;
    }

    /** A static field is read or written by reflection: its class is initialised before. */
    public static void fieldUsed(Field field) throws Throwable {
        if (Modifier.isStatic(field.getModifiers())) {
            initialized(field.getDeclaringClass());
        }
    }

    /** A handle of a class's static field is looked up: the class is initialised before its use. */
    public static void fieldsUsed(Class<?> type) throws Throwable {
        initialized(type);
    }

    /** Replaces {@link Class#forName(String, boolean, ClassLoader)}. */
    public static Class<?> forName(String name, boolean initialize, @Nullable ClassLoader loader)
            throws Throwable {
        Class<?> type = Class.forName(name, initialize, loader);
        return initialize ? initialized(type) : type;
    }

    /** All live threads as a program sees them; null if the JVM shall tell. */
    public static Thread @Nullable [] threads() {
        Carrier c = Carrier.live();
        Controller controller = c == null ? null : c.controller;
        if (controller == null) {
            return null;
        }
        Hooks.enter(Thread.class, OperationKind.READ);
        return controller.liveThreads();
    }

    /**
     * The initialiser of a class of the JDK begins. It runs in the first execution that needs the
     * class, and never again: so that this execution is like the others, it reads the real clock.
     */
    @ReservedStackAccess
    public static void beginInitializer() {
        Carrier c = Carrier.current();
        if (c != null) {
            c.initializers++;
        }
    }

    /** The initialiser of a class of the JDK has ended. */
    @ReservedStackAccess
    public static void endInitializer() {
        Carrier c = Carrier.current();
        if (c != null && c.initializers > 0) {
            c.initializers--;
        }
    }

    /**
     * {@link Thread#setDefaultUncaughtExceptionHandler} is entered: each execution has a handler of
     * its own.
     */
    public static boolean setDefaultHandler(Thread.@Nullable UncaughtExceptionHandler handler) {
        Carrier c = Carrier.live();
        if (c != null) {
            c.defaultHandler = handler;
        }
        return c != null;
    }

    /** The execution's own default handler; null if it has set none. */
    public static Thread.@Nullable UncaughtExceptionHandler defaultHandler() {
        Carrier c = Carrier.live();
        return c == null ? null : c.defaultHandler;
    }
}
