package org.selvage.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.selvage.checker.history.History;
import org.selvage.checker.history.HistoryRecorder;
import org.selvage.checker.history.Operation;
import org.selvage.checker.specification.Specification;
import org.selvage.checker.specification.Specifications;

/**
 * All histories of a few operations over each shipped object's alphabet, without exception: every
 * way in which the operations overlap, every choice of operations, each answered or open for ever.
 * Every method gives the verdict of the definition on each.
 *
 * <p>Two operations in the suite. The longer version, all of three and as many of four to six
 * operations as the limit allows, takes some minutes: {@code -Dselvage.test.jvm="-Xmx1g
 * -Dselvage.checker.operations=6 -Dselvage.checker.limit=100000"}.
 */
class ExhaustiveTest {
    private static final int OPERATIONS = Integer.getInteger("selvage.checker.operations", 2);

    /** For each object and number of operations; where there are more, every n-th is taken. */
    private static final long LIMIT = Long.getLong("selvage.checker.limit", 20_000);

    static Stream<Specification<?>> specifications() {
        return Specifications.all().stream();
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void everyHistoryGetsTheVerdictOfTheDefinition(Specification<?> specification) {
        for (int operations = 1; operations <= OPERATIONS; operations++) {
            all(specification, operations);
        }
    }

    private static <S> void all(Specification<S> specification, int operations) {
        List<Operation> alphabet = Alphabet.of(specification);
        List<int[]> overlaps = overlaps(operations);
        // An operation of the alphabet, or one of its calls without a return.
        List<Operation> letters = new ArrayList<>(alphabet);
        alphabet.stream()
                .map(operation -> Operation.pending(operation.function(), operation.argument()))
                .distinct()
                .forEach(letters::add);
        long words = 1;
        for (int i = 0; i < operations; i++) {
            words *= letters.size();
        }
        long total = words * overlaps.size();
        // Prime, so that a stride does not fall in step with the alphabet's size.
        long stride = total <= LIMIT ? 1 : nextPrime(total / LIMIT);
        Map<Method, Checker<S>> checkers = new EnumMap<>(Method.class);
        for (Method method : Method.values()) {
            checkers.put(method, new Checker<>(specification, method));
        }
        long valid = 0;
        long checked = 0;
        for (long number = 0; number < total; number += stride) {
            int[] overlap = overlaps.get((int) (number % overlaps.size()));
            History history = history(overlap, letters, number / overlaps.size());
            boolean expected = BruteForce.isValid(specification, history, Criterion.STRICT);
            checkers.forEach((method, checker) ->
                    assertThat(checker.check(history, Budget.unlimited()) instanceof Verdict.Valid)
                            .as("model=%s method=%s%n%s", specification.name(), method, history)
                            .isEqualTo(expected));
            valid += expected ? 1 : 0;
            checked++;
        }
        assertThat(valid).as("valid of %d, %s", checked, specification.name()).isPositive();
        assertThat(checked).isLessThanOrEqualTo(LIMIT + 1);
    }

    private static long nextPrime(long from) {
        long candidate = Math.max(2, from + 1);
        while (!isPrime(candidate)) {
            candidate++;
        }
        return candidate;
    }

    private static boolean isPrime(long number) {
        for (long divisor = 2; divisor * divisor <= number; divisor++) {
            if (number % divisor == 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Every sequence of calls and returns in which the calls come in the order of their numbers: an
     * entry is an operation, the first time as its call and the second time as its return.
     */
    private static List<int[]> overlaps(int operations) {
        List<int[]> all = new ArrayList<>();
        extend(new int[2 * operations], 0, 0, new boolean[operations], all);
        return all;
    }

    private static void extend(int[] made, int size, int called, boolean[] open, List<int[]> all) {
        if (size == made.length) {
            all.add(made.clone());
            return;
        }
        if (called < open.length) {
            made[size] = called;
            open[called] = true;
            extend(made, size + 1, called + 1, open, all);
            open[called] = false;
        }
        for (int operation = 0; operation < called; operation++) {
            if (open[operation]) {
                made[size] = operation;
                open[operation] = false;
                extend(made, size + 1, called, open, all);
                open[operation] = true;
            }
        }
    }

    private static History history(int[] overlap, List<Operation> letters, long word) {
        HistoryRecorder recorder = new HistoryRecorder();
        Operation[] chosen = new Operation[overlap.length / 2];
        long rest = word;
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = letters.get((int) (rest % letters.size()));
            rest /= letters.size();
        }
        boolean[] called = new boolean[chosen.length];
        for (int operation : overlap) {
            Operation letter = chosen[operation];
            if (!called[operation]) {
                called[operation] = true;
                recorder.invoke(operation, letter.function(), letter.argument());
            } else if (!letter.pending()) {
                recorder.ok(operation, letter.response());
            }
        }
        return recorder.history();
    }
}
