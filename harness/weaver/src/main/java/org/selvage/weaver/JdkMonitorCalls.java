package org.selvage.weaver;

import java.util.Set;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.selvage.hooks.OperationKind;

/**
 * Synchronized methods of the JDK: which classes have them, and what stands in them and before
 * calls that may reach them. {@code org.selvage.hooks.JdkMonitors} says why.
 */
final class JdkMonitorCalls {
    private static final String HOOKS = "org/selvage/hooks/JdkMonitors";

    /** Classes with synchronized methods on objects that a program shares between its threads. */
    private static final Set<String> MONITORED =
            Set.of(
                    "java/util/Vector",
                    "java/util/Stack",
                    "java/util/Hashtable",
                    "java/util/Properties",
                    "java/lang/StringBuffer",
                    "java/io/BufferedInputStream",
                    "java/io/BufferedOutputStream",
                    "java/io/ByteArrayInputStream",
                    "java/io/ByteArrayOutputStream",
                    "java/io/DataOutputStream");

    /** Classes with synchronized blocks inside which they may call the program back. */
    private static final Set<String> WITH_BLOCKS =
            Set.of(
                    "java/util/Observable",
                    "java/io/BufferedReader",
                    "java/io/BufferedWriter",
                    "java/io/CharArrayWriter",
                    "java/io/LineNumberReader",
                    "java/io/PrintStream",
                    "java/io/PrintWriter",
                    "java/io/PushbackReader",
                    "java/io/Reader",
                    "java/io/Writer",
                    "sun/nio/cs/StreamDecoder",
                    "sun/nio/cs/StreamEncoder");

    /**
     * Pipes wait inside their methods, which no fiber may do with the JVM's monitor. Their methods
     * are woven when the classes are loaded, and have the modelled monitor alone.
     */
    private static final Set<String> PIPES =
            Set.of(
                    "java/io/PipedInputStream",
                    "java/io/PipedOutputStream",
                    "java/io/PipedReader",
                    "java/io/PipedWriter");

    /** What the monitored classes extend or implement: a call may be made through these. */
    private static final Set<String> SUPERTYPES =
            Set.of(
                    "java/lang/Appendable",
                    "java/lang/CharSequence",
                    "java/lang/Iterable",
                    "java/util/AbstractCollection",
                    "java/util/AbstractList",
                    "java/util/Collection",
                    "java/util/Dictionary",
                    "java/util/List",
                    "java/util/Map",
                    "java/util/SequencedCollection",
                    "java/io/FilterInputStream",
                    "java/io/FilterOutputStream",
                    "java/io/InputStream",
                    "java/io/OutputStream");

    private static final Set<String> SHOWS_ANY_OBJECT =
            Set.of("append", "insert", "print", "println", "toString", "valueOf", "hash");

    private JdkMonitorCalls() {}

    /** Whether synchronized methods of this class take the modelled monitor, too. */
    static boolean isMonitored(String internalName) {
        return MONITORED.contains(internalName);
    }

    /** Whether the class waits in its methods. */
    static boolean isPipe(String internalName) {
        return PIPES.contains(internalName);
    }

    /** Whether a class of the JDK is woven for its monitors. */
    static boolean isWoven(String internalName) {
        return isMonitored(internalName)
                || isPipe(internalName)
                || WITH_BLOCKS.contains(internalName)
                || isPartOfCollection(internalName);
    }

    /** Whether this is an iterator, a view or the like of a monitored collection. */
    static boolean isPartOfCollection(String internalName) {
        return internalName.startsWith("java/util/Vector$")
                || internalName.startsWith("java/util/Hashtable$");
    }

    /** Whether a call of a method of this class may reach a monitored one. */
    static boolean mayReach(String owner) {
        return isMonitored(owner) || SUPERTYPES.contains(owner);
    }

