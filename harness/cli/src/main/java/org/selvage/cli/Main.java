package org.selvage.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.selvage.search.Carriers;
import org.selvage.weaver.Agent;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The selvage command.
 *
 * <p>Exit status: 0 nothing found, 1 something found, 2 usage, unreadable input or a file that
 * cannot be written, 3 the tool itself failed or a task never came back to it, 4 a replay diverged
 * or a failure did not repeat.
 */
@Command(
        name = "selvage",
        version = Main.VERSION,
        mixinStandardHelpOptions = true,
        description = "Searches the thread interleavings and the I/O faults of a Java program.",
        subcommands = {
            SearchCommand.class,
            MergeCommand.class,
            ReplayCommand.class,
            ShrinkCommand.class,
            ReportCommand.class,
            CheckCommand.class,
            ListCommand.class
        })
public final class Main implements Runnable {
    static final String VERSION = "selvage 0.1.0";

    static final int NOTHING_FOUND = 0;
    static final int FOUND = 1;
    static final int USAGE = 2;
    static final int FAILED = 3;
    static final int DIVERGED = 4;

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    Main() {}

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "say what to do: search, merge, replay, shrink, report, check or list");
    }

    /** Runs the command and exits with its status. */
    @SuppressWarnings("SystemOut") // the one place where the standard streams are opened
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int status = run(out, err, arguments);
        out.flush();
        err.flush();
        try {
            Agent.deleteTemporaryFile();
        } catch (IOException e) {
            err.println("selvage: a temporary file stays: " + e.getMessage());
        }
        // A task that never came back to the scheduler must not keep the JVM alive.
        Runtime.getRuntime().halt(status);
    }

    /** Runs the command and returns its status. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine command = new CommandLine(new Main());
        Programs.addSubcommands(command);
        command.setOut(out);
        command.setErr(err);
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setParameterExceptionHandler((e, args) -> {
            err.println("selvage: " + firstLine(e));
            return USAGE;
        });
        command.setExecutionExceptionHandler((e, line, result) -> {
            if (e instanceof UsageException) {
                err.println("selvage: " + firstLine(e));
                return USAGE;
            }
            if (e instanceof UnrepeatableException) {
                out.println(e.getMessage());
                return DIVERGED;
            }
            if (e instanceof Carriers.StuckException) {
                err.println("selvage: unknown: " + e.getMessage());
                // The execution has not ended, nor with it the processes that it has started.
                ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
                return FAILED;
            }
            err.println("selvage: failed: " + firstLine(e));
            if (Agent.isInstalled()) { // else the line says why it is not
                e.printStackTrace(err);
            }
            return FAILED;
        });
        try {
            return command.execute(arguments);
        } catch (Error e) { // else the JVM would end with the status for "found"
            err.println("selvage: failed: " + e);
            if (e instanceof OutOfMemoryError) {
                err.println("selvage: give it more memory: SELVAGE_JAVA_OPTS=-Xmx4g");
            } else {
                e.printStackTrace(err);
            }
            return FAILED;
        }
    }

    /**
     * The first line of a message, without control characters of a file, which a terminal obeys.
     */
    private static String firstLine(Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        String line = message.lines().findFirst().orElse(e.toString());
        return line.replaceAll("\\p{Cntrl}", "?");
    }

    /** An execution failed, and did not when it was repeated: exit status 4. */
    static final class UnrepeatableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnrepeatableException(String message) {
            super(message);
        }
    }

    /** The user asked for something that cannot be: one line and exit status 2. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }

        UsageException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
