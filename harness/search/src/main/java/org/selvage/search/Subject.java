package org.selvage.search;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.Carrier;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Verdict;

/** A scenario whose stage is set, ready to be executed any number of times on its carrier. */
public final class Subject {
    private final Execution execution;
    private final Scenario.Program program;
    private final @Nullable Staging staging;

    /** How the stage of a scenario was set. */
    private record Staging(Carrier carrier, Scenario scenario, Scenario.Setup setup) {}

    private Subject(Execution execution, Scenario.Program program, @Nullable Staging staging) {
        this.execution = execution;
        this.program = program;
        this.staging = staging;
    }

    /**
     * Sets the stage of a scenario, in a controlled execution of its own that takes every first
     * option.
     *
     * @param maxSteps after how many operations an execution is cut off
     * @throws PreparationException if the scenario could not set its stage
     */
    public static Subject prepare(Scenario scenario, Scenario.Setup setup, long maxSteps)
            throws PreparationException {
        Carrier carrier = Carrier.current();
        if (carrier == null) {
            throw new IllegalStateException("a subject is prepared on a carrier");
        }
        return prepare(new Execution(carrier, maxSteps), new Staging(carrier, scenario, setup));
    }

    private static Subject prepare(Execution execution, Staging staging)
            throws PreparationException {
        Scenario.Program[] program = new Scenario.Program[1];
        Execution stage = new Execution(staging.carrier(), Long.MAX_VALUE - 1);
        Verdict verdict =
                stage.run(
                        () -> program[0] = staging.scenario().prepare(staging.setup()),
                        ChoiceSource.DEFAULT,
                        null);
        if (program[0] == null || !(verdict instanceof Verdict.Passed)) {
            Throwable cause = verdict instanceof Verdict.Failed failed ? failed.cause() : null;
            throw new PreparationException(
                    "scenario "
                            + staging.scenario().name()
                            + " could not be prepared: "
                            + verdict.summary(),
                    cause);
        }
        Subject subject = new Subject(execution, program[0], staging);
        // JDK and program classes are initialised here, once, so that executions do not differ by
        // it.
        subject.execute(ChoiceSource.DEFAULT, null);
        return subject;
    }

    /**
     * Which parameters of its scenario may become smaller, with their values: none if it is none.
     */
    List<Scenario.Size> sizes() {
        if (staging == null) {
            return List.of();
        }
        Map<String, String> set = staging.setup().parameters();
        return staging.scenario().sizes().stream()
                .map(size ->
                        set.containsKey(size.parameter())
                                ? new Scenario.Size(
                                        size.parameter(),
                                        size.least(),
                                        Integer.parseInt(set.get(size.parameter())))
                                : size)
                .toList();
    }

    /** The parameters of its scenario that are set. */
    public Map<String, String> parameters() {
        return staging == null ? Map.of() : staging.setup().parameters();
    }

    /**
     * The same scenario with some parameters set otherwise, in the same execution: whoever watches
     * that, or set it to explore more, need not do so again.
     *
     * @throws PreparationException if the scenario could not set its stage
     * @throws IllegalStateException if this is no scenario
     */
    Subject with(Map<String, String> changed) throws PreparationException {
        if (staging == null) {
            throw new IllegalStateException("only a scenario has parameters");
        }
        Scenario.Setup setup = staging.setup();
        Map<String, String> parameters = new TreeMap<>(setup.parameters());
        parameters.putAll(changed);
        return prepare(
                execution,
                new Staging(
                        staging.carrier(),
                        staging.scenario(),
                        new Scenario.Setup(
                                setup.profile(), setup.defects(), setup.seed(), parameters)));
    }

    /** Makes a subject of a program that needs no preparation. */
    public static Subject of(Scenario.Program program, long maxSteps) {
        Carrier carrier = Carrier.current();
        if (carrier == null) {
            throw new IllegalStateException("a subject is made on a carrier");
        }
        return new Subject(new Execution(carrier, maxSteps), program, null);
    }

    /**
     * Runs the program once.
     *
     * @param source decides the draws
     * @param listener sees the operations beside the strategy's own listener, or null
     */
    public Verdict execute(ChoiceSource source, @Nullable OperationListener listener) {
        OperationListener own = source instanceof Strategy strategy ? strategy.listener() : null;
        OperationListener all =
                own == null || own == listener
                        ? listener
                        : listener == null ? own : Listeners.both(own, listener);
        return execution.run(program::execute, source, all);
    }

    /** The execution that {@link #execute} runs; what it says is of the last run. */
    public Execution execution() {
        return execution;
    }

    /** A scenario could not set its stage. */
    public static final class PreparationException extends Exception {
        private static final long serialVersionUID = 1L;

        PreparationException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
