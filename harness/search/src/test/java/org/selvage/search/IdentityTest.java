package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hash codes that the JVM would draw at random are the same in each execution. */
class IdentityTest {
    @ParameterizedTest
    @ValueSource(strings = {"tables", "numbers"})
    void repeat(String program) throws Exception {
        Explorer.Report report = Explorer.explore("Identities." + program, 50);
        assertThat(report.verdicts()).containsOnlyKeys("passed");
        assertThat(report.outcomes()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"asked"})
    void followTheOrderInWhichTheyAreAskedFor(String program) throws Exception {
        assertThat(Explorer.divergence("Identities." + program)).isEmpty();
        assertThat(Explorer.passes("Identities." + program).outcomes().keySet())
                .allMatch(outcome -> outcome.endsWith("false"));
    }
}
