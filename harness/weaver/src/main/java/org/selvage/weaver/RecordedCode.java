package org.selvage.weaver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.utility.OpenedClassReader;
import org.jspecify.annotations.Nullable;

/**
 * The code of a method, to be written more than once.
 *
 * <p>Instructions are plain data: a lambda for each would make the agent's start dear.
 */
final class RecordedCode extends MethodVisitor {
    private final List<Instruction> instructions = new ArrayList<>();

    private enum Kind {
        FRAME,
        PLAIN,
        WITH_INT,
        VARIABLE,
        TYPE,
        FIELD,
        METHOD,
        INTERFACE_METHOD,
        DYNAMIC,
        JUMP,
        LABEL,
        CONSTANT,
        INCREMENT,
        TABLE_SWITCH,
        LOOKUP_SWITCH,
        ARRAY,
        TRY_CATCH,
        LINE
    }

    /**
     * One call of a visitor's method.
     *
     * @param first its first number, and so on
     * @param names its texts; of a frame, as many as its stack is deep
     * @param labels its labels
     * @param objects whatever else it has
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Instruction(
            Kind kind,
            int first,
            int second,
            String[] names,
            Label[] labels,
            @Nullable Object[] objects) {}

    private static final String[] NO_NAMES = {};
    private static final Label[] NO_LABELS = {};

    RecordedCode() {
        super(OpenedClassReader.ASM_API);
    }

    /** Writes the code, with labels of its own; may be called again. */
    void write(MethodVisitor mv) {
        Map<Label, Label> copies = new HashMap<>();
        for (Instruction instruction : instructions) {
            write(mv, instruction, copies(instruction.labels, copies), copies);
        }
    }

    private static void write(
            MethodVisitor mv, Instruction i, Label[] labels, Map<Label, Label> copies) {
        String[] names = i.names;
        @Nullable Object[] objects = i.objects;
        switch (i.kind) {
            case FRAME -> frame(mv, i, copies);
            case PLAIN -> mv.visitInsn(i.first);
            case WITH_INT -> mv.visitIntInsn(i.first, i.second);
            case VARIABLE -> mv.visitVarInsn(i.first, i.second);
            case TYPE -> mv.visitTypeInsn(i.first, names[0]);
            case FIELD -> mv.visitFieldInsn(i.first, names[0], names[1], names[2]);
            case METHOD -> mv.visitMethodInsn(i.first, names[0], names[1], names[2], false);
            case INTERFACE_METHOD ->
                    mv.visitMethodInsn(i.first, names[0], names[1], names[2], true);
            case DYNAMIC ->
                    mv.visitInvokeDynamicInsn(
                            names[0], names[1], (Handle) objects[0], (Object[]) objects[1]);
            case JUMP -> mv.visitJumpInsn(i.first, labels[0]);
            case LABEL -> mv.visitLabel(labels[0]);
            case CONSTANT -> mv.visitLdcInsn(objects[0]);
            case INCREMENT -> mv.visitIincInsn(i.first, i.second);
            case TABLE_SWITCH ->
                    mv.visitTableSwitchInsn(i.first, i.second, labels[0], withoutFirst(labels));
            case LOOKUP_SWITCH ->
                    mv.visitLookupSwitchInsn(labels[0], (int[]) objects[0], withoutFirst(labels));
            case ARRAY -> mv.visitMultiANewArrayInsn(names[0], i.first);
            case TRY_CATCH ->
                    mv.visitTryCatchBlock(
                            labels[0], labels[1], labels[2], (@Nullable String) objects[0]);
            case LINE -> mv.visitLineNumber(i.first, labels[0]);
        }
    }

    private static void frame(MethodVisitor mv, Instruction i, Map<Label, Label> copies) {
        @Nullable Object[] local = (@Nullable Object[]) i.objects[0];
        @Nullable Object[] stack = (@Nullable Object[]) i.objects[1];
        mv.visitFrame(i.first, i.second, types(local, copies), stackSize(i), types(stack, copies));
    }

    private static int stackSize(Instruction frame) {
        return frame.names.length;
    }

    private static Label copy(Label label, Map<Label, Label> copies) {
        Label copy = copies.get(label);
        if (copy == null) {
            copy = new Label();
            copies.put(label, copy);
        }
        return copy;
    }

