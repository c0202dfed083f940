package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a search reaches over volatile variables is exactly what sequential consistency allows,
 * which this test works out by itself: it runs all interleavings of a description of the program.
 */
class LitmusTest {
    private static final int VARIABLES = 2;
    private static final int REGISTERS = 4;

    /**
     * One access: {@code Wx1} writes 1 to x, {@code Rx0} reads x into register 0, {@code Ix0}
     * writes to x what register 0 holds, and one more.
     */
    private record Access(char kind, int variable, int number) {
        static Access parse(String text) {
            return new Access(text.charAt(0), text.charAt(1) - 'x', text.charAt(2) - '0');
        }
    }

    private static Set<String> allowed(String description, int shown) {
        List<List<Access>> threads = new ArrayList<>();
        for (String thread : description.split("\\|", -1)) {
            threads.add(Arrays.stream(thread.strip().split(" ", -1)).map(Access::parse).toList());
        }
        Set<String> outcomes = new TreeSet<>();
        interleave(
                threads,
                new int[threads.size()],
                new int[VARIABLES],
                new int[REGISTERS],
                shown,
                outcomes);
        return outcomes;
    }

    private static void interleave(
            List<List<Access>> threads,
            int[] next,
            int[] memory,
            int[] registers,
            int shown,
            Set<String> outcomes) {
        boolean ended = true;
        for (int i = 0; i < threads.size(); i++) {
            if (next[i] < threads.get(i).size()) {
                ended = false;
                int[] position = next.clone();
                int[] changed = memory.clone();
                int[] read = registers.clone();
                Access access = threads.get(i).get(position[i]++);
                switch (access.kind) {
                    case 'W' -> changed[access.variable] = access.number;
                    case 'R' -> read[access.number] = changed[access.variable];
                    default -> changed[access.variable] = read[access.number] + 1;
                }
                interleave(threads, position, changed, read, shown, outcomes);
            }
        }
        if (ended) {
            StringBuilder outcome = new StringBuilder();
            for (int i = 0; i < shown; i++) {
                outcome.append(i == 0 ? "" : " ").append(registers[i]);
            }
            outcomes.add(outcome.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "storeBuffering, Wx1 Ry0 | Wy1 Rx1, 2, 3",
        "messagePassing, Wx1 Wy1 | Ry0 Rx1, 2, 3",
        "loadBuffering, Ry0 Wx1 | Rx1 Wy1, 2, 3",
        "coherence, Wx1 | Wx2 | Rx0 Rx1 | Rx2 Rx3, 4, 47",
        "independentReads, Wx1 | Wy1 | Rx0 Ry1 | Ry2 Rx3, 4, 15"
    })
    void outcomesAreTheSequentiallyConsistentOnes(
            String program, String description, int shown, int count) throws Exception {
        Set<String> allowed = allowed(description, shown);
        assertThat(allowed).hasSize(count);
        Explorer.Report report = Explorer.explore("Litmus." + program, 4_000);
        assertThat(report.verdicts()).containsOnlyKeys("passed");
        assertThat(report.outcomes().keySet()).containsExactlyInAnyOrderElementsOf(allowed);
    }

    @ParameterizedTest
    @CsvSource({"readModifyWrite, Rx0 Ix0 | Rx1 Ix1, 2"})
    void readModifyWrite(String program, String description, int shown) throws Exception {
        Set<String> reads = allowed(description, shown);
        Explorer.Report report = Explorer.explore("Litmus." + program, 2_000);
        Set<String> seen = new TreeSet<>();
        report.outcomes().keySet().forEach(outcome -> seen.add(outcome.substring(0, 3)));
        assertThat(seen).isEqualTo(reads);
        assertThat(report.outcomes().keySet()).containsExactlyInAnyOrder("0 0 1", "0 1 2", "1 0 2");
    }
}
