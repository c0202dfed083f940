package org.selvage.search;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.DataRaces;
import org.selvage.scheduler.Execution;

/**
 * What was seen on the way to a failure and is none by itself.
 *
 * @param dataRaces pairs of accesses that nothing orders
 * @param lockCycles locks that were taken in a circle
 */
public record Hazards(List<DataRaces.Sighting> dataRaces, List<LockCycle> lockCycles) {
    /** Nothing was seen, or nothing looked for. */
    public static final Hazards NONE = new Hazards(List.of(), List.of());

    /** A schedule whose failure begins so was found where a data race is a failure. */
    private static final String DATA_RACE = "failed " + DataRaces.DataRaceError.class.getName();

    /** Copies the lists. */
    public Hazards {
        dataRaces = List.copyOf(dataRaces);
        lockCycles = List.copyOf(lockCycles);
    }

    /** From now on the executions of a subject note their data races. */
    public static void watch(Subject subject) {
        subject.execution().dataRaces().collect();
    }

    /** Makes a data race a failure if it was one where this schedule was found. */
    static void asFor(Schedule schedule, Execution execution) {
        if (schedule.failure().startsWith(DATA_RACE)) {
            execution.dataRaces().fail();
        }
    }

    /**
     * What was seen: the data races of all executions since {@link #watch}, and the lock orders of
     * the failing one and of the one beside it that passes.
     */
    public static Hazards of(Subject subject, List<Deviation> failing, @Nullable Cause cause) {
        List<LockCycle> cycles = new ArrayList<>(cycles(subject, failing));
        if (cause != null) {
            for (LockCycle cycle : cycles(subject, cause.neighbourDeviations())) {
                if (!cycles.contains(cycle)) {
                    cycles.add(cycle);
                }
            }
        }
        return new Hazards(subject.execution().dataRaces().sightings(), cycles);
    }

    private static List<LockCycle> cycles(Subject subject, List<Deviation> deviations) {
        LockOrder order = new LockOrder();
        subject.execute(new Replay(deviations, Replay.Mode.LENIENT), order);
        return order.cycles();
    }
}
