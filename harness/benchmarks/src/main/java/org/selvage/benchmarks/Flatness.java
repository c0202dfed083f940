package org.selvage.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Prints what a scheduling point costs with 2 to 64 tasks and with 100 to 1,000,000 points in an
 * execution, each in a JVM of its own, and how much more than the cheapest.
 */
final class Flatness {
    private static final Pattern COST = Pattern.compile("ns/point=([0-9.]+)");
    private static final String POINTS = "org.selvage.benchmarks.programs.Points";

    private Flatness() {}

    private record Load(int tasks, int points) {}

    private static final List<Load> BY_TASKS =
            List.of(
                    new Load(2, 10_000),
                    new Load(4, 10_000),
                    new Load(8, 10_000),
                    new Load(16, 10_000),
                    new Load(32, 10_000),
                    new Load(64, 10_000));

    private static final List<Load> BY_POINTS =
            List.of(
                    new Load(2, 100),
                    new Load(2, 1_000),
                    new Load(2, 10_000),
                    new Load(2, 100_000),
                    new Load(2, 1_000_000));

    /** Arguments: the agent's jar, milliseconds for each measurement. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) throws IOException, InterruptedException {
        PrintStream out = System.out;
        for (String source : List.of("switch", "stay")) {
            table(out, arguments, source, BY_TASKS);
            table(out, arguments, source, BY_POINTS);
        }
    }

    private static void table(PrintStream out, String[] arguments, String source, List<Load> loads)
            throws IOException, InterruptedException {
        double[] costs = new double[loads.size()];
        double least = Double.MAX_VALUE;
        for (int i = 0; i < costs.length; i++) {
            Load load = loads.get(i);
            List<String> options =
                    List.of("-Dselvage.tasks=" + load.tasks(), "-Dselvage.points=" + load.points());
            costs[i] = cost(arguments[0], options, POINTS, source, arguments[1]);
            least = Math.min(least, costs[i]);
        }
        out.printf("%-8s %6s %9s %9s %6s%n", source, "tasks", "points", "ns/point", "ratio");
        for (int i = 0; i < costs.length; i++) {
            out.printf(
                    Locale.ROOT,
                    "%-8s %6d %9d %9.1f %6.2f%n",
                    "",
                    loads.get(i).tasks(),
                    loads.get(i).points(),
                    costs[i],
                    costs[i] / least);
        }
    }

    private static double cost(String agent, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        return Comparison.number(
                COST, Comparison.fork(COST, agent, options, FlatnessFork.class, arguments));
    }
}
