package org.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** The files that commands write beside what they print. */
final class ReportCommandTest {
    private static final List<String> FILES =
            List.of("report.html", "finding.json", "junit.xml", "finding.sarif", "summary.md");

    @TempDir private Path folder = Path.of("set by JUnit");

    private record Outcome(int status, String out, String err) {}

    private static Outcome run(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status =
                Main.run(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        arguments.toArray(String[]::new));
        return new Outcome(status, out.toString(), err.toString());
    }

    private List<String> files(Path target) {
        return List.of(
                "--html",
                target.resolve("report.html").toString(),
                "--json",
                target.resolve("finding.json").toString(),
                "--junit-xml",
                target.resolve("junit.xml").toString(),
                "--sarif",
                target.resolve("finding.sarif").toString(),
                "--markdown",
                target.resolve("summary.md").toString());
    }

    private Outcome search(String profile, Path target) {
        List<String> arguments =
                new ArrayList<>(List.of("search", "counter", "--profile", profile));
        arguments.addAll(List.of("--executions", "2000", "--findings", at("findings")));
        arguments.addAll(List.of("--out", at("out")));
        arguments.addAll(files(target));
        return run(arguments);
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    private static List<String> names(Path target) throws IOException {
        try (Stream<Path> entries = Files.list(target)) {
            return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
        }
    }

    private static Element suite(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(Files.readString(file))))
                .getDocumentElement();
    }

    @Test
    void aSearchWritesWhatItIsAskedFor() throws Exception {
        Path target = folder.resolve("new/reports");
        assertThat(search("racy", target).status()).isEqualTo(1);
        assertThat(names(target)).containsExactlyInAnyOrderElementsOf(FILES);
        assertThat(suite(target.resolve("junit.xml")).getAttribute("failures")).isEqualTo("1");
        assertThat(Files.readString(target.resolve("finding.sarif")))
                .contains("\"version\" : \"2.1.0\"", "CounterScenario.java");
        assertThat(Files.readString(target.resolve("summary.md"))).contains("1 finding");
        assertThat(Files.readString(target.resolve("finding.json"))).contains("lost update");
    }

    @Test
    void aSearchThatFindsNothingHasNoPageOfAFinding() throws Exception {
        Path target = folder.resolve("reports");
        assertThat(search("atomic", target).status()).isZero();
        assertThat(names(target))
                .containsExactlyInAnyOrder("junit.xml", "finding.sarif", "summary.md");
        assertThat(suite(target.resolve("junit.xml")).getAttribute("failures")).isEqualTo("0");
        assertThat(Files.readString(target.resolve("finding.sarif"))).contains("\"results\" : [ ]");
    }

    @Test
    void everyFormIsMadeAgainFromAScheduleAndFromAFinding() throws Exception {
        search("racy", folder.resolve("first"));
        Path schedule = folder.resolve("out/counter/racy-seed1.schedule");
        Outcome told = run(List.of("report", schedule.toString(), "--out", at("second")));
        assertThat(told.status()).isEqualTo(1);
        assertThat(names(folder.resolve("second"))).containsExactlyInAnyOrderElementsOf(FILES);
        String json = folder.resolve("first/finding.json").toString();
        assertThat(run(List.of("report", json, "--out", at("third"))).status()).isEqualTo(1);
        assertThat(withoutCommand("third")).isEqualTo(withoutCommand("first"));
    }

    private String withoutCommand(String name) throws IOException {
        return Files.readString(folder.resolve(name).resolve("finding.json"))
                .replaceAll("\"reproduce\".*", "");
    }

    @Test
    void aFiledFindingIsToldAgainInItsFolder() throws Exception {
        search("racy", folder.resolve("first"));
        Path filed =
                folder.resolve("findings").resolve(names(folder.resolve("findings")).getFirst());
        String page = Files.readString(filed.resolve("report.html"));
        String readme = Files.readString(filed.resolve("README.md"));
        Files.writeString(filed.resolve("report.html"), "damaged");
        Files.delete(filed.resolve("README.md"));
        assertThat(run(List.of("report", filed.toString())).status()).isEqualTo(1);
        assertThat(Files.readString(filed.resolve("report.html"))).isEqualTo(page);
        assertThat(Files.readString(filed.resolve("README.md"))).isEqualTo(readme);
        assertThat(names(filed))
                .containsExactly("README.md", "finding.json", "minimal.schedule", "report.html");
    }

    @Test
    void aReplayWritesReportsOfItsOutcome() throws Exception {
        search("racy", folder.resolve("first"));
        List<String> arguments =
                new ArrayList<>(List.of("replay", at("out/counter/racy-seed1.schedule")));
        arguments.addAll(files(folder.resolve("second")));
        assertThat(run(arguments).status()).isEqualTo(1);
        assertThat(names(folder.resolve("second"))).containsExactlyInAnyOrderElementsOf(FILES);
    }

    @Test
    void aReportThatCannotBeWrittenIsOneLine() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        Outcome outcome =
                run(
                        List.of(
                                "search",
                                "counter",
                                "--executions",
                                "2000",
                                "--findings",
                                at("findings"),
                                "--out",
                                at("out"),
                                "--sarif",
                                file.resolve("x.sarif").toString()));
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err().strip().lines()).hasSize(1);
        assertThat(outcome.err()).contains("the report cannot be written");
        assertThat(Files.readString(file)).isEqualTo("mine");
    }

    @Test
    void whatIsNoFindingGetsOneClearLine() throws Exception {
        Path file = Files.writeString(folder.resolve("finding.json"), "{\"format\":\"other\"}");
        for (String path : List.of(file.toString(), at("nowhere"), at(""))) {
            Outcome outcome = run(List.of("report", path));
            assertThat(outcome.status()).as(path).isEqualTo(2);
            assertThat(outcome.err().strip().lines()).hasSize(1);
        }
    }
}
