package org.selvage.hooks;

/**
 * Numbers that tell who touched a variable last: an execution, a task, and how far the task had
 * come. 0 stands for nobody.
 */
public final class Epoch {
    private static final int CLOCK_BITS = 28;
    private static final int TASK_BITS = 10;
    private static final int EXECUTION_SHIFT = CLOCK_BITS + TASK_BITS;
    private static final long EXECUTIONS = 1L << (Long.SIZE - EXECUTION_SHIFT);

    /** In place of a task's number: several tasks, or one whose number does not fit. */
    private static final int SEVERAL = (1 << TASK_BITS) - 1;

    /** The largest clock of a task. */
    public static final int MAX_CLOCK = (1 << CLOCK_BITS) - 1;

    private Epoch() {}

    /**
     * The epoch of a task.
     *
     * @param execution any number; two that are less than 2^26 - 1 apart are told apart
     * @param task its number, from 0
     * @param clock from 1 to {@link #MAX_CLOCK}
     */
    public static long of(long execution, int task, int clock) {
        long number = 1 + execution % (EXECUTIONS - 1);
        return number << EXECUTION_SHIFT
                | (long) Math.min(task, SEVERAL) << CLOCK_BITS
                | (task < SEVERAL ? clock : 0);
    }

    /**
     * The epoch that follows when the task's clock advances by 1. REQUIRES: the clock is below its
     * maximum.
     */
    public static long next(long epoch) {
        return ((epoch >>> CLOCK_BITS) & SEVERAL) == SEVERAL ? epoch : epoch + 1;
    }

    /** The epoch of several tasks of the same execution. */
    static long several(long epoch) {
        return epoch >>> EXECUTION_SHIFT << EXECUTION_SHIFT | (long) SEVERAL << CLOCK_BITS;
    }

    /**
     * Whether synchronisation has ordered a touch before what a task does now. A touch in another
     * execution always is.
     *
     * @param now the task's epoch
     * @param clock for each other task, how far it had come when this one heard of it last
     */
    static boolean isOrdered(long touch, long now, int[] clock) {
        long both = touch ^ now;
        if (both >>> CLOCK_BITS == 0L) {
            return ((touch >>> CLOCK_BITS) & SEVERAL) != SEVERAL;
        }
        if (both >>> EXECUTION_SHIFT != 0L) {
            return true;
        }
        int other = (int) (touch >>> CLOCK_BITS) & SEVERAL;
        return other < clock.length && clock[other] >= (int) (touch & MAX_CLOCK);
    }

    /** Whether an access is not ordered behind an earlier one with which it conflicts. */
    public static boolean isRace(long written, long touched, boolean write, long now, int[] clock) {
        return !isOrdered(written, now, clock) || (write && !isOrdered(touched, now, clock));
    }

    /** Whether a touch is not ordered before what a task does now. */
    public static boolean races(long touch, long now, int[] clock) {
        return !isOrdered(touch, now, clock);
    }

    /** What to note for a read of a variable that was touched before. */
    public static long afterRead(long touched, long now, int[] clock) {
        return isOrdered(touched, now, clock) ? now : several(now);
    }
}
