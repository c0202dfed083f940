package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.selvage.scheduler.Choice;

class ScheduleTextTest {
    private static final List<Choice.Kind> KINDS = List.of(Choice.Kind.values());

    /** Millions with {@code -Dselvage.fuzz=5000000}, others with {@code -Dselvage.fuzz.seed=12}. */
    private static final int MUTANTS = Integer.getInteger("selvage.fuzz", 100_000);

    private static final long SEED = Long.getLong("selvage.fuzz.seed", 11L);

    private static Schedule random(Random random) {
        List<Schedule.Step> steps = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            Choice.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
            Deviation deviation =
                    new Deviation(
                            random.nextInt(100),
                            random.nextInt(100_000),
                            random.nextInt(9),
                            kind,
                            random.nextInt(70));
            String expected = random.nextBoolean() ? "" : "lock Fil.mutex at Fil.look:" + i;
            steps.add(new Schedule.Step(deviation, expected, random.nextBoolean() ? "" : "a -> b"));
        }
        Map<String, String> parameters = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            parameters.put("p" + i, random.nextBoolean() ? "" : "a=b c");
        }
        return new Schedule(
                random.nextBoolean() ? "scenario drop-vs-merge" : "main com.example.Main",
                random.nextBoolean() ? "" : "mysql-5.7.22",
                random.nextBoolean() ? List.of() : List.of("d1", "d2"),
                random.nextLong(),
                Map.copyOf(parameters),
                Long.toHexString(random.nextLong()),
                "failed java.lang.AssertionError at Main.run:12",
                List.copyOf(steps));
    }

    @Test
    void roundTrip() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            Schedule schedule = random(random);
            assertThat(ScheduleText.parse(ScheduleText.print(schedule))).isEqualTo(schedule);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "''~line 1: this is no schedule",
                "hello~line 1: this is no schedule",
                "selvage-schedule 2\\nend 0~line 1: this version of the schedule format is not"
                        + " known: version=2",
                "selvage-schedule 1~cut short",
                "selvage-schedule 1\\nmain M~cut short",
                "selvage-schedule 1\\nmain M\\nend 1~line 3: the file has another number of steps",
                "selvage-schedule 1\\nmain M\\nend x~line 3: the file has another number of steps",
                "selvage-schedule 1\\nend 0~no line says which",
                "selvage-schedule 1\\nmain M\\ntest T\\nend 0~more than one of",
                "selvage-schedule 1\\nmain M\\nmain M\\nend 0~line 3: stands twice: main",
                "selvage-schedule 1\\nmain M\\nseed x\\nend 0~the seed is no number",
                "selvage-schedule 1\\nmain M\\nparameter p\\nend 0~line 3: a parameter is"
                        + " NAME=VALUE",
                "selvage-schedule 1\\nmain M\\nweather fine\\nend 0~line 3: neither a header line"
                        + " nor a step",
                "selvage-schedule 1\\nmain M\\n1@2 task 1 | x\\nend 1~line 3: a step is",
                "selvage-schedule 1\\nmain M\\n1@2.0 fork 1 | x\\nend 1~line 3: a step is",
                "selvage-schedule 1\\nmain M\\n1@9999999999.0 task 1 | x\\nend 1~line 3: a step is",
                "selvage-schedule 1\\nmain M\\nend 0\\n1@2.0 task 1 | x~line 4: nothing may follow"
                        + " the closing line"
            })
    void refusesWithOneLine(String text, String message) {
        assertThatThrownBy(() -> ScheduleText.parse(text.replace("\\n", "\n")))
                .isInstanceOf(ScheduleText.SyntaxException.class)
                .message()
                .contains(message)
                .doesNotContain("\n");
    }

    /** A thread may be named as its program likes. */
    @Test
    void aCommentBeginsAtTheFirstSign() throws Exception {
        String text =
                "selvage-schedule 1\nmain M\n1@2.0 task 1 | lock x (1)   # a # b -> # |\nend 1";
        Schedule.Step step = ScheduleText.parse(text).steps().getFirst();
        assertThat(step.expected()).isEqualTo("lock x (1)");
        assertThat(step.comment()).isEqualTo("a # b -> # |");
    }

    @Test
    void refusesAHugeFile() {
        assertThatThrownBy(() -> ScheduleText.parse("x".repeat(ScheduleText.MAX_CHARS + 1)))
                .isInstanceOf(ScheduleText.SyntaxException.class)
                .hasMessageContaining("too large");
    }

    /** Whatever is done to a schedule file, it is read, or refused with one line. */
    @Test
    void mutants() {
        Random random = new Random(SEED);
        int read = 0;
        for (int i = 0; i < MUTANTS; i++) {
            String text = mutate(ScheduleText.print(random(random)), random);
            try {
                Schedule schedule = ScheduleText.parse(text);
                read++;
                assertThat(ScheduleText.parse(ScheduleText.print(schedule)))
                        .as(text)
                        .isEqualTo(schedule);
            } catch (ScheduleText.SyntaxException e) {
                assertThat(e.getMessage()).isNotBlank().doesNotContain("\n").hasSizeLessThan(300);
            }
        }
        assertThat(read).isBetween(MUTANTS / 100, MUTANTS * 9 / 10);
    }

    private static String mutate(String text, Random random) {
        StringBuilder mutant = new StringBuilder(text);
        for (int i = 1 + random.nextInt(3); i > 0 && mutant.length() > 0; i--) {
            int at = random.nextInt(mutant.length());
            int length = Math.min(1 + random.nextInt(8), mutant.length() - at);
            switch (random.nextInt(6)) {
                case 0 -> mutant.delete(at, at + length);
                case 1 -> mutant.insert(at, mutant.substring(at, at + length));
                case 2 -> mutant.setCharAt(at, (char) random.nextInt(128));
                case 3 -> mutant.setCharAt(at, (char) random.nextInt(Character.MAX_VALUE + 1));
                case 4 -> mutant.insert(at, random.nextInt());
                default -> mutant.setLength(at);
            }
        }
        return mutant.toString();
    }
}