    private static Label[] copies(Label[] labels, Map<Label, Label> copies) {
        Label[] result = new Label[labels.length];
        for (int i = 0; i < labels.length; i++) {
            result[i] = copy(labels[i], copies);
        }
        return result;
    }

    /** The types of a frame, where a label stands for an object that is not initialised. */
    private static @Nullable Object @Nullable [] types(
            @Nullable Object @Nullable [] types, Map<Label, Label> copies) {
        if (types == null) {
            return null;
        }
        @Nullable Object[] result = types.clone();
        for (int i = 0; i < result.length; i++) {
            if (result[i] instanceof Label label) {
                result[i] = copy(label, copies);
            }
        }
        return result;
    }

    private static Label[] withoutFirst(Label[] labels) {
        return Arrays.copyOfRange(labels, 1, labels.length);
    }

    private void add(Kind kind, int first, int second) {
        add(kind, first, second, NO_NAMES, NO_LABELS);
    }

    private void add(
            Kind kind,
            int first,
            int second,
            String[] names,
            Label[] labels,
            @Nullable Object... objects) {
        instructions.add(new Instruction(kind, first, second, names, labels, objects));
    }

    @Override
    public void visitFrame(
            int type,
            int locals,
            @Nullable Object @Nullable [] local,
            int stacks,
            @Nullable Object @Nullable [] stack) {
        // The reader uses its arrays again.
        add(
                Kind.FRAME,
                type,
                locals,
                new String[stacks],
                NO_LABELS,
                local == null ? null : local.clone(),
                stack == null ? null : stack.clone());
    }

    @Override
    public void visitInsn(int opcode) {
        add(Kind.PLAIN, opcode, 0);
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
        add(Kind.WITH_INT, opcode, operand);
    }

    @Override
    public void visitVarInsn(int opcode, int local) {
        add(Kind.VARIABLE, opcode, local);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        add(Kind.TYPE, opcode, 0, new String[] {type}, NO_LABELS);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        add(Kind.FIELD, opcode, 0, new String[] {owner, name, descriptor}, NO_LABELS);
    }

    @Override
    public void visitMethodInsn(
            int opcode, String owner, String name, String descriptor, boolean isInterface) {
        Kind kind = isInterface ? Kind.INTERFACE_METHOD : Kind.METHOD;
        add(kind, opcode, 0, new String[] {owner, name, descriptor}, NO_LABELS);
    }

    @Override
    public void visitInvokeDynamicInsn(
            String name, String descriptor, Handle bootstrap, Object... arguments) {
        String[] names = {name, descriptor};
        add(Kind.DYNAMIC, 0, 0, names, NO_LABELS, bootstrap, arguments);
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
        add(Kind.JUMP, opcode, 0, NO_NAMES, new Label[] {label});
    }

    @Override
    public void visitLabel(Label label) {
        add(Kind.LABEL, 0, 0, NO_NAMES, new Label[] {label});
    }

    @Override
    public void visitLdcInsn(Object value) {
        add(Kind.CONSTANT, 0, 0, NO_NAMES, NO_LABELS, value);
    }

    @Override
    public void visitIincInsn(int local, int increment) {
        add(Kind.INCREMENT, local, increment);
    }

    @Override
    public void visitTableSwitchInsn(int min, int max, Label otherwise, Label... cases) {
        add(Kind.TABLE_SWITCH, min, max, NO_NAMES, withFirst(otherwise, cases));
    }

    @Override
    public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] cases) {
        add(Kind.LOOKUP_SWITCH, 0, 0, NO_NAMES, withFirst(otherwise, cases), keys);
    }

    private static Label[] withFirst(Label first, Label[] others) {
        Label[] labels = new Label[others.length + 1];
        labels[0] = first;
        System.arraycopy(others, 0, labels, 1, others.length);
        return labels;
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
        add(Kind.ARRAY, dimensions, 0, new String[] {descriptor}, NO_LABELS);
    }

    @Override
    public void visitTryCatchBlock(
            Label start, Label end, Label handler, @Nullable String exception) {
        Label[] labels = {start, end, handler};
        add(Kind.TRY_CATCH, 0, 0, NO_NAMES, labels, new Object[] {exception});
    }

    @Override
    public void visitLineNumber(int line, Label start) {
        add(Kind.LINE, line, 0, NO_NAMES, new Label[] {start});
    }
}
