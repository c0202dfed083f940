package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.dictionary.Column;
import org.selvage.engine.transaction.Transaction;

/**
 * Random operations against a plain model in memory. More of them with
 * -Dselvage.model.operations=10000000, others with -Dselvage.model.seed=1.
 */
class EngineModelTest {
    private static final long OPERATIONS = Long.getLong("selvage.model.operations", 12_000);
    private static final long SEED = Long.getLong("selvage.model.seed", 0);
    private static final int THREADS = 8;
    private static final int KEYS = 400;
    private static final int VALUES = 12;

    /** Operations between two validations and, single-threaded, two openings. */
    private static final long STRETCH = 400_000;

    /** After which a stretch counts as a hang, however many stretches there are. */
    private static final Duration STRETCH_LIMIT = Duration.ofMinutes(10);

    @TempDir Path dir;

    private static EngineConfig.Builder config() {
        return Engines.small()
                .poolPages(96)
                .changeBufferMaxPercent(50)
                .durability(Durability.FULL.withFsync(false));
    }

    /** What one client knows of the rows that only it changes. */
    private static final class Client {
        private final Engine engine;
        private final Random random;
        private final int number;
        private final int clients;
        private final Map<String, NavigableMap<Long, List<Object>>> tables = new HashMap<>();
        private long changes;

        Client(
                Engine engine,
                int number,
                int clients,
                Map<String, NavigableMap<Long, List<Object>>> tables) {
            this.engine = engine;
            this.number = number;
            this.clients = clients;
            this.random = new Random(SEED * 1000 + number);
            this.tables.putAll(tables);
        }

        private NavigableMap<Long, List<Object>> rows(String table) {
            return tables.computeIfAbsent(table, name -> new TreeMap<>());
        }

        void run(long operations) {
            for (long i = 0; i < operations; i++) {
                String table = "t" + random.nextInt(2);
                int draw = random.nextInt(100);
                if (draw < 5) {
                    transaction(table);
                } else if (draw < 8) {
                    scan(table);
                } else if (draw == 8) {
                    definition();
                } else if (draw == 9) {
                    range(table);
                } else if (draw < 40) {
                    get(table, key());
                } else {
                    change(null, table, rows(table), key());
                }
            }
        }

        private long key() {
            return (long) random.nextInt(KEYS) * clients + number;
        }

        private void get(String table, long key) {
            assertThat(engine.get(table, key)).isEqualTo(rows(table).get(key));
        }

        /** Inserts, updates or deletes a row, in a transaction or by itself. */
        private void change(
                @Nullable Transaction trx,
                String table,
                NavigableMap<Long, List<Object>> rows,
                long key) {
            List<Object> row =
                    List.of(
                            (long) random.nextInt(VALUES),
                            "x".repeat(random.nextInt(30)) + changes);
            changes++;
            List<Object> before = rows.get(key);
            if (before == null) {
                if (trx == null) {
                    engine.insert(table, key, row.toArray());
                } else {
                    engine.insert(trx, table, key, row.toArray());
                }
                rows.put(key, row);
            } else if (random.nextBoolean()) {
                boolean updated =
                        trx == null
                                ? engine.update(table, key, row.toArray())
                                : engine.update(trx, table, key, row.toArray());
                assertThat(updated).isTrue();
                rows.put(key, row);
            } else {
                boolean deleted =
                        trx == null ? engine.delete(table, key) : engine.delete(trx, table, key);
                assertThat(deleted).isTrue();
                rows.remove(key);
            }
        }

        /** Several changes that are committed or taken back. */
        private void transaction(String table) {
            NavigableMap<Long, List<Object>> after = new TreeMap<>(rows(table));
            boolean commit = random.nextBoolean();
            try (Transaction trx = engine.begin()) {
                for (int i = random.nextInt(6); i >= 0; i--) {
                    change(trx, table, after, key());
                }
                if (commit) {
                    trx.commit();
                }
            } catch (DeadlockException e) {
                // All of it is taken back.
                assertThat(clients).isGreaterThan(1);
                return;
            }
            if (commit) {
                tables.put(table, after);
            }
        }

        /** The rows of a value, of which others may have some too. */
        private void scan(String table) {
            long value = random.nextInt(VALUES);
            List<Long> mine = new ArrayList<>();
            for (Row row : scanned(table, value)) {
                assertThat(row.values().getFirst()).isEqualTo(value);
                if (row.key() % clients == number) {
                    mine.add(row.key());
                }
            }
            List<Long> expected = new ArrayList<>();
            rows(table)
                    .forEach((key, row) -> {
                        if (row.getFirst().equals(value)) {
                            expected.add(key);
                        }
                    });
            assertThat(mine).isEqualTo(expected);
        }

