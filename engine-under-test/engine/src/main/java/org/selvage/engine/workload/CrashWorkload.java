package org.selvage.engine.workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.Durability;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.EngineException;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.dictionary.Column;
import org.selvage.engine.transaction.Transaction;

/**
 * A load that can be killed at any moment, and the check of what it left: rows that were
 * acknowledged are there, nothing else is, and every file has its table.
 *
 * <p>Each client has rows and tables of its own and writes down, before and after each operation,
 * what it is about to do and that it was done. So for all but the last operation of a client the
 * outcome is known, and the last one happened whole or not at all.
 */
public final class CrashWorkload {
    /** Table that all clients share. */
    private static final String SHARED = "shared";

    private static final int KEYS = 200;
    private static final int CLIENT_KEYS = 1_000_000;

    /** Names that a client may give its own tables, and rows that one of them has at first. */
    private static final int OWN_TABLES = 4;

    private static final int OWN_ROWS = 20;
    private static final int ABSENT = -2;
    private static final int DISCARDED = -1;

    private final int clients;
    private final long seed;

    /**
     * @param clients threads, 1 to 100
     * @param seed seed of the operations
     */
    public CrashWorkload(int clients, long seed) {
        this.clients = clients;
        this.seed = seed;
    }

    /** Small pages, pool and log, so that every part of the engine has work; four instances. */
    public static EngineConfig config(String protocol) {
        return EngineConfig.builder()
                .pageSize(1024)
                .poolPages(160)
                .poolInstances(4)
                .readThreads(2)
                .writeThreads(2)
                .ioCapacity(2000)
                .changeBufferMaxPercent(50)
                .masterIntervalMillis(5)
                .deleteProtocol(protocol)
                .durability(Durability.FULL.withFsync(false).withLogFileBytes(700_000))
                .build();
    }

    /** What a check found. */
    public record Outcome(long operations, long rows, int tables, long openMillis) {}

    // ---- the load ----

    /** What is done as soon as the engine is open. */
    interface WhenOpen {
        void run() throws IOException;
    }

    /** Opens the engine and runs until the process is killed. */
    void run(Path folder, Path journals, EngineConfig config, WhenOpen whenOpen)
            throws InterruptedException, IOException {
        Engine engine = Engine.open(folder, config);
        whenOpen.run();
        if (!engine.tableNames().contains(SHARED)) {
            create(engine, SHARED);
        }
        Thread[] threads = new Thread[clients];
        for (int i = 0; i < clients; i++) {
            int number = i;
            threads[i] = new Thread(() -> client(engine, journals, number), "client-" + i);
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        throw new IllegalStateException("the clients ended, the load is to be killed");
    }

    private static void create(Engine engine, String table) {
        engine.createTable(
                table,
                List.of(Column.ofLong("k"), Column.ofLong("l"), Column.ofString("c")),
                List.of("k", "l"));
    }

    private void client(Engine engine, Path journals, int number) {
        try (Journal journal = Journal.append(journals.resolve("client-" + number))) {
            Random random = new Random(seed * 31 + number);
            Path exports = journals.resolveSibling("exports");
            for (long step = 1; ; step++) {
                int draw = random.nextInt(100);
                if (draw < 5) {
                    tableStep(engine, journal, exports, number, random);
                } else if (draw < 20) {
                    transactionStep(engine, journal, number, random, step);
                } else {
                    rowStep(engine, journal, number, random, step);
                }
            }
        }
    }

    /** A data definition statement on one of the client's own tables. */
    private static void tableStep(
            Engine engine, Journal journal, Path exports, int number, Random random) {
        String table = "own_" + number + "_" + random.nextInt(OWN_TABLES);
        String other = "own_" + number + "_" + random.nextInt(OWN_TABLES);
        Path copies = exports.resolve(table);
        if (!engine.tableNames().contains(table)) {
            journal.done("create " + table, () -> create(engine, table));
            journal.done("fill " + table, () -> fill(engine, table));
        } else if (engine.isDiscarded(table)) {
            if (random.nextInt(4) == 0) {
                journal.done("drop " + table, () -> engine.dropTable(table));
            } else {
                journal.done(
                        "import " + table,
                        () -> engine.importTablespace(table, copies.resolve(table + ".ibd")));
            }
        } else {
            switch (random.nextInt(4)) {
                case 0 -> journal.done("drop " + table, () -> engine.dropTable(table));
                case 1 -> journal.done("truncate " + table, () -> engine.truncateTable(table));
                case 2 -> {
                    engine.exportTable(table, copies);
                    journal.done("discard " + table, () -> engine.discardTablespace(table));
                }
                default -> {
                    if (!engine.tableNames().contains(other)) {
                        journal.done(
                                "rename " + table + " " + other,
                                () -> engine.renameTable(table, other));
                    }
                }
            }
        }
    }

    private static void fill(Engine engine, String table) {
        try (Transaction trx = engine.begin()) {
            for (long key = 0; key < OWN_ROWS; key++) {
                engine.insert(trx, table, key, key, -key, "own");
            }
            trx.commit();
        }
    }

    private static long key(int number, Random random) {
        return (long) number * CLIENT_KEYS + random.nextInt(KEYS);
    }

    private static void rowStep(
            Engine engine, Journal journal, int number, Random random, long step) {
        long key = key(number, random);
        if (random.nextInt(3) == 0) {
            journal.line("delete " + key);
            engine.delete(SHARED, key);
        } else {
            journal.line("put " + key + " " + step);
            put(engine, null, key, step);
        }
        journal.line("done");
    }

    /** Several rows at once: all of them or none. */
    private static void transactionStep(
            Engine engine, Journal journal, int number, Random random, long step) {
        StringBuilder line = new StringBuilder("all");
        long[] keys = new long[2 + random.nextInt(6)];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = key(number, random);
            line.append(' ').append(keys[i]).append(' ').append(step);
        }
        boolean commit = random.nextInt(4) != 0;
        if (commit) {
            journal.line(line.toString());
        }
        try (Transaction trx = engine.begin()) {
            for (long key : keys) {
                put(engine, trx, key, step);
            }
            if (commit) {
                trx.commit();
            }
        }
        if (commit) {
            journal.line("done");
        }
    }

