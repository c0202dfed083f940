package org.selvage.search;

import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Task;

/** Listeners made of listeners. */
final class Listeners {
    private Listeners() {}

    /** Tells the first, then the second. */
    static OperationListener both(OperationListener first, OperationListener second) {
        return new OperationListener() {
            @Override
            public void operation(Execution execution, Task task) {
                first.operation(execution, task);
                second.operation(execution, task);
            }

            @Override
            public void ownerChanged(
                    Execution execution, Task task, Object synchronizer, boolean taken) {
                first.ownerChanged(execution, task, synchronizer, taken);
                second.ownerChanged(execution, task, synchronizer, taken);
            }

            @Override
            public void woken(Execution execution, Task by, Task woken) {
                first.woken(execution, by, woken);
                second.woken(execution, by, woken);
            }

            @Override
            public void drawn(Execution execution, Task task, Choice.Kind kind, int pick) {
                first.drawn(execution, task, kind, pick);
                second.drawn(execution, task, kind, pick);
            }

            @Override
            public void timedOut(Execution execution, Task task) {
                first.timedOut(execution, task);
                second.timedOut(execution, task);
            }

            @Override
            public void unparked(Execution execution, Task task) {
                first.unparked(execution, task);
                second.unparked(execution, task);
            }

            @Override
            public void touched(Execution execution, Task task, OperationKind kind, Object object) {
                first.touched(execution, task, kind, object);
                second.touched(execution, task, kind, object);
            }
        };
    }
}
