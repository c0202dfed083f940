package org.selvage.engine.workload;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.EngineException;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.dictionary.Column;
import org.selvage.engine.index.SeededRandom;

/**
 * Sysbench's prepare, run and cleanup, one after the other without a pause: tables with an indexed
 * column k are loaded, clients delete rows and insert some of them again under another k, and then
 * every table is dropped while the master thread still merges what the deletes left in the change
 * buffer. On MySQL 5.7 this writes "Trying to do I/O to a tablespace which does not exist" to the
 * error log, now and then. Bounded by counts, not by time; each client's choices follow from the
 * seed.
 */
public final class SysbenchWorkload {
    private static final int CONTENT_LENGTH = 120;
    private static final int PADDING_LENGTH = 60;
    private static final int PERCENT = 100;

    private final Options options;

    /** A workload of this size. */
    public SysbenchWorkload(Options options) {
        this.options = options;
    }

    /**
     * The size of a workload.
     *
     * @param tables number of tables, at least 1
     * @param rowsPerTable rows that prepare loads into each, at least 1
     * @param clients threads of prepare and run, at least 1
     * @param deletesPerClient deletes that each client tries
     * @param reinsertPercent how many of its deleted rows a client inserts again, 0 to 100
     * @param contentLength characters of columns c and pad together, at least 0
     * @param seed seed of all choices
     */
    public record Options(
            int tables,
            int rowsPerTable,
            int clients,
            int deletesPerClient,
            int reinsertPercent,
            int contentLength,
            long seed) {

        public Options {
            requireRange("tables", tables, 1, 1_000_000);
            requireRange("rowsPerTable", rowsPerTable, 1, Integer.MAX_VALUE);
            requireRange("clients", clients, 1, 1000);
            requireRange("deletesPerClient", deletesPerClient, 0, Integer.MAX_VALUE);
            requireRange("reinsertPercent", reinsertPercent, 0, PERCENT);
            requireRange("contentLength", contentLength, 0, 8000);
        }

        private static void requireRange(String name, int value, int low, int high) {
            if (value < low || value > high) {
                throw new EngineException(
                        "a workload option is out of range: option="
                                + name
                                + " value="
                                + value
                                + " range="
                                + low
                                + ".."
                                + high
                                + "; choose one inside");
            }
        }

        /** 100 tables of 2,000 rows, 8 clients of 5,000 deletes each. */
        public static Options defaults() {
            return new Options(100, 2000, 8, 5000, 50, CONTENT_LENGTH + PADDING_LENGTH, 1);
        }
    }

    /**
     * What a workload left behind.
     *
     * @param statusBeforeCleanup status text when the clients were done
     * @param status status text when the tables were dropped
     * @param errorLog lines of the error log, oldest first
     * @param rowsDeleted deletes that found their row
     * @param rowsReinserted rows inserted again
     * @param discardedBeforeClose changes thrown away with their tablespace by then
     */
    public record Result(
            String statusBeforeCleanup,
            String status,
            List<String> errorLog,
            long rowsDeleted,
            long rowsReinserted,
            long discardedBeforeClose) {
        public Result {
            errorLog = List.copyOf(errorLog);
        }
    }

    /** One client's thread body. */
    @FunctionalInterface
    private interface Client {
        void run(int number, long[] counts);
    }

    /**
     * Runs the whole workload in a folder that holds no tables of these names, and closes the
     * engine.
     *
     * @throws EngineException the first failure of a client
     */
    public Result run(Path dir, EngineConfig config, ErrorLog errorLog) {
        try (Engine engine = Engine.open(dir, config, errorLog)) {
            prepare(engine);
            long[] counts = runClients(engine);
            String before = engine.status().text();
            cleanup(engine);
            var changes = engine.status().changeBuffer();
            return new Result(
                    before,
                    engine.status().text(),
                    errorLog.lines(),
                    counts[0],
                    counts[1],
                    changes.discardedInserts() + changes.discardedDeleteMarks());
        }
    }

    /** Creates and loads the tables; each client takes every so many of them. */
    void prepare(Engine engine) {
        inParallel(
                "prepare",
                (number, counts) -> {
                    SeededRandom random = randomOf(number, 0);
                    for (int i = number; i < options.tables; i += options.clients) {
                        createTable(engine, i);
                        for (long id = 1; id <= options.rowsPerTable; id++) {
                            insert(engine, i, id, random);
                        }
                    }
                });
    }

    private static void createTable(Engine engine, int table) {
        engine.createTable(
                tableName(table),
                List.of(Column.ofLong("k"), Column.ofString("c"), Column.ofString("pad")),
                List.of("k"));
    }

    private void insert(Engine engine, int table, long id, SeededRandom random) {
        int padding = options.contentLength / 3;
        engine.insert(
                tableName(table),
                id,
                random.next(),
                text(options.contentLength - padding, id),
                text(padding, id));
    }

    /** Digits, as sysbench fills its columns. */
    private static String text(int length, long id) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('0' + (id * 31 + i * 7L) % 10));
        }
        return text.toString();
    }

    /** Deletes and inserts; returns the rows deleted and the rows inserted again. */
    long[] runClients(Engine engine) {
        return inParallel(
                "client",
                (number, counts) -> {
                    SeededRandom random = randomOf(number, 1);
                    for (int i = 0; i < options.deletesPerClient; i++) {
                        int table = random.below(options.tables);
                        long id = 1L + random.below(options.rowsPerTable);
                        if (!engine.delete(tableName(table), id)) {
                            continue;
                        }
                        counts[0]++;
                        if (random.below(PERCENT) < options.reinsertPercent) {
                            insert(engine, table, id, random);
                            counts[1]++;
                        }
                    }
                });
    }

    /** Drops the tables one after the other, as sysbench does. */
    void cleanup(Engine engine) {
        for (int i = 0; i < options.tables; i++) {
            engine.dropTable(tableName(i));
        }
    }

    /** Name of a table: sbtest1 and so on. */
    private static String tableName(int table) {
        return "sbtest" + (table + 1);
    }

    private SeededRandom randomOf(int client, int phase) {
        return new SeededRandom(options.seed * 1_000_003 + client * 2L + phase);
    }

    /** Runs one thread for each client and waits for them; returns the sums of their counts. */
    private long[] inParallel(String name, Client client) {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        long[][] counts = new long[options.clients][2];
        List<Thread> threads = new ArrayList<>(options.clients);
        for (int i = 0; i < options.clients; i++) {
            int number = i;
            Thread thread =
                    new Thread(
                            () -> {
                                try {
                                    client.run(number, counts[number]);
                                } catch (EngineException | AssertionError e) {
                                    failure.compareAndSet(null, e);
                                }
                            },
                            name + "-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
        joinAll(threads);
        Throwable first = failure.get();
        if (first != null) {
            throw new EngineException("a client failed: " + first.getMessage(), first);
        }
        long[] sums = new long[2];
        for (long[] each : counts) {
            sums[0] += each[0];
            sums[1] += each[1];
        }
        return sums;
    }

    private static void joinAll(List<Thread> threads) {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EngineException(
                        "the workload was interrupted: thread="
                                + thread.getName()
                                + "; run it again",
                        e);
            }
        }
    }
}