    private static void put(Engine engine, @Nullable Transaction given, long key, long step) {
        Object[] row = row(key, step);
        if (given == null) {
            try (Transaction trx = engine.begin()) {
                put(engine, trx, key, step);
                trx.commit();
            }
        } else if (!engine.update(given, SHARED, key, row)) {
            engine.insert(given, SHARED, key, row);
        }
    }

    private static Object[] row(long key, long step) {
        long spread = (key * 31 + step) * 0x9E3779B97F4A7C15L;
        return new Object[] {spread, step % 50, "x".repeat((int) (step % 60)) + step};
    }

    // ---- the check ----

    /**
     * Opens what a killed load left and compares it with the journals.
     *
     * @throws EngineException with the first difference
     */
    public Outcome check(Path folder, Path journals, EngineConfig config) {
        long begin = System.nanoTime();
        try (Engine engine = Engine.open(folder, config, new ErrorLog())) {
            long millis = (System.nanoTime() - begin) / 1_000_000;
            engine.validate();
            long operations = 0;
            TreeMap<Long, Long> rows = new TreeMap<>();
            TreeMap<String, Integer> tables = new TreeMap<>();
            for (int number = 0; number < clients; number++) {
                operations += new Replay(engine, rows, tables).client(journals, number);
            }
            requireRows(engine, rows);
            requireTables(engine, folder, tables);
            return new Outcome(operations, rows.size(), engine.tableNames().size(), millis);
        }
    }

    private void requireRows(Engine engine, Map<Long, Long> rows) {
        for (int number = 0; number < clients; number++) {
            for (long k = 0; k < KEYS; k++) {
                long key = (long) number * CLIENT_KEYS + k;
                Long step = rows.get(key);
                List<Object> expected = step == null ? null : List.of(row(key, step));
                List<Object> actual =
                        engine.tableNames().contains(SHARED) ? engine.get(SHARED, key) : null;
                if (expected == null ? actual != null : !expected.equals(actual)) {
                    throw new EngineException(
                            (actual == null ? "A row is lost" : "A row is not what was written")
                                    + ": key="
                                    + key
                                    + " expected="
                                    + expected
                                    + " actual="
                                    + actual
                                    + ". Keep the folder.");
                }
            }
        }
    }

    /** Rows of one of the clients' own tables, or why it has none. */
    private static int contents(Engine engine, String table) {
        if (!engine.tableNames().contains(table)) {
            return ABSENT;
        }
        if (engine.isDiscarded(table)) {
            return DISCARDED;
        }
        int rows = 0;
        for (long key = 0; key < OWN_ROWS; key++) {
            rows += List.of(key, -key, "own").equals(engine.get(table, key)) ? 1 : 0;
        }
        return rows;
    }

