package org.selvage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Trace;

class TimelineTest {
    private static List<Timeline.Stop> stops(TraceBuilder b) {
        return new Timeline(b.build(new Verdict.Passed()), b.deviations()).stops();
    }

    @Test
    void aTaskWhoseLockIsGivenBackByAnotherWaitedForIt() {
        TraceBuilder b = new TraceBuilder("main", "one");
        b.begin(0).lock(0, "A.lock", "A.a:1").preempt(0, 1).begin(1).preempt(1, 0);
        b.write(0, "A.x", "A.a:2").unlock(0, "A.lock", "A.a:3").end(0);
        b.lock(1, "A.lock", "A.b:1").end(1);
        assertThat(stops(b))
                .containsExactly(
                        new Timeline.Stop(0, 1, 3, Timeline.Reason.PREEMPTED, -1),
                        new Timeline.Stop(1, 2, 6, Timeline.Reason.LOCK, 0));
    }

    @Test
    void aTaskWhoseLockIsTakenByAnotherMeanwhileCouldHaveGoneOn() {
        TraceBuilder b = new TraceBuilder("main", "one");
        b.begin(0).begin(1).preempt(1, 0);
        b.lock(0, "A.lock", "A.a:1").unlock(0, "A.lock", "A.a:3").end(0);
        b.lock(1, "A.lock", "A.b:1").end(1);
        assertThat(stops(b).getLast())
                .isEqualTo(new Timeline.Stop(1, 1, 5, Timeline.Reason.PREEMPTED, -1));
    }

    @Test
    void joinSleepWaitParkAndYieldAreTold() {
        TraceBuilder b = new TraceBuilder("main", "one");
        b.begin(0).start(0, 1, "A.a:1").begin(1);
        b.step(1, OperationKind.SLEEP, "Thread.sleep", "", "A.b:1");
        b.step(0, OperationKind.WAIT, "Object.wait", "Object#1", "A.a:2");
        b.step(1, OperationKind.PARK, "LockSupport.park", "", "A.b:2");
        b.step(0, OperationKind.YIELD, "Thread.yield", "", "A.a:3");
        b.write(1, "A.x", "A.b:3").end(1).join(0, 1, "A.a:4").end(0);
        assertThat(stops(b).stream().map(Timeline.Stop::reason))
                .containsExactly(
                        Timeline.Reason.PREEMPTED,
                        Timeline.Reason.SLEEP,
                        Timeline.Reason.WAIT,
                        Timeline.Reason.PARK,
                        Timeline.Reason.JOIN);
    }

    @Test
    void aPreemptionRightAfterAParkIsNotTakenForTheParkIfTheScheduleSaysSo() {
        TraceBuilder b = new TraceBuilder("main", "one");
        b.begin(0)
                .start(0, 1, "A.a:1")
                .step(0, OperationKind.PARK, "LockSupport.park", "", "A.a:2");
        b.preempt(0, 1).begin(1).write(1, "A.x", "A.b:3").end(1).write(0, "A.x", "A.a:3").end(0);
        assertThat(stops(b).getFirst().reason()).isEqualTo(Timeline.Reason.PREEMPTED);
    }

    @Test
    void theFailingTaskOfSeveralWithOneNameIsTheLast() {
        TraceBuilder b = new TraceBuilder("main", "worker", "worker");
        b.begin(0).start(0, 1, "A.a:1").start(0, 2, "A.a:2").begin(1).end(1).begin(2).end(2);
        Trace trace = b.failed(2, new AssertionError("no"));
        assertThat(new Timeline(trace, List.of()).failing()).containsExactly(2);
    }
}
