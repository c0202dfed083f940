package org.selvage.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.selvage.report.Coverage;
import org.selvage.report.Finding;
import org.selvage.report.FindingException;
import org.selvage.report.FindingFolder;
import org.selvage.report.TextReport;
import org.selvage.search.Budget;
import org.selvage.search.Cause;
import org.selvage.search.Confirmation;
import org.selvage.search.Search;
import org.selvage.search.Shrinker;
import org.selvage.search.Strategies;
import org.selvage.search.Strategy;
import org.selvage.search.Subject;
import org.selvage.weaver.Agent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Searches the interleavings of a scenario. */
@Command(
        name = "search",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Searches the interleavings of a scenario until something is found or the budget is"
                        + " spent.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SearchCommand implements Callable<Integer> {
    private static final String DEFAULT_BUDGET = "60s";
    private static final long SHRINK_EXECUTIONS = 20_000L;

    @Parameters(
            paramLabel = "SCENARIO",
            description = "see: selvage list scenarios; with --main, the program's arguments")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = "--main",
            paramLabel = "CLASS",
            description = "search any program with a main method")
    private @Nullable String main;

    @Option(
            names = "--test",
            paramLabel = "CLASS#METHOD",
            description = "search a test method of JUnit 5, with its BeforeEach and AfterEach")
    private @Nullable String test;

    @Option(
            names = {"-cp", "-classpath", "--class-path"},
            paramLabel = "PATH",
            defaultValue = ".",
            description = "with --main or --test: jars, folders, and DIR/* for all jars in one")
    private String classPath;

    @Option(
            names = "--profile",
            paramLabel = "P",
            defaultValue = "",
            description = "variant of the program; the scenario's first by default")
    private String profile;

    @Option(
            names = "--defect",
            paramLabel = "D",
            description = "weave a historical defect in; may be repeated")
    private List<String> defects = new ArrayList<>();

    @Option(
            names = "--strategy",
            paramLabel = "S",
            defaultValue = Strategies.DEFAULT,
            description = "see: selvage list strategies")
    private String strategy;

    @Option(
            names = "--budget",
            paramLabel = "B",
            description = "a time such as 30s or 10m, or a number of executions; 60s by default")
    private @Nullable String budget;

    @Option(
            names = "--executions",
            paramLabel = "N",
            description = "the largest number of executions")
    private @Nullable String executions;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "for the strategy's draws; 1 by default")
    private long seed;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "a parameter of the scenario; may be repeated")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Option(
            names = "--max-steps",
            paramLabel = "N",
            defaultValue = "200000",
            description = "cut an execution off after so many operations; 200000 by default")
    private long maxSteps;

    @Option(
            names = "--findings",
            paramLabel = "DIR",
            defaultValue = "findings",
            description = "where findings are filed")
    private Path findings;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = ".selvage",
            description = "where this run's schedule goes")
    private Path out;

    @Option(
            names = {"-v", "--verbose"},
            description = "say what starting cost")
    private boolean verbose;

    @Mixin private ReportFiles reports;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter stdout = spec.commandLine().getOut();
        PrintWriter stderr = spec.commandLine().getErr();
        Budget limit = limit();
        checkFolder(findings);
        checkFolder(out);
        if (maxSteps < 1) {
            throw new Main.UsageException(
                    "the step limit must be above zero: max-steps=" + maxSteps);
        }
        makeStrategy();
        Session session = session();
        List<String> options = options(session);
        options.forEach(stdout::println);
        if (verbose) {
            stdout.printf(
                    Locale.ROOT, "agent: installed in %d ms%n", Agent.installNanos() / 1_000_000);
        }
        stdout.flush();
        Outcome outcome =
                session.with(
                        maxSteps,
                        subject -> search(subject, session, limit, options, stderr),
                        notes -> notes.forEach(stdout::println));
        if (outcome.finding() == null) {
            Coverage coverage =
                    new Coverage(
                            session.subjectLine(),
                            session.profile(),
                            strategy,
                            List.of("budget=" + budgetText(), "max-steps=" + maxSteps),
                            outcome.result());
            stdout.print(TextReport.nothingFound(coverage));
            reports.write(new org.selvage.report.Outcome.Nothing(coverage));
            return Main.NOTHING_FOUND;
        }
        report(outcome.finding(), session, stdout);
        return Main.FOUND;
    }

    private Session session() throws java.io.IOException {
        if (main != null && test != null) {
            throw new Main.UsageException("give one of --main and --test");
        }
        if (main == null && test == null) {
            if (arguments.size() > 1) {
                throw new Main.UsageException(
                        "Unmatched arguments: " + arguments.subList(1, arguments.size()));
            }
            if (arguments.isEmpty()) {
                throw new Main.UsageException(
                        "Missing required parameter: SCENARIO, --main CLASS or --test"
                                + " CLASS#METHOD");
            }
            return Session.of(
                    Programs.installed(), arguments.getFirst(), profile, defects, 1L, parameters);
        }
        if (!profile.isEmpty() || !defects.isEmpty() || !parameters.isEmpty()) {
            throw new Main.UsageException("--profile, --defect and --set are for scenarios");
        }
        if (test != null && !arguments.isEmpty()) {
            throw new Main.UsageException("a test takes no arguments: given=" + arguments);
        }
        Entry entry =
                main != null
                        ? new Entry(Entry.Kind.MAIN, main, classPath, arguments)
                        : new Entry(Entry.Kind.TEST, String.valueOf(test), classPath, List.of());
        return Session.of(Programs.of(classPath), entry);
    }

    private record Outcome(Search.Result result, @Nullable Finding finding) {}

    private Outcome search(
            Subject subject,
            Session session,
            Budget limit,
            List<String> options,
            PrintWriter stderr) {
        boolean terminal = Terminal.isColoured();
        Search.Progress progress =
                terminal ? soFar -> printProgress(stderr, soFar) : Search.Progress.SILENT;
        Search.Result result = new Search(subject, makeStrategy(), limit, progress).run();
        if (terminal) {
            stderr.print("\r\u001b[K");
            stderr.flush();
        }
        if (result.failure() == null) {
            return new Outcome(result, null);
        }
        Shrinker.Shrunk shrunk = Shrinker.shrink(subject, result.failure(), SHRINK_EXECUTIONS);
        Confirmation confirmation =
                Confirmation.of(
                        subject,
                        shrunk.deviations(),
                        new Confirmation.Header(
                                session.subjectLine(),
                                session.profile(),
                                session.defects(),
                                session.seed(),
                                session.parameters(),
                                session.fingerprint()));
        Path file = scheduleFile(session);
        Cause cause = Explained.of(subject, confirmation.schedule(), confirmation.trace()).cause();
        Finding finding =
                new Finding(
                        confirmation.schedule(),
                        confirmation.trace(),
                        result,
                        shrunk,
                        options,
                        "./selvage replay " + file,
                        cause,
                        reports.sources(session.programs()));
        return new Outcome(result, finding);
    }

    private static void printProgress(PrintWriter stderr, Search.Result soFar) {
        stderr.printf(
                Locale.ROOT,
                "\r\u001b[K%,d executions, %,.0f/s, %,d schedules, %.0f s",
                soFar.executions(),
                soFar.executionsPerSecond(),
                soFar.schedules(),
                soFar.nanos() / 1e9);
        stderr.flush();
    }

    private Path scheduleFile(Session session) {
        return out.resolve(session.entry().folder())
                .resolve(
                        (session.profile().isEmpty() ? "" : session.profile() + "-")
                                + "seed"
                                + seed
                                + ".schedule");
    }

    private void report(Finding finding, Session session, PrintWriter stdout) {
        Path file = scheduleFile(session);
        Schedules.write(file, finding.schedule());
        Path folder;
        try {
            folder = new FindingFolder().write(findings, finding);
        } catch (FindingException e) {
            throw new Main.UsageException(String.valueOf(e.getMessage()), e);
        }
        List<Path> written = new ArrayList<>(List.of(file, folder));
        written.addAll(reports.write(new org.selvage.report.Outcome.Found(finding)));
        stdout.print(TextReport.finding(finding, written, Terminal.WIDTH, Terminal.isColoured()));
    }

    private String budgetText() {
        if (budget == null && executions == null) {
            return DEFAULT_BUDGET;
        }
        return (budget == null ? "" : budget)
                + (executions == null ? "" : " executions=" + executions);
    }

    private Strategy makeStrategy() {
        try {
            return Strategies.named(strategy, seed);
        } catch (IllegalArgumentException e) {
            throw new Main.UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private Budget limit() {
        try {
            Budget time = budget == null ? null : Budget.parse(budget);
            Budget count = executions == null ? null : Budget.parse(executions);
            if (time == null) {
                return count == null ? Budget.parse(DEFAULT_BUDGET) : count;
            }
            return count == null
                    ? time
                    : new Budget(time.time(), Math.min(time.executions(), count.executions()));
        } catch (IllegalArgumentException e) {
            throw new Main.UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void checkFolder(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
            throw new Main.UsageException("the folder cannot be written: folder=" + folder);
        }
    }

    private List<String> options(Session session) {
        List<String> lines = new ArrayList<>();
        lines.add(
                Main.VERSION
                        + ", JVM "
                        + System.getProperty("java.vm.name")
                        + " "
                        + Runtime.version());
        String parametersSet = session.parameters().isEmpty() ? "" : " set=" + session.parameters();
        lines.add(
                session.entry().kind() == Entry.Kind.SCENARIO
                        ? "scenario="
                                + session.entry().name()
                                + " profile="
                                + session.profile()
                                + (session.defects().isEmpty()
                                        ? ""
                                        : " defects=" + session.defects())
                                + parametersSet
                        : session.subjectLine().replaceFirst(" ", "=") + parametersSet);
        lines.add(
                "strategy="
                        + strategy
                        + " seed="
                        + seed
                        + " budget="
                        + budgetText()
                        + " max-steps="
                        + maxSteps
                        + " program="
                        + session.fingerprint());
        return lines;
    }
}
