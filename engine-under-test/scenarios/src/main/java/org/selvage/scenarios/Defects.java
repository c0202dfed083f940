package org.selvage.scenarios;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.UnknownTableException;
import org.selvage.search.Scenario;

/**
 * Planted defects of the lifecycle scenarios: layers between the clients and the engine that are
 * wrong in some interleavings only. They are canaries: a search that does not find one is broken.
 */
final class Defects {
    static final Scenario.Variant STALE_READ =
            new Scenario.Variant(
                    "stale-read",
                    "planted: a query cache that DROP TABLE empties before, not after, the table goes");
    static final Scenario.Variant RESURRECTED_TABLE =
            new Scenario.Variant(
                    "resurrected-table",
                    "planted: an insert that finds its table gone makes it again");
    static final Scenario.Variant LOST_INSERT =
            new Scenario.Variant(
                    "lost-insert",
                    "planted: delayed inserts whose queue is read and written in two steps");

    private Defects() {}

    /** The statements with defects put around them. */
    static Statements around(Statements statements, List<String> defects) {
        Statements result = statements;
        for (String defect : defects) {
            if (defect.equals(STALE_READ.name())) {
                result = new QueryCache(result);
            } else if (defect.equals(RESURRECTED_TABLE.name())) {
                result = new TableReopening(result);
            } else if (defect.equals(LOST_INSERT.name())) {
                result = new DelayedInserts(result);
            } else {
                throw new IllegalArgumentException("no such defect: defect=" + defect);
            }
        }
        return result;
    }

    /** Passes every statement on. */
    private abstract static class Layer implements Statements {
        final Statements below;

        Layer(Statements below) {
            this.below = below;
        }

        @Override
        public void create(String table) {
            below.create(table);
        }

        @Override
        public void drop(String table) {
            below.drop(table);
        }

        @Override
        public void rename(String table, String to) {
            below.rename(table, to);
        }

        @Override
        public void truncate(String table) {
            below.truncate(table);
        }

        @Override
        public void discard(String table) {
            below.discard(table);
        }

        @Override
        public void importTablespace(String table) {
            below.importTablespace(table);
        }

        @Override
        public void insert(String table, long key, long value) {
            below.insert(table, key, value);
        }

        @Override
        public boolean delete(String table, long key) {
            return below.delete(table, key);
        }

        @Override
        public @Nullable Long read(String table, long key) {
            return below.read(table, key);
        }

        @Override
        public List<Long> scan(String table, long value) {
            return below.scan(table, value);
        }
    }

    /** Rows that were read lately. A read between the two steps of a drop leaves its row behind. */
    private static final class QueryCache extends Layer {
        private final Map<String, Long> rows = new ConcurrentHashMap<>();

        QueryCache(Statements below) {
            super(below);
        }

        @Override
        public @Nullable Long read(String table, long key) {
            String query = table + " " + key;
            Long row = rows.get(query);
            if (row == null) {
                row = below.read(table, key);
                if (row != null) {
                    rows.put(query, row);
                }
            }
            return row;
        }

        @Override
        public void drop(String table) {
            rows.clear();
            below.drop(table);
        }
    }

    /** Makes a table again that went away under an insert. */
    private static final class TableReopening extends Layer {
        TableReopening(Statements below) {
            super(below);
        }

        @Override
        public void insert(String table, long key, long value) {
            try {
                below.insert(table, key, value);
            } catch (UnknownTableException e) {
                below.create(table);
                below.insert(table, key, value);
            }
        }
    }

    /** Inserts that wait for the next statement of another kind. */
    private static final class DelayedInserts extends Layer {
        private final AtomicReference<List<Insert>> queue = new AtomicReference<>(List.of());

        DelayedInserts(Statements below) {
            super(below);
        }

        private record Insert(String table, long key, long value) {}

        @Override
        public void insert(String table, long key, long value) {
            List<Insert> waiting = new ArrayList<>(queue.get());
            waiting.add(new Insert(table, key, value));
            queue.set(List.copyOf(waiting));
        }

        @Override
        public List<Long> scan(String table, long value) {
            for (Insert insert : queue.getAndSet(List.of())) {
                below.insert(insert.table, insert.key, insert.value);
            }
            return below.scan(table, value);
        }
    }
}
