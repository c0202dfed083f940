package org.selvage.checker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.History;
import org.selvage.checker.history.HistoryRecorder;
import org.selvage.checker.specification.Values;

/**
 * Large valid histories: each client calls, takes effect at a random later moment, and returns at
 * another.
 */
final class Workload {
    private final String model;
    private final int clients;
    private final boolean unique;
    private final Random random;
    private final HistoryRecorder recorder = new HistoryRecorder();
    private final Map<Object, Object> map = new HashMap<>();
    private final ArrayDeque<Object> sequence = new ArrayDeque<>();
    private final PriorityQueue<Object> heap = new PriorityQueue<>(Values::compare);
    private @Nullable Object register;
    private long next;

    private Workload(String model, int clients, boolean unique, long seed) {
        this.model = model;
        this.clients = clients;
        this.unique = unique;
        this.random = new Random(seed);
    }

    static History of(String model, int operations, int clients, boolean unique, long seed) {
        return new Workload(model, clients, unique, seed).run(operations);
    }

    private History run(int operations) {
        int[] phase = new int[clients];
        int[] choice = new int[clients];
        @Nullable Object[] argument = new @Nullable Object[clients];
        @Nullable Object[] response = new @Nullable Object[clients];
        List<Integer> busy = new ArrayList<>();
        int called = 0;
        while (called < operations || !busy.isEmpty()) {
            int client = random.nextInt(clients);
            if (phase[client] == 0 && called < operations) {
                called++;
                choice[client] = random.nextInt(100);
                argument[client] = unique ? Long.valueOf(next++) : Long.valueOf(random.nextInt(5));
                call(client, choice[client], argument[client]);
                phase[client] = 1;
                busy.add(client);
            } else if (phase[client] == 1) {
                response[client] = effect(choice[client], argument[client]);
                phase[client] = 2;
            } else if (phase[client] == 2) {
                recorder.ok(client, response[client]);
                phase[client] = 0;
                busy.remove((Object) client);
            }
        }
        return recorder.history(model);
    }

    private void call(int client, int choice, @Nullable Object argument) {
        boolean first = choice < 50;
        switch (model) {
            case "register" ->
                    recorder.invoke(client, first ? "write" : "read", first ? argument : null);
            case "map" -> {
                Object key = key(choice, argument);
                if (first) {
                    recorder.invoke(client, "put", key, argument == null ? 0L : argument);
                } else {
                    recorder.invoke(client, "get", key);
                }
            }
            case "set" ->
                    recorder.invoke(
                            client,
                            choice < 40 ? "add" : choice < 70 ? "remove" : "contains",
                            key(choice, argument));
            case "queue" ->
                    recorder.invoke(client, first ? "enqueue" : "dequeue", first ? argument : null);
            case "stack" ->
                    recorder.invoke(client, first ? "push" : "pop", first ? argument : null);
            default ->
                    recorder.invoke(
                            client, first ? "insert" : "deleteMin", first ? argument : null);
        }
    }

    /**
     * A set's values come close together in time, as each is added, seen and removed about once.
     */
    private Object key(int choice, @Nullable Object argument) {
        long number = Values.number(argument, 0);
        return model.equals("set")
                ? Long.valueOf(number / 4 + choice % 2)
                : Long.valueOf(number % 1000);
    }

    private @Nullable Object effect(int choice, @Nullable Object argument) {
        boolean first = choice < 50;
        Object value = argument == null ? 0L : argument;
        return switch (model) {
            case "register" -> {
                register = first ? argument : register;
                yield first ? null : register;
            }
            case "map" -> first ? put(value, choice) : map.get(key(choice, value));
            case "set" -> {
                Object key = key(choice, value);
                if (choice < 40) {
                    yield map.put(key, true) == null;
                }
                yield choice < 70 ? map.remove(key) != null : map.containsKey(key);
            }
            case "queue" -> first ? added(sequence.add(value)) : taken(sequence.pollFirst());
            case "stack" -> first ? added(sequence.add(value)) : taken(sequence.pollLast());
            default -> first ? added(heap.add(value)) : taken(heap.poll());
        };
    }

    private @Nullable Object put(Object value, int choice) {
        map.put(key(choice, value), value);
        return null;
    }

    private static @Nullable Object added(boolean done) {
        return done ? null : false;
    }

    private static Object taken(@Nullable Object value) {
        return value == null ? Values.EMPTY : value;
    }
}