    private static void requireTables(Engine engine, Path folder, Map<String, Integer> tables) {
        List<String> names = engine.tableNames();
        tables.forEach((table, expected) -> {
            int actual = contents(engine, table);
            if (actual != expected) {
                throw new EngineException(
                        "A table is not what was acknowledged: table="
                                + table
                                + " expected_rows="
                                + expected
                                + " actual_rows="
                                + actual
                                + " absent="
                                + ABSENT
                                + " discarded="
                                + DISCARDED
                                + ". Keep the folder.");
            }
        });
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                String table = name.substring(0, Math.max(0, name.length() - 4));
                if (name.endsWith(".ibd")
                        && (!names.contains(table) || engine.isDiscarded(table))) {
                    throw new EngineException(
                            "A file has no table: file=" + file + ". Keep the folder.");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Follows one client's journal. */
    private static final class Replay {
        private final Engine engine;
        private final Map<Long, Long> rows;
        private final Map<String, Integer> tables;
        private final Map<String, Integer> exported = new TreeMap<>();

        Replay(Engine engine, Map<Long, Long> rows, Map<String, Integer> tables) {
            this.engine = engine;
            this.rows = rows;
            this.tables = tables;
        }

        long client(Path journals, int number) {
            List<String> lines = Journal.read(journals.resolve("client-" + number));
            long operations = 0;
            for (int i = 0; i < lines.size(); i++) {
                String[] words = lines.get(i).split(" ");
                if (words[0].equals("done") || words[0].equals("undone")) {
                    continue;
                }
                operations++;
                boolean known = i + 1 < lines.size();
                if (!known) {
                    boolean done = happened(words);
                    Journal.add(journals.resolve("client-" + number), done ? "done" : "undone");
                    known = done;
                } else if (lines.get(i + 1).equals("undone")) {
                    known = false;
                }
                if (known) {
                    apply(words);
                }
            }
            return operations;
        }

        private void apply(String[] words) {
            switch (words[0]) {
                case "create", "truncate" -> tables.put(words[1], 0);
                case "fill" -> tables.put(words[1], OWN_ROWS);
                case "drop" -> tables.put(words[1], ABSENT);
                case "rename" -> {
                    tables.put(words[2], tables.getOrDefault(words[1], ABSENT));
                    tables.put(words[1], ABSENT);
                }
                case "discard" -> {
                    exported.put(words[1], tables.getOrDefault(words[1], ABSENT));
                    tables.put(words[1], DISCARDED);
                }
                case "import" -> tables.put(words[1], exported.getOrDefault(words[1], ABSENT));
                case "delete" -> rows.remove(Long.parseLong(words[1]));
                default -> {
                    for (int i = 1; i < words.length; i += 2) {
                        rows.put(Long.parseLong(words[i]), Long.parseLong(words[i + 1]));
                    }
                }
            }
        }

        /** Whether the operation that the kill interrupted took effect: by its first row. */
        private boolean happened(String[] words) {
            return switch (words[0]) {
                case "create" -> contents(engine, words[1]) != ABSENT;
                case "drop", "rename" -> contents(engine, words[1]) == ABSENT;
                case "fill" -> contents(engine, words[1]) > 0;
                case "truncate" -> contents(engine, words[1]) == 0;
                case "discard" -> contents(engine, words[1]) == DISCARDED;
                case "import" -> contents(engine, words[1]) != DISCARDED;
                default -> engine.tableNames().contains(SHARED) && rowHappened(words);
            };
        }

        private boolean rowHappened(String[] words) {
            long key = Long.parseLong(words[1]);
            List<Object> row = engine.get(SHARED, key);
            if (words[0].equals("delete")) {
                return row == null;
            }
            return row != null && row.equals(List.of(row(key, Long.parseLong(words[2]))));
        }
    }

    /** A client's file of lines; a line is with the operating system when the call returns. */
    private static final class Journal implements AutoCloseable {
        private final java.io.OutputStream out;

        private Journal(java.io.OutputStream out) {
            this.out = out;
        }

        static Journal append(Path file) {
            try {
                return new Journal(
                        Files.newOutputStream(
                                file,
                                java.nio.file.StandardOpenOption.CREATE,
                                java.nio.file.StandardOpenOption.APPEND));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static void add(Path file, String line) {
            try (Journal journal = append(file)) {
                journal.line(line);
            }
        }

        /** The whole lines; one that the kill cut was never acted upon. */
        static List<String> read(Path file) {
            try {
                if (!Files.exists(file)) {
                    return List.of();
                }
                String text = Files.readString(file);
                return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void line(String line) {
            try {
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Writes down what is about to be done, does it, and writes down that it was done. */
        void done(String line, Runnable operation) {
            line(line);
            operation.run();
            line("done");
        }

        @Override
        public void close() {
            try {
                out.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
