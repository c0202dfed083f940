package org.selvage.scenarios;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.selvage.checker.history.HistoryRecorder;
import org.selvage.checker.specification.TablespaceLifecycle;
import org.selvage.engine.DuplicateKeyException;
import org.selvage.engine.EngineClosedException;
import org.selvage.engine.TableExistsException;
import org.selvage.engine.TablespaceDiscardedException;
import org.selvage.engine.TablespaceExistsException;
import org.selvage.engine.TablespaceMissingException;
import org.selvage.engine.UnknownTableException;

/**
 * One client of a scenario: a process of the history. Its calls are recorded with what came back,
 * InnoDB's dberr_t names for errors. Any other exception goes through and leaves the call open.
 */
final class Client {
    private final int process;
    private final Statements statements;
    private final HistoryRecorder recorder;

    Client(int process, Statements statements, HistoryRecorder recorder) {
        this.process = process;
        this.statements = statements;
        this.recorder = recorder;
    }

    /** A statement that returns what the history records. */
    private interface Statement {
        Object execute();
    }

    void create(String table) {
        recorder.invoke(process, "create", table);
        answer(() -> {
            statements.create(table);
            return TablespaceLifecycle.SUCCESS;
        });
    }

    void drop(String table) {
        recorder.invoke(process, "drop", table);
        answer(() -> {
            statements.drop(table);
            return TablespaceLifecycle.SUCCESS;
        });
    }

    void rename(String table, String to) {
        recorder.invoke(process, "rename", table, to);
        answer(() -> {
            statements.rename(table, to);
            return TablespaceLifecycle.SUCCESS;
        });
    }

    void truncate(String table) {
        recorder.invoke(process, "truncate", table);
        answer(() -> {
            statements.truncate(table);
            return TablespaceLifecycle.SUCCESS;
        });
    }

    void discard(String table) {
        recorder.invoke(process, "discard", table);
        answer(() -> {
            statements.discard(table);
            return TablespaceLifecycle.SUCCESS;
        });
    }

    /** Imports what was exported when the disk was prepared: these rows, by key. */
    void importTablespace(String table, Map<Long, Long> rows) {
        List<List<Long>> pairs = new ArrayList<>();
        rows.forEach((key, value) -> pairs.add(List.of(key, value)));
        recorder.invoke(process, "import", table, pairs);
        answer(() -> {
            statements.importTablespace(table);
            return TablespaceLifecycle.SUCCESS;
        });
    }

    void insert(String table, long key, long value) {
        recorder.invoke(process, "insert", table, key, value);
        answer(() -> {
            statements.insert(table, key, value);
            return TablespaceLifecycle.SUCCESS;
        });
    }

    void delete(String table, long key) {
        recorder.invoke(process, "delete", table, key);
        answer(() ->
                statements.delete(table, key)
                        ? TablespaceLifecycle.SUCCESS
                        : TablespaceLifecycle.RECORD_NOT_FOUND);
    }

    void read(String table, long key) {
        recorder.invoke(process, "read", table, key);
        answer(() -> {
            Long value = statements.read(table, key);
            return value == null ? TablespaceLifecycle.RECORD_NOT_FOUND : value;
        });
    }

    /** The rows that have the value, through the column's index. */
    void scan(String table, long value) {
        recorder.invoke(process, "scan", table, EngineStatements.COLUMN, value);
        answer(() -> {
            List<List<Long>> rows = new ArrayList<>();
            for (long key : statements.scan(table, value)) {
                rows.add(List.of(key, value));
            }
            return rows;
        });
    }

    private void answer(Statement statement) {
        Object response;
        try {
            response = statement.execute();
        } catch (UnknownTableException e) {
            response = TablespaceLifecycle.TABLE_NOT_FOUND;
        } catch (TableExistsException | TablespaceExistsException e) {
            response = TablespaceLifecycle.TABLESPACE_EXISTS;
        } catch (TablespaceDiscardedException e) {
            response = TablespaceLifecycle.TABLESPACE_NOT_FOUND;
        } catch (TablespaceMissingException e) {
            response = TablespaceLifecycle.TABLESPACE_DELETED;
        } catch (DuplicateKeyException e) {
            response = TablespaceLifecycle.DUPLICATE_KEY;
        } catch (EngineClosedException e) {
            response = TablespaceLifecycle.INTERRUPTED;
        }
        recorder.ok(process, response);
    }
}
