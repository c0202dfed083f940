package org.selvage.report;

import org.selvage.scheduler.Verdict;

/** What a task waits for, in words. */
final class Waits {
    private Waits() {}

    /**
     * For example {@code waits for Buffer.lock, held by writer}.
     *
     * @param what what it waits for, or an empty string
     */
    static String text(Verdict.Blocked blocked, String what) {
        String owner =
                blocked.owner().isEmpty() ? "" : ", held by " + Wording.oneLine(blocked.owner());
        return switch (blocked.state()) {
            case BLOCKED -> "waits for " + (what.isEmpty() ? "a lock" : what) + owner;
            case WAITING -> "waits to be notified" + (what.isEmpty() ? "" : " on " + what);
            case PARKED -> "is parked" + (what.isEmpty() ? "" : " on " + what) + owner;
            case SLEEPING -> "sleeps";
            case JOINING ->
                    "waits for the end of "
                            + (blocked.on().isEmpty() ? "a task" : Wording.oneLine(blocked.on()));
            case RUNNABLE, FINISHED -> "stands";
        };
    }
}
