package org.selvage.weaver;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.utility.OpenedClassReader;
import org.jspecify.annotations.Nullable;

/**
 * What a class keeps in its static variables, told from its class file.
 *
 * @param kind how an execution gets them as if the class had not been initialised
 * @param reason for {@link Kind#FOREVER}, what stands in the way
 * @param moved the fields of an interface that a class of its own must hold, as an interface's
 *     fields can be set only once
 */
record ClassStatics(Kind kind, String reason, Set<String> moved) {
    static final ClassStatics OF_CONSTANTS = new ClassStatics(Kind.CONSTANT, "", Set.of());
    static final ClassStatics OF_RESET = new ClassStatics(Kind.RESET, "", Set.of());

    /** How static variables are made fresh. */
    enum Kind {
        /** They are the same after every initialisation and never change. */
        CONSTANT,
        /** The initialiser can run again in the same class. */
        RESET,
        /** Only a new loader gives fresh ones. */
        FOREVER
    }

    /** The oldest class file version in which an instruction can load a class object. */
    private static final int FIRST_WITH_CLASS_CONSTANTS = Opcodes.V1_5;

    /** The oldest in which an interface can have static methods. */
    private static final int FIRST_WITH_INTERFACE_CODE = Opcodes.V1_8;

    private static final Set<String> IMMUTABLE =
            Set.of(
                    "java/lang/String",
                    "java/lang/Class",
                    "java/lang/Integer",
                    "java/lang/Long",
                    "java/lang/Short",
                    "java/lang/Byte",
                    "java/lang/Character",
                    "java/lang/Boolean",
                    "java/lang/Double",
                    "java/lang/Float",
                    "java/lang/Runnable",
                    "java/math/BigInteger",
                    "java/math/BigDecimal",
                    "java/time/Duration",
                    "java/time/Instant",
                    "java/nio/charset/Charset",
                    "java/util/Comparator",
                    "java/util/UUID",
                    "java/util/regex/Pattern",
                    "java/util/concurrent/TimeUnit",
                    "java/lang/invoke/VarHandle",
                    "java/lang/invoke/MethodHandle",
                    "java/util/concurrent/atomic/AtomicIntegerFieldUpdater",
                    "java/util/concurrent/atomic/AtomicLongFieldUpdater",
                    "java/util/concurrent/atomic/AtomicReferenceFieldUpdater");

    /** Where the members are that initialise a class: itself, or the holder of an interface. */
    String home(String owner) {
        return moved.isEmpty() ? owner : StaticReset.holder(owner);
    }

