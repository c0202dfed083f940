package org.selvage.weaver;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.OperationKind;

/** Methods that the JVM implements itself, so that only their call sites can be woven. */
final class Replacements {
    private static final Set<String> UNSAFE = Set.of("sun/misc/Unsafe", "jdk/internal/misc/Unsafe");

    static final String FIELD = "java/lang/reflect/Field";

    private Replacements() {}

    /**
     * Whether this is a clock or {@link Thread#onSpinWait()}, which the hook of the same name and
     * shape replaces.
     */
    static boolean isTimeOrSpin(String owner, String name) {
        return switch (owner) {
            case "java/lang/System" -> name.equals("nanoTime") || name.equals("currentTimeMillis");
            case "jdk/internal/misc/VM" -> name.equals("getNanoTimeAdjustment");
            case "java/lang/Thread" -> name.equals("onSpinWait");
            default -> false;
        };
    }

    /**
     * Whether a method reads or writes the variable of a {@link java.lang.invoke.VarHandle}, the
     * one that {@code Unsafe} finds at an offset in an object, or the field of a {@link
     * java.lang.reflect.Field}.
     */
    static boolean isVariableAccess(String owner, String name, String descriptor) {
        if (UNSAFE.contains(owner)) {
            return descriptor.startsWith("(Ljava/lang/Object;J")
                    && (name.startsWith("get")
                            || name.startsWith("put")
                            || name.startsWith("compareAnd")
                            || name.startsWith("weakCompareAnd"));
        }
        if (owner.equals(FIELD)) {
            return descriptor.startsWith("(Ljava/lang/Object;")
                    && (name.startsWith("get") || name.startsWith("set"));
        }
        return owner.equals("java/lang/invoke/VarHandle")
                && (name.startsWith("get")
                        || name.startsWith("set")
                        || name.startsWith("compareAnd")
                        || name.startsWith("weakCompareAnd"));
    }

    /** What an access to a variable does to it. */
    static OperationKind variableAccess(String owner, String name) {
        boolean writes =
                UNSAFE.contains(owner)
                        ? name.startsWith("put")
                        : owner.equals(FIELD) && name.startsWith("set");
        return writes ? OperationKind.WRITE : JdkEntries.kind(name);
    }

    /**
     * The class that a JDK class shall use instead of this one, because the order of its elements
     * depends on identity hash codes: a pool interrupts its workers in that order.
     */
    static String ordered(String user, String type) {
        return user.equals("java/util/concurrent/ThreadPoolExecutor")
                        && type.equals("java/util/HashSet")
                ? "java/util/LinkedHashSet"
                : type;
    }

    /** A method of the program's code that asks for an object's identity hash code. */
    static boolean isIdentityHash(String owner, String name) {
        return owner.equals("java/lang/System") && name.equals("identityHashCode");
    }

    /**
     * Whether a call may reach {@link Object#hashCode}, although not in a class of the program:
     * those have a hash code of their own, woven in.
     */
    static boolean mayBeIdentityHash(String owner, String name, String descriptor) {
        return name.equals("hashCode")
                && descriptor.equals("()I")
                && (owner.equals("java/lang/Object")
                        || owner.equals("java/lang/Thread")
                        || owner.equals("java/lang/Runnable")
                        || owner.startsWith("java/util/concurrent/")
                        || owner.startsWith("java/util/function/"));
    }

    /** Whether calls of {@code hashCode} in a class of the JDK decide the order of elements. */
    static boolean isHashTable(String internalName) {
        return internalName.equals("java/util/HashMap")
                || internalName.equals("java/util/Hashtable")
                || internalName.equals("java/util/IdentityHashMap")
                || internalName.equals("java/util/Objects")
                || internalName.equals("java/util/concurrent/ConcurrentHashMap")
                || internalName.startsWith("java/util/ImmutableCollections");
    }

    /** The hook that replaces a final method of {@link Object} that waits or notifies, or null. */
    static @Nullable String monitorHook(String name, String descriptor) {
        return switch (name + descriptor) {
            case "wait()V", "wait(J)V", "wait(JI)V" -> "await";
            case "notify()V" -> "notifyOne";
            case "notifyAll()V" -> "notifyEvery";
            default -> null;
        };
    }
}
