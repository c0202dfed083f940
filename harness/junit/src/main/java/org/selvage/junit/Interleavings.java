package org.selvage.junit;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.selvage.report.Finding;
import org.selvage.report.Sources;
import org.selvage.report.TextReport;
import org.selvage.report.TraceText;
import org.selvage.search.Budget;
import org.selvage.search.Carriers;
import org.selvage.search.Cause;
import org.selvage.search.CauseSearch;
import org.selvage.search.Confirmation;
import org.selvage.search.Determinism;
import org.selvage.search.Hazards;
import org.selvage.search.ProgramEntry;
import org.selvage.search.Schedule;
import org.selvage.search.ScheduleText;
import org.selvage.search.Search;
import org.selvage.search.Shrinker;
import org.selvage.search.Strategies;
import org.selvage.search.Subject;
import org.selvage.search.Trace;
import org.selvage.weaver.Isolation;

/** Searches the interleavings of one test method. */
final class Interleavings {
    private static final String REPLAY = "selvage.replay";
    private static final long MAX_STEPS = 1_000_000L;
    private static final long SHRINK_EXECUTIONS = 5_000L;
    private static final Duration STUCK_LIMIT = Duration.ofSeconds(20);

    /** Shared with JUnit and the harness; everything else on the class path is woven. */
    private static final List<String> SHARED =
            List.of(
                    "org.junit.",
                    "org.opentest4j.",
                    "org.apiguardian.",
                    "org.assertj.",
                    "org.hamcrest.",
                    "org.jspecify.",
                    "org.selvage.",
                    "net.bytebuddy.",
                    "javax.",
                    "sun.",
                    "com.sun.");

    private final Class<?> testClass;
    private final Method method;
    private final InterleavingTest options;

    private Interleavings(Class<?> testClass, Method method) {
        this.testClass = testClass;
        this.method = method;
        this.options = method.getAnnotation(InterleavingTest.class);
    }

    static void run(Class<?> testClass, Method method) throws Exception {
        Interleavings search = new Interleavings(testClass, method);
        Carriers.call(
                handover -> {
                    Subject subject = Subject.of(search.program(), MAX_STEPS);
                    handover.watch(subject.execution()::steps);
                    String replay = System.getProperty(REPLAY, "");
                    if (replay.isEmpty()) {
                        search.search(subject);
                    } else {
                        search.replay(subject, Path.of(replay));
                    }
                    return true;
                },
                STUCK_LIMIT);
    }

    private void search(Subject subject) throws IOException {
        if (options.verifyDeterminism()) {
            Determinism.Divergence divergence =
                    Determinism.find(
                            subject,
                            Strategies.named("random", options.seed()),
                            Determinism.EXECUTIONS);
            if (divergence != null) {
                throw new AssertionError("not deterministic: " + divergence.describe());
            }
        }
        subject.execution().exploreWakeUps(options.spurious(), options.timeouts());
        if (options.dataRaces()) {
            subject.execution().dataRaces().fail();
        }
        Search.Result result =
                new Search(
                                subject,
                                Strategies.named(strategy(), options.seed()),
                                new Budget(
                                        Budget.parse(options.budget()).time(),
                                        options.executions()),
                                Search.Progress.SILENT)
                        .run();
        Search.Failure failure = result.failure();
        if (failure != null) {
            throw failure(subject, result, failure);
        }
        if (result.unknown() == result.executions() && result.firstUnknown() != null) {
            throw new AssertionError(
                    "no execution came to an end: " + result.firstUnknown().summary());
        }
    }

    private AssertionError failure(Subject subject, Search.Result result, Search.Failure failure)
            throws IOException {
        Shrinker.Shrunk shrunk = Shrinker.shrink(subject, failure, SHRINK_EXECUTIONS);
        String name = testClass.getName() + "#" + method.getName();
        Confirmation confirmation =
                Confirmation.of(
                        subject,
                        shrunk.deviations(),
                        new Confirmation.Header("test " + name, "", List.of(), 0L, Map.of(), ""));
        if (!confirmation.trace().verdict().isFailure()) {
            return new AssertionError(
                    "unknown: an execution ended with \""
                            + failure.verdict().summary()
                            + "\", which does not repeat with the same draws; verifyDeterminism"
                            + " names the first operation in which they differ");
        }
        Path file = Path.of("target", "selvage", name.replace('#', '.') + ".schedule");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, ScheduleText.print(confirmation.schedule()));
        Hazards.watch(subject);
        Cause cause =
                CauseSearch.find(
                        subject, shrunk.deviations(), confirmation.trace(), SHRINK_EXECUTIONS);
        Finding finding =
                new Finding(
                        confirmation.schedule(),
                        confirmation.trace(),
                        result,
                        shrunk,
                        List.of(
                                "strategy=" + strategy(),
                                "seed=" + options.seed(),
                                "executions=" + options.executions()),
                        "mvn test -Dtest=" + name + " -D" + REPLAY + "=" + file,
                        cause,
                        Sources.NONE,
                        Hazards.of(subject, shrunk.deviations(), cause));
        AssertionError error = new AssertionError(TextReport.finding(finding));
        error.setStackTrace(new StackTraceElement[0]);
        return error;
    }

    private void replay(Subject subject, Path file) throws IOException {
        Schedule schedule;
        try {
            schedule = ScheduleText.parse(Files.readString(file));
        } catch (ScheduleText.SyntaxException e) {
            throw new ExtensionConfigurationException(file + ": " + e.getMessage(), e);
        }
        Trace trace = Confirmation.replay(subject, schedule);
        String difference = Confirmation.difference(schedule, trace);
        if (!difference.isEmpty()) {
            throw new AssertionError("the replay diverged: " + difference);
        }
        if (trace.verdict().isFailure()) {
            throw new AssertionError(TraceText.steps(trace) + TraceText.verdict(trace));
        }
    }

    /** What one execution does, on the woven copy of the test class. */
    private ProgramEntry program() {
        Isolation isolation =
                new Isolation(
                        classPath(), Interleavings.class.getClassLoader(), Interleavings::isShared);
        ProgramEntry entry =
                ProgramEntry.test(isolation::next, testClass.getName(), method.getName());
        try {
            entry.check();
        } catch (ProgramEntry.NoSuchProgramException e) {
            throw new ExtensionConfigurationException(String.valueOf(e.getMessage()), e);
        }
        return entry;
    }

    /** The strategy with its bound, as the command line names it. */
    private String strategy() {
        return options.bound() < 0
                ? options.strategy()
                : options.strategy() + ":" + options.bound();
    }

    private static boolean isShared(String name) {
        return SHARED.stream().anyMatch(name::startsWith);
    }

    private static URL[] classPath() {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            try {
                urls.add(Path.of(entry).toUri().toURL());
            } catch (java.net.MalformedURLException e) {
                throw new ExtensionConfigurationException("class path entry=" + entry, e);
            }
        }
        return urls.toArray(URL[]::new);
    }
}
