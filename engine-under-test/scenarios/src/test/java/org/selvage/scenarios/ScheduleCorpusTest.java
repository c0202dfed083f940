package org.selvage.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.selvage.search.Confirmation;
import org.selvage.search.Schedule;
import org.selvage.search.ScheduleText;
import org.selvage.search.Trace;

/** Every schedule under schedules/ and findings/ still does what it says: the regression corpus. */
final class ScheduleCorpusTest {
    private static final Path ROOT = Path.of(System.getProperty("selvage.root"));

    @TestFactory
    List<DynamicTest> everyScheduleReplays() throws Exception {
        List<Path> files;
        try (Stream<Path> kept = Files.walk(ROOT.resolve("schedules"));
                Stream<Path> found = Files.walk(ROOT.resolve("findings"))) {
            files =
                    Stream.concat(kept, found)
                            .filter(file -> file.toString().endsWith(".schedule"))
                            .sorted()
                            .toList();
        }
        assertThat(files).hasSizeGreaterThanOrEqualTo(2);
        return files.stream()
                .map(file ->
                        DynamicTest.dynamicTest(
                                ROOT.relativize(file).toString(), () -> replay(file)))
                .toList();
    }

    private static void replay(Path file) throws Exception {
        Schedule schedule = ScheduleText.parse(Files.readString(file));
        Stage.with(
                schedule,
                subject -> {
                    Trace first = Confirmation.replay(subject, schedule);
                    assertThat(Confirmation.difference(schedule, first)).isEmpty();
                    for (int i = 0; i < 10; i++) {
                        assertThat(Confirmation.replay(subject, schedule).digest())
                                .isEqualTo(first.digest());
                    }
                    return true;
                });
    }
}
