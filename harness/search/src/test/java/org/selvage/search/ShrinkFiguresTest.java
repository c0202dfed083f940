package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What shrinking reaches and costs, over a small sample; over a thousand schedules and more with
 *
 * <pre>
 * mvn -B -pl harness/search -am package -Dtest=ShrinkFiguresTest -Dselvage.shrink=60 \
 *     -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 *
 * which leaves its table in {@code harness/search/target/shrink-figures.txt}.
 */
final class ShrinkFiguresTest {
    @Test
    void theKnownMinimumIsReachedSoonAndReplays() throws Exception {
        int each = Integer.getInteger("selvage.shrink", 2);
        int replays = each > 2 ? 100 : 10;
        List<ShrinkFigures.Figure> figures =
                ShrinkFigures.measure(ShrinkFigures.PROGRAMS, each, replays);
        String table = ShrinkFigures.table(figures);
        Files.writeString(Path.of("target", "shrink-figures.txt"), table);
        assertThat(figures).as(table).hasSize(each * ShrinkFigures.PROGRAMS.size());
        long reached = figures.stream().filter(f -> f.switches() == f.minimum()).count();
        assertThat(reached).as(table).isGreaterThanOrEqualTo(figures.size() * 95L / 100);
        long[] executions =
                figures.stream().mapToLong(ShrinkFigures.Figure::executions).sorted().toArray();
        assertThat(executions[executions.length / 2]).as(table).isLessThan(200);
        assertThat(figures).as(table).allMatch(f -> f.replays() == replays);
    }
}
