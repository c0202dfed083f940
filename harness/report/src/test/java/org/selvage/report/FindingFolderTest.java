package org.selvage.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.search.ScheduleText;

class FindingFolderTest {
    @TempDir Path dir;
    private final FindingFolder folder = new FindingFolder();

    private static List<String> names(Path dir) throws IOException {
        try (Stream<Path> entries = Files.list(dir)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFindingHasAReadmeAScheduleAndJson() throws Exception {
        Finding finding = Samples.lostUpdate().finding();
        Path written = folder.write(dir.resolve("findings"), finding);
        assertThat(written)
                .isEqualTo(dir.resolve("findings").resolve("0001-lost-update-assertion-error"));
        assertThat(names(written)).contains("README.md", "finding.json", "minimal.schedule");
        assertThat(ScheduleText.parse(Files.readString(written.resolve("minimal.schedule"))))
                .isEqualTo(finding.schedule());
        assertThat(Files.readString(written.resolve("README.md")))
                .startsWith(
                        "# 0001: lost-update: AssertionError\n\nlost update: value=1\n\n## How to run\n")
                .contains(
                        "./selvage replay findings/0001-lost-update-assertion-error/minimal.schedule --trace\n")
                .contains("2. Meanwhile two runs from Counter.add:11 to Counter.add:12 and ends.\n")
                .contains("| failed java.lang.AssertionError at Counter.check | 1 | Forbidden |")
                .contains("| passed | 39 | Acceptable |")
                .contains("| cut off | 2 | Unknown |");
        assertThat(names(dir.resolve("findings"))).hasSize(1);
    }

    @Test
    void theSameFailureIsRecognisedAndNotFiledTwice() throws Exception {
        Path first = folder.write(dir, Samples.lostUpdate().finding());
        // The message is another one; kind and place are the same.
        assertThat(folder.write(dir, Samples.lostUpdate("lost update: value=9").finding()))
                .isEqualTo(first);
        assertThat(folder.existing(dir, Samples.lostUpdate().finding())).contains(first);
        assertThat(names(dir)).hasSize(1);
        assertThat(Files.readString(first.resolve("README.md")))
                .contains("value=1")
                .doesNotContain("value=9");
    }

    @Test
    void anotherProfileSubjectDefectOrPlaceIsAnotherFinding() throws Exception {
        Samples.Sample sample = Samples.lostUpdate();
        folder.write(dir, sample.finding("scenario lost-update", ""));
        folder.write(dir, sample.finding("scenario lost-update", "second"));
        folder.write(dir, sample.finding("scenario other", ""));
        folder.write(
                dir,
                sample.builder().finding(sample.trace(), "scenario other", "", List.of("mdev-1")));
        folder.write(dir, Samples.deadlock().finding("scenario lost-update", ""));
        assertThat(names(dir))
                .containsExactly(
                        "0001-lost-update-assertion-error",
                        "0002-lost-update-assertion-error",
                        "0003-other-assertion-error",
                        "0004-other-assertion-error",
                        "0005-lost-update-deadlock");
    }

    @Test
    void twoFilingsOfOneFindingAreTheSameBytesAndNameNoMachine() throws Exception {
        Path one =
                folder.write(
                        dir.resolve("a").resolve("findings"), Samples.dropAgainstMerge().finding());
        Path two =
                folder.write(
                        dir.resolve("b").resolve("findings"), Samples.dropAgainstMerge().finding());
        for (String name : names(one)) {
            assertThat(Files.readString(one.resolve(name)))
                    .isEqualTo(Files.readString(two.resolve(name)))
                    .doesNotContain(dir.toString());
        }
    }

    @Test
    void aDamagedFindingIsPassedOver() throws Exception {
        Path damaged = dir.resolve("0007-damaged");
        Files.createDirectory(damaged);
        Files.writeString(damaged.resolve("finding.json"), "{\"format\":");
        assertThat(folder.write(dir, Samples.lostUpdate().finding()).getFileName().toString())
                .isEqualTo("0008-lost-update-assertion-error");
    }

    @Test
    void aFolderThatIsAFileIsOneClearLine() throws Exception {
        Path file = dir.resolve("findings");
        Files.writeString(file, "not a folder");
        assertThatThrownBy(() -> folder.write(file, Samples.lostUpdate().finding()))
                .isInstanceOf(FindingException.class)
                .hasMessageContaining("the finding cannot be written: folder=" + file)
                .hasMessageContaining("name a folder that can be written to")
                .hasMessageNotContaining("\n");
        assertThat(Files.readString(file)).isEqualTo("not a folder");
    }

    @Test
    void aReadOnlyFolderIsOneClearLine() throws Exception {
        Path zip = dir.resolve("read-only.zip");
        URI uri = URI.create("jar:" + zip.toUri());
        try (FileSystem made = FileSystems.newFileSystem(uri, Map.of("create", "true"))) {
            Files.createDirectory(made.getPath("/findings"));
        }
        try (FileSystem readOnly =
                FileSystems.newFileSystem(uri, Map.of("accessMode", "readOnly"))) {
            Path findings = readOnly.getPath("/findings");
            assertThatThrownBy(() -> folder.write(findings, Samples.lostUpdate().finding()))
                    .isInstanceOf(FindingException.class)
                    .hasMessageContaining("the finding cannot be written: folder=/findings");
            assertThat(names(findings)).isEmpty();
        }
    }

    @Test
    void aFailureHalfWayLeavesNothing() throws Exception {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("README.md", "text");
        files.put("n".repeat(300), "a name that no file system takes");
        assertThatThrownBy(() -> FindingFolder.place(dir, dir.resolve("0001-x"), files))
                .isInstanceOf(IOException.class);
        assertThat(names(dir)).isEmpty();
    }

    @Test
    void aNumberThatAnotherProcessTookMeanwhileIsNotOverwritten() throws Exception {
        Path taken = dir.resolve("0001-x");
        Files.createDirectory(taken);
        Files.writeString(taken.resolve("README.md"), "another");
        assertThat(FindingFolder.place(dir, taken, Map.of("README.md", "mine"))).isFalse();
        assertThat(Files.readString(taken.resolve("README.md"))).isEqualTo("another");
        assertThat(names(dir)).containsExactly("0001-x");
    }

    @Test
    void aSlugIsAFileNameWhateverTheSubjectIs() {
        Samples.Sample sample = Samples.lostUpdate();
        assertThat(FindingFolder.slug(sample.finding("main ../../etc/Passwd$Inner", "")))
                .isEqualTo("etc-passwd-inner-assertion-error");
        assertThat(FindingFolder.slug(sample.finding("test " + "a".repeat(200), ""))).hasSize(60);
    }
}
