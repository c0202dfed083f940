package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Failing schedules of the programs in {@code programs.wrong}, as they were found and shrunk, do
 * the same operations with the same values in any JVM. {@code -Dselvage.replay.settings=all} tries
 * all programs and all settings; another value, such as {@code -Xint}, the settings that hold it.
 */
final class ReplaySettingsTest {
    private static final String WANTED = System.getProperty("selvage.replay.settings", "");

    /**
     * The slowest settings replay only so many: under a debugger, the threads of an execution that
     * was dropped stay.
     */
    private static final int FEW = 6;

    /** Never left out: of its objects' classes each JVM has names of its own. */
    private static final String NAMELESS = "wrong.Uses.namelessMonitors";

    private static final long EXECUTIONS = 500L;

    @TempDir private static Path folder = Path.of("set by JUnit");

    static Stream<String> settings() {
        Stream<String> quick =
                Stream.of(
                        "-Xmx96m -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
                        "-Xmx2g -XX:+UseZGC"
                                + " -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=localhost:0");
        Stream<String> others =
                Stream.of(
                        "-Xmx2g -XX:+UseG1GC",
                        "-XX:+UseParallelGC -Xmx300m",
                        "-XX:+UseShenandoahGC",
                        "-XX:+UseSerialGC -Xss4m -XX:-UseCompressedOops",
                        "-Xint",
                        "-Xcomp -XX:TieredStopAtLevel=1",
                        "-Xcomp",
                        "-Dselvage.debugged=true"
                                + " -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=localhost:0");
        return WANTED.isEmpty()
                ? quick
                : Stream.concat(quick, others)
                        .filter(setting -> WANTED.equals("all") || setting.contains(WANTED));
    }

    @BeforeAll
    static void find() throws Exception {
        List<String> programs = MustFailTest.programs();
        int every = !WANTED.isEmpty() ? 1 : programs.size() / FEW;
        for (int i = 0; i < programs.size(); i++) {
            String program = programs.get(i);
            if (i % every != 0 && !program.equals(NAMELESS)) {
                continue;
            }
            Suite.with(program, subject -> find(subject, program));
        }
    }

    private static void find(Subject subject, String program) {
        Search.Failure failure =
                Suite.search(subject, Strategies.DEFAULT, 1L, EXECUTIONS).failure();
        if (failure == null) {
            throw new AssertionError("nothing found: " + program);
        }
        write(subject, program, "found", failure.deviations());
        write(
                subject,
                program,
                "shrunk",
                Shrinker.shrink(subject, failure, EXECUTIONS).deviations());
    }

    private static void write(
            Subject subject, String program, String how, List<Deviation> deviations) {
        Confirmation.Header header =
                new Confirmation.Header("main " + program, "", List.of(), 1, Map.of(), "0");
        Schedule schedule = Confirmation.of(subject, deviations, header).schedule();
        try {
            Files.writeString(
                    folder.resolve(program + "." + how + ".schedule"),
                    ScheduleText.print(schedule));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aFreshJvmOfAnotherKindDoesTheSameOperations(String options) throws Exception {
        boolean slow = options.equals("-Xcomp") || options.contains("debugged");
        int most = slow ? FEW : Integer.MAX_VALUE;
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (option.startsWith("-javaagent")) {
                command.add(option);
            }
        }
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-XX:-PrintWarnings", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Replayed.class.getName(), folder.toString()));
        command.add(Integer.toString(most));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        assertThat(text).isEqualTo(Replayed.outcomes(folder, most));
    }

    /** Replays the schedules twice in a JVM of its own. */
    static final class Replayed {
        private Replayed() {}

        /** Prints how the schedules of a folder end. */
        public static void main(String[] arguments) throws Exception {
            int most = Integer.parseInt(arguments[1]);
            System.out.print(outcomes(Path.of(arguments[0]), most));
            // Under a debugger the threads of dropped tasks are there, and wait.
            System.exit(0);
        }

        static String outcomes(Path folder, int most) throws Exception {
            StringBuilder text = new StringBuilder();
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().limit(most).toList()) {
                    Schedule schedule = ScheduleText.parse(Files.readString(file));
                    text.append(file.getFileName()).append(' ');
                    Suite.with(
                            schedule.subject().substring("main ".length()),
                            subject -> text.append(outcome(subject, schedule)).append('\n'));
                }
            }
            return text.toString();
        }

        private static String outcome(Subject subject, Schedule schedule) {
            Trace first = Confirmation.replay(subject, schedule);
            Trace second = Confirmation.replay(subject, schedule);
            if (!second.steps().equals(first.steps())) {
                return "differs: " + Confirmation.difference(first, second);
            }
            // Values are no part of the digest; the steps have them.
            return first.steps().size()
                    + " operations, digest="
                    + Long.toHexString(first.digest())
                    + " steps="
                    + first.steps().toString().hashCode()
                    + " "
                    + Signature.endOf(first.verdict())
                    + " "
                    + first.verdict().summary()
                    + Confirmation.difference(schedule, first);
        }
    }
}
