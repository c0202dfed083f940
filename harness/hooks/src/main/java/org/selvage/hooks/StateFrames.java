package org.selvage.hooks;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import org.jspecify.annotations.Nullable;

/** The frames of a suspended fiber with their locals and operands: the JDK's LiveStackFrame. */
final class StateFrames {
    private static final int COMPILED = 2;

    /** The class that announces operations and suspends fibers. */
    private static final String EXECUTION = "org.selvage.scheduler.Execution";

    private static final String CONTROLLER = Controller.class.getName();

    private static final MethodHandle NEW_WALKER;
    private static final MethodHandle LOCALS;
    private static final MethodHandle OPERANDS;
    private static final MethodHandle MODE;
    private static final MethodHandle VALUE;
    private static final Class<?> SLOT;
    private static final Object LOCALS_AND_OPERANDS;

    static {
        try {
            Class<?> option = Class.forName("java.lang.StackWalker$ExtendedOption");
            Class<?> frame = Class.forName("java.lang.LiveStackFrameInfo");
            SLOT = Class.forName("java.lang.LiveStackFrame$PrimitiveSlot");
            LOCALS_AND_OPERANDS = option.getEnumConstants()[0];
            MethodHandles.Lookup lookup =
                    MethodHandles.privateLookupIn(StackWalker.class, MethodHandles.lookup());
            NEW_WALKER =
                    lookup.findStatic(
                            StackWalker.class,
                            "newInstance",
                            MethodType.methodType(
                                    StackWalker.class,
                                    Set.class,
                                    option,
                                    ContinuationScope.class,
                                    Continuation.class));
            MethodType slots = MethodType.methodType(Object[].class);
            LOCALS = lookup.findVirtual(frame, "getLocals", slots);
            OPERANDS = lookup.findVirtual(frame, "getStack", slots);
            MODE =
                    MethodHandles.privateLookupIn(frame, MethodHandles.lookup())
                            .findGetter(frame, "mode", int.class);
            VALUE = lookup.findVirtual(SLOT, "longValue", MethodType.methodType(long.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this JVM does not show the locals of frames: version=" + Runtime.version(), e);
        }
    }

    private StateFrames() {}

    /**
     * A frame.
     *
     * @param type the method's class
     * @param method its name and type
     * @param bytecode where it stands
     * @param isCompiled whether it runs compiled code
     * @param locals its variables: objects, or what {@link #primitive} reads
     * @param operands its operand stack, likewise
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(
            Class<?> type,
            String method,
            int bytecode,
            boolean isCompiled,
            @Nullable Object[] locals,
            @Nullable Object[] operands) {}

    /** The frames of a suspended fiber, innermost first. */
    static List<Frame> of(Fiber fiber) {
        return walk(Fiber.SCOPE, fiber.continuation());
    }

    /** The frames of the fiber that calls this, innermost first. */
    static List<Frame> ofMounted() {
        return walk(Fiber.SCOPE, null);
    }

    private static List<Frame> walk(ContinuationScope scope, @Nullable Continuation suspended) {
        try {
            StackWalker walker =
                    (StackWalker)
                            NEW_WALKER.invoke(
                                    Set.of(
                                            Option.RETAIN_CLASS_REFERENCE,
                                            Option.SHOW_HIDDEN_FRAMES),
                                    LOCALS_AND_OPERANDS,
                                    scope,
                                    suspended);
            return walker.walk(StateFrames::read);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** From where the execution was told of a scheduling point: what is above is none of it. */
    private static List<Frame> read(Stream<StackFrame> frames) {
        return frames.dropWhile(frame -> !isExecution(frame.getClassName()))
                .map(StateFrames::read)
                .toList();
    }

    /** An operation suspends its fiber in {@link Controller}, everything else in the subclass. */
    private static boolean isExecution(String type) {
        return type.equals(EXECUTION) || type.equals(CONTROLLER);
    }

    private static Frame read(StackFrame frame) {
        try {
            return new Frame(
                    frame.getDeclaringClass(),
                    frame.getMethodName() + frame.getDescriptor(),
                    frame.getByteCodeIndex(),
                    ((int) MODE.invoke(frame) & COMPILED) != 0,
                    (Object[]) LOCALS.invoke(frame),
                    (Object[]) OPERANDS.invoke(frame));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The value of a slot that holds no object, else null. */
    static @Nullable Long primitive(@Nullable Object slot) {
        try {
            return SLOT.isInstance(slot) ? (Long) (long) VALUE.invoke(slot) : null;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
