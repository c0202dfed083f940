package org.selvage.checker;

import java.time.Duration;

/**
 * What one check may use. It is looked at between the steps of a search, so that a step of the
 * specification is the longest overrun.
 *
 * @param nanos wall-clock time in nanoseconds; {@link Long#MAX_VALUE} for no limit
 * @param bytes an estimate of the memory held by the search; {@link Long#MAX_VALUE} for no limit
 * @param steps steps of the search: the deterministic limit, the one to use under a scheduler
 */
public record Budget(long nanos, long bytes, long steps) {
    /** No limit at all. */
    public static Budget unlimited() {
        return new Budget(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** One minute and 1 GiB: the default for a history from a file. */
    public static Budget standard() {
        return new Budget(Duration.ofMinutes(1).toNanos(), 1L << 30, Long.MAX_VALUE);
    }

    /**
     * At most {@code steps} steps and 256 MiB, without a look at the clock: the same history gets
     * the same verdict in every run.
     */
    public static Budget steps(long steps) {
        return new Budget(Long.MAX_VALUE, 1L << 28, steps);
    }

    /** At most this time, and 1 GiB. */
    public static Budget time(Duration time) {
        return new Budget(time.toNanos(), 1L << 30, Long.MAX_VALUE);
    }
}
