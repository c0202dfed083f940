package org.selvage.engine.redo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.workload.CrashLoad;
import org.selvage.engine.workload.CrashWorkload;

/**
 * Kills a process in the middle of a mixed load with DDL, opens its folder again, and compares with
 * what was acknowledged. Every second round the process that recovers the folder is killed, too.
 * More rounds with -Dselvage.kill.rounds=500, others with -Dselvage.kill.seed=8.
 */
class KillTest {
    private static final int CLIENTS = 4;

    /** Operations that a round lets pass at least, so that there is something to lose. */
    private static final int LEAST_JOURNAL_BYTES = 2_000;

    /** Most milliseconds that a recovery is given before it is killed. */
    private static final int MOST_RECOVERY_MILLIS = 60;

    @TempDir Path dir;

    @Test
    void nothingIsLostNothingComesBackNoFileStays() throws Exception {
        int rounds = Integer.getInteger("selvage.kill.rounds", 3);
        long seed = Long.getLong("selvage.kill.seed", 7);
        Random random = new Random(seed);
        Path folder = dir.resolve("data");
        Path journals = Files.createDirectories(dir.resolve("journals"));
        EngineConfig config = CrashWorkload.config(EngineConfig.MARIADB_10_2_9);
        long operations = 0;
        int recoveriesKilled = 0;
        for (int round = 0; round < rounds; round++) {
            long loadSeed = seed * 100_000 + round;
            long before = bytes(journals);
            Process process = start(folder, journals, loadSeed);
            long wanted = before + LEAST_JOURNAL_BYTES + random.nextInt(30_000);
            while (process.isAlive() && bytes(journals) < wanted) {
                process.waitFor(random.nextInt(20) + 1L, TimeUnit.MILLISECONDS);
            }
            kill(process, round);
            if (round % 2 == 1) {
                recoveriesKilled += killInRecovery(folder, journals, random, round) ? 1 : 0;
            }
            CrashWorkload.Outcome outcome =
                    new CrashWorkload(CLIENTS, loadSeed).check(folder, journals, config);
            assertThat(outcome.operations()).isGreaterThan(operations);
            operations = outcome.operations();
        }
        assertThat(rounds < 20 || recoveriesKilled > 0).as("a recovery was killed").isTrue();
    }

    /** Kills a process a moment after it has begun to open the folder; false when it was open. */
    private static boolean killInRecovery(Path folder, Path journals, Random random, int round)
            throws Exception {
        Files.deleteIfExists(CrashLoad.openingOf(journals));
        Files.deleteIfExists(CrashLoad.openOf(journals));
        Process process = start(folder, journals, round);
        while (process.isAlive() && !Files.exists(CrashLoad.openingOf(journals))) {
            process.waitFor(1, TimeUnit.MILLISECONDS);
        }
        process.waitFor(random.nextInt(MOST_RECOVERY_MILLIS) + 1L, TimeUnit.MILLISECONDS);
        kill(process, round);
        return !Files.exists(CrashLoad.openOf(journals));
    }

    private static void kill(Process process, int round) throws Exception {
        assertThat(process.isAlive()).as("round " + round + ": " + error(process)).isTrue();
        process.destroyForcibly().waitFor();
    }

    private static String error(Process process) throws IOException {
        return process.isAlive()
                ? "alive"
                : new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Process start(Path folder, Path journals, long seed) throws IOException {
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
                        String.valueOf(seed),
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
