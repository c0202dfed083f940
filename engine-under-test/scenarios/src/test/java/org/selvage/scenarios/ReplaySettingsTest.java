package org.selvage.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.selvage.search.Confirmation;
import org.selvage.search.Schedule;
import org.selvage.search.ScheduleText;
import org.selvage.search.Trace;

/**
 * The engine's kept schedules do the same operations in any JVM. {@code
 * -Dselvage.replay.settings=all} tries all settings, some of them slow, and the build two; or the
 * property names the options of one. {@code -Dselvage.replay.schedules=FOLDER} takes the schedules
 * of another folder.
 */
final class ReplaySettingsTest {
    private static final Path SCHEDULES =
            Path.of(
                    System.getProperty(
                            "selvage.replay.schedules",
                            System.getProperty("selvage.root") + "/schedules"));

    private static String here = "";

    static Stream<String> settings() {
        Stream<String> quick =
                Stream.of("-Xmx96m -XX:+UseSerialGC -XX:TieredStopAtLevel=1", "-XX:+UseZGC");
        Stream<String> others =
                Stream.of(
                        "-Xmx4g -XX:+UseG1GC",
                        "-XX:+UseParallelGC",
                        "-Xint",
                        "-Xcomp -XX:TieredStopAtLevel=1",
                        "-Xcomp");
        String asked = System.getProperty("selvage.replay.settings", "");
        return switch (asked) {
            case "" -> quick;
            case "all" -> Stream.concat(quick, others);
            default -> Stream.of(asked);
        };
    }

    @BeforeAll
    static void replayHere() throws Exception {
        here = Replayed.digests(SCHEDULES);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aFreshJvmOfAnotherKindDoesTheSameOperations(String options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (option.startsWith("-javaagent")) {
                command.add(option);
            }
        }
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-XX:-PrintWarnings", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Replayed.class.getName(), SCHEDULES.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        assertThat(text).isEqualTo(here);
    }

    /** Replays the schedules twice in a JVM of its own. */
    static final class Replayed {
        private Replayed() {}

        /** Prints the digests of the schedules below a folder. */
        public static void main(String[] arguments) throws Exception {
            System.out.print(digests(Path.of(arguments[0])));
        }

        static String digests(Path folder) throws Exception {
            StringBuilder text = new StringBuilder();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".schedule")).sorted().toList()) {
                    text.append(folder.relativize(file)).append(' ').append(digest(file));
                    text.append('\n');
                }
            }
            assertThat(text.toString()).isNotEmpty();
            return text.toString();
        }

        private static String digest(Path file) throws Exception {
            Schedule schedule = ScheduleText.parse(Files.readString(file));
            return Stage.with(
                    schedule,
                    subject -> {
                        Trace first = Confirmation.replay(subject, schedule);
                        Trace second = Confirmation.replay(subject, schedule);
                        assertThat(Confirmation.difference(schedule, first)).isEmpty();
                        assertThat(second.digest()).isEqualTo(first.digest());
                        // The digest leaves values out.
                        assertThat(second.steps()).isEqualTo(first.steps());
                        int operations = first.steps().toString().hashCode();
                        return first.steps().size() + " " + first.digest() + " " + operations;
                    });
        }
    }
}
