package org.selvage.benchmarks.checking;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.selvage.checker.history.History;

/**
 * The same histories judged by Selvage's checker, by Lincheck's verifier and by a naive search,
 * each in a JVM of its own with 1 GiB, one after the other. Prints the best time for each length; a
 * checker that does not come to a verdict in the limit, or runs out of memory or stack, has a dash
 * from there on.
 */
final class CheckerComparison {
    private static final Pattern LINE = Pattern.compile("operations=([0-9]+) nanos=([0-9]+)");
    private static final List<String> CHECKERS = List.of("selvage", "lincheck", "naive");
    private static final List<String> KINDS =
            List.of("register-unique-8", "register-5-8", "register-5-32", "queue-unique-8");

    private CheckerComparison() {}

    /** A history of one kind: object, unique or number of values, clients. */
    static History history(String kind, int operations) {
        String[] parts = kind.split("-", -1);
        boolean unique = parts[1].equals("unique");
        int clients = Integer.parseInt(parts[2]);
        return parts[0].equals("queue")
                ? Histories.queue(operations, clients, unique)
                : Histories.register(operations, clients, unique);
    }

    /** Arguments: seconds for each checker and kind of history. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) throws IOException, InterruptedException {
        long seconds = Long.parseLong(arguments[0]);
        PrintStream out = System.out;
        out.printf(
                "%-20s %10s %12s %12s %12s%n",
                "history", "operations", "selvage", "lincheck", "naive");
        for (String kind : KINDS) {
            List<Map<Integer, Long>> nanos = new ArrayList<>();
            for (String checker : CHECKERS) {
                nanos.add(fork(seconds, checker, kind));
            }
            for (int size : CheckerFork.SIZES) {
                out.printf("%-20s %,10d", kind, size);
                for (Map<Integer, Long> of : nanos) {
                    Long best = of.get(size);
                    out.printf(
                            Locale.ROOT,
                            " %12s",
                            best == null ? "-" : String.format(Locale.ROOT, "%.3f ms", best / 1e6));
                }
                out.println();
            }
        }
    }

    private static Map<Integer, Long> fork(long seconds, String checker, String kind)
            throws IOException, InterruptedException {
        Path told = Files.createTempFile("checker", ".txt");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-Xmx1g",
                                "-Xss64m",
                                "-XX:+EnableDynamicAgentLoading",
                                "-cp",
                                System.getProperty("java.class.path"),
                                CheckerFork.class.getName(),
                                checker,
                                kind)
                        .redirectOutput(told.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        Map<Integer, Long> nanos = new TreeMap<>();
        for (String line : Files.readAllLines(told)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                nanos.put(Integer.valueOf(matcher.group(1)), Long.valueOf(matcher.group(2)));
            }
        }
        Files.delete(told);
        if (nanos.isEmpty()) {
            throw new IOException("a checker told nothing: checker=" + checker + " kind=" + kind);
        }
        return nanos;
    }
}
