package org.selvage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.util.Random;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    private final FileSystem fileSystem =
            new SimulatedDisk(DiskImage.empty(), DiskListener.NONE).fileSystem();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*.ibd             | t1.ibd      | true",
                "*.ibd             | d/t1.ibd    | false",
                "**.ibd            | d/t1.ibd    | true",
                "**.ibd            | d/e/t1.ibd  | true",
                "?                 | a           | true",
                "?                 | ab          | false",
                "a?b               | a/b         | false",
                "a[!x]b            | a/b         | false",
                "ib_logfile[0-9]   | ib_logfile7 | true",
                "ib_logfile[!0-9]  | ib_logfile7 | false",
                "[-a]              | -           | true",
                "[a-]              | -           | true",
                "[a&&b]            | &           | true",
                "[*]               | *           | true",
                "[*]               | a           | false",
                "[^a]              | a           | true",
                "*.{ibd,frm}       | t.frm       | true",
                "*.{ibd,frm}       | t.cfg       | false",
                "{a?,b*}c          | bxyc        | true",
                "\\*               | *           | true",
                "\\*               | a           | false",
                "a.b               | axb         | false",
                "(a+b)             | aab         | false",
                "a,b}              | a,b}        | true",
            })
    void matches(String glob, String path, boolean expected) {
        PathMatcher matcher = fileSystem.getPathMatcher("glob:" + glob);
        assertThat(matcher.matches(fileSystem.getPath(path))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\\", "[a", "[", "[]", "{a", "{a{b}}", "[a/b]", "[z-a]", "[a-c-e]", "[--]"})
    void refuses(String glob) {
        assertThatExceptionOfType(PatternSyntaxException.class)
                .isThrownBy(() -> fileSystem.getPathMatcher("glob:" + glob));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void agreesWithTheMachine() {
        Random random = new Random(11);
        int matched = 0;
        for (int i = 0; i < 40_000; i++) {
            String glob = "glob:" + randomText(random, "ab.*?{}[],\\!-c^&/");
            String text = randomText(random, "ab.c/!-");
            boolean expected;
            try {
                expected =
                        FileSystems.getDefault()
                                .getPathMatcher(glob)
                                .matches(FileSystems.getDefault().getPath(text));
            } catch (PatternSyntaxException e) {
                assertThatExceptionOfType(PatternSyntaxException.class)
                        .as(glob)
                        .isThrownBy(() -> fileSystem.getPathMatcher(glob));
                continue;
            }
            assertThat(fileSystem.getPathMatcher(glob).matches(fileSystem.getPath(text)))
                    .as("%s on %s", glob, text)
                    .isEqualTo(expected);
            matched += expected ? 1 : 0;
        }
        assertThat(matched).as("patterns that matched").isGreaterThan(500);
    }

    private static String randomText(Random random, String alphabet) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @Test
    void regexMatchesTheWholePath() {
        PathMatcher matcher = fileSystem.getPathMatcher("REGEX:a/.*[0-9]");
        assertThat(matcher.matches(fileSystem.getPath("a/b1"))).isTrue();
        assertThat(matcher.matches(fileSystem.getPath("x/a/b1"))).isFalse();
    }

    @Test
    void refusesUnknownSyntax() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> fileSystem.getPathMatcher("sql:a%"))
                .withMessageContaining("syntax=sql");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> fileSystem.getPathMatcher("*.ibd"));
    }
}
