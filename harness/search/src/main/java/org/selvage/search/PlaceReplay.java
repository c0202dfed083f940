package org.selvage.search;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.ChoiceSource;

/**
 * Replays a schedule of another build of the program: a deviation is found again by the name of its
 * task, its operation and place without the line, and how often the task was there. Draws that are
 * not found are passed over; whether the same failure comes about tells whether that mattered.
 */
final class PlaceReplay implements ChoiceSource {
    private record Key(String task, String operation, int occurrence, int draw, Choice.Kind kind) {}

    private final Map<Key, Schedule.Step> steps = new HashMap<>();
    private final Occurrences occurrences = new Occurrences();

    private PlaceReplay() {}

    /** A replay of a schedule, or null if it does not say how often its tasks were where. */
    static @Nullable PlaceReplay of(Schedule schedule) {
        PlaceReplay replay = new PlaceReplay();
        for (Schedule.Step step : schedule.steps()) {
            int occurrence = Occurrences.count(step.expected());
            int arrow = step.comment().indexOf(ARROW);
            if (occurrence == 0 || arrow < 0) {
                return null;
            }
            Deviation d = step.deviation();
            replay.steps.put(
                    new Key(
                            step.comment().substring(0, arrow),
                            operation(step.expected()),
                            occurrence,
                            d.draw(),
                            d.kind()),
                    step);
        }
        return replay;
    }

    private static final String ARROW = " -> ";

    private static String operation(String expected) {
        return Confirmation.withoutNumbers(Occurrences.operation(expected));
    }

    @Override
    public boolean everyPoint() {
        return true;
    }

    @Override
    public int choose(Choice choice) {
        int occurrence = occurrences.note(choice);
        Key key =
                new Key(
                        choice.drawer().name(),
                        operation(Operations.describe(choice.drawer())),
                        occurrence,
                        choice.drawer().draws(),
                        choice.kind());
        Schedule.Step step = steps.get(key);
        if (step == null) {
            return 0;
        }
        if (!choice.kind().isOfTask()) {
            int value = step.deviation().picked();
            return value < choice.count() ? value : 0;
        }
        String picked = step.comment().substring(step.comment().indexOf(ARROW) + ARROW.length());
        for (int i = 0; i < choice.count(); i++) {
            if (choice.task(i).name().equals(picked)) {
                return i;
            }
        }
        return 0;
    }
}
