package org.selvage.weaver;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.utility.OpenedClassReader;
import org.jspecify.annotations.Nullable;

/**
 * Puts the hooks of {@link JdkEntries} into JDK classes; adds no member, so that loaded classes can
 * be retransformed.
 */
final class JdkWeaving implements ClassFileTransformer {
    /** Loads {@code java.sql} and other modules that the boot loader does not. */
    private static final @Nullable ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();

    private final List<String> failures = new ArrayList<>();

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String className,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] classFile) {
        if ((loader != null && loader != PLATFORM)
                || className == null
                || !JdkEntries.isWoven(className)) {
            return null;
        }
        try {
            boolean loading = redefined == null;
            if (!loading && JdkMonitorCalls.isPipe(className)) {
                return null; // its methods cannot become unsynchronized any more
            }
            return weave(className, classFile);
        } catch (RuntimeException e) {
            // The JVM would drop an exception here without a word.
            synchronized (failures) {
                failures.add(className + ": " + e);
            }
            return null;
        }
    }

    /** Classes that could not be woven, with the reason. */
    List<String> failures() {
        synchronized (failures) {
            return List.copyOf(failures);
        }
    }

    static byte[] weave(String className, byte[] classFile) {
        ClassReader reader = OpenedClassReader.of(classFile);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(new Weaver(writer, className), 0);
        return writer.toByteArray();
    }

    private static final class Weaver extends ClassVisitor {
        private final String className;

        Weaver(ClassVisitor next, String className) {
            super(OpenedClassReader.ASM_API, next);
            this.className = className;
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            boolean guarded =
                    (access & (Opcodes.ACC_SYNCHRONIZED | Opcodes.ACC_STATIC))
                            == Opcodes.ACC_SYNCHRONIZED;
            Guard guard = Guard.NONE;
            int woven = access;
            if (name.equals("<clinit>")) {
                guard = Guard.INITIALIZER;
            } else if (guarded && JdkMonitorCalls.isMonitored(className)) {
                guard = Guard.BESIDE;
            } else if (guarded && JdkMonitorCalls.isPipe(className)) {
                guard = Guard.INSTEAD;
                woven = access & ~Opcodes.ACC_SYNCHRONIZED;
            }
            MethodVisitor next =
                    JdkCollectionCode.of(
                            super.visitMethod(woven, name, descriptor, signature, exceptions),
                            className,
                            access,
                            name,
                            descriptor);
            if (RunEntry.isWoven(className)) {
                next = RunEntry.of(next, access, name, descriptor);
            }
            return new JdkMethod(next, className, access, name, descriptor, guard);
        }
    }

    /** What is done around the body of a method, above all if it is synchronized. */
    private enum Guard {
        /** Nothing: a monitor is the JVM's, or there is none. */
        NONE,
        /** It is the initialiser of a class, and reads the real clock. */
        INITIALIZER,
        /** The modelled one is taken as well. */
        BESIDE,
        /** There is the modelled one alone. */
        INSTEAD
    }

    private static final class JdkMethod extends MethodVisitor {
        private final String owner;
        private final int access;
        private final String name;
        private final String descriptor;
        private final Guard guard;
        private final Label bodyStart = new Label();

        JdkMethod(
                MethodVisitor next,
                String owner,
                int access,
                String name,
                String descriptor,
                Guard guard) {
            super(OpenedClassReader.ASM_API, next);
            this.owner = owner;
            this.access = access;
            this.name = name;
            this.descriptor = descriptor;
            this.guard = guard;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            JdkEntries.emit(mv, owner, access, name, descriptor);
            Uncontrolled.enter(mv, owner, name);
            JdkReplacements.atEntry(mv, owner, name);
            switch (guard) {
                case NONE -> {
                    return;
                }
                case INITIALIZER -> JdkReplacements.call(mv, "beginInitializer", "()V");
                case BESIDE -> JdkMonitorCalls.enter(mv);
                case INSTEAD -> {
                    mv.visitVarInsn(Opcodes.ALOAD, 0);
                    mv.visitInsn(Opcodes.ICONST_0);
                    JdkEntries.hook(mv, "monitorEnter", "(Ljava/lang/Object;I)V");
                }
            }
            mv.visitLabel(bodyStart);
        }

        private void leaveGuard() {
            switch (guard) {
                case NONE -> {}
                case INITIALIZER -> JdkReplacements.call(mv, "endInitializer", "()V");
                case BESIDE -> JdkMonitorCalls.leave(mv);
                case INSTEAD -> {
                    mv.visitVarInsn(Opcodes.ALOAD, 0);
                    JdkEntries.hook(mv, "monitorExit", "(Ljava/lang/Object;)V");
                }
            }
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
            if (guard != Guard.NONE) {
                Object[] locals = guard == Guard.INITIALIZER ? new Object[0] : new Object[] {owner};
                JdkMonitorCalls.guard(mv, locals, bodyStart, this::leaveGuard);
            }
            super.visitMaxs(maxStack, maxLocals);
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode == Opcodes.RETURN
                    && owner.equals("java/lang/Thread")
                    && name.equals("interrupt")) {
                visitVarInsn(Opcodes.ALOAD, 0);
                JdkEntries.hook(mv, "afterInterrupt", "(Ljava/lang/Thread;)V");
            }
            JdkReplacements.beforeReturn(mv, owner, name, opcode);
            if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
                leaveGuard();
            }
            if (JdkReplacements.hasModelledMonitors(owner)) {
                visitModelled(opcode);
                return;
            }
            switch (opcode) {
                case Opcodes.MONITORENTER -> {
                    super.visitInsn(Opcodes.DUP);
                    super.visitInsn(
                            JdkEntries.isSynchronizedView(owner)
                                            || JdkMonitorCalls.isPartOfCollection(owner)
                                    ? Opcodes.ICONST_1
                                    : Opcodes.ICONST_0);
                    JdkEntries.hook(mv, "beforeMonitor", "(Ljava/lang/Object;Z)V");
                    super.visitInsn(opcode);
                }
                case Opcodes.MONITOREXIT -> {
                    // Before the exit: behind it the handler that exits would cover the call, and
                    // the JIT compilers refuse a method that could exit twice.
                    super.visitInsn(Opcodes.DUP);
                    JdkEntries.hook(mv, "leavingMonitor", "(Ljava/lang/Object;)V");
                    super.visitInsn(opcode);
                }
                default -> super.visitInsn(opcode);
            }
        }

        private void visitModelled(int opcode) {
            switch (opcode) {
                case Opcodes.MONITORENTER -> {
                    super.visitInsn(Opcodes.ICONST_0);
                    JdkEntries.hook(mv, "monitorEnter", "(Ljava/lang/Object;I)V");
                }
                case Opcodes.MONITOREXIT ->
                        JdkEntries.hook(mv, "monitorExit", "(Ljava/lang/Object;)V");
                default -> super.visitInsn(opcode);
            }
        }

        @Override
        public void visitFieldInsn(int opcode, String target, String field, String type) {
            if (opcode == Opcodes.PUTSTATIC) {
                JdkVariables.beforeWrite(mv, name, target, field, type);
            }
            super.visitFieldInsn(opcode, target, field, type);
            if (opcode == Opcodes.GETSTATIC) {
                JdkReplacements.afterStaticRead(mv, target, field);
                JdkVariables.afterRead(mv, name, target, field, type);
            }
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            super.visitTypeInsn(
                    opcode, opcode == Opcodes.NEW ? Replacements.ordered(owner, type) : type);
        }

        @Override
        public void visitMethodInsn(
                int opcode, String target, String method, String signature, boolean itf) {
            String monitorHook =
                    JdkReplacements.hasModelledMonitors(owner)
                            ? Replacements.monitorHook(method, signature)
                            : null;
            String park = JdkReplacements.unsafePark(owner, target, method, signature);
            if (opcode == Opcodes.INVOKESTATIC && Replacements.isTimeOrSpin(target, method)) {
                JdkEntries.hook(mv, method, signature);
            } else if (owner.equals("java/util/concurrent/TimeUnit")
                    && method.equals("wait")
                    && signature.equals("(JI)V")) {
                // TimeUnit.timedWait waits on an object of the program.
                JdkEntries.hook(mv, "await", "(Ljava/lang/Object;JI)V");
            } else if (monitorHook != null) {
                JdkEntries.hook(mv, monitorHook, "(Ljava/lang/Object;" + signature.substring(1));
            } else if (JdkVariables.isLogManager(owner) && method.equals("addShutdownHook")) {
                JdkReplacements.call(
                        mv, "addLoggingCleaner", "(Ljava/lang/Runtime;Ljava/lang/Thread;)V");
            } else if (park != null) {
                mv.visitMethodInsn(
                        Opcodes.INVOKESTATIC, JdkReplacements.HOOKS, method, park, false);
            } else if (Replacements.isHashTable(owner)
                    && target.equals("java/lang/Object")
                    && opcode == Opcodes.INVOKEVIRTUAL
                    && method.equals("hashCode")) {
                JdkReplacements.call(mv, "hashCode", "(Ljava/lang/Object;)I");
            } else if (Replacements.isHashTable(owner)
                    && Replacements.isIdentityHash(target, method)) {
                JdkReplacements.call(mv, "identityKey", signature);
            } else if (owner.equals("java/lang/Enum")
                    && Replacements.isIdentityHash(target, method)) {
                JdkReplacements.call(mv, "enumHashCode", signature);
            } else {
                String type =
                        method.equals("<init>") ? Replacements.ordered(owner, target) : target;
                JdkVariables.beforeCall(mv, name, target, method, signature);
                super.visitMethodInsn(opcode, type, method, signature, itf);
                JdkReplacements.afterCall(mv, owner, name, target, method, signature);
            }
        }
    }
}
