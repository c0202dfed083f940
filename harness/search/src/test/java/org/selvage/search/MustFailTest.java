package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.selvage.scheduler.Verdict;
import programs.Fails;

/**
 * Uses of primitives that are wrong in some interleaving: each method of package {@code
 * programs.wrong}. The default strategy finds the failure soon, and it replays each time.
 *
 * <p>{@code -Dselvage.suite.only=wrong.Uses} says which of them are searched.
 */
class MustFailTest {
    private static final long EXECUTIONS = 500L;
    private static final int REPLAYS = 100;

    static List<String> programs() throws Exception {
        String only = System.getProperty("selvage.suite.only", "");
        return Suite.programs("wrong").stream().filter(name -> name.startsWith(only)).toList();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void isFoundAndReplays(String program) throws Exception {
        String[] expected = expected(program);
        Suite.with(
                program,
                subject -> {
                    Search.Failure failure =
                            Suite.search(subject, Strategies.DEFAULT, 1L, EXECUTIONS).failure();
                    if (failure == null) {
                        throw new AssertionError("nothing found");
                    }
                    assertThat(expected)
                            .anySatisfy(
                                    text -> assertThat(told(failure.verdict())).startsWith(text));
                    for (int i = 0; i < REPLAYS; i++) {
                        Replay replay = new Replay(failure.deviations(), Replay.Mode.STRICT);
                        Verdict verdict = subject.execute(replay, null);
                        assertThat(Signature.of(verdict)).isEqualTo(failure.signature());
                    }
                });
    }

    /** What the program is there to show; a mistake of its own fails in another way. */
    private static String[] expected(String program) throws ReflectiveOperationException {
        int dot = program.lastIndexOf('.');
        ClassLoader loader = MustFailTest.class.getClassLoader();
        Fails fails =
                Class.forName("programs." + program.substring(0, dot), false, loader)
                        .getDeclaredMethod(program.substring(dot + 1))
                        .getAnnotation(Fails.class);
        return fails == null ? new String[] {Fails.CHECK} : fails.value();
    }

    private static String told(Verdict verdict) {
        if (!(verdict instanceof Verdict.Failed failed)) {
            return verdict.summary();
        }
        StackTraceElement[] stack = failed.cause().getStackTrace();
        boolean checked = stack.length > 0 && stack[0].toString().contains(Fails.CHECK + "(");
        return checked ? Fails.CHECK : failed.cause().toString();
    }
}
