package org.selvage.weaver;

import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.utility.OpenedClassReader;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.Sites;

/**
 * Weaves the classes of the program under test: each visible operation is preceded or replaced by a
 * call of {@link org.selvage.hooks.Hooks}.
 *
 * <p>Woven code has no JVM monitors: {@code synchronized} blocks and methods become hook calls. A
 * fiber that is suspended then never holds a monitor that the JVM would make another one wait for,
 * and {@code wait} can give it up.
 */
final class ProgramWeaver {
    private final ProgramTypes types;

    ProgramWeaver(ProgramTypes types) {
        this.types = types;
    }

    byte[] weave(byte[] classFile) {
        ClassReader reader = OpenedClassReader.of(classFile);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(new ProgramClass(writer), 0);
        return writer.toByteArray();
    }

    /**
     * A method reference to a hooked JDK method, which needs a method of the program in between to
     * arm the site.
     */
    private record Bridge(String name, String descriptor, Handle target, int site) {}

    private final class ProgramClass extends ClassVisitor {
        private String className = "";
        private boolean isInterface;
        private final List<Bridge> bridges = new ArrayList<>();

        ProgramClass(ClassVisitor next) {
            super(OpenedClassReader.ASM_API, next);
        }

        @Override
        public void visit(
                int version,
                int access,
                String name,
                @Nullable String signature,
                @Nullable String superName,
                String @Nullable [] interfaces) {
            className = name;
            isInterface = (access & Opcodes.ACC_INTERFACE) != 0;
            super.visit(version, access, name, signature, superName, interfaces);
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            int woven = access & ~Opcodes.ACC_SYNCHRONIZED;
            if ((access & (Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT)) != 0) {
                return super.visitMethod(access, name, descriptor, signature, exceptions);
            }
            MethodVisitor next = super.visitMethod(woven, name, descriptor, signature, exceptions);
            ProgramMethod.Guard guard = ProgramMethod.Guard.NONE;
            if (name.equals("<clinit>")) {
                guard = ProgramMethod.Guard.CLASS_INITIALIZER;
            } else if (woven != access) {
                guard =
                        (access & Opcodes.ACC_STATIC) == 0
                                ? ProgramMethod.Guard.THIS
                                : ProgramMethod.Guard.CLASS;
            }
            return new ProgramMethod(next, types, className, name, guard, this::bridge);
        }

        private @Nullable Handle bridge(Handle target, int site) {
            boolean isStatic = target.getTag() == Opcodes.H_INVOKESTATIC;
            if (!types.takesSite(target.getOwner(), target.getName(), target.getDesc(), isStatic)
                    || target.getTag() == Opcodes.H_NEWINVOKESPECIAL
                    || target.getTag() == Opcodes.H_INVOKESPECIAL) {
                return null;
            }
            String descriptor = target.getDesc();
            if (!isStatic) {
                descriptor =
                        "("
                                + Type.getObjectType(target.getOwner()).getDescriptor()
                                + descriptor.substring(1);
            }
            Bridge bridge =
                    new Bridge("selvage$bridge$" + bridges.size(), descriptor, target, site);
            bridges.add(bridge);
            return new Handle(
                    Opcodes.H_INVOKESTATIC, className, bridge.name, descriptor, isInterface);
        }

        @Override
        public void visitEnd() {
            for (Bridge bridge : bridges) {
                write(bridge);
            }
            super.visitEnd();
        }

        private void write(Bridge bridge) {
            int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC;
            MethodVisitor mv =
                    super.visitMethod(access, bridge.name, bridge.descriptor, null, null);
            mv.visitCode();
            int local = 0;
            for (Type argument : Type.getArgumentTypes(bridge.descriptor)) {
                mv.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), local);
                local += argument.getSize();
            }
            mv.visitLdcInsn(bridge.site);
            JdkEntries.hook(mv, "site", "(I)V");
            Handle target = bridge.target;
            int opcode =
                    switch (target.getTag()) {
                        case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
                        case Opcodes.H_INVOKEINTERFACE -> Opcodes.INVOKEINTERFACE;
                        default -> Opcodes.INVOKEVIRTUAL;
                    };
            mv.visitMethodInsn(
                    opcode,
                    target.getOwner(),
                    target.getName(),
                    target.getDesc(),
                    target.isInterface());
            if (!JdkEntries.surelyTakesSite(target.getOwner())) {
                mv.visitInsn(Opcodes.ICONST_0);
                JdkEntries.hook(mv, "site", "(I)V");
            }
            mv.visitInsn(Type.getReturnType(bridge.descriptor).getOpcode(Opcodes.IRETURN));
            mv.visitMaxs(0, 0);
            mv.visitEnd();
        }
    }

    static int site(String className, String method, int line, String target) {
        return Sites.register(className.replace('/', '.'), method, line, target);
    }
}
