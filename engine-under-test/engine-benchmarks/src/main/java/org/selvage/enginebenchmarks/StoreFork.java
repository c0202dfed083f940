package org.selvage.enginebenchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Measures one store in a JVM of its own, after the same with fewer rows in another folder, so that
 * the JVM is warm; prints "warm" in between. Random primary keys; one indexed column has a value
 * for each row, one for ten and one for a thousand.
 */
final class StoreFork {
    private static final int PAYLOAD_BYTES = 100;

    /** An odd number: multiplication by it visits every 64-bit number once. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final int[] ROWS_PER_VALUE = {1, 10, 1000};

    /** Enough for the JVM to have compiled what the measurement runs. */
    private static final long WARM_UP_ROWS = 50_000;

    /** Nanoseconds between two values of the clock of CPU time. */
    private static final long CPU_TICK = 10_000_000;

    /** Point reads, so that each kind of read takes many ticks of that clock. */
    private static final long LEAST_READS = 100_000;

    private static final long LEAST_SCANNED = 1_000_000;

    /** What begins the names of the figures of the first pass of reads. */
    private static final String FIRST = "first-";

    private final String name;
    private final long cacheBytes;
    private final boolean powerSafe;
    private final int pageSize;

    @SuppressWarnings("SystemOut") // its output is what it is for
    private final PrintStream out = System.out;

    private StoreFork(String name, long cacheBytes, boolean powerSafe, int pageSize) {
        this.name = name;
        this.cacheBytes = cacheBytes;
        this.powerSafe = powerSafe;
        this.pageSize = pageSize;
    }

    /** Arguments: store, folder, rows, bytes of cache, "power" or "process", page size. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        long rows = Long.parseLong(arguments[2]);
        StoreFork fork =
                new StoreFork(
                        arguments[0],
                        Long.parseLong(arguments[3]),
                        arguments[4].equals("power"),
                        Integer.parseInt(arguments[5]));
        fork.run(folder.resolve("warm-up"), Math.min(rows, WARM_UP_ROWS));
        fork.out.println("warm");
        fork.run(folder.resolve("measured"), rows);
    }

    private void run(Path folder, long rows) throws IOException {
        Files.createDirectories(folder);
        try (Store store = open(folder)) {
            insertAll(store, rows);
        }
        out.println("bytes=" + bytes(folder));
        try (Store store = open(folder)) {
            Random random = new Random(2);
            readAll(store, rows, random, FIRST);
            readAll(store, rows, random, "");
            out.println("remarks=" + store.remarks());
        }
    }

    private Store open(Path folder) {
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

    private void insertAll(Store store, long rows) {
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

    private void readAll(Store store, long rows, Random random, String pass) {
        long reads = Math.max(LEAST_READS, rows / 5);
        measure(
                pass + "point",
                () -> {
                    for (long i = 0; i < reads; i++) {
                        require(store.read(key(random.nextLong(rows))) ? 1 : 0, 1);
                    }
                    return reads;
                });
        measure(
                pass + "secondary",
                () -> {
                    long found = 0;
                    for (long i = 0; i < reads / 2; i++) {
                        found += store.readBy(0, indexed(random.nextLong(rows), 0, rows));
                    }
                    require(found, reads / 2);
                    return reads / 2;
                });
        measure(
                pass + "range",
                () -> {
                    long found = 0;
                    for (long i = 0; i < reads / ROWS_PER_VALUE[2]; i++) {
                        found += store.readBy(2, indexed(random.nextLong(rows), 2, rows));
                    }
                    return found;
                });
        measure(
                pass + "scan",
                () -> {
                    long scanned = 0;
                    while (scanned < LEAST_SCANNED) {
                        long found = store.scan();
                        require(found, rows);
                        scanned += found;
                    }
                    return scanned;
                });
    }

    private static void require(long found, long expected) {
        if (found != expected) {
            throw new IllegalStateException("found " + found + " of " + expected);
        }
    }

    private void measure(String what, LongSupplier work) {
        long start = System.nanoTime();
        long cpuStart = cpuNanos();
        long done = work.getAsLong();
        double cpuSeconds = Math.max(CPU_TICK, cpuNanos() - cpuStart) / 1e9;
        double seconds = (System.nanoTime() - start) / 1e9;
        out.println(what + "=" + Math.round(done / seconds));
        out.println(what + "-cpu=" + Math.round(done / cpuSeconds));
    }

    /** Of all threads of this JVM, the compiler's and the collector's included. */
    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
