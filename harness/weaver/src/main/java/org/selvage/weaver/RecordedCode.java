package org.selvage.weaver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.utility.OpenedClassReader;
import org.jspecify.annotations.Nullable;

/** The code of a method, to be written more than once. */
final class RecordedCode extends MethodVisitor {
    private final List<Instruction> instructions = new ArrayList<>();

    /** Writes one instruction, with labels of its own for each time the code is written. */
    private interface Instruction {
        void write(MethodVisitor mv, Labels labels);
    }

    private static final class Labels {
        private final Map<Label, Label> copies = new HashMap<>();

        Label of(Label label) {
            return copies.computeIfAbsent(label, key -> new Label());
        }

        Label[] of(Label[] labels) {
            Label[] result = new Label[labels.length];
            for (int i = 0; i < labels.length; i++) {
                result[i] = of(labels[i]);
            }
            return result;
        }

        /** The types of a frame, where a label stands for an object that is not initialised. */
        Object @Nullable [] of(Object @Nullable [] types) {
            if (types == null) {
                return null;
            }
            Object[] result = types.clone();
            for (int i = 0; i < result.length; i++) {
                if (result[i] instanceof Label label) {
                    result[i] = of(label);
                }
            }
            return result;
        }
    }

    RecordedCode() {
        super(OpenedClassReader.ASM_API);
    }

    /** Writes the code; may be called again. */
    void write(MethodVisitor mv) {
        Labels labels = new Labels();
        for (Instruction instruction : instructions) {
            instruction.write(mv, labels);
        }
    }

    private void add(Instruction instruction) {
        instructions.add(instruction);
    }

    @Override
    public void visitFrame(
            int type,
            int locals,
            Object @Nullable [] local,
            int stacks,
            Object @Nullable [] stack) {
        // The reader uses its arrays again.
        Object[] keptLocal = local == null ? null : local.clone();
        Object[] keptStack = stack == null ? null : stack.clone();
        add((mv, labels) ->
                mv.visitFrame(type, locals, labels.of(keptLocal), stacks, labels.of(keptStack)));
    }

    @Override
    public void visitInsn(int opcode) {
        add((mv, labels) -> mv.visitInsn(opcode));
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
        add((mv, labels) -> mv.visitIntInsn(opcode, operand));
    }

    @Override
    public void visitVarInsn(int opcode, int local) {
        add((mv, labels) -> mv.visitVarInsn(opcode, local));
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        add((mv, labels) -> mv.visitTypeInsn(opcode, type));
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        add((mv, labels) -> mv.visitFieldInsn(opcode, owner, name, descriptor));
    }

    @Override
    public void visitMethodInsn(
            int opcode, String owner, String name, String descriptor, boolean isInterface) {
        add((mv, labels) -> mv.visitMethodInsn(opcode, owner, name, descriptor, isInterface));
    }

    @Override
    public void visitInvokeDynamicInsn(
            String name, String descriptor, Handle bootstrap, Object... arguments) {
        add((mv, labels) -> mv.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments));
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
        add((mv, labels) -> mv.visitJumpInsn(opcode, labels.of(label)));
    }

    @Override
    public void visitLabel(Label label) {
        add((mv, labels) -> mv.visitLabel(labels.of(label)));
    }

    @Override
    public void visitLdcInsn(Object value) {
        add((mv, labels) -> mv.visitLdcInsn(value));
    }

    @Override
    public void visitIincInsn(int local, int increment) {
        add((mv, labels) -> mv.visitIincInsn(local, increment));
    }

    @Override
    public void visitTableSwitchInsn(int min, int max, Label otherwise, Label... cases) {
        add((mv, labels) ->
                mv.visitTableSwitchInsn(min, max, labels.of(otherwise), labels.of(cases)));
    }

    @Override
    public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] cases) {
        add((mv, labels) -> mv.visitLookupSwitchInsn(labels.of(otherwise), keys, labels.of(cases)));
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
        add((mv, labels) -> mv.visitMultiANewArrayInsn(descriptor, dimensions));
    }

    @Override
    public void visitTryCatchBlock(
            Label start, Label end, Label handler, @Nullable String exception) {
        add((mv, labels) ->
                mv.visitTryCatchBlock(
                        labels.of(start), labels.of(end), labels.of(handler), exception));
    }

    @Override
    public void visitLineNumber(int line, Label start) {
        add((mv, labels) -> mv.visitLineNumber(line, labels.of(start)));
    }
}
