package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.scheduler.Frames;
import org.selvage.scheduler.Verdict;

/** Initialisers of the program's classes run as JLS 12.4.2 says, and are searched. */
class ClassInitializationTest {
    private static final long MANY = 20_000L;
    private static final String WRONG = "wrong.Initializers.";
    private static final String RIGHT = "right.Initializers.";

    @ParameterizedTest
    @CsvSource({
        "oppositeOrder, First, Second",
        "superclassAndSubclass, Parent, Child",
        "joinsUser, Joining, Joining"
    })
    void aDeadlockNamesClassesOwnersAndFrames(String program, String one, String other)
            throws Exception {
        Suite.with(
                WRONG + program,
                subject -> {
                    Search.Failure failure =
                            Suite.search(subject, Strategies.DEFAULT, 1L, 500L).failure();
                    if (failure == null) {
                        throw new AssertionError("nothing found");
                    }
                    Verdict verdict = failure.verdict();
                    assertThat(verdict).isInstanceOf(Verdict.Deadlock.class);
                    assertThat(verdict.summary()).contains(name(one), name(other));
                    List<Verdict.Blocked> waiting =
                            ((Verdict.Deadlock) verdict)
                                    .blocked().stream().filter(b -> !b.owner().isEmpty()).toList();
                    assertThat(waiting).isNotEmpty();
                    for (Verdict.Blocked task : waiting) {
                        assertThat(task.stack())
                                .anyMatch(frame -> Frames.isProgram(frame.getClassName()));
                    }
                    for (int i = 0; i < 100; i++) {
                        Replay replay = new Replay(failure.deviations(), Replay.Mode.STRICT);
                        assertThat(subject.execute(replay, null).summary())
                                .isEqualTo(verdict.summary());
                    }
                });
    }

    private static String name(String type) {
        return "class programs.wrong.Initializers$" + type + "'s initialiser owned by ";
    }

    @ParameterizedTest
    @CsvSource({"nobodySeesHalf", "lazyHolder", "startsThread", "failsOnce", "escapedObject"})
    void whatIsRightHasNoDataRace(String program) throws Exception {
        Suite.with(
                RIGHT + program,
                subject -> {
                    subject.execution().dataRaces().fail();
                    assertThat(Suite.search(subject, "random", 1L, 300L).failure()).isNull();
                });
    }

    /** Who initialises a class is explored, and how far a program's ends are told apart. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                WRONG + "oppositeOrder",
                WRONG + "superclassAndSubclass",
                WRONG + "lostUpdate",
                WRONG + "fails",
                RIGHT + "failsOnce",
                RIGHT + "escapedObject"
            })
    void exhaustiveSearchSeesWhatRandomSearchSees(String program) throws Exception {
        Set<String> random = verdicts(program, "random", 2_000L);
        assertThat(verdicts(program, "optimal", MANY)).isEqualTo(random);
        assertThat(verdicts(program, "bounded:64", MANY)).isEqualTo(random);
    }

    private static Set<String> verdicts(String program, String strategy, long executions)
            throws Exception {
        Set<String> seen = new TreeSet<>();
        Suite.with(
                program,
                subject -> {
                    Strategy search = Strategies.named(strategy, 1L);
                    long begun = 0;
                    while (begun < executions && search.begin(begun)) {
                        begun++;
                        Verdict verdict = subject.execute(search, null);
                        if (!search.wasEnough()) {
                            seen.add(verdict.summary());
                        }
                        search.end(subject.execution(), verdict);
                    }
                    assertThat(begun).isLessThan(MANY);
                });
        return seen;
    }

    /** Initialisation is a part of each execution, which all begin alike. */
    @Test
    void executionsDoNotDiffer() throws Exception {
        for (String program : List.of("nobodySeesHalf", "failsOnce", "recursive", "order")) {
            Suite.with(
                    RIGHT + program,
                    subject -> {
                        Strategy random = Strategies.named("random", 1L);
                        assertThat(Determinism.find(subject, random, 50L)).isNull();
                    });
        }
    }
}
