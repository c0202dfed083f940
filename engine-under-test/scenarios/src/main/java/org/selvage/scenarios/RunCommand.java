package org.selvage.scenarios;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.EngineException;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.workload.SysbenchWorkload;
import org.selvage.search.Scenario;
import org.selvage.search.Subcommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code selvage run}: the workload of report 1 on real files and real threads. */
public final class RunCommand implements Subcommand {
    private static final int USAGE = 2;
    private static final int FAILED = 3;

    @Override
    public String name() {
        return "run";
    }

    @Override
    public String summary() {
        return "Runs a scenario's workload with the engine on real files and threads.";
    }

    @Override
    public int run(List<String> arguments, PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new Run());
        line.setOut(out);
        line.setErr(err);
        line.setParameterExceptionHandler((e, args) -> complain(err, e, USAGE));
        line.setExecutionExceptionHandler((e, command, result) ->
                complain(err, e, e instanceof EngineException ? USAGE : FAILED));
        return line.execute(arguments.toArray(String[]::new));
    }

    private static int complain(PrintWriter err, Exception e, int status) {
        err.println(
                "selvage: "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString()));
        return status;
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description =
                    "sysbench's prepare, run and cleanup in order, without a pause (report 1).")
    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    private static final class Run implements Callable<Integer> {
        @Parameters(paramLabel = "SCENARIO", description = "drop-vs-merge")
        private String scenario;

        @Option(
                names = "--real",
                required = true,
                description = "on real files and threads; there is no other way to run")
        private boolean real;

        @Option(
                names = "--dir",
                required = true,
                paramLabel = "D",
                description = "an empty or new data folder")
        private Path folder;

        @Option(
                names = "--profile",
                paramLabel = "P",
                defaultValue = EngineConfig.DEFAULT_PROTOCOL,
                description = "the delete protocol; ${DEFAULT-VALUE} by default")
        private String profile;

        @Option(names = "--tables", defaultValue = "100", description = "100 by default")
        private int tables;

        @Option(
                names = "--rows",
                defaultValue = "2000",
                description = "rows of each table; 2000 by default")
        private int rows;

        @Option(names = "--clients", defaultValue = "8", description = "8 by default")
        private int clients;

        @Option(
                names = "--deletes",
                defaultValue = "1000",
                description = "deletes that each client tries; 1000 by default")
        private int deletes;

        @Option(
                names = "--pool-pages",
                defaultValue = "512",
                description = "pages of 16 KiB in the pool; 512 by default")
        private int poolPages;

        @Option(
                names = "--io-capacity",
                defaultValue = "2000",
                description = "background I/Os a second; 2000 by default")
        private int ioCapacity;

        @Option(names = "--seed", defaultValue = "1", description = "1 by default")
        private long seed;

        @Spec private CommandSpec spec;

        @Override
        public Integer call() {
            if (!real) {
                throw new EngineException("only real runs are possible: say --real");
            }
            Scenario found = new DropVsMerge();
            if (!scenario.equals(found.name())) {
                throw new EngineException(
                        "no such scenario runs on real files: scenario="
                                + scenario
                                + ", known=["
                                + found.name()
                                + "]");
            }
            if (found.profiles().stream().noneMatch(variant -> variant.name().equals(profile))) {
                throw new EngineException(
                        "no such profile: profile="
                                + profile
                                + ", known="
                                + found.profiles().stream().map(Scenario.Variant::name).toList());
            }
            EngineConfig config =
                    Profiles.apply(
                                    EngineConfig.builder()
                                            .poolPages(poolPages)
                                            .ioCapacity(ioCapacity)
                                            .changeBufferMaxPercent(50)
                                            .masterIntervalMillis(100)
                                            .seed(seed),
                                    profile)
                            .build();
            SysbenchWorkload workload =
                    new SysbenchWorkload(
                            new SysbenchWorkload.Options(
                                    tables, rows, clients, deletes, 50, 180, seed));
            PrintWriter out = spec.commandLine().getOut();
            out.println(
                    "real files in "
                            + folder
                            + ", real threads, profile="
                            + profile
                            + " tables="
                            + tables
                            + " rows="
                            + rows
                            + " clients="
                            + clients
                            + " deletes="
                            + deletes
                            + " seed="
                            + seed);
            out.flush();
            boolean existed = Files.exists(folder);
            SysbenchWorkload.Result result = workload.run(folder, config, new ErrorLog());
            out.println();
            out.println("status before cleanup (DROP TABLE of every table)");
            out.println(result.statusBeforeCleanup());
            out.println("status after cleanup");
            out.println(result.status());
            out.println(
                    "rows deleted "
                            + result.rowsDeleted()
                            + ", inserted again "
                            + result.rowsReinserted()
                            + ", buffered changes discarded "
                            + result.discardedBeforeClose());
            out.println("error log: " + result.errorLog().size() + " lines");
            result.errorLog().stream().distinct().limit(5).forEach(out::println);
            out.println((existed ? "data folder: " : "new data folder: ") + folder);
            return 0;
        }
    }
}
