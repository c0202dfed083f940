package org.selvage.search;

import java.util.ArrayList;
import java.util.List;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Task;

/**
 * An execution as the order of its runs: which task ran, and up to which of its own operations,
 * before another one did. Moving a run next to another one of the same task takes a context switch
 * away; the result may or may not be an execution of the program.
 *
 * @param runs in order; no two neighbours are of the same task
 */
record RunOrder(List<Run> runs) {
    /**
     * A task runs without another one in between.
     *
     * @param task its number
     * @param last the last of its operations that takes effect in this run
     */
    record Run(int task, int last) {}

    /** Writes the order of runs down while an execution runs. */
    static final class Recorder implements OperationListener {
        private final List<Run> runs = new ArrayList<>();

        @Override
        public void operation(Execution execution, Task task) {
            int end = runs.size() - 1;
            if (end >= 0 && runs.get(end).task() == task.id()) {
                runs.set(end, new Run(task.id(), task.operations()));
            } else {
                runs.add(new Run(task.id(), task.operations()));
            }
        }

        RunOrder order() {
            return new RunOrder(List.copyOf(runs));
        }
    }

    /** Every order in which one task's two successive runs are one, the last runs first. */
    List<RunOrder> joined() {
        List<RunOrder> orders = new ArrayList<>();
        for (int later = runs.size() - 1; later > 0; later--) {
            int earlier = later - 1;
            while (earlier >= 0 && runs.get(earlier).task() != runs.get(later).task()) {
                earlier--;
            }
            if (earlier >= 0) {
                // The later one comes sooner, or the earlier one waits for it.
                orders.add(moved(later, earlier));
                orders.add(without(earlier));
            }
        }
        return orders;
    }

    private RunOrder moved(int from, int to) {
        List<Run> moved = new ArrayList<>(runs);
        moved.set(to, moved.remove(from));
        return normal(moved);
    }

    /** A run counts up to its last operation, so the next run of the task takes over its share. */
    private RunOrder without(int index) {
        List<Run> left = new ArrayList<>(runs);
        left.remove(index);
        return normal(left);
    }

    private static RunOrder normal(List<Run> runs) {
        List<Run> merged = new ArrayList<>();
        for (Run run : runs) {
            int end = merged.size() - 1;
            if (end >= 0 && merged.get(end).task() == run.task()) {
                merged.set(end, new Run(run.task(), Math.max(run.last(), merged.get(end).last())));
            } else {
                merged.add(run);
            }
        }
        return new RunOrder(List.copyOf(merged));
    }

    /**
     * Lets the tasks run in this order as far as they can; behind it, the first option is taken.
     * For one execution.
     */
    ChoiceSource source() {
        return new Follower(runs);
    }

    private static final class Follower implements ChoiceSource {
        private final List<Run> runs;
        private int at;

        Follower(List<Run> runs) {
            this.runs = runs;
        }

        @Override
        public boolean everyPoint() {
            return true;
        }

        @Override
        public boolean isReplay() {
            return true;
        }

        @Override
        public boolean drawsAt(int task, int operation) {
            for (int i = at; i < runs.size(); i++) {
                if (runs.get(i).task() == task && runs.get(i).last() == operation - 1) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public int choose(Choice choice) {
            if (choice.kind() != Choice.Kind.TASK) {
                return 0;
            }
            Task drawer = choice.drawer();
            find(drawer);
            if (at < runs.size()
                    && runs.get(at).task() == drawer.id()
                    && hasMore(choice, runs.get(at).last())) {
                int own = choice.optionOf(drawer.id());
                if (own >= 0) {
                    return own;
                }
            }
            for (int next = at + 1; next < runs.size(); next++) {
                int option = choice.optionOf(runs.get(next).task());
                if (option >= 0 && choice.task(option).operations() < runs.get(next).last()) {
                    at = next;
                    return option;
                }
            }
            at = runs.size();
            return 0;
        }

        /** A task that ran because no other one could may be ahead in the order. */
        private void find(Task drawer) {
            for (int i = at; i < runs.size(); i++) {
                if (runs.get(i).task() == drawer.id()
                        && runs.get(i).last() >= drawer.operations()) {
                    at = i;
                    return;
                }
            }
        }

        /** At a preemption the drawer has announced an operation that has not taken effect. */
        private static boolean hasMore(Choice choice, int last) {
            int done = choice.drawer().operations() - (choice.isPreemption() ? 1 : 0);
            return done < last;
        }
    }
}
