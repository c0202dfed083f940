package org.selvage.weaver;

import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.ClassInitializer;

/**
 * Lets the initialiser of a class run in each execution, before the class is used, as an ordinary
 * part of the program: the JVM's own initialisation lock, inside which no fiber can be suspended,
 * is given back before. Woven in are the state of the class in this execution ({@link
 * org.selvage.hooks.ClassInitializer}); a method that each use of the class calls; and the
 * initialiser under another name.
 *
 * <p>Fields that the initialiser sets lose the modifier {@code final}: the JVM lets only the first
 * run of an initialiser set such a field. Those of an interface must have it, so they move, with
 * all but the initialiser's code, to a class beside it, the holder.
 */
final class StaticReset {
    private static final String USE = "selvage$use$";

    /** No name that source code can have, and a readable one in a stack. */
    private static final String BODY = "static-initializer";

    private static final String INITIALIZER = "selvage$initializer";
    private static final String INITIALIZE = "selvage$initialize";
    private static final Type TYPE = Type.getObjectType("org/selvage/hooks/ClassInitializer");

    private final ClassStatics statics;
    private final ProgramTypes types;
    private final List<Variable> variables = new ArrayList<>();
    private String className = "";

    /** The class that the members are written into. */
    private String home = "";

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

    /**
     * Calls the method that initialises a class unless it is; the site is on the stack.
     *
     * @param owner the class or a subclass of it, which may be used where the class may not
     */
    static void use(MethodVisitor mv, String owner, String className) {
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, owner, useMethod(className), "(I)V", false);
    }

    /** A name of its own for each class, as subclasses inherit the method. */
    static String useMethod(String className) {
        return USE + className.replace('/', '$').replace('.', '$');
    }

    /** How a site names the initialisation of a class. */
    static String target(String className) {
        return "class " + ProgramTypes.simpleName(className) + "'s initialiser";
    }

    void begin(String name, @Nullable String superName) {
        className = name;
        home = statics.home(name);
        parent = superName == null ? "" : superName;
    }

    /** The class that holds an interface's fields. */
    static String holder(String interfaceName) {
        return interfaceName + ClassInitializer.HOLDER;
    }

    /** The interface whose holder this is, or null if it is none. */
    static @Nullable String held(String className) {
        return className.endsWith(ClassInitializer.HOLDER)
                ? className.substring(0, className.length() - ClassInitializer.HOLDER.length())
                : null;
    }

    /** The class file of the holder, or null if the class needs none. */
    byte @Nullable [] writeHolder() {
        if (!isHeld()) {
            return null;
        }
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        int access = Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_SYNTHETIC;
        writer.visit(
                Opcodes.V1_8, access | Opcodes.ACC_SUPER, home, null, "java/lang/Object", null);
        for (Variable variable : variables) {
            int modifiers = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;
            writer.visitField(modifiers, variable.name, variable.descriptor, null, null).visitEnd();
        }
        writeMembers(writer);
        writer.visitEnd();
        return writer.toByteArray();
    }

    private boolean isHeld() {
        return !home.equals(className);
    }

    /** Whether methods of the class must ask for its initialisation. */
    boolean asks() {
        return statics.kind() == ClassStatics.Kind.RESET;
    }

    /** Notes a field; returns its modifiers, or -1 if the class shall not have it. */
    int field(int access, String name, String descriptor, @Nullable Object value) {
        if (!asks() || (access & Opcodes.ACC_STATIC) == 0 || value != null) {
            return access;
        }
        variables.add(new Variable(name, descriptor));
        return isHeld() ? -1 : access & ~Opcodes.ACC_FINAL;
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
        int visible = isHeld() ? Opcodes.ACC_PUBLIC : Opcodes.ACC_PRIVATE;
        int access = visible | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC;
        return cv.visitMethod(access, BODY, "()V", null, null);
    }

    /** Writes the members, unless the holder has them. */
    void write(ClassVisitor cv) {
        if (asks() && !isHeld()) {
            writeMembers(cv);
        }
    }

    private void writeMembers(ClassVisitor cv) {
        int access = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC;
        cv.visitField(access | Opcodes.ACC_FINAL, INITIALIZER, TYPE.getDescriptor(), null, null)
                .visitEnd();
        writeFirst(cv.visitMethod(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null));
        writeInitialization(cv.visitMethod(access, INITIALIZE, "(I)V", null, null));
        MethodVisitor mv = cv.visitMethod(access, useMethod(className), "(I)V", null, null);
        Label end = new Label();
        mv.visitCode();
        getInitializer(mv);
        mv.visitFieldInsn(Opcodes.GETFIELD, TYPE.getInternalName(), "ready", "Z");
        mv.visitJumpInsn(Opcodes.IFNE, end);
        mv.visitVarInsn(Opcodes.ILOAD, 0);
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, home, INITIALIZE, "(I)V", false);
        mv.visitLabel(end);
        mv.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        mv.visitInsn(Opcodes.RETURN);
        mv.visitMaxs(0, 0);
        mv.visitEnd();
    }

    private void getInitializer(MethodVisitor mv) {
        mv.visitFieldInsn(Opcodes.GETSTATIC, home, INITIALIZER, TYPE.getDescriptor());
    }

    /** What the JVM runs, once, and holds its own initialisation lock for. */
    private void writeFirst(MethodVisitor mv) {
        mv.visitCode();
        mv.visitLdcInsn(Type.getObjectType(home));
        JdkEntries.hook(mv, "initializer", "(Ljava/lang/Class;)" + TYPE.getDescriptor());
        mv.visitFieldInsn(Opcodes.PUTSTATIC, home, INITIALIZER, TYPE.getDescriptor());
        mv.visitInsn(Opcodes.RETURN);
        mv.visitMaxs(0, 0);
        mv.visitEnd();
    }

    /**
     * {@code if (begin(i, site)) try { Parent.use(site); fields = 0; body(); } catch (Throwable e)
     * { throw failed(i, e); } end(i);}
     */
    private void writeInitialization(MethodVisitor mv) {
        Label begin = new Label();
        Label end = new Label();
        Label handler = new Label();
        Label skip = new Label();
        mv.visitCode();
        mv.visitTryCatchBlock(begin, end, handler, null);
        getInitializer(mv);
        mv.visitVarInsn(Opcodes.ILOAD, 0);
        JdkEntries.hook(mv, "beginInitializer", "(" + TYPE.getDescriptor() + "I)Z");
        mv.visitJumpInsn(Opcodes.IFEQ, skip);
        mv.visitLabel(begin);
        if (types.isReset(parent)) {
            mv.visitVarInsn(Opcodes.ILOAD, 0);
            use(mv, parent, parent);
        }
        for (Variable variable : variables) {
            clear(mv, variable);
        }
        if (hasBody) {
            mv.visitMethodInsn(Opcodes.INVOKESTATIC, className, BODY, "()V", isHeld());
        }
        mv.visitInsn(Opcodes.NOP); // the guarded range must not be empty
        mv.visitLabel(end);
        getInitializer(mv);
        JdkEntries.hook(mv, "endInitializer", "(" + TYPE.getDescriptor() + ")V");
        mv.visitInsn(Opcodes.RETURN);
        mv.visitLabel(handler);
        mv.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {"java/lang/Throwable"});
        getInitializer(mv);
        mv.visitInsn(Opcodes.SWAP);
        JdkEntries.hook(
                mv,
                "initializerFailed",
                "(" + TYPE.getDescriptor() + "Ljava/lang/Throwable;)Ljava/lang/Throwable;");
        mv.visitInsn(Opcodes.ATHROW);
        mv.visitLabel(skip);
        mv.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        mv.visitInsn(Opcodes.RETURN);
        mv.visitMaxs(0, 0);
        mv.visitEnd();
    }

    private void clear(MethodVisitor mv, Variable variable) {
        mv.visitInsn(
                switch (Type.getType(variable.descriptor).getSort()) {
                    case Type.OBJECT, Type.ARRAY -> Opcodes.ACONST_NULL;
                    case Type.LONG -> Opcodes.LCONST_0;
                    case Type.FLOAT -> Opcodes.FCONST_0;
                    case Type.DOUBLE -> Opcodes.DCONST_0;
                    default -> Opcodes.ICONST_0;
                });
        mv.visitFieldInsn(Opcodes.PUTSTATIC, home, variable.name, variable.descriptor);
    }
}
