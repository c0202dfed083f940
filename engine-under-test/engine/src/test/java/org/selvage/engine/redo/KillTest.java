package org.selvage.engine.redo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.workload.CrashLoad;
import org.selvage.engine.workload.CrashWorkload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Kills a process in the middle of a mixed load with DDL, opens its folder again, and compares with
 * what was acknowledged. More rounds with -Dselvage.kill.rounds=500.
 */
class KillTest {
    private static final int CLIENTS = 4;

    /** Operations that a round lets pass at least, so that there is something to lose. */
    private static final int LEAST_JOURNAL_BYTES = 2_000;

    @TempDir Path dir;

    @Test
    void nothingIsLostNothingComesBackNoFileStays() throws Exception {
        int rounds = Integer.getInteger("selvage.kill.rounds", 3);
        Random random = new Random(7);
        Path folder = dir.resolve("data");
        Path journals = Files.createDirectories(dir.resolve("journals"));
        EngineConfig config = CrashWorkload.config(EngineConfig.MARIADB_10_2_9);
        long operations = 0;
        for (int round = 0; round < rounds; round++) {
            long before = bytes(journals);
            Process process = start(folder, journals, round);
            long wanted = before + LEAST_JOURNAL_BYTES + random.nextInt(30_000);
            while (process.isAlive() && bytes(journals) < wanted) {
                process.waitFor(random.nextInt(20) + 1L, TimeUnit.MILLISECONDS);
            }
            assertThat(process.isAlive()).as("round " + round + ": " + error(process)).isTrue();
            process.destroyForcibly().waitFor();
            CrashWorkload.Outcome outcome =
                    new CrashWorkload(CLIENTS, round).check(folder, journals, config);
            assertThat(outcome.operations()).isGreaterThan(operations);
            operations = outcome.operations();
        }
    }

    private static String error(Process process) throws IOException {
        return process.isAlive()
                ? "alive"
                : new String(
                        process.getErrorStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
    }

    private static Process start(Path folder, Path journals, int round) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        CrashLoad.class.getName(),
                        folder.toString(),
                        journals.toString(),
                        String.valueOf(CLIENTS),
                        String.valueOf(round),
                        EngineConfig.MARIADB_10_2_9)
                .start();
    }

    private static long bytes(Path journals) throws IOException {
        try (Stream<Path> files = Files.list(journals)) {
            long sum = 0;
            for (Path file : files.toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }
}
