package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A failure has its place however often it has come: the JVM leaves out the stack traces of some
 * exceptions once the code that makes them is compiled.
 */
class ImplicitExceptionTest {
    private static final int EXECUTIONS = 60_000;

    @ParameterizedTest
    @ValueSource(strings = {"arrayIndex", "nullPointer", "divisionByZero", "classCast"})
    void hasItsPlaceAfterManyExecutions(String method) throws Exception {
        Suite.with(
                "ImplicitExceptions." + method,
                subject -> {
                    Signature first = Signature.of(subject.execute(choice -> 0, null));
                    assertThat(first.place()).isEqualTo("ImplicitExceptions." + method);
                    for (int i = 0; i < EXECUTIONS; i++) {
                        assertThat(Signature.of(subject.execute(choice -> 0, null)))
                                .as("execution %d", i)
                                .isEqualTo(first);
                    }
                });
    }
}
