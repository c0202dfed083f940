package org.selvage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Carriers;
import org.selvage.search.Cause;
import org.selvage.search.ProgramEntry;
import org.selvage.search.Subject;
import org.selvage.search.Trace;
import org.selvage.weaver.Isolation;

/**
 * The stories of the programs that must fail, which {@code harness/search} tests with: {@code
 * -Dselvage.stories=1} tells all of them, the build every sixth. They are left in {@code
 * target/stories}.
 */
final class StoriesOfSuiteTest {
    private static final int EVERY = Integer.getInteger("selvage.stories", 6);
    private static final Path CLASSES = Path.of("..", "search", "target", "test-classes");
    private static final Path SOURCES = Path.of("..", "search", "src", "test", "java");
    private static final Path TOLD = Path.of("target", "stories");

    static List<String> programs() throws Exception {
        List<String> programs = new ArrayList<>();
        List<String> classes;
        try (Stream<Path> files = Files.list(CLASSES.resolve("programs").resolve("wrong"))) {
            classes =
                    files.map(file -> String.valueOf(file.getFileName()))
                            .filter(file -> file.endsWith(".class") && !file.contains("$"))
                            .map(file -> "programs.wrong." + file.replace(".class", ""))
                            .sorted()
                            .toList();
        }
        ClassLoader loader = isolation().next();
        for (String name : classes) {
            Arrays.stream(Class.forName(name, false, loader).getDeclaredMethods())
                    .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
                    .filter(method -> !method.getName().matches(".*\\$.*|hashCode"))
                    .map(method -> name + "#" + method.getName())
                    .sorted()
                    .forEach(programs::add);
        }
        for (String name : List.of("lockOrder", "lostWakeUp", "notifyBuffer", "checkThenAct")) {
            programs.add("programs.Canaries#" + name);
        }
        assertThat(programs).hasSizeGreaterThan(30);
        return java.util.stream.IntStream.range(0, programs.size())
                .filter(i -> i % EVERY == 0)
                .mapToObj(programs::get)
                .toList();
    }

    private static Isolation isolation() throws IOException {
        return new Isolation(
                new URL[] {CLASSES.toUri().toURL()},
                ClassLoader.getPlatformClassLoader(),
                name -> false);
    }

    private static Finding find(String program) throws Exception {
        int hash = program.indexOf('#');
        ProgramEntry entry =
                ProgramEntry.test(
                        isolation()::next, program.substring(0, hash), program.substring(hash + 1));
        return Carriers.call(
                handover -> {
                    Subject subject = Subject.of(entry, 200_000);
                    handover.watch(() -> subject.execution().steps());
                    return Searched.find(subject, "test " + program, 2_000, SOURCES);
                },
                Duration.ofSeconds(60));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void fitsNamesWhatMeetsAndHasNoEmptyColumn(String program) throws Exception {
        Finding finding = find(program);
        String report = TextReport.finding(finding);
        Files.createDirectories(TOLD);
        Files.writeString(TOLD.resolve(program.replace('#', '.') + ".txt"), report);
        List<String> story = Story.lines(finding.telling(), 100, false);
        assertThat(story).hasSizeLessThanOrEqualTo(Story.MAX_LINES);
        // What the program or the JVM itself says is quoted as it is.
        assertThat(story).allMatch(line -> line.length() <= 100, "fits");
        assertThat(String.join("\n", CauseText.sentences(finding.telling())))
                .doesNotContain("\u001b");
        assertThat(report).doesNotContain("\u001b");
        Plot plot =
                new Plot(
                        finding.telling(),
                        new Timeline(finding.trace(), finding.schedule().deviations()));
        assertThat(plot.tasks()).hasSizeBetween((int) Math.min(2, active(finding)), 5);
        assertThat(report.lines())
                .filteredOn(line ->
                        !line.startsWith("    at ") && !line.equals(finding.verdict().summary()))
                .allMatch(line -> line.length() <= 100, "fits");
        for (int task : plot.tasks()) {
            assertThat(told(finding, plot, task)).as("column of task " + task).isTrue();
        }
        if (finding.verdict() instanceof Verdict.Deadlock deadlock) {
            for (Verdict.Blocked blocked : deadlock.blocked()) {
                boolean inCycle = !blocked.owner().isEmpty();
                assertThat(!inCycle || report.contains(", held by " + blocked.owner())).isTrue();
            }
        }
        Cause cause = finding.cause();
        Cause.Race race = cause == null ? null : cause.race();
        if (race != null) {
            for (int step : new int[] {race.first(), race.second()}) {
                assertThat(
                                step == 0
                                        || story.stream()
                                                .anyMatch(line ->
                                                        line.startsWith(
                                                                String.format(
                                                                        Locale.ROOT,
                                                                        "%5d ",
                                                                        step))))
                        .as("step " + step + " of the race in\n" + report)
                        .isTrue();
            }
        }
    }

    /** How many tasks did more than to start and join others. */
    private static long active(Finding finding) {
        return finding.trace().steps().stream()
                .filter(step ->
                        switch (step.kind()) {
                            case BEGIN, END, START, JOIN -> false;
                            default -> true;
                        })
                .mapToInt(Trace.Step::task)
                .distinct()
                .count();
    }

    private static boolean told(Finding finding, Plot plot, int task) {
        if (finding.verdict() instanceof Verdict.Deadlock) {
            return true; // at the latest by what it waits for
        }
        Trace.Step missed = finding.telling().missed();
        if (missed != null && missed.task() == task) {
            return true;
        }
        return plot.chosen(Story.MAX_LINES).stream()
                        .anyMatch(index -> finding.trace().steps().get(index).task() == task)
                || plot.stops().stream().anyMatch(stop -> stop.task() == task);
    }
}
