package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A full disk and too few file descriptors, in a process of its own with a limit of the shell. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LimitTest {
    @TempDir Path dir;

    private List<String> run(String limit, String load, int maxOpenFiles)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "ulimit " + limit + "; exec \"$@\"",
                                "sh",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:-UsePerfData",
                                "-Xshare:auto",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                LimitedLoad.class.getName(),
                                dir.toString(),
                                load,
                                String.valueOf(maxOpenFiles))
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        List<String> lines = output.lines().toList();
        assertThat(lines).startsWith("loaded");
        return lines.subList(1, lines.size());
    }

    @Test
    void aFullDiskIsATypedErrorAndLosesNothing() throws Exception {
        List<String> lines = run("-f 1500", "rows", 100);
        long acknowledged = lines.stream().filter(line -> line.startsWith("done ")).count();
        assertThat(acknowledged).isBetween(100L, 99_000L);
        assertThat(lines.get((int) acknowledged))
                .startsWith("EngineIoException")
                .contains("file=" + dir.resolve("data"));
        try (Engine engine = Engine.open(dir.resolve("data"), LimitedLoad.config(100))) {
            assertThat(engine.validate()).isEqualTo(acknowledged);
            for (long key = 0; key < acknowledged; key++) {
                assertThat(engine.get("t", key)).isNotNull();
            }
            engine.insert("t", acknowledged, 1L, "there is room again");
        }
    }

    @Test
    void fewDescriptorsSufficeWhenFewFilesMayBeOpen() throws Exception {
        List<String> lines = run("-n 60", "tables", 10);
        assertThat(lines).hasSize(150).allMatch(line -> line.startsWith("done "));
        try (Engine engine = Engine.open(dir.resolve("data"), LimitedLoad.config(10))) {
            assertThat(engine.tableNames()).hasSize(150);
            assertThat(engine.validate()).isZero();
        }
    }

    @Test
    void tooFewDescriptorsAreATypedErrorAndLeaveNothingHalf() throws Exception {
        List<String> lines = run("-n 60", "tables", 2000);
        int created = (int) lines.stream().filter(line -> line.startsWith("done ")).count();
        assertThat(created).isBetween(5, 60);
        assertThat(lines.get(created))
                .startsWith("EngineIoException")
                .contains("Too many open files");
        try (Engine engine = Engine.open(dir.resolve("data"), LimitedLoad.config(100))) {
            assertThat(engine.tableNames()).hasSize(created);
            assertThat(engine.tablespaces().files()).hasSize(created);
            assertThat(engine.validate()).isZero();
        }
    }
}
