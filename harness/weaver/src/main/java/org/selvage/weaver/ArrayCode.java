package org.selvage.weaver;

import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Calls of the JDK that read or write elements of an array that the program hands to them: {@code
 * org.selvage.hooks.ArrayCalls} says what stands around them.
 */
final class ArrayCode {
    private static final String HOOKS = "org/selvage/hooks/ArrayCalls";
    private static final String OBJECT = "Ljava/lang/Object;";
    private static final String READS = "(" + OBJECT + "I)" + OBJECT;
    private static final String READS_RANGE = "(" + OBJECT + "III)" + OBJECT;

    /** What such a method does to its arrays. */
    private enum Use {
        /** It is none. */
        NONE,
        /** Copies from one to another. */
        COPIES,
        /** Makes another one like it. */
        CLONES,
        READS,
        WRITES,
        /** Reads and writes it. */
        UPDATES,
        /** Calls the program while it writes it. */
        WRITES_AND_CALLS,
        /** Returns what reads it later. */
        VIEWS
    }

    private ArrayCode() {}

    private static Use use(String owner, String name, String descriptor) {
        if (owner.startsWith("[")) {
            return name.equals("clone") ? Use.CLONES : Use.NONE;
        }
        return switch (owner) {
            case "java/lang/System" -> name.equals("arraycopy") ? Use.COPIES : Use.NONE;
            case "java/lang/String" ->
                    descriptor.startsWith("([C")
                                    && (name.equals("valueOf") || name.equals("copyValueOf"))
                            ? Use.READS
                            : Use.NONE;
            case "java/util/Arrays" -> use(name, descriptor);
            default -> Use.NONE;
        };
    }

    private static Use use(String name, String descriptor) {
        return switch (name) {
            case "binarySearch",
                    "compare",
                    "compareUnsigned",
                    "copyOf",
                    "copyOfRange",
                    "deepEquals",
                    "deepHashCode",
                    "deepToString",
                    "equals",
                    "hashCode",
                    "mismatch",
                    "toString" ->
                    Use.READS;
            case "fill" -> Use.WRITES;
            case "sort", "parallelSort" ->
                    descriptor.startsWith("([Ljava/") ? Use.WRITES_AND_CALLS : Use.UPDATES;
            case "parallelPrefix", "parallelSetAll", "setAll" -> Use.WRITES_AND_CALLS;
            case "spliterator", "stream" -> Use.VIEWS;
            default -> Use.NONE;
        };
    }

    /** Whether such a call is woven. */
    static boolean isWoven(String owner, String name, String descriptor) {
        return use(owner, name, descriptor) != Use.NONE;
    }

