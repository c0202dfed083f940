package org.selvage.search.reduction;

/**
 * What a step does to a variable, in one int. Two accesses of different tasks depend on each other
 * when they are to one variable and not both reads.
 */
final class Access {
    /** Leaves the variable as it is. */
    static final int READ = 0;

    /** May change the variable. */
    static final int WRITE = 1;

    /** Takes a mutex, and is enabled only while that is free. First access of a step. */
    static final int ACQUIRE = 2;

    /** Gives a mutex back. */
    static final int RELEASE = 3;

    /** Takes a mutex that was seen to be free; the step was enabled either way. */
    static final int TAKE = 4;

    private static final int MODE = 7;
    private static final int EXPOSED = 8;
    private static final int SHIFT = 4;

    private Access() {}

    /**
     * An access.
     *
     * @param variable the variable's number, from 0 to 2^27 - 1
     * @param exposed whether a step may come to this variable without having declared so before it
     *     began
     */
    static int of(int variable, int mode, boolean exposed) {
        return (variable << SHIFT) | (exposed ? EXPOSED : 0) | mode;
    }

    static int variable(int access) {
        return access >>> SHIFT;
    }

    static int mode(int access) {
        return access & MODE;
    }

    static boolean isExposed(int access) {
        return (access & EXPOSED) != 0;
    }

    static boolean conflict(int a, int b) {
        return a >>> SHIFT == b >>> SHIFT && ((a | b) & MODE) != READ;
    }

    static long bit(int access) {
        return 1L << (access >>> SHIFT);
    }
}
