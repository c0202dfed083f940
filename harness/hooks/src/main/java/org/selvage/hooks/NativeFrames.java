package org.selvage.hooks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Calls between the program and native code, by {@link java.lang.foreign.Linker}.
 *
 * <p>A task that must wait below a native frame cannot be suspended and is unwound. The JVM dies of
 * an exception that leaves a function which native code calls. So such a function ends with zero
 * then, is not entered again, and the call of the native code goes on to unwind when it returns.
 */
public final class NativeFrames {
    private static final MethodHandle MAY_RUN = find("mayRun", boolean.class);
    private static final MethodHandle RETURNED = find("returned", void.class);

    private NativeFrames() {}

    /** Unwinds a task that cannot be abandoned where it stands. */
    static final class Unwinding extends Error {
        private static final long serialVersionUID = 1L;

        Unwinding() {
            super("the execution has ended", null, false, false);
        }
    }

    private static MethodHandle find(String name, Class<?> result) {
        try {
            return MethodHandles.lookup()
                    .findStatic(NativeFrames.class, name, MethodType.methodType(result));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name, e);
        }
    }

    /** What native code shall call instead of a function of the program. */
    public static MethodHandle upcall(MethodHandle target) {
        MethodType type = target.type();
        MethodHandle zero = MethodHandles.empty(type);
        MethodHandle caught =
                MethodHandles.empty(
                        MethodType.methodType(type.returnType(), Unwinding.class)
                                .appendParameterTypes(type.parameterList()));
        return MethodHandles.guardWithTest(
                MAY_RUN, MethodHandles.catchException(target, Unwinding.class, caught), zero);
    }

    /** What the program shall call instead of this native function. */
    public static MethodHandle downcall(MethodHandle target) {
        Class<?> result = target.type().returnType();
        return MethodHandles.filterReturnValue(
                target,
                result == void.class
                        ? RETURNED
                        : MethodHandles.foldArguments(MethodHandles.identity(result), RETURNED));
    }

    static boolean mayRun() {
        Carrier carrier = Carrier.current();
        return carrier == null || !carrier.unwinds;
    }

    static void returned() {
        if (!mayRun()) {
            throw new Unwinding();
        }
    }
}
