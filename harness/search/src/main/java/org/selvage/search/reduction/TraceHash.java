package org.selvage.search.reduction;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Task;

/**
 * A hash of the happens-before relation of an execution: equal for two executions that differ only
 * in the order of independent operations, that is, for equal traces in the sense of Mazurkiewicz.
 *
 * <p>Each operation's hash is made of the hashes of the operations directly before it: the task's
 * last one, the last write of the variable, and for a write the sum of the reads since. The
 * operation's past determines it, and it determines the past up to collisions, which at 64 bits are
 * rarer than one in a billion among a hundred thousand traces. So no vector clocks are needed, and
 * an operation costs a look-up and a few multiplications; nothing is allocated once the tables have
 * grown.
 */
public final class TraceHash extends AccessListener {
    private long[] tasks = new long[8];
    private long[] writes = new long[64];
    private long[] reads = new long[64];
    private long[] writers = new long[64];

    /** One more than the largest number of a variable that was accessed. */
    private int accessed;

    private long[] pairs = new long[64];
    private int pairCount;
    private int site;
    private final @Nullable BoundedReduction reduction;

    /** Makes a hash. */
    public TraceHash() {
        this(null);
    }

    /** Makes a hash that tells what it sees to a reduction as well. */
    TraceHash(@Nullable BoundedReduction reduction) {
        this.reduction = reduction;
    }

    /** Gets ready for the next execution. */
    public void begin() {
        beginExecution();
        Arrays.fill(tasks, 0L);
        Arrays.fill(writes, 0, accessed, 0L);
        Arrays.fill(reads, 0, accessed, 0L);
        Arrays.fill(writers, 0, accessed, 0L);
        accessed = 0;
        pairCount = 0;
        if (reduction != null) {
            reduction.begin();
        }
    }

    @Override
    public void drawn(Execution execution, Task task, Choice.Kind kind, int pick) {
        int name = name(task);
        reserve(name);
        if (reduction != null) {
            reduction.pass(name);
        }
        tasks[name] = mix(tasks[name], pick + 1);
    }

    @Override
    public void operation(Execution execution, Task task) {
        site = task.site();
        if (reduction != null) {
            reduction.operation(execution, task, name(task));
        }
        super.operation(execution, task);
        if (operation.size == 0) {
            // How far the task has come is part of the state, though it touches nothing.
            int name = name(task);
            reserve(name);
            tasks[name] = mix(tasks[name], 17L);
        }
    }

    @Override
    public void woken(Execution execution, Task by, Task woken) {
        // Who joins a task sees that it has ended, whether it had to wait for that or not.
        if (woken.state() != Task.State.JOINING || by.kind() != OperationKind.END) {
            super.woken(execution, by, woken);
        }
    }

    @Override
    public void unparked(Execution execution, Task task) {
        int name = name(task);
        if (reduction != null) {
            reduction.pass(name);
        }
        access(name, Access.of(Variables.wakeUpOf(name), Access.WRITE, true));
    }

    /** The number of what a task is about to touch. */
    int variable(Task task) {
        return variables.number(Objects.requireNonNull(task.object()), null);
    }

    /** How many pairs of operations met in the execution so far. */
    public int pairs() {
        return pairCount;
    }

    /**
     * Two sites whose operations met: one wrote what the other, in another task, read or wrote
     * next, or one task took a mutex at the second that another had taken at the first. The same
     * pairs have the same number in one JVM.
     */
    public long pair(int index) {
        return pairs[index];
    }

    /** The hash of the execution so far. */
    public long value() {
        long sum = 0L;
        for (int t = 0; t < tasks.length; t++) {
            if (tasks[t] != 0L) {
                sum += mix(tasks[t], identity(t));
            }
        }
        return sum;
    }

    /** A task and all that has led to where it is, as one number. */
    long past(int task) {
        reserve(task);
        return mix(tasks[task], identity(task));
    }

    private void reserve(int name) {
        if (name >= tasks.length) {
            tasks = Arrays.copyOf(tasks, Math.max(name + 1, tasks.length * 2));
        }
    }

    @Override
    void access(int task, int access) {
        reserve(task);
        if (reduction != null) {
            reduction.access(task, access);
        }
        int variable = Access.variable(access);
        accessed = Math.max(accessed, variable + 1);
        if (variable >= writes.length) {
            int size = Math.max(variable + 1, writes.length * 2);
            writes = Arrays.copyOf(writes, size);
            reads = Arrays.copyOf(reads, size);
            writers = Arrays.copyOf(writers, size);
        }
        meet(task, variable, Access.mode(access));
        long hash = mix(tasks[task], writes[variable]);
        if (Access.mode(access) == Access.READ) {
            reads[variable] += mix(hash, 7L);
        } else {
            hash = mix(hash, reads[variable]);
            writes[variable] = hash;
            reads[variable] = 0L;
        }
        tasks[task] = hash;
    }

    private void meet(int task, int variable, int mode) {
        long writer = writers[variable];
        if (writer != 0L && (int) (writer >>> 32) != task + 1) {
            if (pairCount == pairs.length) {
                pairs = Arrays.copyOf(pairs, pairCount * 2);
            }
            pairs[pairCount++] = ((writer << 32) | site) + 1L;
        }
        if (mode != Access.READ && mode != Access.RELEASE) {
            writers[variable] = ((long) (task + 1) << 32) | site;
        }
    }

    @Override
    void enables(int by, int task) {
        reserve(Math.max(by, task));
        tasks[task] = mix(tasks[task] + 1L, mix(tasks[by] + 1L, 3L));
        if (reduction != null) {
            reduction.enables(by, task);
        }
    }

    @Override
    void joined(int task, int ended) {
        reserve(Math.max(task, ended));
        tasks[task] = mix(tasks[task], mix(tasks[ended], 5L));
        if (reduction != null) {
            reduction.joined(task, ended);
        }
    }

    @Override
    void ended(int task) {
        reserve(task);
        tasks[task] = mix(tasks[task], 11L);
    }

    @Override
    void alone(int task) {
        reserve(task);
        tasks[task] = mix(tasks[task], value());
        if (reduction != null) {
            reduction.alone(task);
        }
    }

    static long mix(long a, long b) {
        long z = (a ^ Long.rotateLeft(b * 0x9E3779B97F4A7C15L, 29)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 31)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 30);
    }
}
