package org.selvage.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.selvage.report.FiledFinding;
import org.selvage.report.Finding;
import org.selvage.report.FindingException;
import org.selvage.report.FindingFolder;
import org.selvage.report.Outcome;
import org.selvage.report.TextReport;
import org.selvage.search.Confirmation;
import org.selvage.search.Trace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes every form of a report again. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Executes a schedule or a finding once more and makes every report of it again:",
            "report.html, finding.json, junit.xml, finding.sarif and summary.md. The files of a",
            "finding's folder are replaced there, with its README; those of a schedule go to",
            ".selvage/report/NAME."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReportCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "SCHEDULE|FINDING",
            description = "a schedule file, a finding.json, or the folder of a finding")
    private Path file;

    @Option(names = "--out", paramLabel = "DIR", description = "where the files go")
    private @Nullable Path out;

    @Mixin private ReplayOptions options;

    @Mixin private ReportFiles reports;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter stdout = spec.commandLine().getOut();
        if (options.maxSteps() < 1) {
            throw new Main.UsageException("--max-steps must be above zero");
        }
        FiledFinding filed = Schedules.readFiled(file);
        Session session = options.session(filed.schedule());
        Explained explained =
                session.with(
                        options.maxSteps(), subject -> Explained.replay(subject, filed.schedule()));
        Trace trace = explained.trace();
        String difference = Confirmation.difference(filed.schedule(), trace);
        if (!difference.isEmpty()) {
            stdout.println("diverged: " + difference);
            return Main.DIVERGED;
        }
        if (!trace.verdict().isFailure()) {
            stdout.println("the schedule does not fail: " + trace.verdict().summary());
            return Main.NOTHING_FOUND;
        }
        write(
                filed.told(
                                trace,
                                "./selvage replay " + file,
                                explained.cause(),
                                reports.sources(session.programs()))
                        .with(explained.hazards()),
                stdout);
        return Main.FOUND;
    }

    private void write(Finding finding, PrintWriter stdout) {
        boolean inPlace = Files.isDirectory(file) && out == null;
        Path folder = out != null ? out : inPlace ? file : Path.of(".selvage", "report", name());
        Finding told = finding;
        if (inPlace) {
            try {
                told = new FindingFolder().rewrite(file, finding);
            } catch (FindingException e) {
                throw new Main.UsageException(String.valueOf(e.getMessage()), e);
            }
        } else {
            reports.fill(folder);
        }
        List<Path> written = new java.util.ArrayList<>();
        if (inPlace) {
            written.add(file);
        }
        written.addAll(reports.write(new Outcome.Found(told)));
        stdout.print(TextReport.finding(told, written, Terminal.WIDTH, Terminal.isColoured()));
    }

    private String name() {
        Path name = file.toAbsolutePath().normalize().getFileName();
        String text = name == null ? "finding" : name.toString();
        if (text.equals("finding.json")) {
            Path folder = file.toAbsolutePath().normalize().getParent();
            Path parent = folder == null ? null : folder.getFileName();
            return parent == null ? "finding" : parent.toString();
        }
        return text.replaceFirst("\\.schedule$", "");
    }
}
