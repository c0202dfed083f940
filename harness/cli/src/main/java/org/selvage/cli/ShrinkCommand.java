package org.selvage.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.selvage.report.TraceText;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Confirmation;
import org.selvage.search.ScenarioShrinker;
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

/** Makes a failing schedule smaller. */
@Command(
        name = "shrink",
        mixinStandardHelpOptions = true,
        description = "Makes a failing schedule smaller and writes it beside the old one.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ShrinkCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SCHEDULE", description = "a schedule file")
    private Path file;

    @Option(
            names = "--executions",
            paramLabel = "N",
            defaultValue = "20000",
            description = "how many executions it may take; 20000 by default")
    private long executions;

    @Mixin private ReplayOptions options;

    @Spec private CommandSpec spec;

    private record Outcome(
            Trace replayed,
            ScenarioShrinker.@Nullable Smallest smallest,
            @Nullable Confirmation confirmation) {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (executions < 1 || options.maxSteps() < 1) {
            throw new Main.UsageException("--executions and --max-steps must be above zero");
        }
        Schedule schedule = Schedules.read(file);
        Session session = options.session(schedule);
        Outcome outcome =
                session.with(options.maxSteps(), subject -> shrink(subject, schedule, session));
        ScenarioShrinker.Smallest smallest = outcome.smallest();
        Confirmation confirmation = outcome.confirmation();
        if (smallest == null || confirmation == null) {
            String difference = Confirmation.difference(schedule, outcome.replayed());
            out.println(
                    difference.isEmpty()
                            ? "the schedule does not fail: "
                                    + outcome.replayed().verdict().summary()
                            : "diverged: " + difference);
            return difference.isEmpty() ? Main.NOTHING_FOUND : Main.DIVERGED;
        }
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.schedule$", "");
        Path target = file.resolveSibling(name + ".shrunk.schedule");
        out.print(TraceText.verdict(confirmation.trace()));
        out.println(
                "shrunk in "
                        + smallest.shrunk().executions()
                        + " executions: deviations "
                        + schedule.steps().size()
                        + " -> "
                        + smallest.shrunk().deviations().size()
                        + ", context switches "
                        + smallest.shrunk().switches()
                        + (confirmation.schedule().parameters().equals(schedule.parameters())
                                ? ""
                                : ", and the scenario to " + confirmation.schedule().sizes()));
        Schedules.write(target, confirmation.schedule());
        out.println("schedule: " + target);
        out.println("reproduce: ./selvage replay " + target);
        return Main.FOUND;
    }

    private Outcome shrink(Subject subject, Schedule schedule, Session session) {
        Trace replayed = Confirmation.replay(subject, schedule);
        Verdict verdict = replayed.verdict();
        if (!verdict.isFailure()) {
            return new Outcome(replayed, null, null);
        }
        Search.Failure failure = new Search.Failure(verdict, schedule.deviations(), 0);
        ScenarioShrinker.Smallest smallest =
                ScenarioShrinker.shrink(subject, failure, executions, executions);
        return new Outcome(replayed, smallest, session.confirm(smallest));
    }
}
