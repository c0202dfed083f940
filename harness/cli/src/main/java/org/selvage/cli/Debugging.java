package org.selvage.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.selvage.hooks.Fiber;

/** Runs the command once more in a JVM that waits for a debugger. */
final class Debugging {
    private static final String AGENT = "-agentlib:jdwp";

    private Debugging() {}

    /** Whether this JVM is one for a debugger. */
    static boolean isOn() {
        return Boolean.getBoolean(Fiber.DEBUGGED);
    }

    /**
     * Starts this command again under the Java Debug Wire Protocol, on this machine only, and waits
     * until it ends. The new JVM has the options of this one, waits at its start for a debugger,
     * and says at which port.
     *
     * @param port the port, or 0 for a free one
     * @param out receives what the new JVM prints
     * @return its exit status
     */
    static int rerun(int port, List<String> arguments, PrintWriter out)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!option.startsWith(AGENT)) {
                command.add(option);
            }
        }
        command.add(AGENT + "=transport=dt_socket,server=y,suspend=y,address=localhost:" + port);
        command.add("-D" + Fiber.DEBUGGED + "=true");
        String path = System.getProperty("java.class.path");
        if (path.endsWith(".jar") && !path.contains(File.pathSeparator)) {
            command.addAll(List.of("-jar", path));
        } else {
            command.addAll(List.of("-cp", path, Main.class.getName()));
        }
        command.addAll(arguments);
        out.println("stop in org.selvage.search.FailingOperation.reached: the failing operation");
        out.flush();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.println(line);
                out.flush();
            }
            return process.waitFor();
        } finally {
            process.destroy();
        }
    }
}
