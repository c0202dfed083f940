package org.selvage.scenarios;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.selvage.engine.CorruptLogException;
import org.selvage.engine.CorruptPageException;
import org.selvage.engine.EngineException;
import org.selvage.engine.Inspection;
import org.selvage.engine.ValidationException;
import org.selvage.search.Subcommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code selvage inspect}: what the engine's files hold. Status 1 when something is damaged. */
public final class InspectCommand implements Subcommand {
    private static final int DAMAGED = 1;
    private static final int USAGE = 2;

    @Override
    public String name() {
        return "inspect";
    }

    @Override
    public String summary() {
        return "Shows what a tablespace, a page, the redo log or a data folder holds.";
    }

    @Override
    public int run(List<String> arguments, PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new Inspect());
        line.setOut(out);
        line.setErr(err);
        line.setParameterExceptionHandler((e, args) -> complain(err, e));
        line.setExecutionExceptionHandler((e, command, result) -> complain(err, e));
        return line.execute(arguments.toArray(String[]::new));
    }

    private static int complain(PrintWriter err, Exception e) {
        err.println(
                "selvage: "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString()));
        return e instanceof CorruptPageException
                        || e instanceof CorruptLogException
                        || e instanceof ValidationException
                ? DAMAGED
                : USAGE;
    }

    @Command(
            name = "inspect",
            mixinStandardHelpOptions = true,
            description = "Reads the engine's files without the engine; --check opens the folder.")
    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    private static final class Inspect implements Callable<Integer> {
        @Parameters(
                paramLabel = "FILE",
                description =
                        "ibdata1, NAME.ibd, ib_logfile0 or ib_doublewrite; a data folder with --check")
        private Path file;

        @Option(names = "--page", defaultValue = "-1", description = "one page of a tablespace")
        private int page;

        @Option(
                names = "--check",
                description = "opens the data folder, recovers it and validates everything")
        private boolean check;

        @Spec private CommandSpec spec;

        @Override
        public Integer call() {
            if (check && page >= 0) {
                throw new EngineException("--check looks at the whole folder: leave --page out");
            }
            Inspection.Report report =
                    check
                            ? Inspection.check(file)
                            : page >= 0 ? Inspection.page(file, page) : Inspection.file(file);
            report.lines().forEach(spec.commandLine().getOut()::println);
            return report.damagedPages() > 0 ? DAMAGED : 0;
        }
    }
}
