package org.selvage.report;

import java.util.List;
import org.selvage.scheduler.Verdict;
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
 */
public record Finding(
        Schedule schedule,
        Trace trace,
        Search.Result search,
        Shrinker.Shrunk shrunk,
        List<String> options,
        String scheduleCommand) {

    /** Checks that there is a failure and copies the options. */
    public Finding {
        if (!trace.verdict().isFailure()) {
            throw new IllegalArgumentException(
                    "the execution did not fail: verdict=" + trace.verdict().summary());
        }
        options = List.copyOf(options);
    }

    /**
     * The same finding with another command to reproduce it, once it is known where the schedule
     * lies.
     */
    public Finding withCommand(String command) {
        return new Finding(schedule, trace, search, shrunk, options, command);
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
