package org.selvage.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * How many executions and seconds it takes to the first failure of each planted program: for each
 * strategy the median over seeds, and Lincheck beside it, in the same run.
 */
final class FirstBug {
    private static final Pattern LINE =
            Pattern.compile(
                    "first-bug (\\S+) (\\S+) found=(\\S+) executions=(\\S+) seconds=(\\S+)");
    private static final List<String> STRATEGIES =
            List.of(
                    "portfolio",
                    "random",
                    "pct:3",
                    "pos",
                    "surw",
                    "coverage",
                    "bounded:2",
                    "delay:2",
                    "optimal");

    private FirstBug() {}

    private record Program(String name, int threads) {}

    private static final List<Program> PROGRAMS =
            List.of(
                    new Program("lostUpdate2", 2),
                    new Program("lostUpdate5", 5),
                    new Program("lostUpdateAllButOne", 4),
                    new Program("lostUpdateNoisy", 5),
                    new Program("twoStageLocking", 2),
                    new Program("wrongLock", 3),
                    new Program("abaStack", 2),
                    new Program("abaValue", 2),
                    new Program("lostNotify", 2),
                    new Program("notifyOne", 4),
                    new Program("ifInsteadOfWhile", 4),
                    new Program("order2", 2),
                    new Program("order20", 20),
                    new Program("lastOf20First", 20),
                    new Program("reorder2", 3),
                    new Program("reorder5", 6),
                    new Program("reorder10", 11),
                    new Program("earlyPublication", 2),
                    new Program("chain2", 2),
                    new Program("chain3", 2),
                    new Program("chain4", 2),
                    new Program("deadlock2", 2),
                    new Program("deadlock3", 3),
                    new Program("deadlock4", 4),
                    new Program("deadlock5", 5),
                    new Program("readWriteUpgrade", 2),
                    new Program("semaphoreBarging", 2),
                    new Program("checkThenPut", 3),
                    new Program("checkThenPutThrice", 3),
                    new Program("queueCounter", 2),
                    new Program("workStealing", 2),
                    new Program("testThenSet", 2),
                    new Program("peterson", 2),
                    new Program("sequenceLock", 2),
                    new Program("initializedTwice", 2),
                    new Program("referenceCount", 2),
                    new Program("transfer", 2),
                    new Program("earlySignal", 2));

    /**
     * Arguments: the agent's jar, executions at most, seeds, Lincheck's executions at most, 0 to
     * leave it out, and a part of the programs, such as 2/5: all if that is missing.
     */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) throws IOException, InterruptedException {
        PrintStream out = System.out;
        Map<String, String> cells = new LinkedHashMap<>();
        List<String> selvage =
                new ArrayList<>(
                        List.of(
                                "-javaagent:" + arguments[0],
                                FirstBugFork.class.getName(),
                                arguments[1],
                                arguments[2],
                                String.join(",", STRATEGIES)));
        List<Program> programs = part(arguments.length > 4 ? arguments[4] : "1/1");
        programs.forEach(program -> selvage.add(program.name()));
        fork(selvage, cells);
        List<String> columns = new ArrayList<>(STRATEGIES);
        if (!arguments[3].equals("0")) {
            columns.add("lincheck");
            List<String> lincheck =
                    new ArrayList<>(List.of(LincheckFirstBugFork.class.getName(), arguments[3]));
            for (Program program : programs) {
                lincheck.add(program.name() + ":" + (program.threads() + 1));
            }
            fork(lincheck, cells);
        }
        out.printf(
                "executions to the first failure / milliseconds; - where half of %s seeds"
                        + " found none in %s executions or 5 s%n%-20s",
                arguments[2], arguments[1], "program");
        columns.forEach(column -> out.printf(" %13s", column));
        out.println();
        for (Program program : programs) {
            out.printf("%-20s", program.name());
            for (String column : columns) {
                out.printf(" %13s", cells.getOrDefault(program.name() + " " + column, "failed"));
            }
            out.println();
        }
        columns.forEach(column -> out.println(summary(programs, column, cells)));
    }

    /** Every n-th program. */
    private static List<Program> part(String text) {
        int slash = text.indexOf('/');
        int from = Integer.parseInt(text.substring(0, slash)) - 1;
        int step = Integer.parseInt(text.substring(slash + 1));
        return IntStream.range(0, PROGRAMS.size())
                .filter(i -> i % step == from)
                .mapToObj(PROGRAMS::get)
                .toList();
    }

    /** What the median seeds of all programs come to. */
    private static String summary(
            List<Program> programs, String column, Map<String, String> cells) {
        double[] executions =
                programs.stream()
                        .map(program -> cells.getOrDefault(program.name() + " " + column, "-"))
                        .filter(cell -> !cell.equals("-"))
                        .mapToDouble(
                                cell -> Double.parseDouble(cell.substring(0, cell.indexOf(' '))))
                        .sorted()
                        .toArray();
        double logarithms = Arrays.stream(executions).map(Math::log).sum();
        return String.format(
                Locale.ROOT,
                "%-13s found=%d/%d median=%.0f geometric-mean=%.1f largest=%.0f",
                column,
                executions.length,
                programs.size(),
                executions.length == 0 ? Double.NaN : executions[executions.length / 2],
                Math.exp(logarithms / executions.length),
                executions.length == 0 ? Double.NaN : executions[executions.length - 1]);
    }

    private static void fork(List<String> arguments, Map<String, String> cells)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:-PrintWarnings",
                        "-XX:+UseSerialGC",
                        "-XX:+UseCondCardMark",
                        "-Xmx1g"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                Matcher matcher = LINE.matcher(line);
                if (matcher.matches()) {
                    cells.put(matcher.group(1) + " " + matcher.group(2), cell(matcher));
                }
            }
        }
        process.waitFor();
    }

    private static String cell(Matcher line) {
        if (line.group(4).equals("Infinity")) {
            return "-";
        }
        double millis = Double.parseDouble(line.group(5)) * 1e3;
        return String.format(
                Locale.ROOT, millis < 10 ? "%s / %.1f" : "%s / %.0f", line.group(4), millis);
    }
}
