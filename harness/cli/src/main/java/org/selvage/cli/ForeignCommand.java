package org.selvage.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.selvage.search.Subcommand;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Gives a {@link Subcommand} of a program its place in the command line; it reads its own options.
 */
final class ForeignCommand implements Callable<Integer> {
    private final Subcommand subcommand;
    private final CommandSpec spec;

    private ForeignCommand(Subcommand subcommand) {
        this.subcommand = subcommand;
        this.spec = CommandSpec.wrapWithoutInspection(this);
        spec.usageMessage().description(subcommand.summary());
        spec.parser().unmatchedOptionsArePositionalParams(true);
        spec.addPositional(
                PositionalParamSpec.builder()
                        .paramLabel("ARGUMENT")
                        .arity("0..*")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .build());
    }

    static CommandLine of(Subcommand subcommand) {
        CommandLine line = new CommandLine(new ForeignCommand(subcommand).spec);
        line.setUnmatchedOptionsArePositionalParams(true);
        return line;
    }

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        List<String> arguments = line.getParseResult().originalArgs();
        int at = arguments.indexOf(subcommand.name());
        return subcommand.run(
                arguments.subList(at + 1, arguments.size()), line.getOut(), line.getErr());
    }
}
