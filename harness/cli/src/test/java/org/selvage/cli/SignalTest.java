package org.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search that is asked to end tells its results, keeps them, and can be gone on with. */
final class SignalTest {
    private static final Pattern EXECUTIONS = Pattern.compile("covered: ([0-9,]+) executions?");

    @TempDir private Path folder = Path.of("set by JUnit");

    private String[] search(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("search", "--main", "programs.Outside$Polling", "-cp"));
        arguments.add(System.getProperty("selvage.programs"));
        arguments.addAll(List.of("--out", folder.resolve("out").toString()));
        arguments.addAll(List.of("--findings", folder.resolve("findings").toString()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    @Test
    void aTerminatedSearchTellsItsResultsAndIsResumed() throws Exception {
        Process process = FreshJvm.start(List.of(), search("--budget", "60s"));
        String printed;
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            // The worker prints this line before its first execution.
            String line = reader.readLine();
            while (line != null && !line.startsWith("statics")) {
                line = reader.readLine();
            }
            assertThat(line).isNotNull();
            process.toHandle().destroy(); // SIGTERM
            printed = reader.lines().collect(Collectors.joining("\n"));
        }
        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed).contains("nothing found", "go on with: --resume");
        Matcher covered = EXECUTIONS.matcher(printed);
        long executions = covered.find() ? Long.parseLong(covered.group(1).replace(",", "")) : 0L;
        long more = 2L * executions + 1_280L;
        StringWriter out = new StringWriter();
        PrintWriter print = new PrintWriter(out, true);
        assertThat(Main.run(print, print, search("--executions", "" + more, "--resume")))
                .as(out.toString())
                .isZero();
        assertThat(out.toString())
                .contains(String.format(Locale.ROOT, "covered: %,d executions", more));
    }
}
