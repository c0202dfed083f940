package org.selvage.search;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Verdict;
import org.selvage.search.reduction.BoundedReduction;
import org.selvage.search.reduction.TraceHash;
import org.selvage.weaver.Agent;
import org.selvage.weaver.ProgramLoader;

/**
 * The search with a bound on preemptions against brute force over all schedules within the bound,
 * on generated programs: the same outcomes and failures, and the same traces.
 */
class BoundedSoundnessTest {
    private static final int PROGRAMS = Integer.getInteger("selvage.bounded", 60);
    private static final int BOUNDS = 4;
    private static final int MOST = 3_000;

    /** Each string has the letters of one kind of programs. */
    @ParameterizedTest
    @ValueSource(strings = {"rwu", "rwlx", "rwtx", "rws", "rwpnn", "rwcy", "rwulxtscy"})
    void findsWhatBruteForceFinds(String letters) throws Exception {
        Agent.require();
        int compared = Carriers.call(handover -> compareAll(letters), Duration.ofSeconds(60));
        assertThat(compared).isGreaterThan(PROGRAMS);
    }

    /** Programs of which a search sees all only if it knows what the comment says. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "w0r0s1s1s1;w0r0w1r1s1;", // who waits for a mutex has raced with its owner
                "r0n1;w1p1p1;n1;" // two unparks before the parked task goes on are one
            })
    void findsWhatBruteForceFindsIn(String code) throws Exception {
        Agent.require();
        int compared =
                Carriers.call(
                        handover -> new Comparison().compare(code, false), Duration.ofSeconds(60));
        assertThat(compared).isEqualTo(BOUNDS);
    }

    /**
     * Programs in which one preemption is worth two, as it keeps other tasks waiting: it comes
     * before an operation that conflicts with nothing, but that a release, or the task's end,
     * follows.
     */
    @ParameterizedTest
    @ValueSource(strings = {"u0m0r3;u1m0r2;r0r1u2u3", ";u0r4;r0u1j1r2;r0u1j1r2;r1u2"})
    void preemptsWhoHoldsUpOthers(String code) throws Exception {
        Agent.require();
        int compared =
                Carriers.call(
                        handover -> new Comparison().compare(code, false, 2, 100_000),
                        Duration.ofSeconds(60));
        assertThat(compared).isEqualTo(2);
    }

    private static int compareAll(String letters) throws Exception {
        Comparison comparison = new Comparison();
        int compared = 0;
        for (int seed = 0; seed < PROGRAMS; seed++) {
            Random random = new Random(seed * 31L + letters.hashCode());
            compared += comparison.compare(generate(random, letters), random.nextInt(4) == 0);
        }
        return compared;
    }

    /** Programs in one JVM, one after the other. */
    private static final class Comparison {
        private final MethodHandle run = program();
        private final String[] outcome = {""};
        private String code = "r0";
        private boolean daemons;
        private final Subject subject =
                Subject.of(() -> outcome[0] = (String) run.invokeExact(code, daemons), 2_000L);

        Comparison() throws Exception {
            subject.execute(ChoiceSource.DEFAULT, null);
        }

        int compare(String program, boolean withDaemons) {
            return compare(program, withDaemons, BOUNDS, MOST);
        }

        /** At how many bounds, as long as brute force needs at most so many executions. */
        int compare(String program, boolean withDaemons, int bounds, int most) {
            code = program;
            daemons = withDaemons;
            // What plain memory races is known from here on, so that all searches have its points.
            Set<String> before = new TreeSet<>();
            new BruteForce(1, MOST).run(subject, outcome, before);
            for (int bound = 0; bound < bounds; bound++) {
                Set<String> expected = new TreeSet<>();
                BruteForce force = new BruteForce(bound, most);
                if (!force.run(subject, outcome, expected)) {
                    return bound;
                }
                String name = "bound=" + bound + " daemons=" + daemons + " code=" + code;
                for (int parts : new int[] {1, 3}) {
                    Set<Long> traces = new HashSet<>();
                    Set<String> outcomes = search(subject, outcome, bound, parts, traces);
                    assertThat(outcomes).as(name).isEqualTo(expected);
                    if (!daemons) { // else they end wherever the first task does
                        assertThat(traces).as(name).isEqualTo(force.traces);
                    }
                }
            }
            return bounds;
        }
    }

    private static String generate(Random random, String letters) {
        int tasks = 2 + random.nextInt(2);
        StringBuilder code = new StringBuilder();
        for (int t = 0; t < tasks; t++) {
            int length = 1 + random.nextInt(tasks == 2 ? 5 : 3);
            for (int i = 0; i < length; i++) {
                char letter = letters.charAt(random.nextInt(letters.length()));
                int range = letter == 'n' ? tasks : 2;
                code.append(letter).append(random.nextInt(range));
            }
            code.append(';');
        }
        return code.toString();
    }

    private static MethodHandle program() throws Exception {
        URL classes =
                BoundedSoundnessTest.class.getProtectionDomain().getCodeSource().getLocation();
        ProgramLoader loader =
                new ProgramLoader(
                        new URL[] {classes},
                        BoundedSoundnessTest.class.getClassLoader(),
                        other -> other.startsWith("org.selvage."));
        return MethodHandles.publicLookup()
                .findStatic(
                        loader.loadClass("programs.Generated"),
                        "run",
                        MethodType.methodType(String.class, String.class, boolean.class));
    }

    /** The outcomes of a search in parts that take turns. */
    private static Set<String> search(
            Subject subject, String[] outcome, int bound, int parts, Set<Long> traces) {
        BoundedReduction.Shared shared = new BoundedReduction.Shared();
        List<Strategy> lanes = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            lanes.add(
                    new BoundedSearch(
                            BoundedSearch.Cost.PREEMPTIONS,
                            bound,
                            true,
                            new Part(i, parts),
                            shared));
        }
        Set<String> outcomes = new TreeSet<>();
        boolean any = true;
        while (any) {
            any = false;
            for (Strategy lane : lanes) {
                for (int i = 0; i < 4 && lane.begin(i); i++) {
                    any = true;
                    Verdict verdict = subject.execute(lane, null);
                    boolean cut = lane.wasEnough();
                    if (!cut && !(verdict instanceof Verdict.Failed)) {
                        traces.add(requireNonNull((TraceHash) lane.listener()).value());
                    }
                    lane.end(subject.execution(), verdict);
                    if (!cut) {
                        outcomes.add(BruteForce.describe(verdict, outcome));
                    }
                }
            }
        }
        assertThat(lanes).noneMatch(Strategy::isStale);
        return outcomes;
    }
}
