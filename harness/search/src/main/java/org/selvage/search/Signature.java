package org.selvage.search;

import java.util.List;
import org.selvage.scheduler.Verdict;

/**
 * What makes two failures the same one: their kind and the place in the program, not the numbers in
 * the message.
 *
 * @param kind the kind of verdict, and the exception's class if it is one
 * @param place the innermost frame of the program, or the waits of a deadlock
 */
public record Signature(String kind, String place) {

    /** The signature of a failure. REQUIRES: the verdict is one. */
    public static Signature of(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Failed failed ->
                    new Signature(
                            "failed " + failed.cause().getClass().getName(),
                            Frames.innermost(List.of(failed.cause().getStackTrace())));
            case Verdict.Deadlock deadlock ->
                    new Signature(
                            "deadlock",
                            deadlock.blocked().stream()
                                    .filter(blocked -> !blocked.daemon())
                                    .map(blocked ->
                                            blocked.state()
                                                    + " "
                                                    + Frames.innermost(blocked.stack()))
                                    .sorted()
                                    .toList()
                                    .toString());
            case Verdict.Passed passed -> throw new IllegalArgumentException(passed.summary());
            case Verdict.StepLimit limit -> new Signature("step limit", "");
            case Verdict.Pinned pinned -> new Signature("pinned", Frames.innermost(pinned.stack()));
            case Verdict.Diverged diverged -> new Signature("diverged", "");
            case Verdict.Broken broken -> new Signature("broken", "");
        };
    }

    @Override
    public String toString() {
        return kind + " at " + place;
    }
}
