package org.selvage.scheduler;

import java.util.Arrays;

/** The draws of one execution that took another option than the first. Grows, and is reused. */
public final class Tape {
    private static final int WIDTH = 5;

    /** Kinds by their codes. */
    private static final Choice.Kind[] KINDS = {
        Choice.Kind.TASK,
        Choice.Kind.NOTIFY,
        Choice.Kind.VALUE,
        Choice.Kind.SPURIOUS,
        Choice.Kind.TIMEOUT
    };

    private int[] entries = new int[WIDTH * 64];
    private int count;

    void clear() {
        count = 0;
    }

    void add(int task, int operation, int draw, Choice.Kind kind, int picked) {
        int at = count * WIDTH;
        if (at == entries.length) {
            entries = Arrays.copyOf(entries, entries.length * 2);
        }
        entries[at] = task;
        entries[at + 1] = operation;
        entries[at + 2] = draw;
        entries[at + 3] =
                switch (kind) {
                    case TASK -> 0;
                    case NOTIFY -> 1;
                    case VALUE -> 2;
                    case SPURIOUS -> 3;
                    case TIMEOUT -> 4;
                };
        entries[at + 4] = picked;
        count++;
    }

    /** How many draws deviated. */
    public int size() {
        return count;
    }

    /** The number of the task that drew. */
    public int task(int index) {
        return entries[index * WIDTH];
    }

    /** How many operations that task had announced. */
    public int operation(int index) {
        return entries[index * WIDTH + 1];
    }

    /** How many draws it had made since. */
    public int draw(int index) {
        return entries[index * WIDTH + 2];
    }

    /** What was drawn. */
    public Choice.Kind kind(int index) {
        return KINDS[entries[index * WIDTH + 3]];
    }

    /** The number of the task that was picked, or the value. */
    public int picked(int index) {
        return entries[index * WIDTH + 4];
    }
}
