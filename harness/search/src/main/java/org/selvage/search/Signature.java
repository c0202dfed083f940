package org.selvage.search;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.Sites;
import org.selvage.scheduler.Frames;
import org.selvage.scheduler.Verdict;

/**
 * What makes two failures the same one: their kind, the method, and what the message says before it
 * comes to a value. Line numbers do not count, as an edit above changes them, and neither do
 * numbers and names in the message.
 *
 * @param kind the kind of verdict, and the exception's class if it is one
 * @param place the innermost method of the program, or the waits of a deadlock
 * @param words how the message begins, or which responses of a history contradict each other; tells
 *     two checks in one method apart
 */
public record Signature(String kind, String place, String words) {
    private static final int MAX_WORDS = 60;

    /** The letters and blanks of a message up to its first digit, quotation or value. */
    private static final Pattern BEGINNING = Pattern.compile("[^\\p{L}]*([\\p{L} ,.-]*)");

    /** The name of a lambda's method as javac makes it: {@code lambda$main$0}. */
    private static final Pattern LAMBDA = Pattern.compile("(lambda\\$\\w+)\\$[0-9]+");

    /** The signature of a failure. REQUIRES: the verdict is one. */
    public static Signature of(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Failed failed ->
                    new Signature(
                            "failed " + failed.cause().getClass().getName(),
                            method(List.of(failed.cause().getStackTrace())),
                            failed.cause() instanceof ClientHistory.Bearer bearer
                                    ? bearer.clientHistory().violation()
                                    : words(failed.cause().getMessage()));
            case Verdict.Deadlock deadlock ->
                    new Signature(
                            "deadlock",
                            deadlock.blocked().stream()
                                    .filter(blocked -> !blocked.daemon())
                                    .map(blocked -> blocked.state() + " " + method(blocked.stack()))
                                    .sorted()
                                    .toList()
                                    .toString(),
                            "");
            case Verdict.Livelock livelock ->
                    new Signature(
                            "livelock",
                            livelock.cycle().stream()
                                    .filter(turn -> turn.site() != 0)
                                    .map(turn ->
                                            turn.kind()
                                                    + " "
                                                    + Confirmation.withoutLines(
                                                            Sites.get(turn.site()).place()))
                                    .distinct()
                                    .sorted()
                                    .toList()
                                    .toString(),
                            "");
            case Verdict.Passed passed -> throw new IllegalArgumentException(passed.summary());
            case Verdict.StepLimit limit -> new Signature("step limit", "", "");
            case Verdict.Unknown unknown -> new Signature("unknown", method(unknown.stack()), "");
            case Verdict.Diverged diverged -> new Signature("diverged", "", "");
            case Verdict.Broken broken -> new Signature("broken", "", "");
        };
    }

    /** How an execution ended, in words: the signature of a failure, or what else it was. */
    static String endOf(Verdict verdict) {
        return verdict.isFailure() ? of(verdict).toString() : verdict.summary();
    }

    /**
     * Places without the numbers that javac gives to lambdas, as one that is added above changes
     * them. Within one execution they tell lambdas apart, between builds they cannot.
     */
    public static String withoutLambdaNumbers(String places) {
        return LAMBDA.matcher(places).replaceAll("$1");
    }

    private static String method(List<StackTraceElement> stack) {
        return Confirmation.withoutLines(Frames.innermost(stack));
    }

    private static String words(@Nullable String message) {
        Matcher matcher = BEGINNING.matcher(message == null ? "" : message);
        String words = matcher.lookingAt() ? matcher.group(1).strip() : "";
        return words.length() > MAX_WORDS ? words.substring(0, MAX_WORDS) : words;
    }

    @Override
    public String toString() {
        // A schedule file holds this line without a blank at its end.
        return place.isEmpty() ? kind : kind + " at " + place;
    }
}
