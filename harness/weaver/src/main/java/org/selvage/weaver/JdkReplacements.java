package org.selvage.weaver;

import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Values inside the JDK that differ from execution to execution, or that executions would share. A
 * hook gets the JDK's value and returns the one to use.
 */
final class JdkReplacements {
    static final String HOOKS = "org/selvage/hooks/JdkHooks";

    /** Entry hooks that are in {@link #HOOKS}. */
    static final Set<String> ENTRY_HOOKS =
            Set.of(
                    "threads",
                    "setDefaultHandler",
                    "defaultHandler",
                    "exit",
                    "halt",
                    "addShutdownHook",
                    "removeShutdownHook",
                    "randomBytes",
                    "nextWork",
                    "fieldUsed",
                    "fieldsUsed");

    /** Of the hook for an object and a field of it. */
    private static final String LINKER = "jdk/internal/foreign/abi/AbstractLinker";

    private static final String NATIVE_FRAMES = "org/selvage/hooks/NativeFrames";
    private static final String HANDLE_TO_HANDLE =
            "(Ljava/lang/invoke/MethodHandle;)Ljava/lang/invoke/MethodHandle;";

    private static final Set<String> WOVEN =
            Set.of(
                    "java/lang/Enum",
                    "java/lang/Runtime",
                    "java/lang/ThreadBuilders",
                    "java/security/SecureRandom",
                    "java/util/Random",
                    "java/util/SplittableRandom",
                    LINKER);

    /** Classes that wait and notify, so that their monitors are modelled throughout. */
    private static final Set<String> MODELLED_MONITORS =
            Set.of(
                    "java/util/Timer",
                    "java/util/TimerTask",
                    "java/util/TimerThread",
                    "java/util/TaskQueue");

    private static final String POOL = "java/util/concurrent/ForkJoinPool";
    private static final String DELAYS = "java/util/concurrent/DelayScheduler";
    private static final String NEXT_SEED = "java/util/concurrent/atomic/AtomicLong.getAndAdd(J)J";

    /** What follows a call in a class: by that class and the method that is called, the hook. */
    private static final Map<String, String> CALLS =
            Map.of(
                    "java/lang/Thread>java/lang/Thread$ThreadIdentifiers.next()J",
                    "threadIdentifier(J)J",
                    "java/lang/Thread>java/lang/Thread$ThreadNumbering.next()I",
                    "threadNumber(I)I",
                    "java/lang/ThreadBuilders>jdk/internal/vm/ContinuationSupport.isSupported()Z",
                    "continuations(Z)Z",
                    "java/util/Random>java/util/Random.seedUniquifier()J",
                    "random(J)J",
                    "java/util/SplittableRandom>" + NEXT_SEED,
                    "random(J)J",
                    "java/util/concurrent/ThreadLocalRandom>" + NEXT_SEED,
                    "random(J)J",
                    "java/util/Timer>java/util/Timer.serialNumber()I",
                    "timerNumber(I)I",
                    POOL + ">" + POOL + ".getAndAddPoolIds(I)I",
                    "forkJoinPoolNumber(I)I");

    private JdkReplacements() {}

    /** Whether a class of the JDK is woven for one of these. */
    static boolean isWoven(String internalName) {
        return WOVEN.contains(internalName)
                || MODELLED_MONITORS.contains(internalName)
                || internalName.startsWith("java/util/ImmutableCollections");
    }

    /** Whether monitors in this class are modelled and never the JVM's. */
    static boolean hasModelledMonitors(String internalName) {
        return MODELLED_MONITORS.contains(internalName) || JdkMonitorCalls.isPipe(internalName);
    }

    /** Follows a call in a method of the JDK, or of the program. */
    static void afterCall(
            MethodVisitor mv,
            String user,
            String method,
            String owner,
            String name,
            String descriptor) {
        String hook = CALLS.get(user + ">" + owner + "." + name + descriptor);
        if (owner.equals("java/lang/Runtime") && name.equals("availableProcessors")) {
            hook = "processors(I)I";
        } else if (name.equals("random")
                && (owner.equals("java/lang/Math") || owner.equals("java/lang/StrictMath"))) {
            hook = "random(D)D";
        } else if (user.equals("java/util/concurrent/Executors$DefaultThreadFactory")
                && method.equals("<init>")
                && name.equals("getAndIncrement")) {
            hook = "poolNumber(I)I";
        } else if (owner.equals("java/lang/Class")
                && name.equals("forName")
                && descriptor.equals("(Ljava/lang/String;)Ljava/lang/Class;")) {
            hook = "initialized(Ljava/lang/Class;)Ljava/lang/Class;";
        }
        if (hook != null) {
            int at = hook.indexOf('(');
            call(mv, hook.substring(0, at), hook.substring(at));
        }
    }

    /** Follows the reading of a static field in a method of the JDK. */
    static void afterStaticRead(MethodVisitor mv, String owner, String name) {
        switch (owner + "." + name) {
            case POOL + ".common", "java/util/concurrent/CompletableFuture.ASYNC_POOL" -> {
                String pool = "L" + POOL + ";";
                call(mv, "commonPool", "(" + pool + ")" + pool);
            }
            case "java/util/ImmutableCollections.SALT32L" -> call(mv, "salt", "(J)J");
            case "java/util/ImmutableCollections.REVERSE" -> call(mv, "backwards", "(Z)Z");
            default -> {} // any other field is what it is
        }
    }

    /** Stands at the entry of a method, and may change its arguments. */
    static void atEntry(MethodVisitor mv, String owner, String method) {
        if (owner.equals(LINKER) && method.equals("upcallStub")) {
            mv.visitVarInsn(Opcodes.ALOAD, 1);
            mv.visitMethodInsn(
                    Opcodes.INVOKESTATIC, NATIVE_FRAMES, "upcall", HANDLE_TO_HANDLE, false);
            mv.visitVarInsn(Opcodes.ASTORE, 1);
        }
    }

    /** Precedes the return of an instruction's method. */
    static void beforeReturn(MethodVisitor mv, String owner, String method, int opcode) {
        if (opcode == Opcodes.LRETURN
                && owner.equals("java/lang/Thread")
                && method.equals("threadId")) {
            call(mv, "visibleIdentifier", "(J)J");
        }
        if (opcode == Opcodes.ARETURN
                && owner.equals("java/lang/ProcessBuilder")
                && method.equals("start")) {
            call(mv, "started", "(Ljava/lang/Process;)Ljava/lang/Process;");
        }
        if (opcode == Opcodes.ARETURN && owner.equals(LINKER) && method.equals("downcallHandle0")) {
            mv.visitMethodInsn(
                    Opcodes.INVOKESTATIC, NATIVE_FRAMES, "downcall", HANDLE_TO_HANDLE, false);
        }
    }

    /** Emits the call of a hook in {@link #HOOKS}. */
    static void call(MethodVisitor mv, String hook, String descriptor) {
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, hook, descriptor, false);
    }

    /**
     * The descriptor of the hook of the same name that replaces a call of {@code Unsafe.park} or
     * {@code unpark}; null for any other method.
     */
    static @Nullable String unsafePark(String user, String owner, String name, String descriptor) {
        return (user.startsWith(POOL) || user.startsWith(DELAYS))
                        && owner.equals("jdk/internal/misc/Unsafe")
                        && (name.equals("park") || name.equals("unpark"))
                ? "(Ljdk/internal/misc/Unsafe;" + descriptor.substring(1)
                : null;
    }
}
