package org.selvage.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.OperationKind;
import org.selvage.hooks.Sites;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Task;

/**
 * Notes in which order the tasks of one execution take locks and monitors, and finds circles
 * (Havelund, "Using runtime analysis to guide model checking of Java programs", SPIN 2000).
 *
 * <p>A circle counts only if its edges are of different tasks, if no two of them were taken under a
 * common other lock, which would keep them apart (a gate), and if neither starting, joining nor
 * waking orders any two of them. A lock that is only tried never makes its task wait.
 */
final class LockOrder implements OperationListener {
    private static final int MOST_EDGES = 400;
    private static final int LONGEST = 4;

    /** A lock that a task has. */
    private record Held(Object lock, String name, String place) {}

    /** A lock was taken while another one was held, with all that were held, and when. */
    private static final class Taken {
        final int task;
        final Held held;
        final Held wanted;
        final Set<Object> all;
        final int[] clock;
        final LockCycle.Edge edge;

        Taken(int task, Held held, Held wanted, Set<Object> all, int[] clock, LockCycle.Edge edge) {
            this.task = task;
            this.held = held;
            this.wanted = wanted;
            this.all = all;
            this.clock = clock;
            this.edge = edge;
        }
    }

    private final Map<Integer, List<Held>> holds = new HashMap<>();
    private final IdentityHashMap<Thread, int[]> started = new IdentityHashMap<>();
    private final Map<Integer, int[]> clocks = new HashMap<>();
    private final Set<List<Object>> known = new HashSet<>();
    private final List<Taken> edges = new ArrayList<>();

    @Override
    public void operation(Execution execution, Task task) {
        Object object = task.object();
        switch (task.kind()) {
            case MONITOR_ENTER -> take(task, object, OperationKind.MONITOR_ENTER, true);
            case MONITOR_EXIT, WAIT -> release(task, object);
            case START -> {
                if (object instanceof Thread thread) {
                    started.put(thread, clock(task).clone());
                    tick(task);
                }
            }
            case JOIN -> {
                Task ended = object instanceof Thread thread ? execution.taskOf(thread) : null;
                if (ended != null && ended.state() == Task.State.FINISHED) {
                    hear(task, clock(ended));
                }
            }
            default -> {} // says nothing of who holds what
        }
    }

    @Override
    public void ownerChanged(Execution execution, Task task, Object synchronizer, boolean taken) {
        if (taken) {
            // Only who called lock() waits until the lock is free.
            take(task, synchronizer, OperationKind.LOCK, task.kind() == OperationKind.LOCK);
        } else {
            release(task, synchronizer);
        }
    }

    @Override
    public void woken(Execution execution, Task by, Task woken) {
        hear(woken, clock(by));
        tick(by);
    }

    private int[] clock(Task task) {
        int[] clock = clocks.get(task.id());
        if (clock == null) {
            int[] parent = started.getOrDefault(task.thread(), new int[0]);
            clock = Arrays.copyOf(parent, Math.max(parent.length, task.id() + 1));
            clock[task.id()] = 1;
            clocks.put(task.id(), clock);
        }
        return clock;
    }

    private void tick(Task task) {
        int[] next = clock(task).clone();
        next[task.id()]++;
        clocks.put(task.id(), next);
    }

    private void hear(Task task, int[] other) {
        int[] mine = clock(task);
        int[] both = Arrays.copyOf(mine, Math.max(mine.length, other.length));
        for (int i = 0; i < other.length; i++) {
            both[i] = Math.max(both[i], other[i]);
        }
        clocks.put(task.id(), both);
    }

    private void take(Task task, @Nullable Object lock, OperationKind kind, boolean waits) {
        if (lock == null) {
            return;
        }
        Sites.Site site = Sites.get(task.site());
        String target = Operations.target(kind, site.target());
        Held taken =
                new Held(
                        lock,
                        target.isEmpty() ? Values.simpleName(lock) : target,
                        task.site() == 0 ? "the JDK" : site.place());
        List<Held> held = holds.computeIfAbsent(task.id(), id -> new ArrayList<>());
        if (waits) {
            Set<Object> all = Collections.newSetFromMap(new IdentityHashMap<>());
            held.forEach(one -> all.add(one.lock()));
            for (Held one : held) {
                note(task, one, taken, all);
            }
        }
        held.add(taken);
    }

    private void note(Task task, Held held, Held wanted, Set<Object> all) {
        LockCycle.Edge edge =
                new LockCycle.Edge(
                        task.name(), held.name(), held.place(), wanted.name(), wanted.place());
        List<Object> key =
                List.of(
                        edge,
                        System.identityHashCode(held.lock()),
                        System.identityHashCode(wanted.lock()),
                        all.size());
        if (edges.size() < MOST_EDGES && known.add(key)) {
            edges.add(new Taken(task.id(), held, wanted, all, clock(task), edge));
        }
    }

    private void release(Task task, @Nullable Object lock) {
        List<Held> held = holds.get(task.id());
        if (held != null) {
            held.removeIf(one -> one.lock() == lock);
        }
    }

    /** The circles of the execution that was watched; each once, whatever task it begins with. */
    List<LockCycle> cycles() {
        List<LockCycle> cycles = new ArrayList<>();
        Set<Set<String>> told = new HashSet<>();
        for (int first = 0; first < edges.size(); first++) {
            extend(new ArrayList<>(List.of(edges.get(first))), first, cycles, told);
        }
        return cycles;
    }

    /** Continues a path; its first edge is the earliest, so each circle is found once. */
    private void extend(
            List<Taken> path, int first, List<LockCycle> cycles, Set<Set<String>> told) {
        Taken last = path.getLast();
        if (path.size() > 1 && last.wanted.lock() == path.getFirst().held.lock()) {
            List<LockCycle.Edge> circle = path.stream().map(taken -> taken.edge).toList();
            Set<String> places = new HashSet<>();
            circle.forEach(edge -> places.add(edge.heldAt() + ">" + edge.wantedAt()));
            if (told.add(places)) {
                cycles.add(new LockCycle(circle));
            }
            return;
        }
        if (path.size() == LONGEST) {
            return;
        }
        for (int i = first + 1; i < edges.size(); i++) {
            Taken next = edges.get(i);
            if (next.held.lock() == last.wanted.lock()
                    && path.stream().allMatch(edge -> canOverlap(edge, next))) {
                path.add(next);
                extend(path, first, cycles, told);
                path.removeLast();
            }
        }
    }

    private static boolean canOverlap(Taken one, Taken other) {
        return one.task != other.task
                && one.all.stream().noneMatch(other.all::contains)
                && !isBefore(one, other)
                && !isBefore(other, one);
    }

    private static boolean isBefore(Taken one, Taken other) {
        return one.task < other.clock.length && other.clock[one.task] >= one.clock[one.task];
    }
}
