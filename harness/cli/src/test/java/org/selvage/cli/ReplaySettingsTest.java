package org.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A schedule does the same operations in any JVM. */
final class ReplaySettingsTest {
    private static final Pattern DIGEST = Pattern.compile("digest=(\\w+)");

    @TempDir private Path folder = Path.of("set by JUnit");

    private record Output(int status, String text) {
        String digest() {
            Matcher matcher = DIGEST.matcher(text);
            assertThat(matcher.find()).as(text).isTrue();
            return matcher.group(1);
        }
    }

    private static Output run(String... arguments) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out, true);
        return new Output(Main.run(writer, writer, arguments), out.toString());
    }

    private Path schedule() {
        run(
                "search",
                "counter",
                "--executions",
                "2000",
                "--findings",
                folder.resolve("findings").toString(),
                "--out",
                folder.resolve("out").toString());
        return folder.resolve("out/counter/racy-seed1.schedule");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xmx96m -XX:+UseSerialGC",
                "-Xmx4g -XX:+UseG1GC",
                "-XX:+UseParallelGC -Xmx300m",
                "-XX:+UseZGC",
                "-Xint",
                "-Xcomp -XX:TieredStopAtLevel=1"
            })
    void aFreshJvmOfAnotherKindDoesTheSameOperations(String options) throws Exception {
        Path schedule = schedule();
        String here = run("replay", schedule.toString()).digest();
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Process process =
                FreshJvm.start(
                        List.of((options + " -Djava.io.tmpdir=" + temporary).split(" ")),
                        "replay",
                        schedule.toString(),
                        "--times",
                        "3",
                        "--trace");
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Output there = new Output(process.waitFor(), text);
        assertThat(there.status()).as(text).isEqualTo(1);
        assertThat(there.digest()).isEqualTo(here);
        assertThat(text).contains("3 of 3 replays had identical operations");
        assertThat(temporary).isEmptyDirectory();
    }
}
