package org.selvage.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.selvage.checker.history.History;
import org.selvage.checker.history.Operation;
import org.selvage.checker.search.Meter;
import org.selvage.checker.search.StateSpace;
import org.selvage.checker.search.StreamLane;
import org.selvage.checker.specification.Specification;
import org.selvage.checker.specification.Specifications;

/** Every method gives the verdict of the definition on small histories of every shipped object. */
class DifferentialTest {
    private static final int HISTORIES = Integer.getInteger("selvage.checker.histories", 2000);

    /** Added to every seed, to try other histories by hand. */
    private static final long SEED = Long.getLong("selvage.checker.seed", 0);

    static Stream<Specification<?>> specifications() {
        return Specifications.all().stream();
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void everyMethodAgreesWithBruteForce(Specification<?> specification) {
        compare(specification, new RandomHistories<>(specification, SEED + 1), Criterion.STRICT);
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void everyMethodAgreesOnUniqueValues(Specification<?> specification) {
        compare(
                specification,
                new RandomHistories<>(specification, SEED + 2).withUniqueValues(),
                Criterion.STRICT);
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void everyMethodAgreesAcrossCrashes(Specification<?> specification) {
        int seed = 3;
        for (Criterion criterion :
                new Criterion[] {
                    Criterion.STRICT, Criterion.PERSISTENT_ATOMIC, Criterion.DURABLE
                }) {
            compare(
                    specification,
                    new RandomHistories<>(specification, SEED + seed++).withCrashes(),
                    criterion);
        }
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void aStreamIsJudgedAsTheWholeIs(Specification<?> specification) {
        compareStream(specification);
    }

    private static <S> void compareStream(Specification<S> specification) {
        RandomHistories<S> histories = new RandomHistories<>(specification, SEED + 9).withCrashes();
        Checker<S> checker = new Checker<>(specification);
        for (int i = 0; i < HISTORIES; i++) {
            History history = histories.next(4 + i % 12, 2 + i % 4);
            StreamLane<S> lane = new StreamLane<>(specification.initial());
            boolean valid = stream(history, lane, checker.space(new Meter(Budget.unlimited())));
            assertThat(valid)
                    .as("model=%s%n%s", specification.name(), history)
                    .isEqualTo(checker.check(history, Budget.unlimited()) instanceof Verdict.Valid);
        }
    }

    /**
     * Feeds a lane and lets it advance after every event or every few, so that all kinds of cuts
     * are tried.
     */
    private static <S> boolean stream(History history, StreamLane<S> lane, StateSpace<S> space) {
        Meter meter = new Meter(Budget.unlimited());
        Map<Integer, StreamLane.Call> open = new HashMap<>();
        for (int event = 0; event < history.size(); event++) {
            int process = history.process(event);
            switch (history.kind(event)) {
                case INVOKE -> {
                    String function = String.valueOf(history.function(event));
                    if (!function.equals(Operation.BARRIER)) {
                        open.put(process, lane.call(function, history.value(event), event, 0));
                    }
                }
                case OK, FAIL, UNKNOWN -> {
                    StreamLane.Call call = open.remove(process);
                    if (call != null) {
                        switch (history.kind(event)) {
                            case OK -> lane.returned(call, history.value(event));
                            case FAIL -> lane.failed(call);
                            default -> lane.unknown(call);
                        }
                    }
                }
                case CRASH -> {
                    lane.crash();
                    open.clear();
                }
                case RECOVERED -> open.clear();
            }
            if (event % (1 + history.size() % 5) == 0 && lane.advance(space, meter) != null) {
                return false;
            }
        }
        lane.end();
        return lane.advance(space, meter) == null;
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void bufferedDurabilityAgreesWithBruteForce(Specification<?> specification) {
        compareBuffered(specification);
    }

    private static <S> void compareBuffered(Specification<S> specification) {
        RandomHistories<S> histories =
                new RandomHistories<>(specification, SEED + 7).withLostSuffixes();
        Checker<S> checker = new Checker<>(specification);
        int buffered = 0;
        int only = 0;
        for (int i = 0; i < HISTORIES; i++) {
            History history = histories.next(2 + i % 4, 2 + i % 2);
            boolean expected = BufferedBruteForce.isValid(specification, history);
            Verdict verdict =
                    checker.check(history, Criterion.BUFFERED_DURABLE, Budget.unlimited());
            assertThat(verdict instanceof Verdict.Valid)
                    .as("model=%s expected valid=%s%n%s", specification.name(), expected, history)
                    .isEqualTo(expected);
            Verdict durable = checker.check(history, Criterion.DURABLE, Budget.unlimited());
            if (durable instanceof Verdict.Valid) {
                assertThat(expected).as("durable but not buffered%n%s", history).isTrue();
            }
            buffered += expected ? 1 : 0;
            only += expected && !(durable instanceof Verdict.Valid) ? 1 : 0;
        }
        assertThat(buffered).isBetween(HISTORIES / 20, HISTORIES * 19 / 20);
        assertThat(only).as("histories that are buffered durable only").isPositive();
    }

    private static <S> void compare(
            Specification<S> specification, RandomHistories<?> histories, Criterion criterion) {
        Map<Method, Checker<S>> checkers = new EnumMap<>(Method.class);
        for (Method method : Method.values()) {
            checkers.put(method, new Checker<>(specification, method));
        }
        int valid = 0;
        for (int i = 0; i < HISTORIES; i++) {
            History history = histories.next(2 + i % 5, 2 + i % 4);
            boolean expected = BruteForce.isValid(specification, history, criterion);
            valid += expected ? 1 : 0;
            checkers.forEach((method, checker) -> {
                Verdict verdict = checker.check(history, criterion, Budget.unlimited());
                assertThat(verdict instanceof Verdict.Valid)
                        .as(
                                "model=%s method=%s criterion=%s expected valid=%s%n%s",
                                specification.name(), method, criterion, expected, history)
                        .isEqualTo(expected);
            });
        }
        assertThat(valid)
                .as("valid histories of model=%s", specification.name())
                .isBetween(HISTORIES / 20, HISTORIES * 19 / 20);
    }
}
