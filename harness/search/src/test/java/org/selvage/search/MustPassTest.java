package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Right uses of every primitive that is controlled: each method of package {@code programs.right}.
 * Nothing may be found in them, no execution may be cut off, and each must replay.
 *
 * <p>{@code -Dselvage.suite=10000} says how often each is searched, and {@code
 * -Dselvage.suite.only=right.Queues} which of them.
 */
class MustPassTest {
    private static final long EXECUTIONS = Long.getLong("selvage.suite", 60L);
    private static final long REPEATED = 4L;

    static List<String> programs() throws Exception {
        String only = System.getProperty("selvage.suite.only", "");
        return Suite.programs("right").stream().filter(name -> name.startsWith(only)).toList();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void nothingIsFound(String program) throws Exception {
        Suite.with(
                program,
                subject -> {
                    Strategy strategy = Strategies.named("portfolio", 2L);
                    assertThat(Determinism.find(subject, strategy, REPEATED)).isNull();
                    check(subject, "portfolio", EXECUTIONS);
                    check(subject, "optimal", EXECUTIONS);
                    subject.execution().exploreWakeUps(true, false);
                    check(subject, "random", EXECUTIONS / 4);
                });
    }

    private static void check(Subject subject, String strategy, long executions) {
        Search.Result result = Suite.search(subject, strategy, 1L, executions);
        Search.Failure failure = result.failure();
        assertThat(failure == null ? "" : failure.verdict().summary() + failure.deviations())
                .as(strategy)
                .isEmpty();
        assertThat(result.unknown()).as(strategy + " " + result.firstUnknown()).isZero();
    }

    @Test
    void asManyMustPassAsMustFail() throws Exception {
        assertThat(Suite.programs("right")).hasSizeGreaterThan(Suite.programs("wrong").size());
    }
}
