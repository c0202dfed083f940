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
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;
import org.selvage.report.Coverage;
import org.selvage.report.Finding;
import org.selvage.report.FindingException;
import org.selvage.report.FindingFolder;
import org.selvage.report.TextReport;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Budget;
import org.selvage.search.Confirmation;
import org.selvage.search.Determinism;
import org.selvage.search.ParallelSearch;
import org.selvage.search.ScenarioShrinker;
import org.selvage.search.ScheduleText;
import org.selvage.search.Search;
import org.selvage.search.Shard;
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

    /** A failure is told at once, and {@code selvage shrink} may take all the time there is. */
    private static final long SCENARIO_EXECUTIONS = 500L;

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
            description = "see: selvage list strategies; portfolio by default")
    private @Nullable String givenStrategy;

    @Option(
            names = "--exhaustive",
            description =
                    "try all that differs, and say when nothing is left: the strategy optimal, or"
                            + " bounded:K with --bound K; no budget unless one is given")
    private boolean exhaustive;

    @Option(
            names = "--bound",
            paramLabel = "K",
            description = "the largest number of preemptions, with --exhaustive")
    private @Nullable Integer bound;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "1",
            description = "how many carriers search, each with classes of its own; 1 by default")
    private int workers;

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            description =
                    "do the I-th of N parts; by default what the build server's variables say")
    private @Nullable String givenShard;

    @Option(
            names = "--resume",
            description = "go on where the same search ended; its folder is that of --out")
    private boolean resume;

    private String strategy;
    private Shard shard;

    @Option(
            names = "--data-races",
            description =
                    "a data race is a failure: two plain accesses, at least one a write, that"
                            + " nothing orders")
    private boolean dataRaces;

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
            names = "--spurious",
            description = "let waits end for no reason, too, as the Java platform permits")
    private boolean spurious;

    @Option(
            names = "--timeouts",
            description = "let sleeps and timed waits end although another task could run")
    private boolean timeouts;

    @Option(
            names = "--verify-determinism",
            description =
                    "first execute the program 50 times, each time twice, and compare all"
                            + " operations; status 4 if they differ")
    private boolean verify;

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
        shard = shard();
        strategy = strategy();
        Session session = session().failingOnDataRaces(dataRaces);
        if (workers > 1 && session.entry().kind() != Entry.Kind.SCENARIO) {
            throw new Main.UsageException(
                    "more than one worker is for scenarios only: workers=" + workers);
        }
        if (exhaustive && (spurious || timeouts)) {
            throw new Main.UsageException(
                    "--exhaustive does not go with --spurious and --timeouts: there would be no"
                            + " end to it");
        }
        SearchRun run =
                new SearchRun(
                        session,
                        maxSteps,
                        workers,
                        subject -> subject.execution().exploreWakeUps(spurious, timeouts),
                        new ConcurrentSkipListSet<>());
        ParallelSearch search = makeSearch(limit, stderr);
        List<String> options = options(session);
        options.forEach(stdout::println);
        if (verbose) {
            stdout.printf(
                    Locale.ROOT, "agent: installed in %d ms%n", Agent.installNanos() / 1_000_000);
        }
        stdout.flush();
        if (verify && !isDeterministic(session, stdout)) {
            return Main.DIVERGED;
        }
        Path saved = searchFile(session);
        if (resume) {
            run.resume(search, saved, subjectOf(session));
        }
        Search.Result result =
                run.run(
                        search,
                        saved,
                        subjectOf(session),
                        notes -> notes.forEach(stdout::println),
                        stderr);
        if (Terminal.isColoured()) {
            stderr.print("\r\u001b[K");
            stderr.flush();
        }
        run.uncontrolled().forEach(use -> stdout.println("not controlled here: " + use));
        Search.Failure failure = result.failure();
        if (failure == null) {
            Coverage coverage =
                    new Coverage(
                            session.subjectLine(),
                            session.profile(),
                            strategy,
                            List.of("budget=" + budgetText(), "max-steps=" + maxSteps),
                            result);
            stdout.print(
                    TextReport.nothingFound(
                            coverage, search.isStopped() ? "a signal" : "the budget"));
            reports.write(new org.selvage.report.Outcome.Nothing(coverage));
            if (search.isStopped()) {
                stdout.println("go on with: --resume");
            }
            return Main.NOTHING_FOUND;
        }
        Finding finding =
                session.with(maxSteps, subject -> find(subject, session, result, failure, options));
        report(finding, session, stdout);
        return Main.FOUND;
    }

    private static String unrepeatable(Search.Failure failure, Verdict repeated) {
        return "unknown: execution="
                + (failure.execution() + 1)
                + " ended with \""
                + failure.verdict().summary()
                + "\", but repeated with the same draws with \""
                + repeated.summary()
                + "\"; --verify-determinism names the first operation in which they differ";
    }

    private boolean isDeterministic(Session session, PrintWriter stdout) throws Exception {
        List<Determinism.Divergence> found = new ArrayList<>();
        session.with(
                maxSteps,
                subject -> {
                    Strategy random = Strategies.named("random", seed);
                    Determinism.Divergence first =
                            Determinism.find(subject, random, Determinism.EXECUTIONS);
                    return first != null && found.add(first);
                });
        if (found.isEmpty()) {
            stdout.println(
                    "determinism: "
                            + Determinism.EXECUTIONS
                            + " executions had identical operations when repeated");
        } else {
            stdout.println("not deterministic: " + found.getFirst().describe());
        }
        return found.isEmpty();
    }

    private Session session() {
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

    private ParallelSearch makeSearch(Budget limit, PrintWriter stderr) {
        if (workers < 1 || workers > ParallelSearch.LANES) {
            throw new Main.UsageException(
                    "the number of workers is out of range: workers="
                            + workers
                            + ", range=1.."
                            + ParallelSearch.LANES);
        }
        Search.Progress progress =
                Terminal.isColoured()
                        ? soFar -> {
                            stderr.print(ProgressLine.of(soFar, limit));
                            stderr.flush();
                        }
                        : Search.Progress.SILENT;
        try {
            return new ParallelSearch(
                    new ParallelSearch.Plan(strategy, seed, shard, limit), progress);
        } catch (IllegalArgumentException e) {
            throw new Main.UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private Finding find(
            Subject subject,
            Session session,
            Search.Result result,
            Search.Failure failure,
            List<String> options) {
        // Classes are initialised here, as they were when the failure was found.
        subject.execute(ChoiceSource.DEFAULT, null);
        ScenarioShrinker.Smallest smallest =
                ScenarioShrinker.shrink(subject, failure, SHRINK_EXECUTIONS, SCENARIO_EXECUTIONS);
        Confirmation confirmation = session.confirm(smallest);
        Verdict repeated = confirmation.trace().verdict();
        if (!repeated.isFailure()) {
            throw new Main.UnrepeatableException(unrepeatable(failure, repeated));
        }
        Explained explained =
                Explained.of(
                        smallest.subject(),
                        confirmation.schedule().deviations(),
                        confirmation.trace());
        return new Finding(
                confirmation.schedule(),
                confirmation.trace(),
                result,
                smallest.shrunk(),
                options,
                "./selvage replay " + scheduleFile(session),
                explained.cause(),
                reports.sources(session.programs()),
                explained.hazards());
    }

    private Path searchFile(Session session) {
        String part = shard.count() == 1 ? "" : "-shard" + shard.index() + "of" + shard.count();
        return out.resolve(session.entry().folder())
                .resolve(
                        (session.profile().isEmpty() ? "" : session.profile() + "-")
                                + "seed"
                                + seed
                                + part
                                + ".search");
    }

    /** What must be equal for a search to be the same one. */
    private String subjectOf(Session session) {
        return session.subjectLine()
                + " profile="
                + session.profile()
                + " defects="
                + session.defects()
                + " set="
                + session.parameters()
                + " strategy="
                + strategy
                + " seed="
                + seed
                + wakeUps()
                + " max-steps="
                + maxSteps
                + (dataRaces ? " data-races" : "")
                + " program="
                + session.fingerprint();
    }

    private String wakeUps() {
        return (spurious ? " spurious" : "") + (timeouts ? " timeouts" : "");
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
        List<Path> written = new ArrayList<>();
        try {
            Schedules.write(file, finding.schedule());
            written.add(file);
            written.add(new FindingFolder().write(findings, finding));
            written.addAll(reports.write(new org.selvage.report.Outcome.Found(finding)));
        } catch (FindingException e) {
            throw new Main.UsageException(String.valueOf(e.getMessage()), e);
        } finally {
            // What was found is told, even if the disk takes nothing of it.
            if (written.isEmpty()) {
                stdout.print(ScheduleText.print(finding.schedule()));
            }
            stdout.print(
                    TextReport.finding(finding, written, Terminal.WIDTH, Terminal.isColoured()));
        }
    }

    private String budgetText() {
        if (budget == null && executions == null) {
            return exhaustive ? "none" : DEFAULT_BUDGET;
        }
        return (budget == null ? "" : budget)
                + (executions == null ? "" : " executions=" + executions);
    }

    private String strategy() {
        if (exhaustive && givenStrategy != null) {
            throw new Main.UsageException(
                    "--exhaustive chooses the strategy itself: strategy=" + givenStrategy);
        }
        if (bound != null && !exhaustive) {
            throw new Main.UsageException("--bound needs --exhaustive: bound=" + bound);
        }
        String named =
                !exhaustive
                        ? givenStrategy == null ? Strategies.DEFAULT : givenStrategy
                        : bound == null ? "optimal" : "bounded:" + bound;
        try {
            Strategies.named(named, seed);
        } catch (IllegalArgumentException e) {
            throw new Main.UsageException(String.valueOf(e.getMessage()), e);
        }
        return named;
    }

    private Shard shard() {
        try {
            return givenShard == null ? Shard.of(System.getenv()) : Shard.parse(givenShard);
        } catch (IllegalArgumentException e) {
            throw new Main.UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private Budget limit() {
        try {
            Budget time = budget == null ? null : Budget.parse(budget);
            Budget count = executions == null ? null : Budget.parse(executions);
            if (time == null) {
                if (count == null) {
                    return exhaustive ? Budget.of(Long.MAX_VALUE) : Budget.parse(DEFAULT_BUDGET);
                }
                return count;
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
                        + (dataRaces ? " data-races" : "")
                        + " workers="
                        + workers
                        + (shard.count() == 1 ? "" : " shard=" + shard)
                        + wakeUps()
                        + " max-steps="
                        + maxSteps
                        + " program="
                        + session.fingerprint());
        return lines;
    }
}
