package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.selvage.weaver.Agent;
import programs.Endless;

/** A task that never comes back to the scheduler. Its code is not woven, as the JDK's is not. */
class WatchdogTest {
    private static final Duration LIMIT = Duration.ofMillis(500);

    @Test
    void taskAndFrameAreNamed() throws Exception {
        Agent.require();
        try {
            assertThatThrownBy(() -> Carriers.call(WatchdogTest::execute, LIMIT))
                    .isInstanceOf(Carriers.StuckException.class)
                    .hasMessageStartingWith("stuck: no scheduling point for ")
                    .hasMessageContaining(" task=t0 frame=Endless.turn:")
                    .hasMessageContaining(" heap=")
                    .hasMessageContaining("\n    at programs.Endless.turn(");
        } finally {
            Endless.release();
        }
    }

    private static boolean execute(Carriers.Handover<?> handover) {
        Subject subject = Subject.of(Endless::run, Long.MAX_VALUE - 1);
        handover.watch(subject.execution()::steps);
        subject.execute(choice -> 0, null);
        return true;
    }
}
