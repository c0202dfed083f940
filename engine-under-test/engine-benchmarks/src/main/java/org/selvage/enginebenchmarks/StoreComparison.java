package org.selvage.enginebenchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The engine beside H2's MVStore and SQLite: the same rows with three secondary indexes and random
 * keys, a cache of about a tenth of the data, the same durability, one thread. Each measurement has
 * a JVM of its own; the stores take turns. Prints medians, by elapsed and by CPU time, and the
 * ratio to the better of the two others.
 *
 * <h2>What makes it fair</h2>
 *
 * <p>Inserts are measured until the last one is acknowledged, in a JVM that has made a smaller
 * store before. The reads follow in a store that was closed and opened again. The figures are of a
 * second pass of them. The first one ("first-point" and so on in the line of a run) fills the
 * cache, lets the JVM compile, and merges what the change buffer of the engine had put off; the
 * other stores put nothing off.
 *
 * <p>MVStore keeps a weak reference to each page that its cache gave up, and takes the page back
 * when it is asked for before a garbage collection, without giving up another (H2 2.4,
 * CacheLongKeyLIRS). With much heap it so comes to hold all the data, whatever its cache size. All
 * stores therefore get a heap that has room for a few times the cache and, from about 200,000 rows
 * on, not for all the data, unless {@code --heap} says otherwise.
 */
final class StoreComparison {
    private static final List<String> STORES =
            List.of("selvage", "selvage-no-ibuf", "mvstore", "sqlite");
    private static final List<String> FIGURES =
            List.of("insert", "point", "secondary", "range", "scan");

    /** What ends the name of the rate by the CPU time of all of the JVM's threads. */
    private static final String CPU = "-cpu";

    /** About a tenth of what a row takes in a file, with its index records. */
    private static final int CACHE_BYTES_PER_ROW = 30;

    private static final int LEAST_CACHE = 2 << 20;

    /** Heap of each JVM: so many times the cache, beside what a JVM without data needs. */
    private static final int HEAP_PER_CACHE = 4;

    private static final int HEAP_BESIDE = 20 << 20;

    private StoreComparison() {}

    /**
     * Arguments: a folder for the data, which is deleted; {@code --rows N}, {@code --runs N},
     * {@code --durability power|process}: what takes the last second at most, the loss of power or
     * only the end of the process; {@code --heap} for each JVM, as -Xmx has it; {@code --page-size}
     * of the engine, SQLite's by default.
     */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        Path folder = Path.of(arguments[0]);
        Map<String, String> options = options(arguments);
        long rows = Long.parseLong(options.get("--rows"));
        int runs = Integer.parseInt(options.get("--runs"));
        long cache = Math.max(LEAST_CACHE, rows * CACHE_BYTES_PER_ROW);
        options.putIfAbsent("--heap", Long.toString(HEAP_BESIDE + HEAP_PER_CACHE * cache));
        out.printf("rows=%d cache=%d bytes, %s%n", rows, cache, options);
        Map<String, Map<String, List<Double>>> results = new HashMap<>();
        for (int run = 0; run < runs; run++) {
            for (String store : STORES) {
                List<String> lines = fork(store, folder.resolve(store), rows, cache, options);
                out.println(store + " run " + run + ": " + String.join(" ", lines));
                for (String line : lines) {
                    int at = line.indexOf('=');
                    String figure = line.substring(0, at);
                    if (FIGURES.contains(figure.replace(CPU, ""))) {
                        results.computeIfAbsent(store, any -> new HashMap<>())
                                .computeIfAbsent(figure, any -> new ArrayList<>())
                                .add(Double.parseDouble(line.substring(at + 1)));
                    }
                }
            }
        }
        print(out, "a second", "", results);
        print(out, "a second of CPU", CPU, results);
    }

    private static Map<String, String> options(String[] arguments) {
        Map<String, String> options =
                new HashMap<>(
                        Map.of(
                                "--rows", "100000",
                                "--runs", "3",
                                "--durability", "power",
                                "--page-size", "4096"));
        for (int i = 1; i + 1 < arguments.length; i += 2) {
            boolean known = options.containsKey(arguments[i]) || arguments[i].equals("--heap");
            options.put(arguments[i], arguments[i + 1]);
            if (!known) {
                throw new IllegalArgumentException("no such option: " + arguments[i]);
            }
        }
        return options;
    }

    private static void print(
            PrintStream out,
            String title,
            String suffix,
            Map<String, Map<String, List<Double>>> results) {
        out.printf("%-16s", title);
        FIGURES.forEach(figure -> out.printf("%12s", figure));
        out.println();
        for (String store : STORES) {
            out.printf("%-16s", store);
            for (String figure : FIGURES) {
                out.printf(Locale.ROOT, "%12.0f", median(results, store, figure + suffix));
            }
            out.println();
        }
        out.printf("%-16s", "to the better");
        for (String figure : FIGURES) {
            double better =
                    Math.max(
                            median(results, "mvstore", figure + suffix),
                            median(results, "sqlite", figure + suffix));
            out.printf(Locale.ROOT, "%12.2f", median(results, "selvage", figure + suffix) / better);
        }
        out.println();
    }

    private static double median(
            Map<String, Map<String, List<Double>>> results, String store, String figure) {
        List<Double> sorted =
                new ArrayList<>(
                        results.getOrDefault(store, Map.of()).getOrDefault(figure, List.of()));
        sorted.sort(Comparator.naturalOrder());
        return sorted.get(sorted.size() / 2);
    }

    private static List<String> fork(
            String store, Path folder, long rows, long cache, Map<String, String> options)
            throws IOException, InterruptedException {
        delete(folder);
        List<String> command =
                new ArrayList<>(
                        Arrays.asList(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx" + options.get("--heap"),
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                StoreFork.class.getName(),
                                store,
                                folder.toString(),
                                Long.toString(rows),
                                Long.toString(cache),
                                options.get("--durability"),
                                options.get("--page-size")));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(store + " failed: " + output);
        }
        delete(folder);
        List<String> lines = output.lines().toList();
        return lines.subList(lines.indexOf("warm") + 1, lines.size());
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
