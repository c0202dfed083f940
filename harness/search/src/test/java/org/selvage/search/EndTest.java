package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Programs that do not come to their end by themselves: each ends with a verdict, repeatably. */
class EndTest {
    @Test
    void aStackOverflowsAtTheSameOperation() throws Exception {
        Explorer.Report report = Explorer.explore("Ends.overflow", "random", 1L, 2L);
        assertThat(report.verdicts()).containsOnlyKeys("java.lang.StackOverflowError");
        Explorer.Report caught = Explorer.explore("Ends.overflowCaught", "random", 1L, 2L);
        assertThat(caught.verdicts()).containsOnlyKeys("passed");
        assertThat(caught.outcomes()).hasSize(1);
    }
}
