package org.selvage.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.selvage.checker.specification.Specifications;
import org.selvage.search.Scenario;
import org.selvage.search.Strategies;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists what can be named on the command line. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists scenarios, profiles, defects, strategies, faults or models.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ListCommand implements Callable<Integer> {
    /** What can be listed. */
    enum What {
        SCENARIOS,
        PROFILES,
        DEFECTS,
        STRATEGIES,
        FAULTS,
        MODELS
    }

    @Parameters(
            paramLabel = "WHAT",
            description = "scenarios, profiles, defects, strategies, faults or models")
    private What what;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        switch (what) {
            case STRATEGIES -> print(out, "", Strategies.all());
            case FAULTS -> out.println("none: the simulated disk injects no faults yet");
            case MODELS ->
                    Specifications.all()
                            .forEach(model ->
                                    out.println(
                                            model.name()
                                                    + "  "
                                                    + String.join(
                                                            ", ",
                                                            new TreeSet<>(model.functions()))));
            case SCENARIOS, PROFILES, DEFECTS -> {
                for (Scenario scenario : Programs.scenarios(Programs.installed().loader())) {
                    switch (what) {
                        case PROFILES -> print(out, scenario.name() + " ", scenario.profiles());
                        case DEFECTS -> print(out, scenario.name() + " ", scenario.defects());
                        default -> out.println(scenario.name() + "  " + scenario.summary());
                    }
                }
            }
        }
        return Main.NOTHING_FOUND;
    }

    private static void print(PrintWriter out, String prefix, List<Scenario.Variant> variants) {
        for (Scenario.Variant variant : variants) {
            out.println(prefix + variant.name() + "  " + variant.summary());
        }
    }
}
