package org.selvage.scheduler;

/** The draws of an execution: asks the source, and writes down what deviates. */
final class Draws {
    private final Execution execution;
    private final RunQueue runQueue;
    private final Choice choice;
    private final Tape tape = new Tape();
    private ChoiceSource source = ChoiceSource.DEFAULT;

    Draws(Execution execution, RunQueue runQueue) {
        this.execution = execution;
        this.runQueue = runQueue;
        this.choice = new Choice(execution);
    }

    /** An execution begins. */
    void begin(ChoiceSource next) {
        source = next;
        tape.clear();
    }

    ChoiceSource source() {
        return source;
    }

    Tape tape() {
        return tape;
    }

    /** Draws anything but who runs next. */
    int draw(Choice.Kind kind, int count) {
        Task task = execution.self();
        int pick = ask(kind, count, 0);
        OperationListener listener = execution.listener();
        if (listener != null) {
            listener.drawn(execution, task, kind, pick);
        }
        if (pick != 0) {
            int picked = kind == Choice.Kind.NOTIFY ? execution.waiter(pick).id : pick;
            tape.add(task.id, task.operations, task.draws, kind, picked);
        }
        if (!kind.isOptional()) {
            task.draws++;
        }
        return pick;
    }

    /**
     * Draws who runs next.
     *
     * @param first the task of the first option
     * @return its number
     */
    int drawTask(Task task, int first) {
        int pick = ask(Choice.Kind.TASK, runQueue.count(), first);
        if (pick == 0) {
            task.draws++;
            return first;
        }
        int picked = runQueue.select(pick - 1, first);
        tape.add(task.id, task.operations, task.draws++, Choice.Kind.TASK, picked);
        return picked;
    }

    private int ask(Choice.Kind kind, int count, int first) {
        choice.kind = kind;
        choice.count = count;
        choice.first = first;
        int pick;
        try {
            pick = source.choose(choice);
        } catch (RuntimeException e) {
            execution.abandon(new Verdict.Broken(e));
            throw e;
        }
        execution.afterDraw();
        return pick;
    }
}
