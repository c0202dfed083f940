package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Verdict;
import org.selvage.weaver.Agent;
import org.selvage.weaver.ProgramLoader;

/**
 * Executes a program of package {@code programs}, woven, many times, and checks on the way that
 * what was seen can be replayed. A program is a static method without parameters; what it returns
 * is the outcome of the execution.
 */
final class Explorer {
    /**
     * How many executions of each exploration are written down, replayed and compared operation by
     * operation.
     */
    private static final int ROUND_TRIPS = 40;

    private static final long MAX_STEPS = 20_000L;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Confirmation.Header HEADER =
            new Confirmation.Header("main programs", "", List.of(), 1L, Map.of(), "0");

    private final Subject subject;
    private final Strategy strategy;
    private final String[] outcome;
    private final Report report = new Report(new TreeMap<>(), new TreeMap<>(), new ArrayList<>());
    private int roundTrips;

    /**
     * What an exploration saw.
     *
     * @param verdicts how many executions ended how: {@code passed}, {@code deadlock}, or an
     *     exception's class
     * @param outcomes how many passing executions returned what
     * @param failures the failing ones
     */
    record Report(
            TreeMap<String, Long> verdicts,
            TreeMap<String, Long> outcomes,
            List<Search.Failure> failures) {
        /** The number of the first failing execution, from 1; more than any if none failed. */
        long firstFailure() {
            return failures.isEmpty() ? Long.MAX_VALUE : failures.getFirst().execution() + 1;
        }

        void add(Report other) {
            other.verdicts.forEach((key, n) -> verdicts.merge(key, n, Long::sum));
            other.outcomes.forEach((key, n) -> outcomes.merge(key, n, Long::sum));
            failures.addAll(other.failures);
        }
    }

    private Explorer(Subject subject, Strategy strategy, String[] outcome) {
        this.subject = subject;
        this.strategy = strategy;
        this.outcome = outcome;
    }

    /** Explores a program, {@code Class.method}, with each strategy in turn. */
    static Report explore(String program) throws Exception {
        return explore(program, 1_000L);
    }

    /** Explores a program with each strategy in turn, this often. */
    static Report explore(String program, long executions) throws Exception {
        Report all = explore(program, "default", 1L, executions);
        all.add(explore(program, "random", 1L, executions));
        all.add(explore(program, "pct", 2L, executions));
        return all;
    }

    /** Explores a program with one strategy. */
    static Report explore(String program, String strategy, long seed, long executions)
            throws Exception {
        return explore(program, Strategies.named(strategy, seed), executions);
    }

    /** Explores a program with a strategy that was made for it. */
    static Report explore(String program, Strategy strategy, long executions) throws Exception {
        return explore(program, strategy, executions, false);
    }

    private static Report explore(
            String program, Strategy strategy, long executions, boolean dataRaces)
            throws Exception {
        Agent.require();
        return Carriers.call(
                handover -> {
                    String[] outcome = {""};
                    Subject subject = Subject.of(program(program, outcome), MAX_STEPS);
                    handover.watch(() -> subject.execution().steps());
                    if (dataRaces) {
                        subject.execution().dataRaces().fail();
                    }
                    // Classes are initialised here, so that executions do not differ by it.
                    subject.execute(choice -> 0, null);
                    return new Explorer(subject, strategy, outcome).run(executions);
                },
                LIMIT);
    }

    /** Explores a program whose waits may end early; random draws. */
    static Report exploreWakeUps(String program, boolean spurious, boolean timeouts)
            throws Exception {
        Agent.require();
        return Carriers.call(
                handover -> {
                    String[] outcome = {""};
                    Subject subject = Subject.of(program(program, outcome), MAX_STEPS);
                    handover.watch(() -> subject.execution().steps());
                    subject.execute(choice -> 0, null);
                    subject.execution().exploreWakeUps(spurious, timeouts);
                    Strategy random = Strategies.named("random", 1L);
                    return new Explorer(subject, random, outcome).run(1_000L);
                },
                LIMIT);
    }

    /** Explores a program in which a data race is a failure. */
    static Report dataRaces(String program, String strategy, long executions) throws Exception {
        return explore(program, Strategies.named(strategy, 1L), executions, true);
    }

    /** Where a program differs from its own repetition, or an empty string. */
    static String divergence(String program) throws Exception {
        Agent.require();
        return Carriers.call(
                handover -> {
                    String[] outcome = {""};
                    Subject subject = Subject.of(program(program, outcome), MAX_STEPS);
                    subject.execute(choice -> 0, null);
                    Strategy random = Strategies.named("random", 1L);
                    Determinism.Divergence found = Determinism.find(subject, random, 50L);
                    return found == null ? "" : found.describe();
                },
                LIMIT);
    }

