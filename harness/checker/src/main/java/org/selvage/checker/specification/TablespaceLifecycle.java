package org.selvage.checker.specification;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/**
 * Tables in file-per-table tablespaces, over incarnations of names: a table dropped and created
 * again is another table, and nothing of the old one may show in it.
 *
 * <p>Responses are {@link #SUCCESS} or InnoDB's dberr_t name of the error; null and true also mean
 * success. A data definition operation may return the space id (an integer) of the incarnation it
 * made or worked on instead: ids are then checked too, and an id never comes back within the names
 * that share a rename.
 *
 * <table>
 * <caption>Operations</caption>
 * <tr><td>create(name)</td><td>a new, empty incarnation; DB_TABLESPACE_EXISTS or DB_DUPLICATE_KEY when there is one</td></tr>
 * <tr><td>drop(name)</td><td>the incarnation ends; discarded ones too</td></tr>
 * <tr><td>rename(from, to)</td><td>the incarnation gets another name; DB_TABLESPACE_EXISTS or DB_DUPLICATE_KEY when that is taken</td></tr>
 * <tr><td>truncate(name)</td><td>no rows; a returned id may be a new one, as a truncate may create the file again</td></tr>
 * <tr><td>discard(name)</td><td>the file goes, the definition stays</td></tr>
 * <tr><td>import(name, [[key, value], ...])</td><td>a discarded table gets these rows; DB_TABLESPACE_EXISTS when it is not discarded</td></tr>
 * <tr><td>insert(name, key, value)</td><td>DB_DUPLICATE_KEY when the key is there</td></tr>
 * <tr><td>delete(name, key)</td><td>DB_RECORD_NOT_FOUND when it is not</td></tr>
 * <tr><td>read(name, key)</td><td>the value, or DB_RECORD_NOT_FOUND</td></tr>
 * <tr><td>scan(name[, index[, value]])</td><td>all rows [[key, value], ...] by key, or by value and key in an index that is not PRIMARY; those of one value only when one is given</td></tr>
 * </table>
 *
 * <p>Any operation on a name without a table answers DB_TABLE_NOT_FOUND or DB_TABLESPACE_DELETED;
 * on a discarded table all but drop, rename and import answer DB_TABLESPACE_DELETED or
 * DB_TABLESPACE_NOT_FOUND. Operations refused for a reason outside the tables' contents
 * (DB_LOCK_WAIT_TIMEOUT, DB_INTERRUPTED, DB_DEADLOCK) have no effect and are possible in every
 * state.
 */
public final class TablespaceLifecycle implements Specification<TablespaceLifecycle.Tables> {
    /** The operation did what it was asked. */
    public static final String SUCCESS = "DB_SUCCESS";

    /** No table has the name. */
    public static final String TABLE_NOT_FOUND = "DB_TABLE_NOT_FOUND";

    /** The tablespace is dropped, being dropped, or discarded. */
    public static final String TABLESPACE_DELETED = "DB_TABLESPACE_DELETED";

    /** The tablespace of the table is discarded. */
    public static final String TABLESPACE_NOT_FOUND = "DB_TABLESPACE_NOT_FOUND";

    /** The name, or the tablespace to import, is already there. */
    public static final String TABLESPACE_EXISTS = "DB_TABLESPACE_EXISTS";

    /** The name or the key is already there. */
    public static final String DUPLICATE_KEY = "DB_DUPLICATE_KEY";

    /** The key is not there. */
    public static final String RECORD_NOT_FOUND = "DB_RECORD_NOT_FOUND";

    /** The server is being shut down; the operation had no effect. */
    public static final String INTERRUPTED = "DB_INTERRUPTED";

    private static final Set<String> REFUSALS =
            Set.of("DB_LOCK_WAIT_TIMEOUT", INTERRUPTED, "DB_DEADLOCK");
    private static final Set<String> ABSENT = Set.of(TABLE_NOT_FOUND, TABLESPACE_DELETED);
    private static final Set<String> DISCARDED = Set.of(TABLESPACE_DELETED, TABLESPACE_NOT_FOUND);
    private static final Set<String> TAKEN = Set.of(TABLESPACE_EXISTS, DUPLICATE_KEY);

    /**
     * One incarnation.
     *
     * @param spaceId its space id, 0 when no response has told it
     * @param discarded true between DISCARD and IMPORT
     * @param rows the rows by key
     */
    public record Table(long spaceId, boolean discarded, SortedMap<Object, Object> rows) {}

