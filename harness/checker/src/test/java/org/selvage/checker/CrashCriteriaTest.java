package org.selvage.checker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.selvage.checker.history.HistoryRecorder;
import org.selvage.checker.specification.KeyValueMap;
import org.selvage.checker.specification.SetOfValues;

/** Each criterion has a history that it admits and the next stronger one does not. */
class CrashCriteriaTest {
    private final HistoryRecorder recorder = new HistoryRecorder();

    private void put(int process, String key, long value) {
        recorder.invoke(process, "put", key, value);
        recorder.ok(process);
    }

    private void get(int process, String key, Object value) {
        recorder.invoke(process, "get", key);
        recorder.ok(process, value);
    }

    private void crash() {
        recorder.crash();
        recorder.recovered();
    }

    private Verdict strongest() {
        return new Checker<>(new KeyValueMap())
                .strongest(recorder.history(), Budget.unlimited())
                .getLast();
    }

    private void assertStrongest(Criterion criterion) {
        assertThat(strongest()).isInstanceOf(Verdict.Valid.class);
        assertThat(strongest().criterion()).isEqualTo(criterion);
    }

    @Test
    void anInDoubtWriteThatIsThereFromTheStartIsStrict() {
        recorder.invoke(0, "put", "x", 1L);
        crash();
        get(1, "x", 1L);
        assertStrongest(Criterion.STRICT);
    }

    @Test
    void anInDoubtWriteThatShowsUpBeforeItsProcessCallsAgainIsPersistentAtomic() {
        recorder.invoke(0, "put", "x", 1L);
        crash();
        recorder.invoke(1, "get", "x");
        recorder.ok(1, null);
        get(1, "x", 1L);
        get(0, "x", 1L);
        assertStrongest(Criterion.PERSISTENT_ATOMIC);
    }

    @Test
    void anInDoubtWriteThatShowsUpLaterIsDurable() {
        recorder.invoke(0, "put", "x", 1L);
        crash();
        recorder.invoke(0, "get", "x");
        recorder.ok(0, null);
        get(0, "x", 1L);
        assertStrongest(Criterion.DURABLE);
    }

    @Test
    void aLostSuffixIsBufferedDurable() {
        put(0, "x", 1L);
        put(0, "y", 1L);
        crash();
        get(0, "x", 1L);
        recorder.invoke(0, "get", "y");
        recorder.ok(0, null);
        assertStrongest(Criterion.BUFFERED_DURABLE);
    }

    /**
     * Each key alone has lost a suffix at most, and yet no prefix of the whole explains it: the
     * criterion does not decompose by key.
     */
    @Test
    void aHoleIsNotEvenBufferedDurable() {
        put(0, "x", 1L);
        put(0, "y", 1L);
        crash();
        recorder.invoke(0, "get", "x");
        recorder.ok(0, null);
        get(0, "y", 1L);
        assertThat(strongest()).isInstanceOf(Verdict.Invalid.class);
    }

    @Test
    void whatCompletedBeforeABarrierIsNotLost() {
        put(0, "x", 1L);
        recorder.barrierInvoked(2);
        put(0, "y", 1L);
        recorder.barrierReturned(2);
        crash();
        recorder.invoke(0, "get", "y");
        recorder.ok(0, null);
        assertStrongest(Criterion.BUFFERED_DURABLE);
        recorder.invoke(0, "get", "x");
        recorder.ok(0, null);
        assertThat(strongest()).isInstanceOf(Verdict.Invalid.class);
    }

    /**
     * The add in doubt must end first but need not take effect: it does not trade places with the
     * one that returned.
     */
    @Test
    void anAddInDoubtLeavesRoomForOneThatReturned() {
        recorder.invoke(4, "add", "x");
        crash();
        recorder.invoke(1, "add", "x");
        recorder.invoke(3, "contains", "x");
        recorder.ok(3, true);
        recorder.invoke(4, "contains", "x");
        recorder.ok(4, true);
        recorder.ok(1, true);
        for (Criterion criterion : Criterion.values()) {
            assertThat(
                            new Checker<>(new SetOfValues())
                                    .check(recorder.history(), criterion, Budget.unlimited()))
                    .as("%s", criterion)
                    .isInstanceOf(Verdict.Valid.class);
        }
    }

    @Test
    void aCrashDuringRecoveryIsAnEraOfItsOwn() {
        put(0, "x", 1L);
        recorder.crash();
        recorder.crash();
        recorder.recovered();
        get(0, "x", 1L);
        assertStrongest(Criterion.STRICT);
    }
}
