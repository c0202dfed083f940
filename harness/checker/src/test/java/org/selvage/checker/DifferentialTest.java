package org.selvage.checker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.selvage.checker.history.History;
import org.selvage.checker.specification.Specification;
import org.selvage.checker.specification.Specifications;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

/** Every method gives the verdict of the definition on small histories of every shipped object. */
class DifferentialTest {
    private static final int HISTORIES = Integer.getInteger("selvage.checker.histories", 4000);

    static Stream<Specification<?>> specifications() {
        return Specifications.all().stream();
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void everyMethodAgreesWithBruteForce(Specification<?> specification) {
        compare(specification, new RandomHistories<>(specification, 1), Criterion.STRICT);
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void everyMethodAgreesOnUniqueValues(Specification<?> specification) {
        compare(
                specification,
                new RandomHistories<>(specification, 2).withUniqueValues(),
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
                    new RandomHistories<>(specification, seed++).withCrashes(),
                    criterion);
        }
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