    /**
     * All tables.
     *
     * @param byName the tables by name
     * @param usedIds the space ids seen so far
     */
    public record Tables(SortedMap<Object, Table> byName, SortedSet<Long> usedIds) {
        Tables with(Object name, Table table) {
            if (table.spaceId == 0 || usedIds.contains(table.spaceId)) {
                return new Tables(Values.with(byName, name, table), usedIds);
            }
            SortedSet<Long> ids = new TreeSet<>(usedIds);
            ids.add(table.spaceId);
            return new Tables(Values.with(byName, name, table), ids);
        }

        Tables without(Object name) {
            return new Tables(Values.without(byName, name), usedIds);
        }
    }

    private final Tables initial;

    /** No tables at first. */
    public TablespaceLifecycle() {
        this(Map.of());
    }

    /**
     * Some tables at first.
     *
     * @param tables the rows, by key, of each table by name
     */
    public TablespaceLifecycle(Map<String, ? extends Map<Long, Long>> tables) {
        Tables state = new Tables(Values.sortedMap(), new TreeSet<>());
        for (Map.Entry<String, ? extends Map<Long, Long>> table : tables.entrySet()) {
            SortedMap<Object, Object> rows = new TreeMap<>(Values::compare);
            rows.putAll(table.getValue());
            Table first = new Table(0, false, Collections.unmodifiableSortedMap(rows));
            state = state.with(table.getKey(), first);
        }
        initial = state;
    }

    @Override
    public String name() {
        return "tablespace";
    }

    @Override
    public Tables initial() {
        return initial;
    }

    @Override
    public Set<String> functions() {
        return Set.of(
                "create",
                "drop",
                "rename",
                "truncate",
                "discard",
                "import",
                "insert",
                "delete",
                "read",
                "scan");
    }

    @Override
    public @Nullable Tables step(Tables state, Operation operation) {
        Object name = operation.argument(0);
        if (name == null) {
            return null;
        }
        if (operation.response() instanceof String error && REFUSALS.contains(error)) {
            return state;
        }
        Table table = state.byName.get(name);
        if (operation.function().equals("create")) {
            return create(state, name, table, operation);
        }
        if (table == null) {
            return answers(operation, ABSENT) ? state : null;
        }
        return switch (operation.function()) {
            case "drop" -> sameSpace(operation, table) ? state.without(name) : null;
            case "rename" -> rename(state, name, table, operation);
            case "import" -> importTablespace(state, name, table, operation);
            default -> {
                if (table.discarded) {
                    yield answers(operation, DISCARDED) ? state : null;
                }
                yield onLiveTable(state, name, table, operation);
            }
        };
    }

    @Override
    public boolean readOnly(Operation operation) {
        return switch (operation.function()) {
            case "read", "scan" -> true;
            default -> operation.response() instanceof String error && !error.equals(SUCCESS);
        };
    }

    @Override
    public List<?> touches(Operation operation) {
        Object name = operation.argument(0);
        if (name == null) {
            return List.of();
        }
        Object second = operation.argument(1);
        return operation.function().equals("rename") && second != null
                ? List.of(name, second)
                : List.of(name);
    }

    @Override
    public String describe(Tables state) {
        if (state.byName.isEmpty()) {
            return "no tables";
        }
        StringBuilder text = new StringBuilder();
        state.byName.forEach((name, table) -> {
            text.append(text.isEmpty() ? "" : ", ").append(name);
            if (table.spaceId != 0) {
                text.append(" (space ").append(table.spaceId).append(')');
            }
            text.append(table.discarded ? " discarded" : " " + table.rows);
        });
        return text.toString();
    }

    private static @Nullable Tables create(
            Tables state, Object name, @Nullable Table existing, Operation operation) {
        if (existing != null) {
            return answers(operation, TAKEN) ? state : null;
        }
        if (!succeeds(operation)) {
            return null;
        }
        long spaceId = Values.number(operation.response(), 0);
        if (spaceId != 0 && state.usedIds.contains(spaceId)) {
            return null;
        }
        return state.with(name, new Table(spaceId, false, Values.sortedMap()));
    }

    private static @Nullable Tables rename(
            Tables state, Object name, Table table, Operation operation) {
        Object target = operation.argument(1);
        if (target == null) {
            return null;
        }
        if (state.byName.containsKey(target)) {
            return answers(operation, TAKEN) ? state : null;
        }
        return sameSpace(operation, table) ? state.without(name).with(target, table) : null;
    }

