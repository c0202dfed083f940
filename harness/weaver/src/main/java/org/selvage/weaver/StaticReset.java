package org.selvage.weaver;

import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * Lets the initialiser of a class run again before the class is used in a later execution. Woven in
 * are a flag, whether the class was initialised in this execution; a method that each use of the
 * class calls; and the initialiser under another name.
 *
 * <p>Fields that the initialiser sets lose the modifier {@code final}: the JVM lets only the first
 * run of an initialiser set such a field.
 */
final class StaticReset {
    static final String FRESH = "selvage$fresh";

    /** No name that source code can have, and a readable one in a stack. */
    private static final String BODY = "static-initializer";

    private static final String USE = "selvage$use";
    private static final String AGAIN = "selvage$again";

    private final ClassStatics statics;
    private final ProgramTypes types;
    private final List<Variable> variables = new ArrayList<>();
    private String className = "";
    private String parent = "";
    private boolean hasBody;

    private record Variable(String name, String descriptor) {}

    private StaticReset(ClassStatics statics, ProgramTypes types) {
        this.statics = statics;
        this.types = types;
    }

    /** What is woven into a class with such statics; null if they never change. */
    static @Nullable StaticReset of(ClassStatics statics, ProgramTypes types) {
        return statics.kind() == ClassStatics.Kind.CONSTANT
                ? null
                : new StaticReset(statics, types);
    }

    /** Calls the method that initialises a class unless it is. */
    static void use(MethodVisitor mv, String className) {
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, className, USE, "()V", false);
    }

    void begin(String name, @Nullable String superName) {
        className = name;
        parent = superName == null ? "" : superName;
    }

    /** Whether methods of the class must ask for its initialisation. */
    boolean asks() {
        return statics.kind() == ClassStatics.Kind.RESET;
    }

    /** Notes a field; returns its modifiers. */
    int field(int access, String name, String descriptor, @Nullable Object value) {
        if (!asks() || (access & Opcodes.ACC_STATIC) == 0 || value != null) {
            return access;
        }
        variables.add(new Variable(name, descriptor));
        return access & ~Opcodes.ACC_FINAL;
    }

    /** Begins the method that takes the initialiser's code. */
    MethodVisitor initializer(ClassVisitor cv) {
        if (!asks()) {
            MethodVisitor mv = cv.visitMethod(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
            return new MethodVisitor(net.bytebuddy.utility.OpenedClassReader.ASM_API, mv) {
                @Override
                public void visitCode() {
                    super.visitCode();
                    super.visitLdcInsn(Type.getObjectType(className));
                    super.visitLdcInsn(statics.reason());
                    JdkEntries.hook(mv, "keepsStatics", "(Ljava/lang/Class;Ljava/lang/String;)V");
                }
            };
        }
        hasBody = true;
        int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC;
        return cv.visitMethod(access, BODY, "()V", null, null);
    }

    /** Writes the members. */
    void write(ClassVisitor cv) {
        if (!asks()) {
            return;
        }
        int access = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC;
        cv.visitField(access, FRESH, "Z", null, null).visitEnd();
        writeInitializer(cv.visitMethod(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null), true);
        writeInitializer(cv.visitMethod(access, AGAIN, "()V", null, null), false);
        MethodVisitor mv = cv.visitMethod(access, USE, "()V", null, null);
        Label end = new Label();
        mv.visitCode();
        mv.visitFieldInsn(Opcodes.GETSTATIC, className, FRESH, "Z");
        mv.visitJumpInsn(Opcodes.IFNE, end);
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, className, AGAIN, "()V", false);
        mv.visitLabel(end);
        mv.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        mv.visitInsn(Opcodes.RETURN);
        mv.visitMaxs(0, 0);
        mv.visitEnd();
    }

    private void writeInitializer(MethodVisitor mv, boolean first) {
        mv.visitCode();
        mv.visitInsn(Opcodes.ICONST_1);
        mv.visitFieldInsn(Opcodes.PUTSTATIC, className, FRESH, "Z");
        if (first) {
            mv.visitLdcInsn(Type.getObjectType(className));
            JdkEntries.hook(mv, "initializing", "(Ljava/lang/Class;)V");
        } else {
            if (types.isReset(parent)) {
                use(mv, parent);
            }
            for (Variable variable : variables) {
                Type type = Type.getType(variable.descriptor);
                mv.visitInsn(
                        switch (type.getSort()) {
                            case Type.OBJECT, Type.ARRAY -> Opcodes.ACONST_NULL;
                            case Type.LONG -> Opcodes.LCONST_0;
                            case Type.FLOAT -> Opcodes.FCONST_0;
                            case Type.DOUBLE -> Opcodes.DCONST_0;
                            default -> Opcodes.ICONST_0;
                        });
                mv.visitFieldInsn(Opcodes.PUTSTATIC, className, variable.name, variable.descriptor);
            }
        }
        if (hasBody) {
            callBody(mv);
        } else {
            mv.visitInsn(Opcodes.RETURN);
        }
        mv.visitMaxs(0, 0);
        mv.visitEnd();
    }

    /**
     * An initialiser that fails leaves the class unusable in the JVM, so that a new one is needed.
     */
    private void callBody(MethodVisitor mv) {
        Label begin = new Label();
        Label end = new Label();
        Label handler = new Label();
        mv.visitTryCatchBlock(begin, end, handler, null);
        mv.visitLabel(begin);
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, className, BODY, "()V", false);
        mv.visitLabel(end);
        mv.visitInsn(Opcodes.RETURN);
        mv.visitLabel(handler);
        mv.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {"java/lang/Throwable"});
        mv.visitLdcInsn(Type.getObjectType(className));
        mv.visitLdcInsn("the initialiser of " + className.replace('/', '.') + " failed");
        JdkEntries.hook(mv, "keepsStatics", "(Ljava/lang/Class;Ljava/lang/String;)V");
        mv.visitInsn(Opcodes.ATHROW);
    }
}
