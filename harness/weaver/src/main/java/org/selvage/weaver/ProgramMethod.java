package org.selvage.weaver;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.ConstantDynamic;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.utility.OpenedClassReader;
import org.jspecify.annotations.Nullable;

/** Weaves one method of the program under test. */
final class ProgramMethod extends MethodVisitor {

    /** What the whole body is wrapped in. */
    enum Guard {
        NONE,
        /** A synchronized instance method. */
        THIS,
        /** A synchronized static method. */
        CLASS,
        /** Code inside which a fiber cannot be suspended. */
        CLASS_INITIALIZER
    }

    /**
     * Turns a method reference to the JDK into one to a method of the program, or returns null to
     * leave it.
     */
    interface Bridges {
        @Nullable Handle bridge(Handle target, int site);

        /** As above, for a call on an object whose monitor the method may take. */
        Handle approach(Handle target, int site);

        /**
         * Replaces a call of a method of {@link java.lang.invoke.VarHandle} by one of a method of
         * the program.
         */
        Handle variable(Handle target, int site);

        /** As above, for a call that looks a field up. */
        Handle lookUp(Handle target, int site);

        /** As above, for a call that goes through an array. */
        Handle array(Handle target, int site);
    }

    /** The types of elements in the order of the instructions that load them. */
    private static final String[] ELEMENTS = {"I", "J", "F", "D", "L", "B", "C", "S"};

    private final ProgramTypes types;
    private final String className;
    private final String method;
    private final Guard guard;
    private final Bridges bridges;

    /** Whether to enter this method is a use of the class, before which it must be initialised. */
    private final boolean usesClass;

    /**
     * Whether the class is initialised while this method runs, or its task is doing so. A method of
     * an object that the initialiser has let escape may run in another task.
     */
    private final boolean isInitialized;

    private final Label bodyStart = new Label();
    private final Label bodyEnd = new Label();
    private int line;

    /**
     * The fields read since the last label by their descriptors, to name the object that a call is
     * made on.
     */
    private final Map<String, String> fieldsRead = new HashMap<>();

    private String lastFieldRead = "";
    private String lastArrayRead = "";

    /** Whether the array read last is the table of a switch over an enum, which never changes. */
    private boolean isTableOfSwitch;

    /** A jump to one of these goes back. */
    private final Set<Label> visited = new HashSet<>();

    /**
     * In a constructor, how many objects are allocated whose constructors have not been called; -1
     * once this is.
     */
    private int pendingConstructors;

    ProgramMethod(
            MethodVisitor next,
            ProgramTypes types,
            String className,
            String method,
            Guard guard,
            Bridges bridges,
            boolean usesClass) {
        super(OpenedClassReader.ASM_API, next);
        this.types = types;
        this.className = className;
        this.method = method;
        this.guard = guard;
        this.bridges = bridges;
        this.usesClass = usesClass;
        this.isInitialized = usesClass || method.equals("<clinit>");
        this.pendingConstructors = method.equals("<init>") ? 0 : -1;
    }

    @Override
    public void visitLineNumber(int sourceLine, Label start) {
        line = sourceLine;
        super.visitLineNumber(sourceLine, start);
    }

    @Override
    public void visitCode() {
        super.visitCode();
        if (usesClass) {
            use(className, className);
        }
        switch (guard) {
            case NONE -> {
                return;
            }
            case THIS, CLASS -> {
                loadGuard();
                pushSite(ProgramTypes.simpleName(className));
                JdkEntries.hook(mv, "monitorEnter", "(Ljava/lang/Object;I)V");
            }
            case CLASS_INITIALIZER -> JdkEntries.hook(mv, "beginClassInitializer", "()V");
        }
        mv.visitLabel(bodyStart);
    }

    private void loadGuard() {
        if (guard == Guard.THIS) {
            mv.visitVarInsn(Opcodes.ALOAD, 0);
        } else {
            mv.visitLdcInsn(Type.getObjectType(className));
        }
    }

