package org.selvage.checker.search;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;
import org.selvage.checker.specification.Specification;

/** Numbers equal operations alike, so that a search compares and steps integers. */
public final class Classes {
    private final Specification<?> specification;
    private Operation[] operations = new Operation[64];
    private boolean[] readOnly = new boolean[64];
    private int[] table = new int[256];
    private int size;

    /** An empty table for the operations of a specification. */
    public Classes(Specification<?> specification) {
        this.specification = specification;
    }

    /**
     * The number of the operation with these parts; the operation object is made only when it is
     * new.
     */
    public int of(
            String function,
            @Nullable Object argument,
            boolean pending,
            @Nullable Object response) {
        int hash =
                (function.hashCode() * 31 + Objects.hashCode(argument)) * 31
                        + Objects.hashCode(response);
        hash = mix(pending ? ~hash : hash);
        int mask = table.length - 1;
        int at = hash & mask;
        while (table[at] != 0) {
            Operation known = operations[table[at] - 1];
            if (known.pending() == pending
                    && known.function().equals(function)
                    && Objects.equals(known.argument(), argument)
                    && Objects.equals(known.response(), response)) {
                return table[at] - 1;
            }
            at = (at + 1) & mask;
        }
        return add(at, new Operation(function, argument, pending, response));
    }

    /** The operation with this number. */
    public Operation operation(int number) {
        return operations[number];
    }

    /** Whether the operation changes no state. */
    public boolean readOnly(int number) {
        return readOnly[number];
    }

    /** How many different operations there are. */
    public int size() {
        return size;
    }

    /** Forgets all operations. */
    public void clear() {
        operations = new Operation[64];
        readOnly = new boolean[64];
        table = new int[256];
        size = 0;
    }

    static int mix(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 15);
    }

    private int add(int at, Operation operation) {
        if (size == operations.length) {
            operations = Arrays.copyOf(operations, size * 2);
            readOnly = Arrays.copyOf(readOnly, size * 2);
        }
        operations[size] = operation;
        readOnly[size] = specification.readOnly(operation);
        table[at] = ++size;
        if (size * 2 > table.length) {
            rehash();
        }
        return size - 1;
    }

    private void rehash() {
        int[] next = new int[table.length * 4];
        int mask = next.length - 1;
        for (int i = 0; i < size; i++) {
            Operation o = operations[i];
            int hash =
                    (o.function().hashCode() * 31 + Objects.hashCode(o.argument())) * 31
                            + Objects.hashCode(o.response());
            int at = mix(o.pending() ? ~hash : hash) & mask;
            while (next[at] != 0) {
                at = (at + 1) & mask;
            }
            next[at] = i + 1;
        }
        table = next;
    }
}
