package org.selvage.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.OperationKind;
import org.selvage.hooks.Sites;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;

/**
 * Selectively uniform random walk: Zhao, Wolff, Mathur, Roychoudhury, "Selectively uniform
 * concurrency testing" (ASPLOS 2025).
 *
 * <p>Of the interleavings of some interesting operations, each is about equally likely: the task
 * whose interesting operation comes next is drawn in proportion to how many it has left, and until
 * it has come the others may do only what is not interesting. In each execution the operations on
 * one target, such as a field, are the interesting ones. Three deviations: the paper profiles the
 * program beforehand, here the numbers are those of the longest execution so far; a target is
 * chosen by its name in the program rather than by an address; and a task that is not enabled gives
 * its turn to the others.
 */
final class Surw implements Strategy {
    private final long seed;
    private final Xoroshiro random;
    private final Counts counts = new Counts();
    private String target = "";
    private int[] left = new int[8];
    private int intended;

    Surw(long seed) {
        this.seed = seed;
        this.random = new Xoroshiro(seed);
    }

    /** How often each task operated on each target. */
    private static final class Counts implements OperationListener {
        private final List<String> targets = new ArrayList<>();
        private final List<int[]> most = new ArrayList<>();
        private final List<int[]> now = new ArrayList<>();

        @Override
        public void operation(Execution execution, Task task) {
            String name = interesting(task);
            if (name == null) {
                return;
            }
            int index = indexOf(name);
            int[] counted = now.get(index);
            if (task.id() >= counted.length) {
                counted = Arrays.copyOf(counted, Math.max(task.id() + 1, counted.length * 2));
                now.set(index, counted);
            }
            counted[task.id()]++;
        }

        private int indexOf(String name) {
            for (int i = 0; i < targets.size(); i++) {
                if (targets.get(i).equals(name)) {
                    return i;
                }
            }
            targets.add(name);
            most.add(new int[8]);
            now.add(new int[8]);
            return targets.size() - 1;
        }

        void endExecution() {
            for (int i = 0; i < now.size(); i++) {
                int[] counted = now.get(i);
                int[] before = most.get(i);
                if (before.length < counted.length) {
                    before = Arrays.copyOf(before, counted.length);
                    most.set(i, before);
                }
                for (int t = 0; t < counted.length; t++) {
                    before[t] = Math.max(before[t], counted[t]);
                    counted[t] = 0;
                }
            }
        }
    }

    private static @Nullable String interesting(Task task) {
        return switch (task.kind()) {
            case BEGIN, END, START, JOIN, SLEEP, YIELD, UNLOCK, MONITOR_EXIT -> null;
            case READ,
                    WRITE,
                    UPDATE,
                    LOCK,
                    TRY_LOCK,
                    MONITOR_ENTER,
                    WAIT,
                    NOTIFY,
                    NOTIFY_ALL,
                    PARK,
                    UNPARK,
                    INTERRUPT,
                    FILE_READ,
                    FILE_WRITE,
                    FILE_FORCE ->
                    task.site() == 0 ? null : name(task);
        };
    }

    private static String name(Task task) {
        return Operations.target(task.kind(), Sites.get(task.site()).target());
    }

    @Override
    public boolean begin(long index) {
        random.reseed(Xoroshiro.combine(seed, index));
        Arrays.fill(left, 0);
        intended = -1;
        int known = counts.targets.size();
        target = "";
        if (known > 0) {
            int chosen = random.nextInt(known);
            target = counts.targets.get(chosen);
            int[] most = counts.most.get(chosen);
            left = Arrays.copyOf(most, Math.max(most.length, left.length));
        }
        return true;
    }

    @Override
    public int choose(Choice choice) {
        if (choice.kind() != Choice.Kind.TASK) {
            return random.nextInt(choice.count());
        }
        if (intended < 0 || choice.optionOf(intended) < 0) {
            intended = drawIntended(choice);
        }
        int allowed = 0;
        int picked = 0;
        for (int i = 0; i < choice.count(); i++) {
            Task task = choice.task(i);
            if ((task.id() == intended || !target.equals(interesting(task)))
                    && random.nextInt(++allowed) == 0) {
                picked = i;
            }
        }
        Task task = choice.task(picked);
        if (target.equals(interesting(task))) {
            if (task.id() < left.length && left[task.id()] > 0) {
                left[task.id()]--;
            }
            intended = -1;
        } else if (task.kind() == OperationKind.YIELD) {
            intended = -1;
        }
        return picked;
    }

    private int drawIntended(Choice choice) {
        int sum = 0;
        for (int i = 0; i < choice.count(); i++) {
            sum += weight(choice.task(i));
        }
        int drawn = random.nextInt(sum);
        for (int i = 0; i < choice.count(); i++) {
            drawn -= weight(choice.task(i));
            if (drawn < 0) {
                return choice.task(i).id();
            }
        }
        throw new IllegalStateException("weights=" + sum);
    }

    private int weight(Task task) {
        return 1 + (task.id() < left.length ? left[task.id()] : 0);
    }

    @Override
    public OperationListener listener() {
        return counts;
    }

    @Override
    public void end(Execution execution, Verdict verdict) {
        counts.endExecution();
    }

    @Override
    public String toString() {
        return "surw";
    }
}
