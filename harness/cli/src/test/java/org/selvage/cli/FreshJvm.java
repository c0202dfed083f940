package org.selvage.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command in a JVM of its own, with the agent and the programs of this one. */
final class FreshJvm {
    private FreshJvm() {}

    /** Starts the command; what it prints and its errors come together. */
    static Process start(List<String> jvmOptions, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (option.startsWith("-javaagent") || option.startsWith("-D")) {
                command.add(option);
            }
        }
        // Set inside the test's JVM, so not among its arguments.
        command.add("-D" + Programs.PATH_PROPERTY + "=" + System.getProperty("selvage.programs"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-XX:-PrintWarnings", "-cp", System.getProperty("java.class.path")));
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