    /** The method with this monitored guard begins. */
    static void enter(MethodVisitor mv) {
        mv.visitVarInsn(Opcodes.ALOAD, 0);
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, "entered", "(Ljava/lang/Object;)V", false);
    }

    /** The method with this monitored guard ends. */
    static void leave(MethodVisitor mv) {
        mv.visitVarInsn(Opcodes.ALOAD, 0);
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, "leaving", "(Ljava/lang/Object;)V", false);
    }

    /**
     * Closes a guarded body: what it throws passes through {@code leave}.
     *
     * @param locals the types of the first local variables, all through the body
     */
    static void guard(MethodVisitor mv, Object[] locals, Label begin, Runnable leave) {
        Label end = new Label();
        mv.visitLabel(end);
        mv.visitTryCatchBlock(begin, end, end, null);
        mv.visitFrame(
                Opcodes.F_FULL, locals.length, locals, 1, new Object[] {"java/lang/Throwable"});
        leave.run();
        mv.visitInsn(Opcodes.ATHROW);
    }

    /** How many stack slots the arguments of a method take. */
    static int argumentSize(String descriptor) {
        return (Type.getArgumentsAndReturnSizes(descriptor) >> 2) - 1;
    }

    /**
     * Before a call on an object: on the stack are the object and arguments of at most two slots.
     */
    static void approach(MethodVisitor mv, String name, String descriptor, int site) {
        copyReceiver(mv, descriptor);
        approachTop(mv, name, descriptor, site);
    }

    /** As {@link #approach}, for a method of the superclass that is named. */
    static void approachSuper(
            MethodVisitor mv, String owner, String name, String descriptor, int site) {
        copyReceiver(mv, descriptor);
        mv.visitLdcInsn(Type.getObjectType(owner));
        mv.visitLdcInsn(name + descriptor);
        mv.visitLdcInsn(site);
        mv.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                HOOKS,
                "approachSuper",
                "(Ljava/lang/Object;Ljava/lang/Class;Ljava/lang/String;I)V",
                false);
    }

    /** Copies the object below arguments of at most two slots. */
    static void copyReceiver(MethodVisitor mv, String descriptor) {
        switch (argumentSize(descriptor)) {
            case 0 -> mv.visitInsn(Opcodes.DUP);
            case 1 -> {
                mv.visitInsn(Opcodes.DUP2);
                mv.visitInsn(Opcodes.POP);
            }
            default -> {
                mv.visitInsn(Opcodes.DUP2_X1);
                mv.visitInsn(Opcodes.POP2);
                mv.visitInsn(Opcodes.DUP_X2);
            }
        }
    }

    /** As {@link #approach}, with a copy of the object on top of the stack. */
    static void approachTop(MethodVisitor mv, String name, String descriptor, int site) {
        mv.visitLdcInsn(name + descriptor);
        mv.visitLdcInsn(site);
        mv.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                HOOKS,
                "approach",
                "(Ljava/lang/Object;Ljava/lang/String;I)V",
                false);
    }

    /**
     * Before a call of the JDK with arguments that it may call synchronized methods of, or that may
     * be concurrent collections.
     */
    static void pass(MethodVisitor mv, String owner, String name, String descriptor, int site) {
        boolean ofCollections = owner.equals("java/util/Collections");
        if (!owner.startsWith("java/") || (ofCollections && isWrapping(descriptor))) {
            return;
        }
        OperationKind kind = ofCollections ? OperationKind.UPDATE : OperationKind.READ;
        boolean anyObject =
                name.equals("makeConcatWithConstants") || SHOWS_ANY_OBJECT.contains(name);
        Type[] arguments = Type.getArgumentTypes(descriptor);
        int last = arguments.length - 1;
        if (last >= 0 && mayBeMonitored(arguments[last], anyObject)) {
            mv.visitInsn(Opcodes.DUP);
            pass(mv, kind, site);
        }
        if (last >= 1
                && arguments[last].getSize() == 1
                && mayBeMonitored(arguments[last - 1], anyObject)) {
            mv.visitInsn(Opcodes.DUP2);
            mv.visitInsn(Opcodes.POP);
            pass(mv, kind, site);
        }
    }

    private static boolean mayBeMonitored(Type type, boolean anyObject) {
        return type.getSort() == Type.OBJECT
                && (mayReach(type.getInternalName())
                        || (anyObject && type.getInternalName().equals("java/lang/Object")));
    }

    /** Whether a method makes a wrapper, which touches nothing yet. */
    private static boolean isWrapping(String descriptor) {
        return Type.getReturnType(descriptor).getDescriptor().startsWith("Ljava/util/")
                && !descriptor.endsWith(")Ljava/util/ArrayList;");
    }

    private static void pass(MethodVisitor mv, OperationKind kind, int site) {
        JdkEntries.loadKind(mv, kind);
        mv.visitLdcInsn(site);
        mv.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                HOOKS,
                "pass",
                "(Ljava/lang/Object;Lorg/selvage/hooks/OperationKind;I)V",
                false);
    }
}