    /**
     * Why what the JVM keeps of an annotation cannot be made fresh: it holds constants of an enum
     * that are. An empty string if nothing stands in the way.
     *
     * @param isReset whether the constants of this enum are made in each execution
     */
    static String annotation(ClassReader reader, Predicate<String> isReset) {
        if ((reader.getAccess() & Opcodes.ACC_ANNOTATION) == 0) {
            return "";
        }
        Set<String> held = new TreeSet<>();
        reader.accept(
                new ClassVisitor(OpenedClassReader.ASM_API) {
                    @Override
                    public @Nullable MethodVisitor visitMethod(
                            int access,
                            String method,
                            String descriptor,
                            @Nullable String signature,
                            String @Nullable [] exceptions) {
                        Type type = Type.getReturnType(descriptor);
                        Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
                        if (element.getSort() == Type.OBJECT
                                && isReset.test(element.getInternalName())) {
                            held.add(element.getClassName());
                        }
                        return null;
                    }
                },
                ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
        return held.isEmpty()
                ? ""
                : "the annotation "
                        + reader.getClassName().replace('/', '.')
                        + " holds constants of "
                        + String.join(", ", held);
    }

    /** Reads a class file. */
    static ClassStatics of(byte[] classFile) {
        Scan scan = new Scan();
        OpenedClassReader.of(classFile)
                .accept(scan, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return scan.result();
    }

    private static boolean isImmutable(String descriptor) {
        return switch (descriptor.charAt(0)) {
            case '[' -> false;
            case 'L' -> {
                String name = Type.getType(descriptor).getInternalName();
                yield IMMUTABLE.contains(name) || name.startsWith("java/util/function/");
            }
            default -> true;
        };
    }

    private static final class Scan extends ClassVisitor {
        private String name = "";
        private int version;
        private boolean isInterface;
        private boolean isEnum;
        private String mutable = "";

        /** A field of an enum's constants, or a lambda, that holds what another execution made. */
        private String held = "";

        private boolean runsCode;

        /** What only the initialiser sets. */
        private final Set<String> variables = new HashSet<>();

        Scan() {
            super(OpenedClassReader.ASM_API);
        }

        @Override
        public void visit(
                int classVersion,
                int access,
                String className,
                @Nullable String signature,
                @Nullable String superName,
                String @Nullable [] interfaces) {
            version = classVersion & 0xffff;
            name = className;
            isInterface = (access & Opcodes.ACC_INTERFACE) != 0;
            isEnum = (access & Opcodes.ACC_ENUM) != 0;
        }

        @Override
        public @Nullable FieldVisitor visitField(
                int access,
                String field,
                String descriptor,
                @Nullable String signature,
                @Nullable Object value) {
            boolean isFinal = (access & Opcodes.ACC_FINAL) != 0;
            if ((access & Opcodes.ACC_STATIC) == 0) {
                if (isEnum && !(isFinal && isImmutable(descriptor))) {
                    held = field;
                }
            } else if (value == null) {
                variables.add(field);
                if (!isTableOfCompiler(access)
                        && !(isFinal && (isImmutable(descriptor) || isOwnConstant(descriptor)))) {
                    mutable = field;
                }
            }
            return null;
        }

        /** An enum's list of constants, and a table of a switch over an enum. */
        private static boolean isTableOfCompiler(int access) {
            return (access & (Opcodes.ACC_SYNTHETIC | Opcodes.ACC_FINAL))
                    == (Opcodes.ACC_SYNTHETIC | Opcodes.ACC_FINAL);
        }

        private boolean isOwnConstant(String descriptor) {
            return isEnum && descriptor.equals("L" + name + ";");
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access,
                String method,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            return method.equals("<clinit>") ? new Initialiser() : null;
        }

        ClassStatics result() {
            if (mutable.isEmpty() && held.isEmpty() && (isInterface || isEnum || !runsCode)) {
                return OF_CONSTANTS;
            }
            int oldest = isInterface ? FIRST_WITH_INTERFACE_CODE : FIRST_WITH_CLASS_CONSTANTS;
            if (version < oldest) {
                String java = isInterface ? "8" : "5";
                return new ClassStatics(
                        Kind.FOREVER,
                        "the class file of "
                                + name.replace('/', '.')
                                + " is older than Java "
                                + java,
                        Set.of());
            }
            return new ClassStatics(Kind.RESET, "", isInterface ? Set.copyOf(variables) : Set.of());
        }

        /** Looks whether the initialiser does more than to compute constants. */
        private final class Initialiser extends MethodVisitor {
            Initialiser() {
                super(OpenedClassReader.ASM_API);
            }

            @Override
            public void visitMethodInsn(
                    int opcode, String owner, String called, String descriptor, boolean itf) {
                runsCode |=
                        !called.equals("desiredAssertionStatus")
                                && !called.equals("values")
                                && !called.equals("ordinal")
                                && !owner.startsWith("java/lang/invoke/")
                                && !IMMUTABLE.contains(owner);
            }

            @Override
            public void visitFieldInsn(int opcode, String owner, String field, String descriptor) {
                runsCode |= opcode == Opcodes.PUTSTATIC && !owner.equals(name);
                runsCode |= opcode == Opcodes.PUTFIELD;
            }

            @Override
            public void visitInvokeDynamicInsn(
                    String called, String descriptor, Handle bootstrap, Object... arguments) {
                boolean isLambda =
                        bootstrap.getOwner().equals("java/lang/invoke/LambdaMetafactory");
                runsCode |= !isLambda;
                for (Type captured : Type.getArgumentTypes(descriptor)) {
                    if (isLambda && !isImmutable(captured.getDescriptor())) {
                        held = called;
                    }
                }
            }
        }
    }
}
