package org.selvage.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.checker.format.HistoryFormat;
import org.selvage.checker.history.EventKind;
import org.selvage.checker.history.History;
import org.selvage.checker.history.HistoryException;
import org.selvage.checker.history.HistoryRecorder;
import org.selvage.checker.search.Meter;
import org.selvage.checker.search.StateSpace;
import org.selvage.checker.search.StreamLane;
import org.selvage.checker.specification.CasRegister;
import org.selvage.checker.specification.Counter;
import org.selvage.checker.specification.Held;
import org.selvage.checker.specification.KeyValueMap;
import org.selvage.checker.specification.MultiRegister;
import org.selvage.checker.specification.Specification;

class StreamingCheckerTest {
    private static <S> StreamingChecker.Result stream(
            Specification<S> specification, History history, boolean byKey) {
        StreamingChecker<S> checker =
                new StreamingChecker<>(specification, "h", byKey, Budget.unlimited());
        history.replayTo(checker);
        return checker.finish();
    }

    private static History twoOpenAddsAndTwoCrashes(long sum) {
        HistoryRecorder recorder = new HistoryRecorder();
        for (int i = 0; i < 2; i++) {
            recorder.invoke(i, "add", 1L);
            recorder.crash();
            recorder.recovered();
        }
        recorder.invoke(0, "read");
        recorder.ok(0, sum);
        return recorder.history();
    }

    @Test
    void anOperationOpenAtACrashTakesEffectOnceAtMost() {
        assertThat(stream(new Counter(), twoOpenAddsAndTwoCrashes(2), false))
                .isEqualTo(new StreamingChecker.Result.Valid(8));
        assertThat(stream(new Counter(), twoOpenAddsAndTwoCrashes(3), false))
                .isInstanceOf(StreamingChecker.Result.Invalid.class);
    }

    /** The first of two equal operations ends last, beyond the events that can be explained yet. */
    @Test
    void interchangeableOperationsAreTakenByTheirEndsBeyondTheCut() {
        HistoryRecorder recorder = new HistoryRecorder();
        recorder.invoke(0, "write", 2L);
        recorder.ok(0);
        recorder.invoke(1, "cas", 2L, 1L);
        recorder.invoke(2, "cas", 2L, 1L);
        recorder.invoke(3, "read");
        recorder.ok(3, 1L);
        recorder.invoke(4, "write", 5L);
        recorder.ok(2, true);
        recorder.invoke(0, "cas", 1L, 2L);
        recorder.ok(0, true);
        recorder.ok(1, true);
        recorder.ok(4);
        History history = recorder.history();
        StreamLane<Held> lane = new StreamLane<>(new CasRegister().initial());
        StateSpace<Held> space =
                new Checker<>(new CasRegister()).space(new Meter(Budget.unlimited()));
        Map<Integer, StreamLane.Call> open = new HashMap<>();
        for (int event = 0; event < history.size(); event++) {
            int process = history.process(event);
            if (history.kind(event) == EventKind.INVOKE) {
                String function = String.valueOf(history.function(event));
                open.put(process, lane.call(function, history.value(event), event, 0));
            } else {
                lane.returned(Objects.requireNonNull(open.remove(process)), history.value(event));
            }
            if (event == 10) {
                assertThat(lane.advance(space, new Meter(Budget.unlimited()))).isNull();
            }
        }
        assertThat(lane.advance(space, new Meter(Budget.unlimited()))).isNull();
    }

    @Test
    void aBadReturnFarIntoALongStreamIsFound() {
        History history = Workload.of("register", 30_000, 6, false, 8);
        HistoryRecorder recorder = new HistoryRecorder();
        history.replayTo(recorder);
        recorder.invoke(50, "read");
        recorder.ok(50, 77L);
        assertThat(stream(new CasRegister(), history, false))
                .isEqualTo(new StreamingChecker.Result.Valid(60_000));
        assertThat(stream(new CasRegister(), recorder.history(), false))
                .isEqualTo(new StreamingChecker.Result.Invalid(60_000, 0, "read"));
    }

    @Test
    void keysAreCheckedApart() {
        History history = Workload.of("map", 30_000, 6, true, 8);
        assertThat(stream(new KeyValueMap(), history, true))
                .isEqualTo(new StreamingChecker.Result.Valid(60_000));
    }

    @Test
    void moreThanSixtyFourOpenOperationsAreUnknown() {
        HistoryRecorder recorder = new HistoryRecorder();
        for (int i = 0; i < 65; i++) {
            recorder.invoke(i, "add", (long) i);
        }
        assertThat(stream(new Counter(), recorder.history(), false))
                .isEqualTo(new StreamingChecker.Result.Unknown(65, "window=64 slots"));
    }

    @Test
    void illFormedStreamsAreRefusedWithTheirLine() {
        StreamingChecker<Long> checker =
                new StreamingChecker<>(new Counter(), "h", false, Budget.unlimited());
        checker.event(EventKind.INVOKE, 1, "add", 1L, 1);
        assertThatThrownBy(() -> checker.event(EventKind.INVOKE, 1, "add", 1L, 2))
                .isInstanceOf(HistoryException.class)
                .hasMessage("h:2: process=1 calls while its call is open");
        assertThatThrownBy(() -> checker.event(EventKind.OK, 2, null, null, 3))
                .hasMessage("h:3: OK of process=2 without an open call");
        assertThatThrownBy(() -> checker.event(EventKind.INVOKE, 3, "subtract", 1L, 4))
                .hasMessage("h:4: model=counter has no operation subtract");
    }

    @Test
    void aFileIsReadAgainWhenAnOperationTouchesSeveralKeys(@TempDir Path folder) throws Exception {
        HistoryRecorder recorder = new HistoryRecorder();
        for (int i = 0; i < 2; i++) {
            recorder.invoke(0, "write", List.of(List.of("x", 1L)));
            recorder.ok(0);
            recorder.invoke(0, "write", List.of(List.of("x", 2L), List.of("y", 2L)));
            recorder.ok(0);
            recorder.invoke(0, "read", List.of("x", "y"));
            recorder.ok(0, List.of(2L, 2L - i));
        }
        Path file = folder.resolve("h");
        try (Writer out = Files.newBufferedWriter(file)) {
            HistoryFormat.JSON_LINES.write(recorder.history(), out);
        }
        assertThat(StreamingChecker.check(file, new MultiRegister(), Budget.unlimited()))
                .isEqualTo(new StreamingChecker.Result.Invalid(10, 11, "read"));
        Files.writeString(file, "{\"process\":", StandardOpenOption.APPEND);
        assertThatThrownBy(
                        () -> StreamingChecker.check(file, new MultiRegister(), Budget.unlimited()))
                .isInstanceOf(HistoryException.class)
                .hasMessageStartingWith(file + ":13: ");
    }
}
