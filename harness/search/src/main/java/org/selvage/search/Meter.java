package org.selvage.search;

import java.util.Arrays;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;

/** Measures one execution while it runs: what a reader of its schedule has to follow. */
final class Meter extends ForwardingSource implements OperationListener {
    private final RunOrder.Recorder runs = new RunOrder.Recorder();
    private int preemptions;
    private boolean deviated;

    /** How many operations each task had after the first deviation. */
    private int[] operations = new int[8];

    Meter(ChoiceSource source) {
        super(source);
    }

    @Override
    public int choose(Choice choice) {
        int option = super.choose(choice);
        if (option != 0) {
            deviated = true;
            preemptions += choice.isPreemption() ? 1 : 0;
        }
        return option;
    }

    @Override
    public void operation(Execution execution, Task task) {
        runs.operation(execution, task);
        if (deviated) {
            if (task.id() >= operations.length) {
                operations = Arrays.copyOf(operations, 2 * (task.id() + 1));
            }
            operations[task.id()]++;
        }
    }

    /** How often a task that could have gone on gave way to another one. */
    int preemptions() {
        return preemptions;
    }

    /** Which task ran when. */
    RunOrder order() {
        return runs.order();
    }

    /** How many operations followed the first deviation. */
    long operations() {
        return java.util.stream.IntStream.of(operations).asLongStream().sum();
    }

    /** How many of them the failing task had; 0 if no single one failed. */
    long operationsOfFailing(Execution execution, Verdict verdict) {
        if (verdict instanceof Verdict.Failed failed) {
            for (int id = 0; id < execution.taskCount(); id++) {
                if (execution.task(id).name().equals(failed.task())) {
                    return id < operations.length ? operations[id] : 0;
                }
            }
        }
        return 0;
    }
}
