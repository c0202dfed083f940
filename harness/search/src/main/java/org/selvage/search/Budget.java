package org.selvage.search;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a search may take.
 *
 * @param time the longest wall-clock time
 * @param executions the largest number of executions
 */
public record Budget(Duration time, long executions) {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Pattern ZERO = Pattern.compile("0+(ms|s|m|h)?");
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,18}");
    private static final Duration FOREVER = Duration.ofDays(3650);

    /** Checks that there is something to spend. */
    public Budget {
        if (time.isZero() || time.isNegative() || executions < 1) {
            throw new IllegalArgumentException(
                    "the budget must be above zero: time=" + time + " executions=" + executions);
        }
    }

    /** A budget of time alone. */
    public static Budget of(Duration time) {
        return new Budget(time, Long.MAX_VALUE);
    }

    /** A budget of executions alone. */
    public static Budget of(long executions) {
        return new Budget(FOREVER, executions);
    }

    /**
     * Reads {@code 30s}, {@code 10m}, {@code 1h}, {@code 500ms} or a number of executions.
     *
     * @throws IllegalArgumentException with one clear line if it is neither, or zero
     */
    public static Budget parse(String text) {
        if (ZERO.matcher(text).matches()) {
            throw new IllegalArgumentException("the budget must be above zero: budget=" + text);
        }
        Matcher time = TIME.matcher(text);
        if (time.matches()) {
            long amount = Long.parseLong(time.group(1));
            Duration given =
                    switch (time.group(2)) {
                        case "ms" -> Duration.ofMillis(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        default -> Duration.ofHours(amount);
                    };
            // A search counts nanoseconds in a long, so what is longer is cut.
            return of(given.compareTo(FOREVER) < 0 ? given : FOREVER);
        }
        if (COUNT.matcher(text).matches()) {
            return of(Long.parseLong(text));
        }
        throw new IllegalArgumentException(
                "the budget is neither a time such as 30s or 10m nor a number of executions: budget="
                        + text);
    }
}
