package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three tasks write their letters, four times each. */
class PctTest {
    private static long runs(String letters) {
        long runs = 1;
        for (int i = 1; i < letters.length(); i++) {
            if (letters.charAt(i) != letters.charAt(i - 1)) {
                runs++;
            }
        }
        return runs;
    }

    @Test
    void withoutChangesATaskRunsToItsEnd() throws Exception {
        Explorer.Report report = Explorer.explore("Letters.three", "pct:1", 1L, 500);
        assertThat(report.outcomes().keySet())
                .containsExactlyInAnyOrder(
                        "aaaabbbbcccc",
                        "aaaaccccbbbb",
                        "bbbbaaaacccc",
                        "bbbbccccaaaa",
                        "ccccaaaabbbb",
                        "ccccbbbbaaaa");
    }

    /** Each change adds one run at most, and in some execution each does. */
    @ParameterizedTest
    @CsvSource({"2, 4", "3, 5", "4, 6"})
    void eachChangeAddsOneSwitch(int depth, long most) throws Exception {
        Explorer.Report report = Explorer.explore("Letters.three", "pct:" + depth, 1L, 3_000);
        assertThat(report.outcomes().keySet())
                .allSatisfy(letters -> assertThat(runs(letters)).isBetween(3L, most));
        assertThat(report.outcomes().keySet())
                .anySatisfy(letters -> assertThat(runs(letters)).isEqualTo(most));
    }
}
