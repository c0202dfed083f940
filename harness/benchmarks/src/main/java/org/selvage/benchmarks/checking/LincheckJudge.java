package org.selvage.benchmarks.checking;

import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.execution.HBClock;
import org.jetbrains.kotlinx.lincheck.execution.ResultWithClock;
import org.jetbrains.kotlinx.lincheck.util.ValueResult;
import org.jetbrains.kotlinx.lincheck.util.VoidResult;
import org.jetbrains.lincheck.datastructures.verifier.LinearizabilityVerifier;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.EventKind;
import org.selvage.checker.history.History;
import org.selvage.checker.history.Intervals;

/** Puts a history before Lincheck's verifier. */
final class LincheckJudge {
    private LincheckJudge() {}

    /** The sequential register as Lincheck executes it. */
    public static final class Register {
        private @Nullable Long value;

        /** Reads. */
        public @Nullable Long read() {
            return value;
        }

        /** Writes. */
        public void write(Long next) {
            value = next;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Register register && Objects.equals(value, register.value);
        }

        @Override
        public int hashCode() {
            return Objects.hashCode(value);
        }
    }

    /** The sequential queue as Lincheck executes it. */
    public static final class Queue {
        private final ArrayDeque<Long> values = new ArrayDeque<>();

        /** Takes the first value, or null. */
        public @Nullable Long dequeue() {
            return values.pollFirst();
        }

        /** Adds a value. */
        public void enqueue(Long value) {
            values.add(value);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Queue queue
                    && List.copyOf(values).equals(List.copyOf(queue.values));
        }

        @Override
        public int hashCode() {
            return List.copyOf(values).hashCode();
        }
    }

    /** What Lincheck is to judge, made before the clock starts. */
    record Case(
            LinearizabilityVerifier verifier, ExecutionScenario scenario, ExecutionResult result) {
        boolean isLinearizable() {
            return verifier.verifyResults(scenario, result);
        }
    }

    static Case of(History history, Class<?> sequential) throws NoSuchMethodException {
        Intervals intervals = Intervals.of(history);
        TreeMap<Integer, Integer> threads = new TreeMap<>();
        for (int i = 0; i < intervals.count(); i++) {
            threads.putIfAbsent(intervals.process(i), threads.size());
        }
        List<List<Actor>> actors = new ArrayList<>();
        List<List<ResultWithClock>> results = new ArrayList<>();
        threads.forEach((process, thread) -> {
            actors.add(new ArrayList<>());
            results.add(new ArrayList<>());
        });
        int[] returned = new int[threads.size()];
        int[] operationAt = new int[history.size()];
        for (int i = 0; i < intervals.count(); i++) {
            operationAt[intervals.invokedAt(i)] = i;
        }
        for (int event = 0; event < history.size(); event++) {
            Integer thread = threads.get(history.process(event));
            if (thread == null) {
                continue;
            }
            if (history.kind(event) == EventKind.INVOKE) {
                int operation = operationAt[event];
                actors.get(thread).add(actor(intervals, operation, sequential));
                HBClock clock = new HBClock(returned.clone());
                results.get(thread).add(result(intervals, operation, clock));
            } else {
                returned[thread]++;
            }
        }
        return new Case(
                new LinearizabilityVerifier(sequential),
                new ExecutionScenario(List.of(), actors, List.of(), null),
                new ExecutionResult(List.of(), results, List.of()));
    }

    private static Actor actor(Intervals intervals, int operation, Class<?> sequential)
            throws NoSuchMethodException {
        Object argument = intervals.argument(operation);
        String function = intervals.function(operation);
        Method method =
                argument == null
                        ? sequential.getMethod(function)
                        : sequential.getMethod(function, Long.class);
        return new Actor(method, argument == null ? List.of() : List.of(argument));
    }

    private static ResultWithClock result(Intervals intervals, int operation, HBClock clock) {
        return new ResultWithClock(
                intervals.argument(operation) == null
                        ? new ValueResult(intervals.response(operation))
                        : VoidResult.INSTANCE,
                clock);
    }
}
