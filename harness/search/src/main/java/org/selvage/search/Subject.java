package org.selvage.search;

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

    private Subject(Execution execution, Scenario.Program program) {
        this.execution = execution;
        this.program = program;
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
        Scenario.Program[] program = new Scenario.Program[1];
        Execution stage = new Execution(carrier, Long.MAX_VALUE - 1);
        Verdict verdict =
                stage.run(() -> program[0] = scenario.prepare(setup), ChoiceSource.DEFAULT, null);
        if (program[0] == null || !(verdict instanceof Verdict.Passed)) {
            Throwable cause = verdict instanceof Verdict.Failed failed ? failed.cause() : null;
            throw new PreparationException(
                    "scenario " + scenario.name() + " could not be prepared: " + verdict.summary(),
                    cause);
        }
        Subject subject = new Subject(new Execution(carrier, maxSteps), program[0]);
        // JDK and program classes are initialised here, once, so that executions do not differ by
        // it.
        subject.execute(ChoiceSource.DEFAULT, null);
        return subject;
    }

    /** Makes a subject of a program that needs no preparation. */
    public static Subject of(Scenario.Program program, long maxSteps) {
        Carrier carrier = Carrier.current();
        if (carrier == null) {
            throw new IllegalStateException("a subject is made on a carrier");
        }
        return new Subject(new Execution(carrier, maxSteps), program);
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
