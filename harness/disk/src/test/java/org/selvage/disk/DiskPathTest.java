package org.selvage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class DiskPathTest {
    private static final String[] PARTS = {
        "a", "b", "ab", ".", "..", "/", "/", "//", "x y", "é", "%", ""
    };

    private final SimulatedDisk disk = new SimulatedDisk(DiskImage.empty(), DiskListener.NONE);

    /** Each method of a path against the same method of a Unix path of the machine. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void behavesAsUnixPathsDo() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            String first = randomText(random);
            String second = randomText(random);
            int from = random.nextInt(4) - 1;
            int to = random.nextInt(5);
            String real = describe(Path.of(first), Path.of(second), from, to);
            String ours = describe(disk.path(first), disk.path(second), from, to);
            assertThat(ours).as("'%s' and '%s' %s %s", first, second, from, to).isEqualTo(real);
            assertThat(disk.path(first, second, "c").toString())
                    .isEqualTo(Path.of(first, second, "c").toString());
        }
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(7); i > 0; i--) {
            text.append(PARTS[random.nextInt(PARTS.length)]);
            if (random.nextBoolean()) {
                text.append('/');
            }
        }
        return text.toString();
    }

    private static String describe(Path path, Path other, int from, int to) {
        List<Function<Path, Object>> questions =
                List.of(
                        p -> p,
                        Path::isAbsolute,
                        p -> String.valueOf(p.getRoot()),
                        p -> String.valueOf(p.getParent()),
                        p -> String.valueOf(p.getFileName()),
                        Path::getNameCount,
                        p -> p.getName(from),
                        p -> p.subpath(from, to),
                        Path::normalize,
                        p -> p.resolve(other),
                        p -> p.resolve(other.toString()),
                        p -> p.resolveSibling(other),
                        p -> p.relativize(other),
                        p -> p.startsWith(other),
                        p -> p.endsWith(other),
                        p -> p.startsWith(other.toString()),
                        p -> p.equals(other),
                        p -> p.hashCode() == other.hashCode() || !p.equals(other),
                        p -> Integer.signum(p.compareTo(other)),
                        p -> {
                            List<String> names = new ArrayList<>();
                            p.forEach(name -> names.add(name.toString()));
                            return names;
                        });
        StringBuilder answers = new StringBuilder();
        for (Function<Path, Object> question : questions) {
            answers.append(answer(path, question)).append(" | ");
        }
        return answers.toString();
    }

    private static Object answer(Path path, Function<Path, Object> question) {
        try {
            return question.apply(path);
        } catch (IllegalArgumentException e) {
            return e.getClass();
        }
    }

    @Test
    void relativePathsStartFromTheRoot() {
        assertThat(disk.path("a/b").toAbsolutePath()).hasToString("/a/b");
        assertThat(disk.path("").toAbsolutePath()).hasToString("/");
    }

    @Test
    void uriNamesThePathAndLeadsBack() {
        for (String text : List.of("/", "/data/ibdata1", "/x y/%41/é#?", "/a:b")) {
            Path path = disk.path(text);
            URI uri = path.toUri();
            assertThat(uri.toString()).startsWith("selvage:///").isASCII();
            assertThat(disk.fileSystem().provider().getPath(uri)).isEqualTo(path);
        }
        assertThat(disk.path("data/x y").toUri()).hasToString("selvage:///data/x%20y");
    }

    @Test
    void refusesUrisOfOthers() {
        for (String text :
                List.of(
                        "file:///a",
                        "selvage://host/a",
                        "selvage:a",
                        "selvage:///a?q",
                        "selvage:///a#f",
                        "a")) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .as(text)
                    .isThrownBy(() -> disk.fileSystem().provider().getPath(URI.create(text)))
                    .withMessageContaining("uri=" + text);
        }
    }

    @Test
    void refusesNul() {
        assertThatExceptionOfType(InvalidPathException.class).isThrownBy(() -> disk.path("a\0b"));
    }

    @Test
    void pathsOfTwoDisksAreNeverEqual() {
        SimulatedDisk other = new SimulatedDisk(DiskImage.empty(), DiskListener.NONE);
        Path here = disk.path("/a");
        Path there = other.path("/a");
        assertThat(here).isNotEqualTo(there);
        assertThat(here.startsWith(there)).isFalse();
        assertThat(here.endsWith(there)).isFalse();
    }

    @Test
    void doesNotMixWithPathsOfTheMachine() {
        Path machine = Path.of("a");
        assertThatExceptionOfType(ProviderMismatchException.class)
                .isThrownBy(() -> disk.path("/").resolve(machine))
                .withMessageContaining("class=");
        assertThatExceptionOfType(ProviderMismatchException.class)
                .isThrownBy(() -> disk.path("a").relativize(machine));
        assertThat(disk.path("a").startsWith(machine)).isFalse();
        assertThat(disk.path("a").endsWith(machine)).isFalse();
        assertThat(disk.path("a").equals(machine)).isFalse();
    }

    @Test
    void cannotBeAFileOrBeWatched() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> disk.path("a").toFile());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> disk.fileSystem().newWatchService());
    }
}