    private static @Nullable Tables importTablespace(
            Tables state, Object name, Table table, Operation operation) {
        if (!table.discarded) {
            return answers(operation, Set.of(TABLESPACE_EXISTS)) ? state : null;
        }
        SortedMap<Object, Object> rows = Values.sortedMap();
        if (operation.argument(1) instanceof List<?> pairs) {
            for (Object pair : pairs) {
                if (!(pair instanceof List<?> row)
                        || row.size() != 2
                        || row.get(0) == null
                        || row.get(1) == null) {
                    return null;
                }
                rows = Values.with(rows, row.get(0), row.get(1));
            }
        }
        return sameSpace(operation, table)
                ? state.with(name, new Table(table.spaceId, false, rows))
                : null;
    }

    private static @Nullable Tables onLiveTable(
            Tables state, Object name, Table table, Operation operation) {
        return switch (operation.function()) {
            case "truncate" -> truncate(state, name, table, operation);
            case "discard" ->
                    sameSpace(operation, table)
                            ? state.with(name, new Table(table.spaceId, true, Values.sortedMap()))
                            : null;
            case "insert" -> insert(state, name, table, operation);
            case "delete" -> delete(state, name, table, operation);
            case "read" -> {
                Object key = operation.argument(1);
                Object value = key == null ? null : table.rows.get(key);
                Object expected = value == null ? RECORD_NOT_FOUND : value;
                yield operation.pending() || expected.equals(operation.response()) ? state : null;
            }
            default ->
                    operation.pending() || rows(table, operation).equals(operation.response())
                            ? state
                            : null;
        };
    }

    /**
     * A returned id is the old one (the file was emptied in place) or a fresh one (the file was
     * created again).
     */
    private static @Nullable Tables truncate(
            Tables state, Object name, Table table, Operation operation) {
        if (!succeeds(operation)) {
            return null;
        }
        long spaceId = Values.number(operation.response(), 0);
        boolean inPlace = spaceId == 0 || spaceId == table.spaceId;
        if (!inPlace && state.usedIds.contains(spaceId)) {
            return null;
        }
        return state.with(name, new Table(spaceId, false, Values.sortedMap()));
    }

    private static @Nullable Tables insert(
            Tables state, Object name, Table table, Operation operation) {
        Object key = operation.argument(1);
        Object value = operation.argument(2);
        if (key == null || value == null) {
            return null;
        }
        if (table.rows.containsKey(key)) {
            return answers(operation, Set.of(DUPLICATE_KEY)) ? state : null;
        }
        return succeeds(operation)
                ? state.with(
                        name, new Table(table.spaceId, false, Values.with(table.rows, key, value)))
                : null;
    }

    private static @Nullable Tables delete(
            Tables state, Object name, Table table, Operation operation) {
        Object key = operation.argument(1);
        if (key == null) {
            return null;
        }
        if (!table.rows.containsKey(key)) {
            return answers(operation, Set.of(RECORD_NOT_FOUND)) ? state : null;
        }
        return succeeds(operation)
                ? state.with(name, new Table(table.spaceId, false, Values.without(table.rows, key)))
                : null;
    }

    private static List<List<Object>> rows(Table table, Operation operation) {
        List<List<Object>> rows = new ArrayList<>();
        Object wanted = operation.argument(2);
        table.rows.forEach((key, value) -> {
            if (wanted == null || wanted.equals(value)) {
                rows.add(List.of(key, value));
            }
        });
        Object index = operation.argument(1);
        if (index != null && !index.equals("PRIMARY")) {
            rows.sort((a, b) -> {
                int byValue = Values.compare(a.get(1), b.get(1));
                return byValue != 0 ? byValue : Values.compare(a.get(0), b.get(0));
            });
        }
        return rows;
    }

    private static boolean answers(Operation operation, Set<String> errors) {
        return operation.pending()
                || (operation.response() instanceof String error && errors.contains(error));
    }

    private static boolean succeeds(Operation operation) {
        Object response = operation.response();
        return operation.pending()
                || response == null
                || SUCCESS.equals(response)
                || Objects.equals(response, true)
                || response instanceof Number;
    }

    /** A returned id must be the incarnation's, when both are known. */
    private static boolean sameSpace(Operation operation, Table table) {
        if (!succeeds(operation)) {
            return false;
        }
        long spaceId = Values.number(operation.response(), 0);
        return spaceId == 0 || table.spaceId == 0 || spaceId == table.spaceId;
    }
}
