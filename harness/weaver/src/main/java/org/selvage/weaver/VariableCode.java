package org.selvage.weaver;

import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.selvage.hooks.OperationKind;

/**
 * Calls that access a field or an element otherwise than by name, and those that look one up:
 * {@code org.selvage.hooks.IndirectAccess} says what becomes of them.
 */
final class VariableCode {
    private static final String HOOKS = "org/selvage/hooks/IndirectAccess";
    private static final String HANDLE = "Ljava/lang/invoke/MethodHandle;";
    private static final String LOOKUP = "java/lang/invoke/MethodHandles$Lookup";
    private static final String KIND_AND_SITE = "Lorg/selvage/hooks/OperationKind;I)";

    private VariableCode() {}

    /** Whether a method returns a {@link java.lang.invoke.MethodHandle} to a field or elements. */
    static boolean isLookUp(String owner, String name) {
        return switch (name) {
            case "findGetter",
                    "findSetter",
                    "findStaticGetter",
                    "findStaticSetter",
                    "unreflectGetter",
                    "unreflectSetter" ->
                    owner.equals(LOOKUP);
            case "arrayElementGetter", "arrayElementSetter" ->
                    owner.equals("java/lang/invoke/MethodHandles");
            default -> false;
        };
    }

    /** Writes a method that has such a call's arguments in its locals, up to the result. */
    static void lookUp(MethodVisitor mv, Handle target, int site) {
        boolean ofField = target.getTag() != Opcodes.H_INVOKESTATIC;
        int local = 0;
        if (ofField) {
            mv.visitVarInsn(Opcodes.ALOAD, local++);
        }
        for (Type argument : Type.getArgumentTypes(target.getDesc())) {
            mv.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), local);
            local += argument.getSize();
        }
        mv.visitMethodInsn(
                ofField ? Opcodes.INVOKEVIRTUAL : Opcodes.INVOKESTATIC,
                target.getOwner(),
                target.getName(),
                target.getDesc(),
                false);
        if (ofField) {
            mv.visitVarInsn(Opcodes.ALOAD, 0);
        }
        boolean reads = target.getName().endsWith("Getter");
        JdkEntries.loadKind(mv, reads ? OperationKind.READ : OperationKind.WRITE);
        mv.visitLdcInsn(site);
        hook(
                mv,
                ofField ? "ofField" : "ofElements",
                "(" + HANDLE + (ofField ? "L" + LOOKUP + ";" : "") + KIND_AND_SITE + HANDLE);
    }

    /**
     * Emits what precedes an access, with the call's receiver and arguments in the first locals.
     */
    static void announce(MethodVisitor mv, Handle target, int site) {
        String owner = target.getOwner();
        Type[] arguments = Type.getArgumentTypes(target.getDesc());
        boolean ofField = owner.equals(Replacements.FIELD);
        boolean ofHandle = owner.equals("java/lang/invoke/VarHandle");
        if (ofField || ofHandle) {
            mv.visitVarInsn(Opcodes.ALOAD, 0);
        }
        if (arguments.length > 0 && arguments[0].getSort() >= Type.ARRAY) {
            mv.visitVarInsn(Opcodes.ALOAD, 1);
        } else {
            mv.visitInsn(Opcodes.ACONST_NULL);
        }
        if (ofHandle) {
            if (arguments.length > 1 && arguments[1] == Type.INT_TYPE) {
                mv.visitVarInsn(Opcodes.ILOAD, 2);
            } else {
                mv.visitInsn(Opcodes.ICONST_M1);
            }
        } else if (!ofField) {
            mv.visitVarInsn(Opcodes.LLOAD, 2);
        }
        JdkEntries.loadKind(mv, Replacements.variableAccess(owner, target.getName()));
        mv.visitLdcInsn(site);
        String object = "Ljava/lang/Object;";
        if (ofField) {
            hook(mv, "reflected", "(Ljava/lang/reflect/Field;" + object + KIND_AND_SITE + "V");
        } else if (ofHandle) {
            hook(
                    mv,
                    "handle",
                    "(Ljava/lang/invoke/VarHandle;" + object + "I" + KIND_AND_SITE + "V");
        } else {
            hook(mv, "unsafe", "(" + object + "J" + KIND_AND_SITE + "V");
        }
    }

    /** Whether a method is one of a field updater on an object. */
    static boolean isUpdate(String owner, String descriptor) {
        return owner.startsWith("java/util/concurrent/atomic/Atomic")
                && owner.contains("FieldUpdater")
                && descriptor.startsWith("(Ljava/lang/Object;");
    }

    /** Emits what stands at the entry of such a method. */
    static void update(MethodVisitor mv, OperationKind kind) {
        mv.visitVarInsn(Opcodes.ALOAD, 0);
        mv.visitVarInsn(Opcodes.ALOAD, 1);
        JdkEntries.loadKind(mv, kind);
        String parameters = "(Ljava/lang/Object;Ljava/lang/Object;";
        hook(mv, "update", parameters + "Lorg/selvage/hooks/OperationKind;)V");
    }

    private static void hook(MethodVisitor mv, String name, String descriptor) {
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, name, descriptor, false);
    }
}
