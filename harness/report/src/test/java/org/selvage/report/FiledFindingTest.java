package org.selvage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.selvage.search.ScheduleText;

/** Findings are data: whatever is done to one, it is read, or refused with one line. */
final class FiledFindingTest {
    /** Millions with {@code -Dselvage.fuzz=5000000}, others with {@code -Dselvage.fuzz.seed=14}. */
    private static final int MUTANTS = Integer.getInteger("selvage.fuzz", 50_000);

    private static final long SEED = Long.getLong("selvage.fuzz.seed", 13L);

    private static final Finding FINDING =
            Samples.dropAgainstMerge().finding("scenario drop-vs-merge", "mysql-5.7.22");

    @Test
    void whatWasWrittenIsReadBack() throws Exception {
        FiledFinding read = FiledFinding.parseJson("it", FindingJson.print(FINDING));
        assertThat(ScheduleText.print(read.schedule()))
                .isEqualTo(ScheduleText.print(FINDING.schedule()));
        assertThat(read.search().executions()).isEqualTo(FINDING.search().executions());
        assertThat(read.options()).isEqualTo(FINDING.options());
        assertThat(read.switches()).isEqualTo(FINDING.shrunk().switches());
    }

    @Test
    void mutants() {
        // Only what is read back, so that the mutations fall there.
        String whole = FindingJson.print(FINDING);
        String text = whole.substring(0, whole.indexOf("  \"summary\"")) + "  \"x\": []\n}\n";
        Random random = new Random(SEED);
        int read = 0;
        for (int i = 0; i < MUTANTS; i++) {
            String mutant = mutate(text, random);
            try {
                FiledFinding finding = FiledFinding.parseJson("it", mutant);
                read++;
                assertThat(finding.search().executions()).isPositive();
            } catch (FindingException e) {
                assertThat(e.getMessage()).isNotBlank().doesNotContain("\n").hasSizeLessThan(400);
            }
        }
        assertThat(read).isBetween(MUTANTS / 100, MUTANTS * 9 / 10);
    }

    private static String mutate(String text, Random random) {
        StringBuilder mutant = new StringBuilder(text);
        for (int i = 1 + random.nextInt(3); i > 0 && !mutant.isEmpty(); i--) {
            int at = random.nextInt(mutant.length());
            int length = Math.min(1 + random.nextInt(12), mutant.length() - at);
            switch (random.nextInt(7)) {
                case 0 -> mutant.delete(at, at + length);
                case 1 -> mutant.insert(at, mutant.substring(at, at + length));
                case 2 -> mutant.setCharAt(at, (char) random.nextInt(128));
                case 3 -> mutant.setCharAt(at, (char) random.nextInt(Character.MAX_VALUE + 1));
                case 4 -> mutant.insert(at, random.nextInt());
                case 5 -> mutant.insert(at, "[".repeat(1 + random.nextInt(80)));
                default -> mutant.setLength(at);
            }
        }
        return mutant.toString();
    }
}
