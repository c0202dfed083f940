package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.weaver.Agent;

class PortfolioTest {
    private static final List<String> MEMBERS =
            List.of("random", "surw", "pos", "coverage", "pct:3");
    private static final int ROUNDS = 40;

    /** Each member does in its turns what it would do alone, so it learns only from its own. */
    @Test
    void givesItsMembersTurns() throws Exception {
        List<List<Deviation>> shared = executions("portfolio", 1L, ROUNDS * MEMBERS.size());
        for (int m = 0; m < MEMBERS.size(); m++) {
            List<List<Deviation>> alone =
                    executions(MEMBERS.get(m), Xoroshiro.combine(1L, m + 1L), ROUNDS);
            assertThat(alone.stream().distinct().count()).isGreaterThan(5L);
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(shared.get(i * MEMBERS.size() + m))
                        .as("%s execution %d", MEMBERS.get(m), i)
                        .isEqualTo(alone.get(i));
            }
        }
    }

    private static List<List<Deviation>> executions(String strategy, long seed, int count)
            throws Exception {
        Agent.require();
        return Carriers.call(
                handover -> {
                    Subject subject =
                            Subject.of(
                                    Explorer.program("Bounded.threeReads", new String[1]), 10_000L);
                    subject.execute(ChoiceSource.DEFAULT, null);
                    Lane lane = new Lane(Strategies.named(strategy, seed));
                    List<List<Deviation>> all = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        assertThat(lane.begin()).isTrue();
                        assertThat(lane.execute(subject, i)).isNull();
                        all.add(Deviation.of(subject.execution()));
                    }
                    return all;
                },
                Duration.ofSeconds(60));
    }
}