    /** Executes a program once, without any deviation, and says how it ended. */
    static String once(String program) throws Exception {
        Agent.require();
        return Carriers.call(
                handover -> {
                    String[] outcome = {""};
                    Subject subject = Subject.of(program(program, outcome), MAX_STEPS);
                    handover.watch(() -> subject.execution().steps());
                    return kind(subject.execute(choice -> 0, null)) + " " + outcome[0];
                },
                LIMIT);
    }

    /** The program's method, freshly loaded and woven. */
    static Scenario.Program program(String name, String[] outcome) throws Exception {
        URL classes = Explorer.class.getProtectionDomain().getCodeSource().getLocation();
        URI folder = Path.of(classes.toURI()).toUri();
        ProgramLoader loader =
                new ProgramLoader(
                        new URL[] {folder.toURL()},
                        Explorer.class.getClassLoader(),
                        other -> other.startsWith("org.selvage."));
        int dot = name.lastIndexOf('.');
        Class<?> type = loader.loadClass("programs." + name.substring(0, dot));
        MethodHandle method =
                MethodHandles.publicLookup()
                        .findStatic(
                                type, name.substring(dot + 1), MethodType.methodType(String.class));
        assertThat(loader.unwoven()).isEmpty();
        return () -> outcome[0] = (String) method.invokeExact();
    }

    private Report run(long executions) {
        for (long i = 0; i < executions && strategy.begin(i); i++) {
            Verdict verdict = i < ROUND_TRIPS ? roundTrip() : subject.execute(strategy, null);
            if (strategy.wasEnough()) {
                strategy.end(subject.execution(), verdict);
                continue;
            }
            strategy.end(subject.execution(), verdict);
            List<Deviation> deviations = Deviation.of(subject.execution());
            report.verdicts.merge(kind(verdict), 1L, Long::sum);
            if (verdict instanceof Verdict.Passed) {
                report.outcomes.merge(outcome[0], 1L, Long::sum);
            }
            if (verdict.isFailure()) {
                report.failures.add(new Search.Failure(verdict, deviations, i));
                if (roundTrips++ < ROUND_TRIPS) {
                    throughText(verdict, deviations);
                }
            }
        }
        return report;
    }

    private static String kind(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Passed passed -> "passed";
            case Verdict.Failed failed -> failed.cause().toString();
            case Verdict.Deadlock deadlock -> "deadlock";
            case Verdict.Livelock livelock -> "livelock";
            case Verdict.StepLimit limit -> "step limit";
            case Verdict.Unknown unknown -> unknown.summary();
            case Verdict.Diverged diverged -> diverged.summary();
            case Verdict.Broken broken -> {
                throw new AssertionError(broken.summary(), broken.cause());
            }
        };
    }

    /** Executes under the strategy, then again from the deviations, and compares the operations. */
    private Verdict roundTrip() {
        Trace first = TraceRecorder.record(subject, strategy);
        if (strategy.wasEnough()) {
            return first.verdict();
        }
        String result = outcome[0];
        List<Deviation> deviations = Deviation.of(subject.execution());
        Trace second = TraceRecorder.record(subject, new Replay(deviations, Replay.Mode.LENIENT));
        assertThat(Confirmation.difference(first, second)).isEqualTo(same(first.steps().size()));
        assertThat(second.digest()).isEqualTo(first.digest());
        assertThat(kind(second.verdict())).isEqualTo(kind(first.verdict()));
        assertThat(outcome[0]).isEqualTo(result);
        assertThat(Deviation.of(subject.execution())).isEqualTo(deviations);
        return second.verdict();
    }

    private static String same(int steps) {
        return "steps=" + steps + " and " + steps;
    }

    /** Writes the failure's schedule as text, reads it back and replays it strictly. */
    private void throughText(Verdict verdict, List<Deviation> deviations) {
        Confirmation confirmed = Confirmation.of(subject, deviations, HEADER);
        assertThat(kind(confirmed.trace().verdict())).isEqualTo(kind(verdict));
        Schedule read = parse(ScheduleText.print(confirmed.schedule()));
        Trace replayed = Confirmation.replay(subject, read);
        assertThat(Confirmation.difference(read, replayed)).isEmpty();
        assertThat(replayed.digest()).isEqualTo(confirmed.trace().digest());
    }

    private static Schedule parse(String text) {
        try {
            return ScheduleText.parse(text);
        } catch (ScheduleText.SyntaxException e) {
            throw new AssertionError(text, e);
        }
    }

    /** Fails unless every execution passed. */
    static Report passes(String program) throws Exception {
        Report report = explore(program);
        assertThat(report.verdicts().keySet()).as(summary(report)).containsExactly("passed");
        return report;
    }

    /** Fails unless every execution passed and these outcomes, no more and no fewer, were seen. */
    static void passes(String program, String... outcomes) throws Exception {
        assertThat(passes(program).outcomes().keySet()).containsExactlyInAnyOrder(outcomes);
    }

    private static @Nullable String summary(Report report) {
        return report.failures().isEmpty()
                ? report.verdicts().toString()
                : report.failures().getFirst().verdict().summary();
    }
}
