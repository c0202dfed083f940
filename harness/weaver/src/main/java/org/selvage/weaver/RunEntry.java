package org.selvage.weaver;

import java.util.Set;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.utility.OpenedClassReader;
import org.selvage.hooks.Fiber;

/**
 * Under a debugger, a task is a thread that the JVM starts, and that asks at the beginning of its
 * {@code run} method what to do.
 */
final class RunEntry extends MethodVisitor {
    /** Kinds of threads of the JDK that a program may start. */
    private static final Set<String> THREADS =
            Set.of(
                    "java/lang/Thread",
                    "java/lang/ThreadBuilders$BoundVirtualThread",
                    "java/util/TimerThread",
                    "java/util/concurrent/ForkJoinWorkerThread");

    private static final boolean IS_DEBUGGED = Boolean.getBoolean(Fiber.DEBUGGED);

    private RunEntry(MethodVisitor next) {
        super(OpenedClassReader.ASM_API, next);
    }

    /** Whether a class of the JDK is woven for this. */
    static boolean isWoven(String internalName) {
        return IS_DEBUGGED && THREADS.contains(internalName);
    }

    /** What visits a method: the same visitor, unless it is one that asks. */
    static MethodVisitor of(MethodVisitor next, int access, String name, String descriptor) {
        boolean asks =
                IS_DEBUGGED
                        && name.equals("run")
                        && descriptor.equals("()V")
                        && (access & (Opcodes.ACC_STATIC | Opcodes.ACC_ABSTRACT)) == 0;
        return asks ? new RunEntry(next) : next;
    }

    @Override
    public void visitCode() {
        super.visitCode();
        Label goOn = new Label();
        visitVarInsn(Opcodes.ALOAD, 0);
        JdkEntries.hook(this, "runs", "(Ljava/lang/Object;)Z");
        visitJumpInsn(Opcodes.IFEQ, goOn);
        visitInsn(Opcodes.RETURN);
        visitLabel(goOn);
        visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        visitInsn(Opcodes.NOP); // the method's own first frame must not be at the same place
    }
}
