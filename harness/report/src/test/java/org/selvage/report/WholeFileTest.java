package org.selvage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir private Path folder = Path.of("set by JUnit");

    /** As {@code --json /dev/stdout}: a file that took its place would be nobody's output. */
    @Test
    void whatIsNoFileIsWrittenToAndStays() throws Exception {
        Path pipe = folder.resolve("pipe");
        int status = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor();
        assertThat(status).isZero();
        // Opened for both, a pipe blocks nobody.
        try (RandomAccessFile open = new RandomAccessFile(pipe.toFile(), "rw")) {
            WholeFile.write(pipe, "told\n");
            assertThat(Files.isRegularFile(pipe)).isFalse();
            assertThat(open.readLine()).isEqualTo("told");
        }
    }

    @Test
    void whatWasThereIsReplaced() throws Exception {
        Path file = folder.resolve("sub/file");
        WholeFile.write(file, "first and longer");
        WholeFile.write(file, "second");
        assertThat(file).hasContent("second");
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**.partial");
    }
}
