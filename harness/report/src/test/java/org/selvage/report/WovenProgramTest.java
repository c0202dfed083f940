package org.selvage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.selvage.search.Carriers;
import org.selvage.search.Subject;
import org.selvage.weaver.ProgramLoader;

/** Programs that are woven, searched, shrunk and told: what the recorder really writes down. */
class WovenProgramTest {
    static Finding find(String method) throws Exception {
        return find(method, false);
    }

    /** What a search finds, with data races as failures or without. */
    static Finding find(String method, boolean dataRaces) throws Exception {
        URL classes = WovenProgramTest.class.getProtectionDomain().getCodeSource().getLocation();
        return Carriers.call(
                handover -> {
                    ProgramLoader loader =
                            new ProgramLoader(
                                    new URL[] {classes},
                                    WovenProgramTest.class.getClassLoader(),
                                    name -> name.startsWith("org.selvage."));
                    MethodHandle program =
                            MethodHandles.publicLookup()
                                    .findStatic(
                                            loader.loadClass("programs.Races"),
                                            method,
                                            MethodType.methodType(void.class));
                    Subject subject = Subject.of(() -> program.invoke(), 10_000);
                    if (dataRaces) {
                        subject.execution().dataRaces().fail();
                    }
                    handover.watch(() -> subject.execution().steps());
                    return Searched.find(
                            subject,
                            "main programs.Races." + method,
                            10_000,
                            Path.of("src/test/java"));
                },
                Duration.ofSeconds(60));
    }

    @Test
    void aLostUpdateIsToldFromItsRealExecution() throws Exception {
        String report = TextReport.finding(find("lostUpdate"));
        assertThat(report.lines())
                .startsWith(
                        "lost update: value=1",
                        "",
                        "task main fails",
                        "    at programs.Races.lostUpdate(Races.java:25)")
                .endsWith("./selvage replay it.schedule");
        assertThat(report)
                .containsPattern("(one|two) +.*\n.*")
                .containsPattern("read AtomicInteger.get = 0 +\\|? +.*Races.lostUpdate:15")
                .containsPattern("-- stopped before write AtomicInteger.set +.*Races.lostUpdate:16")
                .containsPattern("!! fails: IllegalStateException +\\|.*Races.lostUpdate:25")
                .doesNotContain("org.selvage.scheduler", "org.selvage.hooks", "org.selvage.search");
    }

    @Test
    void valuesSourceLinesAndThePassingNeighbourAreShown() throws Exception {
        Finding finding = find("lostUpdate");
        String report = TextReport.finding(finding);
        assertThat(report)
                .contains("read AtomicInteger.get = 0")
                .contains("write AtomicInteger.set = 1")
                .contains("> int value = counter.get();")
                .contains("> counter.set(value + 1);")
                .contains("> throw new IllegalStateException(\"lost update: value=\" + counter")
                .containsPattern("Last avoidable after step \\d+: if (one|two) goes on there")
                .containsPattern(
                        "Inevitable after step \\d+ \\((one|two): read AtomicInteger.get at")
                .containsPattern(
                        "The race: step \\d+, (one|two): read .* then step \\d+, .*\n? *.*write")
                .containsPattern("fails +\\| passes");
        assertThat(report.lines()).allMatch(line -> line.length() <= 100);
        assertThat(FindingJson.print(finding)).contains("\"inevitable\":", "\"value\":\"1\"");
    }

    @Test
    void staticVariablesAndElementsAreShownWithTheirValues() throws Exception {
        Finding finding = find("statics");
        assertThat(
                        finding.trace().steps().stream()
                                .map(step -> step.describe() + " = " + step.value()))
                .contains("read Races.text = \"\"", "write Races.text = \"x\"")
                .anyMatch(told -> told.matches("(read|write) Races.plain = [012]"))
                .anyMatch(told -> told.matches("(read|write) [^ ]+\\[1] = [012]"));
        assertThat(TextReport.finding(finding)).contains("read Races.text = \"\"");
    }

    @Test
    void withoutSourcesTheSameIsToldWithoutQuotations() throws Exception {
        Finding finding = find("lostUpdate");
        String report = TextReport.finding(finding.explained(finding.cause(), Sources.NONE));
        assertThat(report).contains("read AtomicInteger.get = 0").doesNotContain("> int value");
    }

    @Test
    void aRealDeadlockNamesTheLocksAndWhereTheTasksStand() throws Exception {
        Finding finding = find("lockOrder");
        String report = TextReport.finding(finding);
        assertThat(report)
                .contains(
                        "task left waits for ",
                        "task right waits for ",
                        ", held by left",
                        ", held by right")
                .contains("    at programs.Races.both(Races.java:44)")
                .doesNotContain("org.selvage.scheduler", "AbstractQueuedSynchronizer");
        assertThat(new Timeline(finding.trace(), finding.schedule().deviations()).stops())
                .anyMatch(stop -> stop.reason() == Timeline.Reason.LOCK && stop.by() == 2);
    }

    @Test
    void aDeadlockSaysWhoWaitsForWhomInTheProgramsWords() throws Exception {
        Finding finding = find("monitors");
        assertThat(Story.lines(finding.telling(), 100, false))
                .anyMatch(line ->
                        line.contains("deadlock: main waits for the end of left; left waits"))
                .anyMatch(line -> line.matches(".*!! waits for Object#\\d, held by left .*"))
                .noneMatch(line -> line.contains("owned by"));
    }

    @Test
    void theSameSearchIsToldInTheSameBytes() throws Exception {
        assertThat(FindingJson.print(find("lostUpdate")))
                .isEqualTo(FindingJson.print(find("lostUpdate")));
    }
}
