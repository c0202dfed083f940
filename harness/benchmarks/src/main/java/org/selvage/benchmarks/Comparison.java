package org.selvage.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the same programs under Selvage, on plain threads and under Lincheck, each in a JVM of its
 * own, one after the other, and prints executions a second and the ratios.
 */
final class Comparison {
    private static final Pattern RATE = Pattern.compile("executions/s=([0-9]+)");

    private Comparison() {}

    private record Program(String name, int threads, int lincheckInvocations) {}

    private static final List<Program> PROGRAMS =
            List.of(
                    new Program("Increment", 2, 2_000),
                    new Program("LostUpdate", 2, 2_000),
                    new Program("LockBuffer", 3, 3_000),
                    new Program("MonitorBuffer", 4, 3_000),
                    new Program("Volatiles", 4, 3_000),
                    new Program("DeleteProtocol", 3, 1_000));

    /**
     * Arguments: the agent's jar, seconds for each measurement, and optionally the word {@code
     * quick} to leave Lincheck out.
     */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String agent = arguments[0];
        String seconds = arguments[1];
        boolean lincheck = arguments.length < 3 || !arguments[2].equals("quick");
        PrintStream out = System.out;
        out.printf(
                "%-15s %10s %10s %10s %8s %8s   %s%n",
                "program",
                "selvage/s",
                "plain/s",
                "lincheck/s",
                "x plain",
                "x linch.",
                "random walk");
        for (Program program : PROGRAMS) {
            String type = "org.selvage.benchmarks.programs." + program.name();
            String selvage = fork(agent, SelvageFork.class, type, "random", seconds);
            double rate = rate(selvage);
            double plain = rate(fork("", PlainFork.class, type, seconds));
            String rival =
                    lincheck
                            ? fork(
                                    "",
                                    LincheckFork.class,
                                    type,
                                    Integer.toString(program.lincheckInvocations()),
                                    Integer.toString(program.threads() + 1))
                            : "";
            double other = rate(rival);
            out.printf(
                    Locale.ROOT,
                    "%-15s %10.0f %10.0f %10.0f %8.0f %8.0f   %s%s%n",
                    program.name(),
                    rate,
                    plain,
                    other,
                    rate / plain,
                    other == 0 ? 0 : rate / other,
                    selvage.substring(selvage.indexOf(' ') + 1),
                    rival.isEmpty() ? "" : "; Lincheck " + rival.substring(rival.indexOf(' ') + 1));
        }
        String type = "org.selvage.benchmarks.programs.Volatiles";
        out.println(
                "a switch at every point (Volatiles): "
                        + fork(agent, SelvageFork.class, type, "switch", seconds));
        out.println(
                "no switch at all (Volatiles):        "
                        + fork(agent, SelvageFork.class, type, "stay", seconds));
        for (String name : List.of("LostUpdate", "LockBuffer")) {
            String shared = "org.selvage.benchmarks.programs." + name;
            out.println(
                    "workers, a whole search ("
                            + name
                            + "): "
                            + fork(agent, WorkersFork.class, shared, "random", seconds));
        }
    }

    private static double rate(String line) {
        return number(RATE, line);
    }

    /** The number in a line, or 0 if there is none. */
    static double number(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
    }

    private static String fork(String agent, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return fork(RATE, agent, List.of(), main, arguments);
    }

    /** Runs a main method in a JVM of its own; returns the last line with the pattern in it. */
    static String fork(
            Pattern result, String agent, List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:-PrintWarnings",
                        "-XX:+UseSerialGC",
                        "-XX:+UseCondCardMark",
                        "-XX:Tier3InvocationThreshold=20",
                        "-XX:Tier3MinInvocationThreshold=10",
                        "-XX:Tier0InvokeNotifyFreqLog=2",
                        "-Xmx1g"));
        if (!agent.isEmpty()) {
            command.add("-javaagent:" + agent);
        }
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .directory(new File("."))
                        .start();
        String last = "";
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (result.matcher(line).find()) {
                    last = line;
                }
            }
        }
        int status = process.waitFor();
        if (status != 0 || last.isEmpty()) {
            throw new IOException("a measurement failed: status=" + status + " command=" + command);
        }
        return last;
    }
}
