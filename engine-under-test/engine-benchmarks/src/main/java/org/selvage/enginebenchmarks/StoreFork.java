package org.selvage.enginebenchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Measures one store in a JVM of its own. Random primary keys; one indexed column has a value for
 * each row, one for ten and one for a thousand.
 */
final class StoreFork {
    private static final int PAYLOAD_BYTES = 100;

    /** An odd number: multiplication by it visits every 64-bit number once. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final int[] ROWS_PER_VALUE = {1, 10, 1000};

    private final Store store;
    private final long rows;
    private final PrintStream out;

    private StoreFork(Store store, long rows, PrintStream out) {
        this.store = store;
        this.rows = rows;
        this.out = out;
    }

    /** Arguments: store, folder, rows, bytes of cache, "power" or "process", page size. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        long rows = Long.parseLong(arguments[2]);
        long cache = Long.parseLong(arguments[3]);
        boolean powerSafe = arguments[4].equals("power");
        int pageSize = Integer.parseInt(arguments[5]);
        try (Store store = open(arguments[0], folder, cache, powerSafe, pageSize)) {
            new StoreFork(store, rows, System.out).insertAll();
        }
        System.out.println("bytes=" + bytes(folder));
        try (Store store = open(arguments[0], folder, cache, powerSafe, pageSize)) {
            new StoreFork(store, rows, System.out).readAll();
        }
    }

    private static Store open(
            String name, Path folder, long cacheBytes, boolean powerSafe, int pageSize) {
        return switch (name) {
            case "selvage" -> new SelvageStore(folder, pageSize, cacheBytes, powerSafe, true);
            case "selvage-no-ibuf" ->
                    new SelvageStore(folder, pageSize, cacheBytes, powerSafe, false);
            case "mvstore" -> new MvStore(folder, cacheBytes, powerSafe);
            case "sqlite" -> new SqliteStore(folder, cacheBytes, powerSafe);
            default -> throw new IllegalArgumentException("no such store: " + name);
        };
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.toString().contains("ib_logfile"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static long key(long row) {
        return row * SPREAD;
    }

    private static long indexed(long row, int index, long rows) {
        long values = Math.max(1, rows / ROWS_PER_VALUE[index]);
        return (row % values + 1) * SPREAD * (2 * index + 3);
    }

    private void insertAll() {
        byte[] payload = new byte[PAYLOAD_BYTES];
        Random random = new Random(1);
        long[] indexed = new long[ROWS_PER_VALUE.length];
        measure(
                "insert",
                () -> {
                    for (long row = 0; row < rows; row++) {
                        random.nextBytes(payload);
                        ByteBuffer.wrap(payload).putLong(row);
                        for (int i = 0; i < indexed.length; i++) {
                            indexed[i] = indexed(row, i, rows);
                        }
                        store.insert(key(row), indexed, payload);
                    }
                    return rows;
                });
        out.println("remarks=" + store.remarks());
    }

    private void readAll() {
        Random random = new Random(2);
        long reads = Math.max(1000, rows / 5);
        measure(
                "point",
                () -> {
                    for (long i = 0; i < reads; i++) {
                        require(store.read(key(random.nextLong(rows))) ? 1 : 0, 1);
                    }
                    return reads;
                });
        measure(
                "secondary",
                () -> {
                    long found = 0;
                    for (long i = 0; i < reads / 2; i++) {
                        found += store.readBy(0, indexed(random.nextLong(rows), 0, rows));
                    }
                    require(found, reads / 2);
                    return reads / 2;
                });
        measure(
                "range",
                () -> {
                    long found = 0;
                    for (long i = 0; i < Math.max(1, reads / 1000); i++) {
                        found += store.readBy(2, indexed(random.nextLong(rows), 2, rows));
                    }
                    return found;
                });
        measure(
                "scan",
                () -> {
                    long found = store.scan();
                    require(found, rows);
                    return found;
                });
    }

    private static void require(long found, long expected) {
        if (found != expected) {
            throw new IllegalStateException("found " + found + " of " + expected);
        }
    }

    private void measure(String what, LongSupplier work) {
        long start = System.nanoTime();
        long done = work.getAsLong();
        double seconds = (System.nanoTime() - start) / 1e9;
        out.println(what + "=" + Math.round(done / seconds));
    }
}
