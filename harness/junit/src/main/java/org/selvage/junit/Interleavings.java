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
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.opentest4j.TestAbortedException;
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
    private final AtomicBoolean isInterrupted = new AtomicBoolean();

    private Interleavings(Class<?> testClass, Method method) {
        this.testClass = testClass;
        this.method = method;
        this.options = method.getAnnotation(InterleavingTest.class);
    }

    static void run(Class<?> testClass, Method method) throws Exception {
        Interleavings search = new Interleavings(testClass, method);
        Budget budget = search.budget();
        try {
            Carriers.call(handover -> search.call(handover, budget), STUCK_LIMIT);
        } catch (InterruptedException e) {
            search.isInterrupted.set(true); // JUnit's @Timeout; the carrier stops soon
            throw e;
        }
    }

    private boolean call(Carriers.Handover<?> handover, Budget budget) throws IOException {
        ProgramEntry program = program();
        Subject subject = Subject.of(program, MAX_STEPS);
        handover.watch(subject.execution()::steps);
        String replay = System.getProperty(REPLAY, "");
        if (replay.isEmpty()) {
            search(subject, budget);
        } else {
            replay(subject, Path.of(replay));
        }
        program.throwIfAllAborted();
        return true;
    }

    /** The name of the test as schedules and the command have it. */
    private String name() {
        return testClass.getName() + "#" + method.getName();
    }

    /**
     * The budget that the annotation gives.
     *
     * @throws ExtensionConfigurationException with one line that names what it has not understood
     */
    private Budget budget() {
        try {
            var _ = Strategies.named(strategy(), options.seed());
            return new Budget(Budget.parse(options.budget()).time(), options.executions());
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException(
                    "@InterleavingTest of " + name() + ": " + e.getMessage(), e);
        }
    }

    private void search(Subject subject, Budget budget) throws IOException {
        if (options.verifyDeterminism()) {
            Determinism.Divergence divergence =
                    Determinism.find(
                            subject,
                            Strategies.named("random", options.seed()),
                            Determinism.EXECUTIONS);
            if (divergence != null) {
                throw new AssertionError(
                        "not deterministic: "
                                + divergence.describe()
                                + "\n"
                                + uncontrolled(subject));
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
                                budget,
                                this::stopIfInterrupted)
                        .run();
        Search.Failure failure = result.failure();
        if (failure != null) {
            throw failure(subject, result, failure);
        }
        if (result.unknown() == result.executions() && result.firstUnknown() != null) {
            throw new AssertionError(
                    "no execution came to an end: "
                            + result.firstUnknown().summary()
                            + "\n"
                            + uncontrolled(subject));
        }
        if (result.executions() > 0 && subject.execution().taskCount() == 1) {
            throw new ExtensionConfigurationException(
                    "the test starts no thread, so there is nothing to search: " + name());
        }
    }

    private void stopIfInterrupted(Search.Result soFar) {
        if (isInterrupted.get()) {
            throw new CancellationException("interrupted: executions=" + soFar.executions());
        }
    }

    /** A line for each use of what is not controlled. */
    private static String uncontrolled(Subject subject) {
        StringBuilder lines = new StringBuilder();
        for (String use : subject.execution().uncontrolled()) {
            lines.append("not controlled here: ").append(use).append('\n');
        }
        return lines.toString();
    }

    private AssertionError failure(Subject subject, Search.Result result, Search.Failure failure)
            throws IOException {
        Shrinker.Shrunk shrunk = Shrinker.shrink(subject, failure, SHRINK_EXECUTIONS);
        String name = name();
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
                            + " names the first operation in which they differ\n"
                            + uncontrolled(subject));
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
        String text = TextReport.finding(finding);
        int command = text.lastIndexOf('\n', text.length() - 2) + 1;
        AssertionError error =
                new AssertionError(
                        text.substring(0, command)
                                + uncontrolled(subject)
                                + text.substring(command));
        error.setStackTrace(new StackTraceElement[0]);
        return error;
    }

    private void replay(Subject subject, Path file) throws IOException {
        Schedule schedule = schedule(file);
        if (!schedule.subject().equals("test " + name())) {
            throw new TestAbortedException(
                    REPLAY + "=" + file + " is a schedule of another: " + schedule.subject());
        }
        Trace trace = Confirmation.replay(subject, schedule);
        String difference = Confirmation.difference(schedule, trace);
        if (!difference.isEmpty()) {
            throw new AssertionError(
                    "the replay diverged: " + difference + "\n" + uncontrolled(subject));
        }
        if (trace.verdict().isFailure()) {
            throw new AssertionError(
                    TraceText.steps(trace) + TraceText.verdict(trace) + uncontrolled(subject));
        }
    }

    private static Schedule schedule(Path file) {
        try {
            return ScheduleText.parse(Files.readString(file));
        } catch (ScheduleText.SyntaxException e) {
            throw new ExtensionConfigurationException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ExtensionConfigurationException(
                    "the schedule cannot be read: " + REPLAY + "=" + file + " cause=" + e, e);
        }
    }

    /** What one execution does, on the woven copy of the test class. */
    private ProgramEntry program() {
        Isolation isolation =
                new Isolation(
                        classPath(), Interleavings.class.getClassLoader(), Interleavings::isShared);
        ProgramEntry entry =
                ProgramEntry.test(isolation::next, testClass.getName(), method.getName());
        if (method.getParameterCount() > 0) {
            throw new ExtensionConfigurationException(
                    "a method with @InterleavingTest has no parameters: " + name());
        }
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
