package org.selvage.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class FindingJsonTest {
    @TempDir Path dir;

    private static JsonNode parse(Finding finding) {
        return FindingJson.MAPPER.readTree(FindingJson.print(finding));
    }

    @Test
    void theErrorTheSearchAndTheOperationsAreThere() {
        JsonNode root =
                parse(Samples.dropAgainstMerge().finding("scenario drop-vs-merge", "mysql-5.7.22"));
        assertThat(root.path("error").asString()).isEqualTo(Samples.MISSING_SPACE);
        assertThat(root.path("verdict").path("exception").asString())
                .isEqualTo("java.lang.IllegalStateException");
        assertThat(root.path("search").path("failingExecution").asInt()).isEqualTo(42);
        assertThat(root.path("operations").size()).isEqualTo(74);
        assertThat(root.path("digest").asString()).isEqualTo("0000000005e1fa6e");
    }

    @Test
    void stopsNameTheirReason() {
        JsonNode stop = parse(Samples.lostUpdate().finding()).path("stops").get(1);
        assertThat(stop.path("reason").asString()).isEqualTo("preempted");
        assertThat(stop.path("after").asInt()).isEqualTo(5);
        assertThat(stop.path("until").asInt()).isEqualTo(10);
        assertThat(stop.path("before").asString()).isEqualTo("write Counter.value");
    }

    @Test
    void whateverTheProgramSaysComesBack() {
        String message =
                "quote \" backslash \\ newline \n tab \t end </script> \u2028 \ud83d\ude00 \u0000";
        JsonNode root = parse(Samples.lostUpdate(message).finding());
        assertThat(root.path("verdict").path("message").asString()).isEqualTo(message);
        assertThat(root.path("error").asString()).doesNotContain("\n", "\t");
    }

    @Test
    void aMissingMessageIsNull() {
        TraceBuilder b = new TraceBuilder("main");
        b.begin(0).end(0);
        Finding finding = b.finding(b.failed(0, new IllegalStateException()), "scenario x", "");
        assertThat(parse(finding).path("verdict").path("message").isNull()).isTrue();
    }

    @Test
    void anotherVersionIsRefused() throws Exception {
        Path file = dir.resolve("finding.json");
        Files.writeString(file, "{\"format\":\"selvage-finding\",\"version\":2}");
        assertThatThrownBy(() -> FindingJson.read(file))
                .isInstanceOf(FindingException.class)
                .hasMessage("this is no finding of a known version: file=" + file + " known=1");
    }

    @Test
    void damagedFilesAreReadOrRefusedInOneLine() throws Exception {
        byte[] good =
                FindingJson.print(Samples.lostUpdate().finding()).getBytes(StandardCharsets.UTF_8);
        Path file = dir.resolve("finding.json");
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] bad = good.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(3) == 0 ? random.nextInt(bad.length) : bad.length;
            Files.write(file, java.util.Arrays.copyOf(bad, length));
            try {
                FindingJson.readIdentity(file);
            } catch (FindingException e) {
                refused++;
                assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(400);
            }
        }
        assertThat(refused).isBetween(300, 3_000);
    }

    @Test
    void deepNestingIsRefused() throws Exception {
        Path file = dir.resolve("finding.json");
        Files.writeString(file, "[".repeat(100_000));
        assertThatThrownBy(() -> FindingJson.read(file))
                .isInstanceOf(FindingException.class)
                .hasMessageContaining("depth");
    }
}
