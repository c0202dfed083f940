package org.selvage.search;

import java.util.ArrayList;
import java.util.List;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Tape;

/**
 * One draw that took another option than the first. It is found again by the task that drew and
 * that task's own count of operations, so it survives when another task does more or less before
 * it.
 *
 * @param task the number of the task that drew
 * @param operation how many operations that task had announced
 * @param draw how many draws it had made since the last of them
 * @param kind what was drawn
 * @param picked the number of the task that was picked, or the value
 */
public record Deviation(int task, int operation, int draw, Choice.Kind kind, int picked) {

    /** The deviations of the execution that ran last, in order. */
    public static List<Deviation> of(Execution execution) {
        Tape tape = execution.tape();
        List<Deviation> deviations = new ArrayList<>(tape.size());
        for (int i = 0; i < tape.size(); i++) {
            deviations.add(
                    new Deviation(
                            tape.task(i),
                            tape.operation(i),
                            tape.draw(i),
                            tape.kind(i),
                            tape.picked(i)));
        }
        return deviations;
    }

    /** Whether this deviation belongs to the draw. */
    boolean matches(Choice choice) {
        return choice.drawer().id() == task
                && choice.drawer().operations() == operation
                && choice.drawer().draws() == draw
                && choice.kind() == kind;
    }
}
