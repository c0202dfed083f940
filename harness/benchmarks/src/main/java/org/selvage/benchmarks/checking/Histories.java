package org.selvage.benchmarks.checking;

import java.util.ArrayDeque;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.History;
import org.selvage.checker.history.HistoryRecorder;

/**
 * Generated histories of a register or a queue: each client calls, takes effect at a later moment
 * and returns at another. All valid, but for the last response where that is asked for.
 */
final class Histories {
    private final boolean queue;
    private final boolean unique;
    private final Random random = new Random(7);
    private final HistoryRecorder recorder = new HistoryRecorder();
    private final ArrayDeque<Long> held = new ArrayDeque<>();
    private @Nullable Long register;
    private long next;

    private Histories(boolean queue, boolean unique) {
        this.queue = queue;
        this.unique = unique;
    }

    /** A register whose values are all different, or are 0 to 4. */
    static History register(int operations, int clients, boolean unique) {
        return new Histories(false, unique).generate(operations, clients);
    }

    /** A queue whose values are all different, or are 0 to 4. */
    static History queue(int operations, int clients, boolean unique) {
        return new Histories(true, unique).generate(operations, clients);
    }

    private History generate(int operations, int clients) {
        int[] phase = new int[clients];
        @Nullable Long[] argument = new @Nullable Long[clients];
        @Nullable Object[] response = new @Nullable Object[clients];
        int called = 0;
        int open = 0;
        while (called < operations || open > 0) {
            int client = random.nextInt(clients);
            switch (phase[client]) {
                case 0 -> {
                    if (called < operations) {
                        called++;
                        open++;
                        argument[client] = call(client);
                        phase[client] = 1;
                    }
                }
                case 1 -> {
                    response[client] = effect(argument[client]);
                    phase[client] = 2;
                }
                default -> {
                    recorder.ok(client, response[client]);
                    open--;
                    phase[client] = 0;
                }
            }
        }
        return recorder.history();
    }

    /** Calls; the argument of what puts a value in, null for what takes or reads one. */
    private @Nullable Long call(int client) {
        if (random.nextBoolean()) {
            recorder.invoke(client, queue ? "dequeue" : "read");
            return null;
        }
        Long value = unique ? next++ : random.nextInt(5);
        recorder.invoke(client, queue ? "enqueue" : "write", value);
        return value;
    }

    private @Nullable Object effect(@Nullable Long argument) {
        if (argument == null) {
            return queue ? held.pollFirst() : register;
        }
        if (queue) {
            held.add(argument);
        } else {
            register = argument;
        }
        return null;
    }
}
