package org.selvage.search;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.selvage.hooks.CollectionCalls;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Task;

/**
 * Counts how often each task has come to a draw at each place. An operation is found again by that
 * when the program was edited elsewhere, where a count of all the task's operations is of no use.
 */
final class Occurrences {
    private static final Pattern SUFFIX = Pattern.compile(" \\((\\d{1,9})\\)$");

    private final Map<String, Integer> counts = new HashMap<>();

    /**
     * Notes a draw. REQUIRES: called at every draw of an execution whose source is asked at every
     * point.
     *
     * @return how often its task has come to this operation at this place, from 1
     */
    int note(Choice choice) {
        Task task = choice.drawer();
        return counts.merge(key(task), isFirst(task) ? 1 : 0, Integer::sum);
    }

    /** Whether the draw is the first one of its operation, or an access inside a collection. */
    private static boolean isFirst(Task task) {
        return task.draws() == 0 || task.draws() >= CollectionCalls.ACCESSES;
    }

    private static String key(Task task) {
        return task.id() + " " + Confirmation.withoutNumbers(Operations.describe(task));
    }

    /** What a schedule expects, without the count behind it. */
    static String operation(String expected) {
        return SUFFIX.matcher(expected).replaceFirst("");
    }

    /** The count behind what a schedule expects, or 0 if there is none. */
    static int count(String expected) {
        Matcher suffix = SUFFIX.matcher(expected);
        return suffix.find() ? Integer.parseInt(suffix.group(1)) : 0;
    }
}
