package org.selvage.search;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Verdict;
import org.selvage.weaver.Agent;

/**
 * Measures the shrinker over many failing schedules of many programs: how often the known minimum
 * of context switches is reached, how many executions it takes, and whether what is left always
 * replays.
 *
 * <p>The known minimum is that of an exhaustive enumeration of all schedules with up to {@value
 * #DEVIATIONS} deviations, or of the first {@value #ENUMERATED} of them.
 */
final class ShrinkFigures {
    static final List<String> PROGRAMS =
            List.of(
                    "Canaries.lostUpdate",
                    "Canaries.noisy",
                    "Canaries.notifyBuffer",
                    "Canaries.lockOrder",
                    "Canaries.lostWakeUp",
                    "Canaries.checkThenAct",
                    "Races.transfer",
                    "Races.philosophers",
                    "Races.singleton",
                    "Races.publication",
                    "Races.emptyQueue",
                    "Races.waitsOnce",
                    "Races.permits",
                    "Races.readSkew",
                    "Races.stackAba",
                    "Races.dropProtocol",
                    "Races.relay",
                    "Races.yielding");

    private static final int DEVIATIONS = 4;
    private static final long ENUMERATED = 150_000L;
    private static final long MAX_STEPS = 20_000L;
    private static final long MAX_EXECUTIONS = 20_000L;

    private ShrinkFigures() {}

    /**
     * One schedule that was shrunk.
     *
     * @param minimum the fewest context switches that any schedule needs to fail in this way
     */
    record Figure(
            String program, int before, int switches, int minimum, long executions, int replays) {}

    /**
     * Measures.
     *
     * @param perProgram how many failing schedules of each program, half of them of a random walk
     *     and half of PCT
     */
    static List<Figure> measure(List<String> programs, int perProgram, int replays)
            throws Exception {
        Agent.require();
        List<Figure> figures = new ArrayList<>();
        for (String program : programs) {
            figures.addAll(
                    Carriers.call(
                            handover -> {
                                Subject subject =
                                        Subject.of(
                                                Explorer.program(program, new String[1]),
                                                MAX_STEPS);
                                handover.watch(() -> subject.execution().steps());
                                subject.execute(choice -> 0, null);
                                return measure(subject, program, perProgram, replays);
                            },
                            Duration.ofSeconds(60)));
        }
        return figures;
    }

    private static List<Figure> measure(Subject subject, String program, int count, int replays)
            throws ScheduleText.SyntaxException {
        Map<Signature, Integer> minima = new HashMap<>();
        enumerate(subject, List.of(), DEVIATIONS, new long[1], minima);
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Strategy strategy = Strategies.named(i % 2 == 0 ? "random" : "pct", 1_000L + i);
            Search.Result found =
                    new Search(subject, strategy, Budget.of(100_000L), Search.Progress.SILENT)
                            .run();
            Search.Failure failure = Objects.requireNonNull(found.failure(), program);
            Shrinker.Shrunk shrunk = Shrinker.shrink(subject, failure, MAX_EXECUTIONS);
            int same = replays(subject, program, shrunk.deviations(), failure, replays);
            figures.add(
                    new Figure(
                            program,
                            failure.deviations().size(),
                            shrunk.switches(),
                            minima.getOrDefault(failure.signature(), -1),
                            shrunk.executions(),
                            same));
        }
        return figures;
    }

    /**
     * How many of so many replays have the operations and the failure of the first: from the
     * schedule's text, as {@code selvage replay} does it.
     */
    private static int replays(
            Subject subject,
            String program,
            List<Deviation> deviations,
            Search.Failure failure,
            int times)
            throws ScheduleText.SyntaxException {
        Confirmation confirmation =
                Confirmation.of(
                        subject,
                        deviations,
                        new Confirmation.Header(
                                "main " + program, "", List.of(), 1, Map.of(), "0"));
        Schedule schedule = ScheduleText.parse(ScheduleText.print(confirmation.schedule()));
        int same = 0;
        for (int i = 0; i < times; i++) {
            Trace replayed = Confirmation.replay(subject, schedule);
            boolean fails =
                    replayed.verdict().isFailure()
                            && Signature.of(replayed.verdict()).equals(failure.signature());
            boolean equal =
                    Confirmation.difference(schedule, replayed).isEmpty()
                            && replayed.digest() == confirmation.trace().digest()
                            && replayed.steps().equals(confirmation.trace().steps());
            same += fails && equal ? 1 : 0;
        }
        return same;
    }

    /** Runs a schedule and all that deviate from it later, and notes how few switches fail. */
    private static void enumerate(
            Subject subject,
            List<Deviation> deviations,
            int left,
            long[] executions,
            Map<Signature, Integer> minima) {
        if (executions[0]++ >= ENUMERATED) {
            return;
        }
        List<Deviation> later = new ArrayList<>();
        Deviation last = deviations.isEmpty() ? null : deviations.getLast();
        boolean[] passed = {last == null};
        Replay replay =
                new Replay(deviations, Replay.Mode.LENIENT)
                        .watchedBy((choice, option) -> {
                            if (passed[0]) {
                                addOptions(choice, later);
                            }
                            passed[0] |= last != null && last.matches(choice);
                        });
        Meter meter = new Meter(replay);
        Verdict verdict = subject.execute(meter, null);
        if (verdict.isFailure()) {
            minima.merge(Signature.of(verdict), meter.preemptions(), Math::min);
        }
        if (left > 0) {
            for (Deviation next : later) {
                List<Deviation> more = new ArrayList<>(deviations);
                more.add(next);
                enumerate(subject, more, left - 1, executions, minima);
            }
        }
    }

    private static void addOptions(Choice choice, List<Deviation> later) {
        for (int option = 1; option < choice.count(); option++) {
            later.add(
                    new Deviation(
                            choice.drawer().id(),
                            choice.drawer().operations(),
                            choice.drawer().draws(),
                            choice.kind(),
                            choice.kind() == Choice.Kind.VALUE
                                    ? option
                                    : choice.task(option).id()));
        }
    }

    /** The figures as a table. */
    static String table(List<Figure> figures) {
        StringBuilder text = new StringBuilder();
        text.append(
                "program                  schedules  minimum  reached  median  worst  replays\n");
        for (String program : figures.stream().map(Figure::program).distinct().toList()) {
            row(text, program, figures.stream().filter(f -> f.program().equals(program)).toList());
        }
        row(text, "all", figures);
        return text.toString();
    }

    private static void row(StringBuilder text, String name, List<Figure> figures) {
        long[] executions = figures.stream().mapToLong(Figure::executions).sorted().toArray();
        long reached = figures.stream().filter(f -> f.switches() <= f.minimum()).count();
        text.append(
                String.format(
                        Locale.ROOT,
                        "%-24s %9d %8s %7.1f%% %7d %6d %8d%n",
                        name,
                        figures.size(),
                        Arrays.toString(
                                figures.stream().mapToInt(Figure::minimum).distinct().toArray()),
                        100.0 * reached / figures.size(),
                        executions[executions.length / 2],
                        executions[executions.length - 1],
                        figures.stream().mapToInt(Figure::replays).min().orElse(0)));
    }
}
