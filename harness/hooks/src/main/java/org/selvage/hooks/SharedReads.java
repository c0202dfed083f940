package org.selvage.hooks;

import java.util.Arrays;

/**
 * Who has read the variables that several tasks have read, none ordered behind the other, since
 * they were written last: the read vector clocks of FastTrack. An epoch has room for one task; the
 * epoch of such a variable has the number of a clock here instead.
 *
 * <p>Numbers are of one execution and at most {@value #MOST}. A variable for which there is none
 * left has the number 0: a write to it counts as a race, as nobody knows better.
 */
public final class SharedReads {
    private static final int MOST = 1 << 18;

    private int[][] clocks = new int[16][0];

    /** Number of the last clock in use. */
    private int last;

    SharedReads() {}

    /** Forgets all; an execution begins. */
    void clear() {
        last = 0;
    }

    /** Whether an access is not ordered behind an earlier one with which it conflicts. */
    public boolean isRace(long written, long touched, boolean write, long now, int[] clock) {
        return !Epoch.isOrdered(written, now, clock) || (write && races(touched, now, clock));
    }

    /** Whether a touch is not ordered before what a task does now. */
    public boolean races(long touch, long now, int[] clock) {
        return !Epoch.isOrdered(touch, now, clock)
                && !(Epoch.isSeveral(touch) && areOrdered(touch, clock));
    }

    /** What to note for a read of a variable that was touched before. */
    public long afterRead(long touched, long now, int[] clock) {
        return Epoch.isOrdered(touched, now, clock) ? now : afterOthers(touched, now, clock);
    }

    private long afterOthers(long touched, long now, int[] clock) {
        if (Epoch.isSeveral(now)) {
            return Epoch.several(now, 0);
        }
        if (!Epoch.isSeveral(touched)) {
            int number = add();
            if (number != 0) {
                note(number, touched);
                note(number, now);
            }
            return Epoch.several(now, number);
        }
        int number = Epoch.clock(touched);
        if (number == 0) {
            return touched;
        }
        if (areOrdered(touched, clock)) {
            return now;
        }
        note(number, now);
        return touched;
    }

    private boolean areOrdered(long touched, int[] clock) {
        int number = Epoch.clock(touched);
        if (number == 0) {
            return false;
        }
        int[] reads = clocks[number];
        for (int task = 0; task < reads.length; task++) {
            if (reads[task] > (task < clock.length ? clock[task] : 0)) {
                return false;
            }
        }
        return true;
    }

    /** The number of a clock in which nobody has read, or 0 if there is none left. */
    private int add() {
        if (last == MOST) {
            return 0;
        }
        last++;
        if (last == clocks.length) {
            int old = clocks.length;
            clocks = Arrays.copyOf(clocks, old * 2);
            Arrays.fill(clocks, old, clocks.length, clocks[0]);
        }
        Arrays.fill(clocks[last], 0);
        return last;
    }

    private void note(int number, long epoch) {
        int task = Epoch.task(epoch);
        int[] reads = clocks[number];
        if (task >= reads.length) {
            reads = Arrays.copyOf(reads, task + 1);
            clocks[number] = reads;
        }
        reads[task] = Epoch.clock(epoch);
    }
}
