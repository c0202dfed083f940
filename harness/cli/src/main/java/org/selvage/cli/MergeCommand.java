package org.selvage.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.selvage.report.Coverage;
import org.selvage.report.TextReport;
import org.selvage.search.SavedSearch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Merges the results of shards. */
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        description =
                "Merges the results of the shards of one search. Exit status 1 if one found something.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class MergeCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "files that end in .search, or folders with such files")
    private List<Path> paths;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter stdout = spec.commandLine().getOut();
        SavedSearch.Merged merged;
        try {
            merged = SavedSearch.merge(files());
        } catch (FileSystemException | UncheckedIOException e) {
            // Their messages are no more than the file's name.
            throw new Main.UsageException("a file cannot be read: cause=" + e, e);
        } catch (IOException e) {
            throw new Main.UsageException(String.valueOf(e.getMessage()), e);
        }
        stdout.println("shards: " + merged.shards());
        stdout.print(
                merged.found().isEmpty()
                        ? TextReport.nothingFound(
                                new Coverage(
                                        merged.subject().replaceFirst(" defects=.*", ""),
                                        "",
                                        merged.subject(),
                                        List.of("the budgets of the shards"),
                                        merged.result()))
                        : "found: " + merged.found() + "\n");
        return merged.found().isEmpty() ? Main.NOTHING_FOUND : Main.FOUND;
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                try (Stream<Path> inside = Files.walk(path)) {
                    inside.filter(file -> file.toString().endsWith(".search"))
                            .sorted()
                            .forEach(files::add);
                }
            } else {
                files.add(path);
            }
        }
        return files;
    }
}
