package org.selvage.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.selvage.report.Coverage;
import org.selvage.report.FiledFinding;
import org.selvage.report.TraceText;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Confirmation;
import org.selvage.search.Determinism;
import org.selvage.search.Deviation;
import org.selvage.search.FailingOperation;
import org.selvage.search.Hazards;
import org.selvage.search.Schedule;
import org.selvage.search.Search;
import org.selvage.search.Subject;
import org.selvage.search.Trace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replays a schedule. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description =
                "Replays a schedule: the same operations in the same order, or the first"
                        + " difference.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SCHEDULE", description = "a schedule file")
    private Path file;

    @Option(names = "--trace", description = "print every operation")
    private boolean trace;

    @Option(
            names = "--times",
            paramLabel = "N",
            defaultValue = "1",
            description = "replay so many times and compare all operations")
    private int times;

    @Option(
            names = "--verify-determinism",
            description = {
                "replay at least twice and compare all operations, also where the schedule does",
                "not fit; name the first that differs, and why that may be; status 4 if one does"
            })
    private boolean verify;

    @Option(
            names = "--debug",
            description = {
                "wait for a Java debugger, and stop at the operation that fails: set a breakpoint",
                "on the method org.selvage.search.FailingOperation.reached"
            })
    private boolean debug;

    @Option(
            names = "--debug-port",
            paramLabel = "PORT",
            defaultValue = "5005",
            description = "where a debugger attaches, on this machine; 0 for any; 5005 by default")
    private int debugPort;

    @Mixin private ReportFiles reports;

    @Mixin private ReplayOptions options;

    @Spec private CommandSpec spec;

    /**
     * What came of the replays.
     *
     * @param identical how many had the operations of the first
     * @param difference from the schedule or between replays, or an empty string
     * @param source what the reason may be, or an empty string
     * @param uncontrolled what the program used that is not controlled
     */
    private record Outcome(
            Explained first,
            int identical,
            String difference,
            String source,
            List<String> uncontrolled) {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (times < 1 || options.maxSteps() < 1) {
            throw new Main.UsageException("--times and --max-steps must be above zero");
        }
        FiledFinding filed = Schedules.readFiled(file);
        Schedule schedule = filed.schedule();
        if (debug && !Debugging.isOn()) {
            return Debugging.rerun(
                    debugPort, spec.commandLine().getParseResult().originalArgs(), out);
        }
        Session session = options.session(schedule);
        Outcome outcome = session.with(options.maxSteps(), subject -> replay(subject, schedule));
        // Not before: bad input is one line.
        if (!schedule.fingerprint().equals(session.fingerprint())) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "selvage: note: the schedule is of another build of the program:"
                                    + " schedule="
                                    + schedule.fingerprint()
                                    + " program="
                                    + session.fingerprint());
        }
        outcome.uncontrolled().forEach(use -> out.println("not controlled here: " + use));
        Verdict verdict = outcome.first().trace().verdict();
        if (!outcome.difference().isEmpty()) {
            out.println("diverged: " + outcome.difference());
            out.println("likely source: " + likelySource(schedule, session, outcome));
            return Main.DIVERGED;
        }
        if (trace) {
            out.print(TraceText.steps(outcome.first().trace()));
        }
        out.print(TraceText.verdict(outcome.first().trace()));
        if (runs() > 1) {
            out.println(
                    outcome.identical() + " of " + runs() + " replays had identical operations");
        }
        reports.write(report(filed, outcome.first(), session))
                .forEach(path -> out.println("written: " + path));
        return verdict.isFailure() ? Main.FOUND : Main.NOTHING_FOUND;
    }

    private int runs() {
        return Math.max(times, debug || verify ? 2 : 1);
    }

    private org.selvage.report.Outcome report(
            FiledFinding filed, Explained explained, Session session) {
        Trace replayed = explained.trace();
        if (replayed.verdict().isFailure()) {
            return new org.selvage.report.Outcome.Found(
                    filed.told(
                                    replayed,
                                    "./selvage replay " + file,
                                    explained.cause(),
                                    reports.sources(session.programs()))
                            .with(explained.hazards()));
        }
        return new org.selvage.report.Outcome.Nothing(
                new Coverage(
                        filed.schedule().subject(),
                        filed.schedule().profile(),
                        "replay",
                        List.of("executions=" + times, "max-steps=" + options.maxSteps()),
                        new Search.Result(
                                null,
                                times,
                                (long) replayed.steps().size() * times,
                                0,
                                1,
                                0,
                                replayed.verdict() instanceof Verdict.Passed ? 0 : times,
                                replayed.verdict(),
                                false)));
    }

    private static String likelySource(Schedule schedule, Session session, Outcome outcome) {
        if (!schedule.fingerprint().equals(session.fingerprint())) {
            return "the program was edited since: schedule="
                    + schedule.fingerprint()
                    + " program="
                    + session.fingerprint();
        }
        return outcome.source().isEmpty()
                ? "the program depends on what is not controlled: the collector, sockets,"
                        + " processes, the environment, native code; --verify-determinism says"
                        + " whether it differs each time"
                : outcome.source();
    }

    private Outcome replay(Subject subject, Schedule schedule) {
        Trace first = Confirmation.replay(subject, schedule);
        String difference = Confirmation.difference(schedule, first);
        String source = "";
        int identical = 1;
        if (debug && difference.isEmpty()) {
            Trace stopped =
                    FailingOperation.replayTo(
                            subject, Deviation.of(subject.execution()), FailingOperation.of(first));
            difference = Determinism.difference(first, stopped);
            identical += difference.isEmpty() ? 1 : 0;
            difference = difference.isEmpty() ? "" : "under the debugger: " + difference;
        } else if (difference.isEmpty() || verify) {
            for (int i = 1; i < runs() && source.isEmpty(); i++) {
                Trace next = Confirmation.replay(subject, schedule);
                String between = Determinism.difference(first, next);
                if (between.isEmpty()) {
                    identical++;
                } else {
                    difference = "replay " + (i + 1) + ": " + between;
                    source = Determinism.source(next, Confirmation.replay(subject, schedule));
                }
            }
            if (!difference.isEmpty() && source.isEmpty()) {
                source =
                        identical
                                + " replays had identical operations, so what differs has changed"
                                + " since the schedule was made: the program's input, the JVM,"
                                + " the library";
            }
        }
        Explained explained =
                reports.isAsked() && difference.isEmpty()
                        ? Explained.of(subject, Deviation.of(subject.execution()), first)
                        : new Explained(first, null, Hazards.NONE);
        return new Outcome(
                explained, identical, difference, source, subject.execution().uncontrolled());
    }
}
