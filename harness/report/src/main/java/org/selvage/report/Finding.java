package org.selvage.report;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Cause;
import org.selvage.search.Hazards;
import org.selvage.search.Schedule;
import org.selvage.search.Search;
import org.selvage.search.Shrinker;
import org.selvage.search.Signature;
import org.selvage.search.Trace;

/**
 * What a search found, and everything that is said about it.
 *
 * @param schedule the schedule as it was shrunk
 * @param trace the execution that the schedule leads to
 * @param search what the search tried until then
 * @param shrunk how the schedule was made small
 * @param options every option in force, each as {@code NAME=VALUE}; no machine paths, as they are
 *     filed
 * @param scheduleCommand the command that reproduces the failure, ready to be pasted
 * @param cause why it fails, or null if that was not searched or not found
 * @param sources where lines of the program's source are found
 * @param hazards data races and lock-order cycles that were seen on the way
 */
public record Finding(
        Schedule schedule,
        Trace trace,
        Search.Result search,
        Shrinker.Shrunk shrunk,
        List<String> options,
        String scheduleCommand,
        @Nullable Cause cause,
        Sources sources,
        Hazards hazards) {

    /** Checks that there is a failure and copies the options. */
    public Finding {
        if (!trace.verdict().isFailure()) {
            throw new IllegalArgumentException(
                    "the execution did not fail: verdict=" + trace.verdict().summary());
        }
        options = List.copyOf(options);
    }

    /** A finding on the way to which no hazards were looked for. */
    public Finding(
            Schedule schedule,
            Trace trace,
            Search.Result search,
            Shrinker.Shrunk shrunk,
            List<String> options,
            String scheduleCommand,
            @Nullable Cause cause,
            Sources sources) {
        this(
                schedule,
                trace,
                search,
                shrunk,
                options,
                scheduleCommand,
                cause,
                sources,
                Hazards.NONE);
    }

    /** A finding of which the cause is not known, nor the source. */
    public Finding(
            Schedule schedule,
            Trace trace,
            Search.Result search,
            Shrinker.Shrunk shrunk,
            List<String> options,
            String scheduleCommand) {
        this(schedule, trace, search, shrunk, options, scheduleCommand, null, Sources.NONE);
    }

    /** The same finding, explained. */
    public Finding explained(@Nullable Cause why, Sources where) {
        return new Finding(
                schedule, trace, search, shrunk, options, scheduleCommand, why, where, hazards);
    }

    /** The same finding, with what was seen on the way. */
    public Finding with(Hazards seen) {
        return new Finding(
                schedule, trace, search, shrunk, options, scheduleCommand, cause, sources, seen);
    }

    /** What its story is told from. */
    Telling telling() {
        return new Telling(trace, schedule.deviations(), cause, sources);
    }

    /**
     * The same finding with another command to reproduce it, once it is known where the schedule
     * lies.
     */
    public Finding withCommand(String command) {
        return new Finding(
                schedule, trace, search, shrunk, options, command, cause, sources, hazards);
    }

    /** How the execution ended. */
    public Verdict verdict() {
        return trace.verdict();
    }

    /** What makes two failures the same one. */
    public Signature signature() {
        return Signature.of(trace.verdict());
    }
}
