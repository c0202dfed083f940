package org.selvage.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
 * way in which the operations overlap, every choice of operations, each answered or open for ever;
 * and the same with a crash at every place, with and without a barrier before or after it. Every
 * method gives the verdict of the definition on each.
 *
 * <p>Two operations in the suite. The longer version, all of three and as many of four to six
 * operations as the limit allows, takes some minutes: {@code -Dselvage.test.jvm="-Xmx1g
 * -Dselvage.checker.operations=6 -Dselvage.checker.limit=100000"}.
 */
class ExhaustiveTest {
    private static final int OPERATIONS = Integer.getInteger("selvage.checker.operations", 2);

    /**
     * With a crash. What tells the stronger criteria apart takes three: one in doubt, two that see
     * it come late. The ways in which six overlap, with all places of a crash, are two millions.
     */
    private static final int CRASHED_OPERATIONS = Math.min(OPERATIONS + 1, 5);

    /** For each object and number of operations; where there are more, every n-th is taken. */
    private static final long LIMIT = Long.getLong("selvage.checker.limit", 20_000);

    /** In a shape, beside the numbers of operations. */
    private static final int CRASH = -1;

    /** A crash after which none of the clients before it calls again. */
    private static final int CRASH_OF_CLIENTS = -2;

    private static final int BARRIER = -3;

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

    @ParameterizedTest
    @MethodSource("specifications")
    void everyHistoryWithACrashGetsTheVerdictOfEachDefinition(Specification<?> specification) {
        // What tells the stronger criteria apart takes three: one in doubt, two that see it come
        // late.
        Map<Criterion, Integer> valid = new EnumMap<>(Criterion.class);
        for (int operations = 1; operations <= CRASHED_OPERATIONS; operations++) {
            allWithACrash(specification, operations, valid);
        }
        assertThat(valid.get(Criterion.STRICT)).isPositive();
        assertThat(valid.get(Criterion.BUFFERED_DURABLE))
                .as("buffered durable histories and durable ones, %s", specification.name())
                .isGreaterThan(valid.get(Criterion.DURABLE));
    }

    private static <S> void all(Specification<S> specification, int operations) {
        Map<Method, Checker<S>> checkers = checkers(specification);
        int[] valid = new int[1];
        int checked =
                each(
                        specification,
                        overlaps(operations),
                        LIMIT,
                        history -> {
                            boolean expected =
                                    BruteForce.isValid(specification, history, Criterion.STRICT);
                            compare(specification, checkers, history, Criterion.STRICT, expected);
                            valid[0] += expected ? 1 : 0;
                        });
        assertThat(valid[0]).as("valid of %d, %s", checked, specification.name()).isPositive();
    }

    private static <S> void allWithACrash(
            Specification<S> specification, int operations, Map<Criterion, Integer> valid) {
        Map<Method, Checker<S>> checkers = checkers(specification);
        each(
                specification,
                withCrashes(overlaps(operations)),
                LIMIT / 5,
                history -> {
                    boolean stronger = false;
                    for (Criterion criterion : Criterion.values()) {
                        boolean expected =
                                criterion == Criterion.BUFFERED_DURABLE
                                        ? BufferedBruteForce.isValid(specification, history)
                                        : BruteForce.isValid(specification, history, criterion);
                        compare(specification, checkers, history, criterion, expected);
                        assertThat(expected || !stronger).as("%s%n%s", criterion, history).isTrue();
                        stronger = expected;
                        valid.merge(criterion, expected ? 1 : 0, Integer::sum);
                    }
                });
    }

    private static <S> Map<Method, Checker<S>> checkers(Specification<S> specification) {
        Map<Method, Checker<S>> checkers = new EnumMap<>(Method.class);
        for (Method method : Method.values()) {
            checkers.put(method, new Checker<>(specification, method));
        }
        return checkers;
    }

    private static <S> void compare(
            Specification<S> specification,
            Map<Method, Checker<S>> checkers,
            History history,
            Criterion criterion,
            boolean expected) {
        checkers.forEach((method, checker) ->
                assertThat(
                                checker.check(history, criterion, Budget.unlimited())
                                        instanceof Verdict.Valid)
                        .as(
                                "%s model=%s method=%s%n%s",
                                criterion, specification.name(), method, history)
                        .isEqualTo(expected));
    }

    /**
     * Visits the histories of all shapes over the alphabet, or about as many as the limit says;
     * returns how many there were.
     */
    private static int each(
            Specification<?> specification,
            List<int[]> shapes,
            long limit,
            Consumer<History> visitor) {
        List<Operation> alphabet = Alphabet.of(specification);
        // An operation of the alphabet, or one of its calls without a return.
        List<Operation> letters = new ArrayList<>(alphabet);
        alphabet.stream()
                .map(operation -> Operation.pending(operation.function(), operation.argument()))
                .distinct()
                .forEach(letters::add);
        long words = power(letters.size(), operations(shapes.getFirst()));
        long total = words * shapes.size();
        // Prime, so that a stride does not fall in step with the alphabet's size.
        long stride = total <= limit ? 1 : nextPrime(total / limit);
        int checked = 0;
        for (long number = 0; number < total; number += stride) {
            int[] shape = shapes.get((int) (number % shapes.size()));
            visitor.accept(history(shape, letters, number / shapes.size()));
            checked++;
        }
        assertThat(checked).isLessThanOrEqualTo((int) limit + 1);
        return checked;
    }

    private static int operations(int[] shape) {
        return Arrays.stream(shape).max().orElseThrow() + 1;
    }

    private static long power(long base, int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= base;
        }
        return power;
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

    /** Each of them with a crash at every place, and with a barrier at every place or none. */
    private static List<int[]> withCrashes(List<int[]> overlaps) {
        List<int[]> all = new ArrayList<>();
        for (int[] overlap : overlaps) {
            for (int crash = 0; crash <= overlap.length; crash++) {
                int[] crashed = inserted(overlap, crash, CRASH);
                all.add(crashed);
                all.add(inserted(overlap, crash, CRASH_OF_CLIENTS));
                for (int barrier = 0; barrier <= crashed.length; barrier++) {
                    all.add(inserted(crashed, barrier, BARRIER));
                }
            }
        }
        return all;
    }

    private static int[] inserted(int[] shape, int at, int entry) {
        int[] longer = new int[shape.length + 1];
        System.arraycopy(shape, 0, longer, 0, at);
        longer[at] = entry;
        System.arraycopy(shape, at, longer, at + 1, shape.length - at);
        return longer;
    }

    private static History history(int[] shape, List<Operation> letters, long word) {
        HistoryRecorder recorder = new HistoryRecorder();
        int operations = operations(shape);
        Operation[] chosen = new Operation[operations];
        long rest = word;
        for (int i = 0; i < operations; i++) {
            chosen[i] = letters.get((int) (rest % letters.size()));
            rest /= letters.size();
        }
        // As a client would, an operation takes the first process that waits for no answer.
        int[] process = new int[operations];
        boolean[] called = new boolean[operations];
        BitSet busy = new BitSet();
        for (int entry : shape) {
            if (entry == CRASH || entry == CRASH_OF_CLIENTS) {
                recorder.crash();
                recorder.recovered();
                busy.clear();
                busy.set(0, entry == CRASH ? 0 : operations);
                Arrays.fill(process, -1);
            } else if (entry == BARRIER) {
                recorder.barrierInvoked(2 * operations);
                recorder.barrierReturned(2 * operations);
            } else if (!called[entry]) {
                called[entry] = true;
                process[entry] = busy.nextClearBit(0);
                busy.set(process[entry]);
                Operation letter = chosen[entry];
                recorder.invoke(process[entry], letter.function(), letter.argument());
            } else if (process[entry] >= 0 && !chosen[entry].pending()) {
                recorder.ok(process[entry], chosen[entry].response());
                busy.clear(process[entry]);
            }
        }
        return recorder.history();
    }
}
