package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectionTest {
    @ParameterizedTest
    @CsvSource({
        "map, 2 2 7 3",
        "arrayBlockingQueue, '[0, 1, 2]'",
        "linkedBlockingQueue, '[0, 1, 2]'",
        "linkedBlockingDeque, '[0, 1, 2]'",
        "synchronousQueue, '[0, 1, 2]'",
        "linkedTransferQueue, '[0, 1, 2]'",
        "priorityBlockingQueue, '[0, 1, 2]'",
        "delayQueue, 1 2 2",
        "timedQueue, null false 2",
        "interruptedTake, 1"
    })
    void oneOutcome(String program, String outcome) throws Exception {
        Explorer.passes("Collections." + program, outcome);
    }

    @Test
    void lookingAndThenPuttingIsNotWhole() throws Exception {
        Explorer.Report report = Explorer.explore("Collections.mapCheckThenAct");
        assertThat(report.verdicts().keySet())
                .containsExactlyInAnyOrder("passed", "java.lang.AssertionError: replaced");
    }

    @Test
    void aFunctionGivenToAMapMayTouchSharedState() throws Exception {
        Explorer.passes("Collections.mapCallback", "1", "2");
    }

    @Test
    void eachElementIsTakenOnce() throws Exception {
        Explorer.passes("Collections.linkedQueue", "1 2", "2 1");
    }

    @Test
    void aListCopiedOnWriteIsReadWhileWritten() throws Exception {
        Explorer.passes("Collections.copyOnWrite", "1", "2");
    }

    @Test
    void aQueueThatNobodyFills() throws Exception {
        Explorer.Report report = Explorer.explore("Collections.takeDeadlock", 100);
        assertThat(report.verdicts().keySet()).containsExactly("deadlock");
    }
}
