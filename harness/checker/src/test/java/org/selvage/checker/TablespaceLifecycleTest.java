package org.selvage.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.selvage.checker.history.HistoryRecorder;
import org.selvage.checker.specification.TablespaceLifecycle;

/**
 * The lifecycle of tables: what an engine may answer, and the three failures it is there to find.
 */
class TablespaceLifecycleTest {
    private static final String OK = TablespaceLifecycle.SUCCESS;

    private final HistoryRecorder recorder = new HistoryRecorder();

    @BeforeEach
    void aTableWithARow() {
        call(0, OK, "create", "t1");
        call(0, OK, "insert", List.of("t1", 1L, "a"));
    }

    private void call(int process, Object response, String function, Object argument) {
        recorder.invoke(process, function, argument);
        recorder.ok(process, response);
    }

    private Verdict verdict() {
        return Checker.check(recorder.history(), new TablespaceLifecycle(), Budget.unlimited());
    }

    private void assertLegal(boolean legal) {
        assertThat(verdict()).isInstanceOf(legal ? Verdict.Valid.class : Verdict.Invalid.class);
    }

    @Test
    void aStaleReadAfterDropIsFound() {
        call(1, OK, "drop", "t1");
        call(2, "a", "read", List.of("t1", 1L));
        assertLegal(false);
    }

    @Test
    void aReadBesideADropMaySeeEither() {
        recorder.invoke(1, "drop", "t1");
        call(2, "a", "read", List.of("t1", 1L));
        call(2, "DB_TABLESPACE_DELETED", "read", List.of("t1", 1L));
        recorder.ok(1, OK);
        assertLegal(true);
    }

    @Test
    void aReadBesideADropMayNotSeeTheTableComeBack() {
        recorder.invoke(1, "drop", "t1");
        call(2, "DB_TABLESPACE_DELETED", "read", List.of("t1", 1L));
        call(2, "a", "read", List.of("t1", 1L));
        recorder.ok(1, OK);
        assertLegal(false);
    }

    @Test
    void aResurrectedTableIsFound() {
        call(1, OK, "drop", "t1");
        call(1, OK, "create", "t1");
        call(2, List.of(List.of(1L, "a")), "scan", "t1");
        assertLegal(false);
    }

    @Test
    void aTableThatSurvivesItsDropAcrossACrashIsFound() {
        call(1, OK, "drop", "t1");
        recorder.crash();
        recorder.recovered();
        call(2, List.of(List.of(1L, "a")), "scan", "t1");
        assertLegal(false);
    }

    @Test
    void aDropOpenAtACrashIsDecidedByRecovery() {
        recorder.invoke(1, "drop", "t1");
        recorder.crash();
        recorder.recovered();
        call(2, "a", "read", List.of("t1", 1L));
        assertLegal(true);
        call(2, "DB_TABLE_NOT_FOUND", "read", List.of("t1", 1L));
        assertLegal(false);
        assertThat(
                        new Checker<>(new TablespaceLifecycle())
                                .strongest(recorder.history(), Budget.unlimited())
                                .getLast())
                .isInstanceOfSatisfying(
                        Verdict.Valid.class,
                        v -> assertThat(v.criterion()).isEqualTo(Criterion.PERSISTENT_ATOMIC));
    }

    @Test
    void aLostInsertIsFound() {
        call(1, OK, "insert", List.of("t1", 2L, "b"));
        call(2, List.of(List.of(1L, "a")), "scan", "t1");
        assertLegal(false);
    }

    @Test
    void anInsertLostInTheSecondaryIndexOnlyIsFound() {
        call(1, OK, "insert", List.of("t1", 0L, "b"));
        call(2, List.of(List.of(0L, "b"), List.of(1L, "a")), "scan", List.of("t1", "PRIMARY"));
        call(2, List.of(List.of(1L, "a"), List.of(0L, "b")), "scan", List.of("t1", "by_value"));
        assertLegal(true);
        call(2, List.of(List.of(1L, "a")), "scan", List.of("t1", "by_value"));
        assertLegal(false);
    }

    @Test
    void discardAndImportKeepTheDefinitionAndReplaceTheRows() {
        call(1, OK, "discard", "t1");
        call(1, "DB_TABLESPACE_NOT_FOUND", "read", List.of("t1", 1L));
        call(1, "DB_DUPLICATE_KEY", "create", "t1");
        call(1, OK, "import", List.of("t1", List.of(List.of(5L, "z"))));
        call(1, "DB_TABLESPACE_EXISTS", "import", "t1");
        call(1, "z", "read", List.of("t1", 5L));
        assertLegal(true);
        call(1, "a", "read", List.of("t1", 1L));
        assertLegal(false);
    }

    @Test
    void renameMovesTheIncarnation() {
        call(1, OK, "create", "t2");
        call(1, "DB_DUPLICATE_KEY", "rename", List.of("t1", "t2"));
        call(1, OK, "rename", List.of("t1", "t3"));
        call(1, "DB_TABLE_NOT_FOUND", "read", List.of("t1", 1L));
        call(1, "a", "read", List.of("t3", 1L));
        assertLegal(true);
    }

    @Test
    void aSpaceIdNeverComesBack() {
        call(1, 8L, "create", "t2");
        call(1, 8L, "drop", "t2");
        call(1, 9L, "create", "t2");
        call(1, 10L, "truncate", "t2");
        assertLegal(true);
        call(1, OK, "drop", "t2");
        call(1, 8L, "create", "t2");
        assertLegal(false);
    }

    @Test
    void aRefusalIsPossibleAtAnyTimeAndChangesNothing() {
        call(1, "DB_LOCK_WAIT_TIMEOUT", "drop", "t1");
        call(1, "a", "read", List.of("t1", 1L));
        assertLegal(true);
    }
}
