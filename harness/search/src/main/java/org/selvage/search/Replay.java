package org.selvage.search;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.CollectionCalls;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Verdict;

/** Takes the options that a schedule lists, and the first one everywhere else. One execution. */
final class Replay implements Strategy {
    /** What happens when the program does not do what the schedule expects. */
    enum Mode {
        /** The execution ends with {@link Verdict.Diverged}. */
        STRICT,
        /** The deviation is passed over, as shrinking needs it. */
        LENIENT
    }

    private record Key(int task, int operation, int draw, Choice.Kind kind) {}

    private record Optional(int task, int operation, Choice.Kind kind) {}

    private final Set<Optional> optional = new HashSet<>();

    /** Calls on collections, each with its number in place of a draw's. */
    private final Set<Key> inCalls = new HashSet<>();

    private final Map<Key, Integer> picks = new HashMap<>();
    private final Map<Key, String> expected = new HashMap<>();
    private final Mode mode;
    private @Nullable Execution execution;
    private Observer observer = (choice, option) -> {};

    /** Sees each draw of a replay. */
    @FunctionalInterface
    interface Observer {
        /** The option was chosen. */
        void drawn(Choice choice, int option);
    }

    Replay(List<Deviation> deviations, Mode mode) {
        this.mode = mode;
        for (Deviation d : deviations) {
            picks.put(new Key(d.task(), d.operation(), d.draw(), d.kind()), d.picked());
            inCalls.add(
                    new Key(
                            d.task(),
                            d.operation(),
                            d.draw() / CollectionCalls.ACCESSES,
                            Choice.Kind.TASK));
            if (d.kind().isOptional()) {
                optional.add(new Optional(d.task(), d.operation(), d.kind()));
            }
        }
    }

    /**
     * A replay that checks at each deviation that the drawing task is about to do what the schedule
     * says.
     */
    static Replay strict(Schedule schedule, Execution execution) {
        Replay replay = new Replay(schedule.deviations(), Mode.STRICT);
        replay.execution = execution;
        for (Schedule.Step step : schedule.steps()) {
            Deviation d = step.deviation();
            replay.expected.put(
                    new Key(d.task(), d.operation(), d.draw(), d.kind()), step.expected());
        }
        return replay;
    }

    /** From now on this observer sees each draw. */
    Replay watchedBy(Observer next) {
        observer = next;
        return this;
    }

    @Override
    public boolean begin(long index) {
        return index == 0;
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
        return picks.containsKey(new Key(task, operation, 0, Choice.Kind.TASK));
    }

    @Override
    public boolean drawsInCall(int task, int operation, int first, int count) {
        return inCalls.contains(new Key(task, operation, first / count, Choice.Kind.TASK));
    }

    @Override
    public boolean offers(int task, int operation, Choice.Kind kind) {
        return optional.contains(new Optional(task, operation, kind));
    }

    @Override
    public int choose(Choice choice) {
        int option = find(choice);
        observer.drawn(choice, option);
        return option;
    }

    private int find(Choice choice) {
        if (picks.isEmpty()) {
            return 0;
        }
        Key key =
                new Key(
                        choice.drawer().id(),
                        choice.drawer().operations(),
                        choice.drawer().draws(),
                        choice.kind());
        Integer picked = picks.get(key);
        if (picked == null) {
            return 0;
        }
        if (mode == Mode.STRICT) {
            String came = Operations.describe(choice.drawer());
            String wanted = Occurrences.operation(expected.getOrDefault(key, came));
            if (!Confirmation.withoutNumbers(wanted).equals(Confirmation.withoutNumbers(came))) {
                return diverge(choice, wanted, came);
            }
        }
        int option = option(choice, picked);
        if (option >= 0) {
            return option;
        }
        return mode == Mode.LENIENT
                ? 0
                : diverge(choice, "task " + picked + " can run", "it cannot");
    }

    private static int option(Choice choice, int picked) {
        if (!choice.kind().isOfTask()) {
            return picked < choice.count() ? picked : -1;
        }
        for (int i = 0; i < choice.count(); i++) {
            if (choice.task(i).id() == picked) {
                return i;
            }
        }
        return -1;
    }

    private int diverge(Choice choice, String wanted, String came) {
        if (execution != null) {
            execution.stop(
                    new Verdict.Diverged(
                            "step="
                                    + choice.steps()
                                    + " task="
                                    + choice.drawer().name()
                                    + " operation="
                                    + choice.drawer().operations()
                                    + " expected=\""
                                    + wanted
                                    + "\" came=\""
                                    + came
                                    + "\""));
        }
        return 0;
    }

    @Override
    public void end(Execution ended, Verdict verdict) {
        // One execution only.
    }
}
