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
        return isSeveral(epoch) ? epoch : epoch + 1;
    }

    /**
     * The epoch of several tasks of the same execution, whose clock in SharedReads has a number.
     */
    static long several(long epoch, int number) {
        return epoch >>> EXECUTION_SHIFT << EXECUTION_SHIFT | (long) SEVERAL << CLOCK_BITS | number;
    }

    static boolean isSeveral(long epoch) {
        return task(epoch) == SEVERAL;
    }

    static int task(long epoch) {
        return (int) (epoch >>> CLOCK_BITS) & SEVERAL;
    }

    static int clock(long epoch) {
        return (int) epoch & MAX_CLOCK;
    }

    /**
     * Whether synchronisation has ordered a touch before what a task does now. A touch in another
     * execution always is; one of several tasks never is, as far as can be told here.
     *
     * @param now the task's epoch
     * @param clock for each other task, how far it had come when this one heard of it last
     */
    static boolean isOrdered(long touch, long now, int[] clock) {
        long both = touch ^ now;
        if (both >>> CLOCK_BITS == 0L) {
            return !isSeveral(touch);
        }
        if (both >>> EXECUTION_SHIFT != 0L) {
            return true;
        }
        int other = task(touch);
        return other < clock.length && other != SEVERAL && clock[other] >= clock(touch);
    }
}