        private List<Row> scanned(String table, long value) {
            boolean descending = random.nextBoolean();
            while (true) {
                try (Transaction trx = engine.begin()) {
                    List<Row> rows = engine.scan(trx, table, "k", value, descending);
                    return descending ? rows.reversed() : rows;
                } catch (DeadlockException e) {
                    // A scan locks all rows; the one that is refused tries again.
                    assertThat(clients).isGreaterThan(1);
                }
            }
        }

        /** Rows between two keys, forward or backward, of which others may have some too. */
        private void range(String table) {
            long low = (long) random.nextInt(KEYS) * clients;
            long high = low + random.nextInt(KEYS * clients);
            boolean descending = random.nextBoolean();
            List<Long> mine = new ArrayList<>();
            for (Row row : ranged(table, low, high, descending)) {
                if (row.key() % clients == number) {
                    assertThat(row.values()).isEqualTo(rows(table).get(row.key()));
                    mine.add(row.key());
                }
            }
            NavigableMap<Long, List<Object>> expected = rows(table).subMap(low, true, high, true);
            assertThat(mine)
                    .containsExactlyElementsOf(
                            descending ? expected.descendingKeySet() : expected.keySet());
        }

        private List<Row> ranged(String table, long low, long high, boolean descending) {
            while (true) {
                try {
                    return engine.range(table, low, high, descending, Integer.MAX_VALUE);
                } catch (DeadlockException e) {
                    assertThat(clients).isGreaterThan(1);
                }
            }
        }

        /** A statement on a table of the client's own. */
        private void definition() {
            String own = "own" + number + "_" + random.nextInt(2);
            String other = "own" + number + "_" + random.nextInt(2);
            if (!tables.containsKey(own)) {
                create(engine, own);
                tables.put(own, new TreeMap<>());
            } else if (random.nextInt(3) == 0) {
                engine.dropTable(own);
                tables.remove(own);
                return;
            } else if (random.nextInt(3) == 0) {
                engine.truncateTable(own);
                rows(own).clear();
            } else if (!tables.containsKey(other)) {
                engine.renameTable(own, other);
                tables.put(other, tables.remove(own));
                own = other;
            }
            for (int i = 0; i < 5; i++) {
                change(null, own, rows(own), random.nextInt(50));
            }
        }

        /** Compares every row. */
        void compareAll() {
            tables.forEach((table, rows) -> {
                int stride = table.startsWith("own") ? 1 : clients;
                int first = table.startsWith("own") ? 0 : number;
                for (long key = first; key < (long) KEYS * stride; key += stride) {
                    assertThat(engine.get(table, key)).isEqualTo(rows.get(key));
                }
            });
        }
    }

    private static void create(Engine engine, String table) {
        engine.createTable(
                table, List.of(Column.ofLong("k"), Column.ofString("c")), List.of("k", "c"));
    }

    @Test
    void oneClientSeesWhatTheModelSees() {
        Map<String, NavigableMap<Long, List<Object>>> tables = new HashMap<>();
        for (long done = 0; done < OPERATIONS; done += STRETCH) {
            try (Engine engine = Engine.open(dir.resolve("one"), config().build())) {
                if (done == 0) {
                    create(engine, "t0");
                    create(engine, "t1");
                }
                Client client = new Client(engine, 0, 1, tables);
                client.run(Math.min(STRETCH, OPERATIONS - done));
                client.compareAll();
                tables = client.tables;
                long rows = tables.values().stream().mapToLong(NavigableMap::size).sum();
                assertThat(engine.validate()).isEqualTo(rows);
            }
        }
    }

    @Test
    void eightClientsSeeWhatTheirModelsSee() throws Exception {
        EngineConfig config =
                config().poolInstances(4).backgroundThreads(true).masterIntervalMillis(5).build();
        try (Engine engine = Engine.open(dir.resolve("eight"), config)) {
            create(engine, "t0");
            create(engine, "t1");
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                clients.add(new Client(engine, i, THREADS, Map.of()));
            }
            for (long done = 0; done < OPERATIONS; done += STRETCH) {
                long part = Math.min(STRETCH, OPERATIONS - done) / THREADS;
                FailureBox failures = new FailureBox();
                Thread[] threads = new Thread[THREADS];
                for (int i = 0; i < THREADS; i++) {
                    Client client = clients.get(i);
                    threads[i] = LowerFloor.start("client-" + i, failures, () -> client.run(part));
                }
                assertTimeoutPreemptively(STRETCH_LIMIT, () -> failures.join(threads));
                clients.forEach(Client::compareAll);
                engine.validate();
            }
            assertThat(engine.errorLog().lines()).noneMatch(line -> line.startsWith("[ERROR]"));
        }
    }
}
