package org.selvage.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.selvage.report.FindingJson;
import org.selvage.report.HtmlReport;
import org.selvage.report.JUnitXml;
import org.selvage.report.MarkdownSummary;
import org.selvage.report.Outcome;
import org.selvage.report.Sarif;
import org.selvage.report.SourceFolders;
import org.selvage.report.Sources;
import org.selvage.report.WholeFile;
import picocli.CommandLine.Option;

/**
 * The options that ask for reports as files, the same for every command that has something to
 * report.
 */
final class ReportFiles {
    @Option(names = "--html", paramLabel = "F", description = "write a finding's page to this file")
    private @Nullable Path html;

    @Option(
            names = "--json",
            paramLabel = "F",
            description =
                    "write a finding as JSON to this file; finding.schema.json in harness/report"
                            + " describes it")
    private @Nullable Path json;

    @Option(
            names = "--junit-xml",
            paramLabel = "F",
            description = "write the outcome as JUnit XML to this file")
    private @Nullable Path junitXml;

    @Option(
            names = "--sarif",
            paramLabel = "F",
            description = "write the outcome as SARIF 2.1.0 to this file")
    private @Nullable Path sarif;

    @Option(
            names = "--markdown",
            paramLabel = "F",
            description = "write the outcome as Markdown, for a job page, to this file")
    private @Nullable Path markdown;

    @Option(
            names = "--sources",
            paramLabel = "DIR",
            description = {
                "a folder with sources, to quote lines from; may be repeated. By default beside",
                "the classes, and in src/main/java and src/test/java of their project"
            })
    private List<Path> sources = new ArrayList<>();

    /** Where the sources of the programs are found. */
    Sources sources(Programs programs) {
        return new SourceFolders(
                sources.isEmpty() ? SourceFolders.besides(programs.path()) : sources);
    }

    /** Names every file that is not named yet inside a folder. */
    void fill(Path folder) {
        html = html == null ? folder.resolve("report.html") : html;
        json = json == null ? folder.resolve("finding.json") : json;
        junitXml = junitXml == null ? folder.resolve("junit.xml") : junitXml;
        sarif = sarif == null ? folder.resolve("finding.sarif") : sarif;
        markdown = markdown == null ? folder.resolve("summary.md") : markdown;
    }

    /** Whether anything was asked for. */
    boolean isAsked() {
        return html != null
                || json != null
                || junitXml != null
                || sarif != null
                || markdown != null;
    }

    /**
     * Writes what was asked for, each file in one step. The page and the JSON exist only for a
     * finding; the others also say that nothing was found.
     *
     * @return the files that were written
     * @throws Main.UsageException if one cannot be written
     */
    List<Path> write(Outcome outcome) {
        Map<Path, String> files = new LinkedHashMap<>();
        if (outcome instanceof Outcome.Found found) {
            put(files, html, html == null ? "" : HtmlReport.print(found.finding()));
            put(files, json, json == null ? "" : FindingJson.print(found.finding()));
        }
        List<Outcome> outcomes = List.of(outcome);
        put(files, junitXml, junitXml == null ? "" : JUnitXml.print(outcomes));
        put(files, sarif, sarif == null ? "" : Sarif.print(Outcome.findings(outcomes)));
        put(files, markdown, markdown == null ? "" : MarkdownSummary.print(outcomes));
        files.forEach(ReportFiles::write);
        return List.copyOf(files.keySet());
    }

    private static void put(Map<Path, String> files, @Nullable Path file, String text) {
        if (file != null) {
            files.put(file, text);
        }
    }

    private static void write(Path file, String text) {
        try {
            WholeFile.write(file, text);
        } catch (IOException e) {
            throw new Main.UsageException(
                    "the report cannot be written: file=" + file + " cause=" + e, e);
        }
    }
}
