package org.selvage.weaver;

import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * A field that is neither volatile nor final. Beside it stand two numbers that tell who touched it
 * last, and two methods that announce an access; they are static, so that they may be called where
 * the field may be accessed.
 *
 * @param className internal name of the class that declares it
 * @param name the field's name
 * @param id the field's own id in {@link org.selvage.hooks.Sites}
 */
record PlainField(String className, String name, boolean isStatic, int id) {
    static final String READING = "selvage$reading$";
    static final String WRITING = "selvage$writing$";

    private static final String WRITTEN = "selvage$w$";
    private static final String TOUCHED = "selvage$t$";

    /** Writes the members. */
    void write(ClassVisitor cv) {
        int access =
                Opcodes.ACC_PRIVATE
                        | Opcodes.ACC_TRANSIENT
                        | Opcodes.ACC_SYNTHETIC
                        | (isStatic ? Opcodes.ACC_STATIC : 0);
        cv.visitField(access, WRITTEN + name, "J", null, null).visitEnd();
        cv.visitField(access, TOUCHED + name, "J", null, null).visitEnd();
        announcement(cv, READING, "orderedRead", "sharedRead", false);
        announcement(cv, WRITING, "orderedWrite", "sharedWrite", true);
    }

    private void get(MethodVisitor mv, String prefix) {
        if (isStatic) {
            mv.visitFieldInsn(Opcodes.GETSTATIC, className, prefix + name, "J");
        } else {
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            mv.visitFieldInsn(Opcodes.GETFIELD, className, prefix + name, "J");
        }
    }

    private void set(MethodVisitor mv, String prefix, int local) {
        if (!isStatic) {
            mv.visitVarInsn(Opcodes.ALOAD, 0);
        }
        mv.visitVarInsn(Opcodes.LLOAD, local);
        mv.visitFieldInsn(
                isStatic ? Opcodes.PUTSTATIC : Opcodes.PUTFIELD, className, prefix + name, "J");
    }

    /**
     * {@code long now = ordered(w, t, id); if (now == 0) { announcePlain(object, w, t, write, id,
     * site); now = shared(w, t, id); } t = now;} and for a write also {@code w = now;}. A null
     * object is left to the access itself.
     */
    private void announcement(
            ClassVisitor cv, String prefix, String ordered, String shared, boolean write) {
        MethodVisitor mv =
                cv.visitMethod(
                        Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
                        prefix + name,
                        isStatic ? "(I)V" : "(L" + className + ";I)V",
                        null,
                        null);
        int site = isStatic ? 0 : 1;
        int now = site + 1;
        Label note = new Label();
        Label end = new Label();
        mv.visitCode();
        if (!isStatic) {
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            mv.visitJumpInsn(Opcodes.IFNULL, end);
        }
        callWithEpochs(mv, ordered, now);
        mv.visitVarInsn(Opcodes.LLOAD, now);
        mv.visitInsn(Opcodes.LCONST_0);
        mv.visitInsn(Opcodes.LCMP);
        mv.visitJumpInsn(Opcodes.IFNE, note);
        if (isStatic) {
            mv.visitInsn(Opcodes.ACONST_NULL);
        } else {
            mv.visitVarInsn(Opcodes.ALOAD, 0);
        }
        get(mv, WRITTEN);
        get(mv, TOUCHED);
        mv.visitInsn(write ? Opcodes.ICONST_1 : Opcodes.ICONST_0);
        mv.visitLdcInsn(id);
        mv.visitVarInsn(Opcodes.ILOAD, site);
        JdkEntries.hook(mv, "announcePlain", "(Ljava/lang/Object;JJZII)V");
        callWithEpochs(mv, shared, now);
        mv.visitLabel(note);
        mv.visitFrame(Opcodes.F_APPEND, 1, new Object[] {Opcodes.LONG}, 0, null);
        if (write) {
            set(mv, WRITTEN, now);
        }
        set(mv, TOUCHED, now);
        mv.visitLabel(end);
        if (!isStatic) {
            mv.visitFrame(Opcodes.F_CHOP, 1, null, 0, null);
        }
        mv.visitInsn(Opcodes.RETURN);
        mv.visitMaxs(0, 0);
        mv.visitEnd();
    }

    private void callWithEpochs(MethodVisitor mv, String hook, int result) {
        get(mv, WRITTEN);
        get(mv, TOUCHED);
        mv.visitLdcInsn(id);
        JdkEntries.hook(mv, hook, "(JJI)J");
        mv.visitVarInsn(Opcodes.LSTORE, result);
    }
}