    /** Emits what replaces such a call; false if it takes a bridge. */
    static boolean replace(MethodVisitor mv, String owner, String name, int site) {
        switch (use(owner, name, "")) {
            case COPIES -> {
                mv.visitLdcInsn(site);
                hook(mv, "arraycopy", "(" + OBJECT + "I" + OBJECT + "III)V");
            }
            case CLONES -> {
                mv.visitLdcInsn(site);
                hook(mv, "cloned", READS);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /**
     * Before a constructor of {@link String}: replaces the array on the stack by the one to read.
     */
    static void beforeString(MethodVisitor mv, String descriptor, int site) {
        Type[] arguments = Type.getArgumentTypes(descriptor);
        if (arguments.length == 0 || arguments[0].getSort() != Type.ARRAY) {
            return;
        }
        String array = arguments[0].getDescriptor();
        switch (arguments.length) {
            case 1 -> {
                mv.visitLdcInsn(site);
                read(mv, "reads", READS, array);
            }
            case 2 -> {
                mv.visitInsn(Opcodes.SWAP);
                mv.visitLdcInsn(site);
                read(mv, "reads", READS, array);
                mv.visitInsn(Opcodes.SWAP);
            }
            case 3 -> {
                mv.visitInsn(Opcodes.DUP2_X1);
                mv.visitLdcInsn(site);
                read(mv, "readsPart", READS_RANGE, array);
                mv.visitInsn(Opcodes.DUP_X2);
                mv.visitInsn(Opcodes.POP);
            }
            default -> {
                // The array lies too deep.
            }
        }
    }

    /**
     * Writes a method that has the call's arguments in its first locals, up to the call's result on
     * the stack.
     */
    static void write(MethodVisitor mv, Handle target, int site) {
        String descriptor = target.getDesc();
        String owner = target.getOwner();
        String name = target.getName();
        Use use = use(owner, name, descriptor);
        Type[] arguments = Type.getArgumentTypes(descriptor);
        if (use == Use.COPIES || use == Use.CLONES) {
            if (use == Use.CLONES) {
                mv.visitVarInsn(Opcodes.ALOAD, 0);
            }
            load(mv, arguments);
            replace(mv, owner, name, site);
            return;
        }
        int size = JdkMonitorCalls.argumentSize(descriptor) + 1;
        switch (use) {
            case READS -> {
                int local = 0;
                for (int i = 0; i < arguments.length; i++) {
                    if (arguments[i].getSort() == Type.ARRAY) {
                        read(mv, arguments, i, local, owner.equals("java/util/Arrays"), site);
                    }
                    local += arguments[i].getSize();
                }
            }
            case WRITES, UPDATES -> {
                mv.visitVarInsn(Opcodes.ALOAD, 0);
                mv.visitVarInsn(Opcodes.ASTORE, size);
                mv.visitVarInsn(Opcodes.ALOAD, 0);
                boolean range = range(mv, arguments, 0, 0);
                mv.visitInsn(use == Use.UPDATES ? Opcodes.ICONST_1 : Opcodes.ICONST_0);
                mv.visitLdcInsn(site);
                String parameters = "(" + OBJECT + (range ? "IIZI)" : "ZI)") + OBJECT;
                read(mv, "writes", parameters, arguments[0].getDescriptor());
                mv.visitVarInsn(Opcodes.ASTORE, 0);
            }
            default -> {
                mv.visitVarInsn(Opcodes.ALOAD, 0);
                mv.visitInsn(use == Use.VIEWS ? Opcodes.ICONST_0 : Opcodes.ICONST_1);
                mv.visitLdcInsn(site);
                hook(mv, "announce", "(" + OBJECT + "ZI)V");
            }
        }
        load(mv, arguments);
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, owner, name, descriptor, false);
        if (use == Use.WRITES || use == Use.UPDATES) {
            mv.visitVarInsn(Opcodes.ALOAD, size);
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            boolean range = range(mv, arguments, 0, 0);
            mv.visitLdcInsn(site);
            hook(mv, "written", "(" + OBJECT + OBJECT + (range ? "III)V" : "I)V"));
        }
    }

    private static void read(
            MethodVisitor mv, Type[] arguments, int i, int local, boolean toEnd, int site) {
        mv.visitVarInsn(Opcodes.ALOAD, local);
        boolean range = range(mv, arguments, i, local);
        mv.visitLdcInsn(site);
        read(
                mv,
                range && !toEnd ? "readsPart" : "reads",
                range ? READS_RANGE : READS,
                arguments[i].getDescriptor());
        mv.visitVarInsn(Opcodes.ASTORE, local);
    }

    /** Loads the bounds that follow an array among the arguments; false if none do. */
    private static boolean range(MethodVisitor mv, Type[] arguments, int i, int local) {
        boolean range =
                i + 2 < arguments.length
                        && arguments[i + 1] == Type.INT_TYPE
                        && arguments[i + 2] == Type.INT_TYPE;
        if (range) {
            mv.visitVarInsn(Opcodes.ILOAD, local + 1);
            mv.visitVarInsn(Opcodes.ILOAD, local + 2);
        }
        return range;
    }

    private static void read(MethodVisitor mv, String hook, String parameters, String array) {
        hook(mv, hook, parameters);
        mv.visitTypeInsn(Opcodes.CHECKCAST, array);
    }

    private static void load(MethodVisitor mv, Type[] arguments) {
        int local = 0;
        for (Type argument : arguments) {
            mv.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), local);
            local += argument.getSize();
        }
    }

    private static void hook(MethodVisitor mv, String name, String descriptor) {
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, name, descriptor, false);
    }
}
