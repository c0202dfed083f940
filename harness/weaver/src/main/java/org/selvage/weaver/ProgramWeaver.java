package org.selvage.weaver;

import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.FieldVisitor;
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
    private static final int MAJOR_VERSION_AT = 6;

    private final ProgramTypes types;

    ProgramWeaver(ProgramTypes types) {
        this.types = types;
    }

    /**
     * What becomes of a class.
     *
     * @param holder the class file of a class beside it, if it needs one
     * @param kept why what the JVM keeps of it cannot be made fresh, or an empty string
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Woven(byte[] classFile, byte @Nullable [] holder, String kept) {}

    Woven weave(byte[] classFile) {
        ClassReader reader = OpenedClassReader.of(classFile);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        boolean fresh = types.freshStatics();
        StaticReset statics =
                fresh
                        ? StaticReset.of(types.statics(reader.getClassName(), classFile), types)
                        : null;
        boolean framed = reader.readUnsignedShort(MAJOR_VERSION_AT) >= Opcodes.V1_6;
        reader.accept(new ProgramClass(framed ? writer : new Unframed(writer), statics), 0);
        return new Woven(
                writer.toByteArray(),
                statics == null ? null : statics.writeHolder(),
                fresh ? ClassStatics.annotation(reader, types::isReset) : "");
    }

    /** Leaves out stack map frames, which class files have as of Java 6. */
    private static final class Unframed extends ClassVisitor {
        Unframed(ClassVisitor next) {
            super(OpenedClassReader.ASM_API, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            return new MethodVisitor(
                    OpenedClassReader.ASM_API,
                    super.visitMethod(access, name, descriptor, signature, exceptions)) {
                @Override
                public void visitFrame(
                        int type,
                        int locals,
                        Object @Nullable [] local,
                        int stacks,
                        Object @Nullable [] stack) {
                    // The JVM's older verifier, which such classes get, infers the types.
                }
            };
        }
    }

    /**
     * A method of the program that stands between a call or a method reference and a method of the
     * JDK.
     */
    private record Bridge(String name, String descriptor, Handle target, int site, Kind kind) {
        /** What stands before the call. */
        enum Kind {
            SITE,
            VARIABLE,
            MONITOR,
            ARRAY,
            LOOKUP,
            NOTHING
        }
    }

    private final class ProgramClass extends ClassVisitor implements ProgramMethod.Bridges {
        private String className = "";
        private boolean isInterface;

        /** Whether it would have the hash code of {@link Object}. */
        private boolean hasIdentityHash;

        private final List<Bridge> bridges = new ArrayList<>();
        private final List<PlainField> plainFields = new ArrayList<>();
        private final @Nullable StaticReset statics;

        ProgramClass(ClassVisitor next, @Nullable StaticReset statics) {
            super(OpenedClassReader.ASM_API, next);
            this.statics = statics;
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
            hasIdentityHash = !isInterface && types.hasIdentityHash(superName);
            if (statics != null) {
                statics.begin(name, superName);
            }
            super.visit(version, access, name, signature, superName, interfaces);
        }

        @Override
        public @Nullable FieldVisitor visitField(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                @Nullable Object value) {
            ProgramTypes.FieldUse use = types.field(className, name);
            if (use != null
                    && use.access() == ProgramTypes.Access.PLAIN
                    && use.declaring().equals(className)) {
                boolean isStatic = (access & Opcodes.ACC_STATIC) != 0;
                plainFields.add(new PlainField(className, name, isStatic, use.id()));
            }
            int woven = statics == null ? access : statics.field(access, name, descriptor, value);
            return woven == -1 ? null : super.visitField(woven, name, descriptor, signature, value);
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            int woven = access & ~Opcodes.ACC_SYNCHRONIZED;
            hasIdentityHash &= !name.equals("hashCode") || !descriptor.equals("()I");
            if ((access & (Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT)) != 0) {
                return super.visitMethod(access, name, descriptor, signature, exceptions);
            }
            MethodVisitor next =
                    statics != null && name.equals("<clinit>")
                            ? statics.initializer(cv)
                            : RunEntry.of(
                                    super.visitMethod(
                                            woven, name, descriptor, signature, exceptions),
                                    woven,
                                    name,
                                    descriptor);
            ProgramMethod.Guard guard = ProgramMethod.Guard.NONE;
            if (name.equals("<clinit>")) {
                guard =
                        statics != null && statics.asks()
                                ? ProgramMethod.Guard.NONE
                                : ProgramMethod.Guard.CLASS_INITIALIZER;
            } else if (woven != access) {
                guard =
                        (access & Opcodes.ACC_STATIC) == 0
                                ? ProgramMethod.Guard.THIS
                                : ProgramMethod.Guard.CLASS;
            }
            boolean uses =
                    !name.equals("<clinit>")
                            && ((access & Opcodes.ACC_STATIC) != 0 || name.equals("<init>"))
                            && types.isReset(className);
            return new ProgramMethod(next, types, className, name, guard, this, uses);
        }

        @Override
        public @Nullable Handle bridge(Handle target, int site) {
            boolean isStatic = target.getTag() == Opcodes.H_INVOKESTATIC;
            boolean isCollection =
                    types.isCollection(target.getOwner(), target.getName(), isStatic);
            boolean isVariable =
                    Replacements.isVariableAccess(
                            target.getOwner(), target.getName(), target.getDesc());
            if (target.getTag() == Opcodes.H_NEWINVOKESPECIAL
                    || target.getTag() == Opcodes.H_INVOKESPECIAL) {
                return null;
            }
            if (ArrayCode.isWoven(target.getOwner(), target.getName(), target.getDesc())) {
                return add(target, site, Bridge.Kind.ARRAY);
            }
            if (VariableCode.isLookUp(target.getOwner(), target.getName())) {
                return add(target, site, Bridge.Kind.LOOKUP);
            }
            if (JdkEntries.mayBeConcurrent(target.getOwner(), target.getName(), isStatic)) {
                return add(target, site, Bridge.Kind.MONITOR);
            }
            if (!isStatic
                    && types.isMonitored(target.getOwner(), target.getName(), target.getDesc())) {
                return add(target, site, Bridge.Kind.MONITOR);
            }
            if (!isVariable
                    && !types.takesSite(
                            target.getOwner(), target.getName(), target.getDesc(), isStatic)) {
                return isCollection ? add(target, site, Bridge.Kind.NOTHING) : null;
            }
            return add(target, site, isVariable ? Bridge.Kind.VARIABLE : Bridge.Kind.SITE);
        }

        @Override
        public Handle variable(Handle target, int site) {
            return add(target, site, Bridge.Kind.VARIABLE);
        }

        @Override
        public Handle array(Handle target, int site) {
            return add(target, site, Bridge.Kind.ARRAY);
        }

        @Override
        public Handle lookUp(Handle target, int site) {
            return add(target, site, Bridge.Kind.LOOKUP);
        }

        @Override
        public Handle approach(Handle target, int site) {
            return add(target, site, Bridge.Kind.MONITOR);
        }

        private Handle add(Handle target, int site, Bridge.Kind kind) {
            String descriptor = target.getDesc();
            if (target.getTag() != Opcodes.H_INVOKESTATIC) {
                descriptor =
                        "("
                                + Type.getObjectType(target.getOwner()).getDescriptor()
                                + descriptor.substring(1);
            }
            String name = "selvage$bridge$" + bridges.size();
            bridges.add(new Bridge(name, descriptor, target, site, kind));
            return new Handle(Opcodes.H_INVOKESTATIC, className, name, descriptor, isInterface);
        }

        @Override
        public void visitEnd() {
            for (Bridge bridge : bridges) {
                write(bridge);
            }
            for (PlainField field : plainFields) {
                field.write(cv);
            }
            if (statics != null) {
                statics.write(cv);
            }
            if (hasIdentityHash) {
                writeHashCode();
            }
            super.visitEnd();
        }

        private void writeHashCode() {
            int access = Opcodes.ACC_PUBLIC | Opcodes.ACC_SYNTHETIC;
            MethodVisitor mv = cv.visitMethod(access, "hashCode", "()I", null, null);
            mv.visitCode();
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            JdkReplacements.call(mv, "identityHashCode", "(Ljava/lang/Object;)I");
            mv.visitInsn(Opcodes.IRETURN);
            mv.visitMaxs(0, 0);
            mv.visitEnd();
        }

        private void write(Bridge bridge) {
            int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC;
            MethodVisitor mv =
                    super.visitMethod(access, bridge.name, bridge.descriptor, null, null);
            mv.visitCode();
            switch (bridge.kind) {
                case ARRAY -> ArrayCode.write(mv, bridge.target, bridge.site);
                case LOOKUP -> VariableCode.lookUp(mv, bridge.target, bridge.site);
                case MONITOR -> {
                    mv.visitVarInsn(Opcodes.ALOAD, 0);
                    JdkMonitorCalls.approachTop(
                            mv, bridge.target.getName(), bridge.target.getDesc(), bridge.site);
                    writeCall(mv, bridge);
                }
                case VARIABLE -> {
                    VariableCode.announce(mv, bridge.target, bridge.site);
                    writeCall(mv, bridge);
                }
                case SITE, NOTHING -> writeCall(mv, bridge);
            }
            mv.visitInsn(Type.getReturnType(bridge.descriptor).getOpcode(Opcodes.IRETURN));
            mv.visitMaxs(0, 0);
            mv.visitEnd();
        }

        private void writeCall(MethodVisitor mv, Bridge bridge) {
            int local = 0;
            for (Type argument : Type.getArgumentTypes(bridge.descriptor)) {
                mv.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), local);
                local += argument.getSize();
            }
            if (bridge.kind == Bridge.Kind.SITE) {
                mv.visitLdcInsn(bridge.site);
                JdkEntries.hook(mv, "site", "(I)V");
            }
            Handle target = bridge.target;
            boolean isStatic = target.getTag() == Opcodes.H_INVOKESTATIC;
            boolean isCollection =
                    types.isCollection(target.getOwner(), target.getName(), isStatic);
            if (isCollection) {
                JdkCollectionCode.called(mv, bridge.site);
            }
            if (JdkEntries.mayBeConcurrent(target.getOwner(), target.getName(), isStatic)) {
                mv.visitVarInsn(Opcodes.ALOAD, 0);
                JdkEntries.collectionCall(mv, target.getName(), bridge.site);
            }
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
            if (isCollection) {
                JdkCollectionCode.returned(mv);
            }
            if (bridge.kind == Bridge.Kind.SITE && !JdkEntries.surelyTakesSite(target.getOwner())) {
                mv.visitInsn(Opcodes.ICONST_0);
                JdkEntries.hook(mv, "site", "(I)V");
            }
        }
    }

    static int site(String className, String method, int line, String target) {
        return Sites.register(className.replace('/', '.'), method, line, target);
    }
}