    private void leaveGuard() {
        switch (guard) {
            case NONE -> {}
            case THIS, CLASS -> {
                loadGuard();
                JdkEntries.hook(mv, "monitorExit", "(Ljava/lang/Object;)V");
            }
            case CLASS_INITIALIZER -> JdkEntries.hook(mv, "endClassInitializer", "()V");
        }
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
        if (guard != Guard.NONE) {
            Label handler = new Label();
            mv.visitLabel(bodyEnd);
            mv.visitTryCatchBlock(bodyStart, bodyEnd, handler, null);
            mv.visitLabel(handler);
            Object[] locals = guard == Guard.THIS ? new Object[] {className} : new Object[0];
            mv.visitFrame(
                    Opcodes.F_FULL, locals.length, locals, 1, new Object[] {"java/lang/Throwable"});
            leaveGuard();
            mv.visitInsn(Opcodes.ATHROW);
        }
        super.visitMaxs(maxStack, maxLocals);
    }

    @Override
    public void visitInsn(int opcode) {
        switch (opcode) {
            case Opcodes.MONITORENTER -> {
                pushSite(fieldsRead.isEmpty() ? "" : lastFieldRead);
                JdkEntries.hook(mv, "monitorEnter", "(Ljava/lang/Object;I)V");
            }
            case Opcodes.MONITOREXIT -> JdkEntries.hook(mv, "monitorExit", "(Ljava/lang/Object;)V");
            default -> {
                if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
                    leaveGuard();
                } else if (opcode >= Opcodes.IALOAD && opcode <= Opcodes.SALOAD) {
                    visitElementRead(opcode);
                } else if (opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE) {
                    visitElementWrite(opcode);
                }
                super.visitInsn(opcode);
            }
        }
    }

    private void visitElementRead(int opcode) {
        if (isTableOfSwitch) {
            isTableOfSwitch = false;
            return;
        }
        mv.visitInsn(Opcodes.DUP2);
        pushSite(elementOf(opcode - Opcodes.IALOAD));
        JdkEntries.hook(mv, "arrayRead", "(Ljava/lang/Object;II)V");
    }

    private void visitElementWrite(int opcode) {
        if (opcode == Opcodes.LASTORE || opcode == Opcodes.DASTORE) {
            mv.visitInsn(Opcodes.DUP2_X2);
            mv.visitInsn(Opcodes.POP2);
            mv.visitInsn(Opcodes.DUP2_X2);
        } else {
            mv.visitInsn(Opcodes.DUP_X2);
            mv.visitInsn(Opcodes.POP);
            mv.visitInsn(Opcodes.DUP2_X1);
        }
        pushSite(elementOf(opcode - Opcodes.IASTORE));
        JdkEntries.hook(mv, "arrayWrite", "(Ljava/lang/Object;II)V");
    }

    private String elementOf(int type) {
        String element = ELEMENTS[type];
        String field = type == 4 ? lastArrayRead : fieldsRead.getOrDefault("[" + element, "");
        return (field.isEmpty() ? "array" : field) + "[]";
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
        if (visited.contains(label)) {
            JdkEntries.hook(mv, "turn", "()V");
        }
        super.visitJumpInsn(opcode, label);
    }

    @Override
    public void visitLabel(Label label) {
        visited.add(label);
        fieldsRead.clear();
        lastArrayRead = "";
        super.visitLabel(label);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        if (opcode == Opcodes.NEW && pendingConstructors >= 0) {
            pendingConstructors++;
        }
        super.visitTypeInsn(opcode, type);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        ProgramTypes.FieldUse field = types.field(owner, name);
        boolean isStatic = opcode == Opcodes.GETSTATIC || opcode == Opcodes.PUTSTATIC;
        if (isStatic && field != null && !(isInitialized && field.declaring().equals(className))) {
            use(owner, field.declaring());
        }
        if (opcode == Opcodes.GETFIELD || opcode == Opcodes.GETSTATIC) {
            String simple = ProgramTypes.simpleName(owner) + "." + name;
            fieldsRead.put(descriptor, simple);
            lastFieldRead = simple;
            if (descriptor.startsWith("[")) {
                lastArrayRead = simple;
            }
        }
        if (field != null) {
            switch (field.access()) {
                case NONE -> {}
                case VOLATILE -> visitAccess(opcode, descriptor, field.target());
                case PLAIN -> visitPlainAccess(opcode, owner, name, descriptor, field);
            }
        }
        isTableOfSwitch |= opcode == Opcodes.GETSTATIC && name.startsWith("$SwitchMap$");
        String holder =
                isStatic && field != null ? types.holder(field.declaring(), name, owner) : owner;
        super.visitFieldInsn(opcode, holder, name, descriptor);
        if (opcode == Opcodes.GETSTATIC && JdkVariables.isStream(owner, name)) {
            JdkVariables.afterRead(mv, method, owner, name, descriptor);
        }
    }

    /** A member of a class is about to be used, by way of a subclass perhaps. */
    private void use(String owner, String declaring) {
        if (types.isReset(declaring)) {
            mv.visitLdcInsn(
                    ProgramWeaver.site(className, method, line, StaticReset.target(declaring)));
            String home = types.home(declaring);
            StaticReset.use(mv, home.equals(declaring) ? owner : home, declaring);
        }
    }

    private void visitPlainAccess(
            int opcode, String owner, String name, String descriptor, ProgramTypes.FieldUse field) {
        String parameters = "(L" + field.declaring() + ";I)V";
        boolean reads = opcode == Opcodes.GETFIELD || opcode == Opcodes.GETSTATIC;
        switch (opcode) {
            case Opcodes.GETFIELD -> mv.visitInsn(Opcodes.DUP);
            case Opcodes.PUTFIELD -> {
                if (pendingConstructors >= 0) {
                    return; // this is not initialised yet, so nobody else can see it
                }
                copyReceiver(mv, descriptor);
            }
            default -> parameters = "(I)V";
        }
        pushSite(field.target());
        // A subclass that the instruction names may be used where the declaring class may not.
        mv.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                owner,
                (reads ? PlainField.READING : PlainField.WRITING) + name,
                parameters,
                false);
    }

    /** From receiver and value to receiver, value and receiver. */
    static void copyReceiver(MethodVisitor mv, String descriptor) {
        if (descriptor.equals("J") || descriptor.equals("D")) {
            mv.visitInsn(Opcodes.DUP2_X1);
            mv.visitInsn(Opcodes.POP2);
            mv.visitInsn(Opcodes.DUP_X2);
        } else {
            mv.visitInsn(Opcodes.DUP2);
            mv.visitInsn(Opcodes.POP);
        }
    }

    private void visitAccess(int opcode, String descriptor, String target) {
        switch (opcode) {
            case Opcodes.GETFIELD -> mv.visitInsn(Opcodes.DUP);
            case Opcodes.PUTFIELD -> {
                if (pendingConstructors >= 0) {
                    return; // this is not initialised yet, so nobody else can see it
                }
                copyReceiver(mv, descriptor);
            }
            default -> mv.visitInsn(Opcodes.ACONST_NULL);
        }
        pushSite(target);
        boolean reads = opcode == Opcodes.GETFIELD || opcode == Opcodes.GETSTATIC;
        JdkEntries.hook(mv, reads ? "read" : "write", "(Ljava/lang/Object;I)V");
    }

    @Override
    public void visitMethodInsn(
            int opcode, String owner, String name, String descriptor, boolean isInterface) {
        boolean collection =
                types.isCollection(owner, name, opcode == Opcodes.INVOKESTATIC)
                        && !(name.equals("<init>") && descriptor.equals("()V"));
        if (collection) {
            JdkCollectionCode.called(mv, site(owner, name));
        }
        visitCall(opcode, owner, name, descriptor, isInterface);
        if (collection) {
            JdkCollectionCode.returned(mv);
        }
    }

    private void visitCall(
            int opcode, String owner, String name, String descriptor, boolean isInterface) {
        if (name.equals("<init>")) {
            if (pendingConstructors >= 0) {
                pendingConstructors--;
            }
            JdkMonitorCalls.pass(mv, owner, name, descriptor, site(owner, name));
            if (owner.equals("java/lang/String")) {
                ArrayCode.beforeString(mv, descriptor, arraySite());
            }
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            return;
        }
        if (ArrayCode.isWoven(owner, name, descriptor) && !lastArrayRead.endsWith(".$VALUES")) {
            visitArrayCall(opcode, owner, name, descriptor);
            return;
        }
        if (opcode == Opcodes.INVOKESTATIC && Replacements.isTimeOrSpin(owner, name)) {
            if (name.equals("onSpinWait")) {
                armSite(owner, name);
            }
            JdkEntries.hook(mv, name, descriptor);
            return;
        }
        if (Replacements.isIdentityHash(owner, name)
                || (opcode == Opcodes.INVOKESPECIAL && isIdentityHash(owner, name, descriptor))) {
            JdkReplacements.call(mv, "identityHashCode", "(Ljava/lang/Object;)I");
            return;
        }
        if (opcode != Opcodes.INVOKESPECIAL
                && Replacements.mayBeIdentityHash(owner, name, descriptor)) {
            JdkReplacements.call(mv, "hashCode", "(Ljava/lang/Object;)I");
            return;
        }
        if (opcode == Opcodes.INVOKESTATIC
                && owner.equals("java/lang/Thread")
                && name.equals("holdsLock")) {
            JdkEntries.hook(mv, name, descriptor);
            return;
        }
        if (opcode == Opcodes.INVOKESTATIC
                && owner.equals("java/lang/Class")
                && descriptor.equals(
                        "(Ljava/lang/String;ZLjava/lang/ClassLoader;)Ljava/lang/Class;")) {
            JdkReplacements.call(mv, name, descriptor);
            return;
        }
        String monitorHook =
                opcode == Opcodes.INVOKESTATIC ? null : Replacements.monitorHook(name, descriptor);
        if (monitorHook != null) {
            armSite("java/lang/Object", name);
            JdkEntries.hook(mv, monitorHook, "(Ljava/lang/Object;" + descriptor.substring(1));
            return;
        }
        if (Replacements.isVariableAccess(owner, name, descriptor)) {
            Handle target = new Handle(Opcodes.H_INVOKEVIRTUAL, owner, name, descriptor, false);
            invoke(bridges.variable(target, site(owner, name)));
            return;
        }
        if (VariableCode.isLookUp(owner, name)) {
            int tag =
                    opcode == Opcodes.INVOKESTATIC
                            ? Opcodes.H_INVOKESTATIC
                            : Opcodes.H_INVOKEVIRTUAL;
            Handle target = new Handle(tag, owner, name, descriptor, false);
            invoke(bridges.lookUp(target, site(owner, name)));
            return;
        }
        if (approachMonitor(opcode, owner, name, descriptor, isInterface)) {
            return;
        }
        visitReflectedElement(owner, name, descriptor);
        JdkMonitorCalls.pass(mv, owner, name, descriptor, site(owner, name));
        Uncontrolled.call(mv, owner, name);
        boolean armed = types.takesSite(owner, name, descriptor, opcode == Opcodes.INVOKESTATIC);
        if (armed) {
            armSite(owner, name);
        }
        if (opcode != Opcodes.INVOKESPECIAL
                && JdkEntries.mayBeConcurrent(owner, name, opcode == Opcodes.INVOKESTATIC)) {
            JdkMonitorCalls.copyReceiver(mv, descriptor);
            JdkEntries.collectionCall(mv, name, site(owner, name));
        }
        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        JdkReplacements.afterCall(mv, className, method, owner, name, descriptor);
        if (armed && !JdkEntries.surelyTakesSite(owner)) {
            mv.visitInsn(Opcodes.ICONST_0);
            JdkEntries.hook(mv, "site", "(I)V");
        }
    }

    private void visitArrayCall(int opcode, String owner, String name, String descriptor) {
        if (ArrayCode.replace(mv, owner, name, arraySite())) {
            return;
        }
        int tag = opcode == Opcodes.INVOKESTATIC ? Opcodes.H_INVOKESTATIC : Opcodes.H_INVOKEVIRTUAL;
        invoke(bridges.array(new Handle(tag, owner, name, descriptor, false), arraySite()));
    }

    private int arraySite() {
        String field = lastArrayRead.isEmpty() ? "array" : lastArrayRead;
        return ProgramWeaver.site(className, method, line, field + "[]");
    }

    /** Calls a method of the program that stands for another one. */
    private void invoke(Handle bridge) {
        super.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                bridge.getOwner(),
                bridge.getName(),
                bridge.getDesc(),
                bridge.isInterface());
    }

    /** Before a call that reads or writes an element of an array by reflection. */
    private void visitReflectedElement(String owner, String name, String descriptor) {
        if (!owner.equals("java/lang/reflect/Array")
                || !descriptor.startsWith("(Ljava/lang/Object;I")) {
            return;
        }
        if (name.startsWith("get")) {
            visitElementRead(Opcodes.AALOAD);
        } else {
            boolean wide = descriptor.endsWith("J)V") || descriptor.endsWith("D)V");
            visitElementWrite(wide ? Opcodes.LASTORE : Opcodes.AASTORE);
        }
    }

    private boolean isIdentityHash(String owner, String name, String descriptor) {
        return name.equals("hashCode") && descriptor.equals("()I") && types.hasIdentityHash(owner);
    }

    /**
     * Before a call that may take a monitor or a site; true if the call was made elsewhere instead.
     */
    private boolean approachMonitor(
            int opcode, String owner, String name, String descriptor, boolean isInterface) {
        boolean few = JdkMonitorCalls.argumentSize(descriptor) <= 2;
        boolean isMonitored =
                opcode != Opcodes.INVOKESTATIC && types.isMonitored(owner, name, descriptor);
        if (!isMonitored
                && (few
                        || !JdkEntries.mayBeConcurrent(
                                owner, name, opcode == Opcodes.INVOKESTATIC))) {
            return false;
        }
        int site = site(owner, name);
        if (opcode == Opcodes.INVOKESPECIAL) {
            // The receiver below more arguments is out of reach.
            if (few && JdkMonitorCalls.isMonitored(owner)) {
                JdkMonitorCalls.approachSuper(mv, owner, name, descriptor, site);
            }
            return false;
        }
        if (few) {
            JdkMonitorCalls.approach(mv, name, descriptor, site);
            return false;
        }
        int tag = isInterface ? Opcodes.H_INVOKEINTERFACE : Opcodes.H_INVOKEVIRTUAL;
        invoke(bridges.approach(new Handle(tag, owner, name, descriptor, isInterface), site));
        return true;
    }

    @Override
    public void visitInvokeDynamicInsn(
            String name, String descriptor, Handle bootstrap, Object... arguments) {
        Object[] woven = arguments;
        if (bootstrap.getOwner().equals("java/lang/invoke/StringConcatFactory")) {
            JdkMonitorCalls.pass(mv, bootstrap.getOwner(), name, descriptor, site(className, name));
        }
        if (bootstrap.getOwner().equals("java/lang/invoke/LambdaMetafactory")
                && arguments.length > 1
                && arguments[1] instanceof Handle target) {
            int site = site(target.getOwner(), target.getName());
            Handle bridge = identityHash(target);
            if (bridge == null) {
                bridge = bridges.bridge(target, site);
            }
            if (bridge != null) {
                woven = arguments.clone();
                woven[1] = bridge;
            }
        }
        if (types.freshStatics() && keepsConstants(bootstrap, arguments)) {
            mv.visitLdcInsn(Type.getObjectType(className));
            mv.visitLdcInsn("a switch in " + className.replace('/', '.') + " keeps enum constants");
            JdkEntries.hook(mv, "keepsStatics", "(Ljava/lang/Class;Ljava/lang/String;)V");
        }
        super.visitInvokeDynamicInsn(name, descriptor, bootstrap, woven);
    }

    /** Whether it is a switch over patterns that looks constants of enums up once and for all. */
    private static boolean keepsConstants(Handle bootstrap, Object[] labels) {
        if (!bootstrap.getOwner().equals("java/lang/runtime/SwitchBootstraps")) {
            return false;
        }
        boolean ofEnum = bootstrap.getName().equals("enumSwitch");
        for (Object label : labels) {
            if (label instanceof ConstantDynamic || (ofEnum && !(label instanceof String))) {
                return true;
            }
        }
        return false;
    }

    /** What a method reference to a hash code refers to instead, or null. */
    private static @Nullable Handle identityHash(Handle target) {
        String hook =
                Replacements.isIdentityHash(target.getOwner(), target.getName())
                        ? "identityHashCode"
                        : "hashCode";
        if (hook.equals("hashCode")
                && (target.getTag() == Opcodes.H_INVOKESPECIAL
                        || !Replacements.mayBeIdentityHash(
                                target.getOwner(), target.getName(), target.getDesc()))) {
            return null;
        }
        return new Handle(
                Opcodes.H_INVOKESTATIC,
                JdkReplacements.HOOKS,
                hook,
                "(Ljava/lang/Object;)I",
                false);
    }

    private void armSite(String owner, String name) {
        mv.visitLdcInsn(site(owner, name));
        JdkEntries.hook(mv, "site", "(I)V");
    }

    private int site(String owner, String name) {
        String receiver = fieldsRead.get(Type.getObjectType(owner).getDescriptor());
        String target = receiver == null ? ProgramTypes.simpleName(owner) : receiver;
        return ProgramWeaver.site(className, method, line, target + "." + name);
    }

    private void pushSite(String target) {
        mv.visitLdcInsn(ProgramWeaver.site(className, method, line, target));
    }
}
