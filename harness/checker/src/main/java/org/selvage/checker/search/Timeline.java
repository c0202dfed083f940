package org.selvage.checker.search;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Operations to be put in one order, with the slots they hold in the window.
 *
 * <p>An operation is in the window from its call to its end. The end of a completed operation must
 * find it linearized; the end of an optional one (open at a crash) only closes it; an operation
 * without an end stays in the window for ever. At the k-th end a set of linearized operations is
 * therefore everything that ended before, plus a mask over the slots of the window: its size
 * depends on the number of clients and not on the length of the history (compare Lowe, "Testing for
 * linearizability", 2017).
 */
public final class Timeline {
    /** The end of an operation that never ends. */
    public static final int NEVER = Integer.MAX_VALUE;

    /** How many operations there are; they are numbered in the order of their calls. */
    final int count;

    /** The operation's class. */
    final int[] classOf;

    /** Its number in the history. */
    final int[] source;

    /** Its slot in the window. */
    final int[] slot;

    /** Its place among the ends; {@link #NEVER} when it does not end. */
    final int[] endOrder;

    /**
     * Its place among the ends, those that lie beyond the timeline included: which of two
     * interchangeable operations ends first.
     */
    final int[] endRank;

    /** Whether its end only closes it. */
    final boolean[] optional;

    /** Whether another operation of the timeline has the same class. */
    final boolean[] twin;

    /** The operations in the order of their ends. */
    final int[] ends;

    /**
     * For each end, how many operations were called before it; one more entry for the end of the
     * history.
     */
    final int[] calledBefore;

    /** The number of slots. */
    final int window;

    /**
     * @param events the calls and ends in order: twice the operation, plus one for an end
     * @param eventCount how many entries of {@code events} count
     */
    Timeline(int[] classOf, int[] source, boolean[] optional, int[] events, int eventCount) {
        this.count = classOf.length;
        this.classOf = classOf;
        this.source = source;
        this.optional = optional;
        this.slot = new int[count];
        this.endOrder = new int[count];
        this.ends = new int[eventCount - count];
        this.calledBefore = new int[ends.length + 1];
        this.twin = twins(classOf);
        Arrays.fill(endOrder, NEVER);
        BitSet used = new BitSet();
        int called = 0;
        int ended = 0;
        int widest = 0;
        for (int i = 0; i < eventCount; i++) {
            int operation = events[i] >> 1;
            if ((events[i] & 1) == 0) {
                int free = used.nextClearBit(0);
                used.set(free);
                slot[operation] = free;
                widest = Math.max(widest, free + 1);
                called++;
            } else {
                used.clear(slot[operation]);
                endOrder[operation] = ended;
                calledBefore[ended] = called;
                ends[ended++] = operation;
            }
        }
        calledBefore[ended] = called;
        this.endRank = endOrder.clone();
        this.window = widest;
    }

    /** How many operations there are. */
    public int count() {
        return count;
    }

    /** The operation's number in the history. */
    public int source(int operation) {
        return source[operation];
    }

    /** The operation's class. */
    public int classOf(int operation) {
        return classOf[operation];
    }

    /** The operation that ends at place {@code end}. */
    public int endOf(int end) {
        return ends[end];
    }

    /**
     * Whether the operation was called before the end at place {@code end}, or at all when that is
     * the end of the history.
     */
    public boolean calledBefore(int operation, int end) {
        return operation < calledBefore[end];
    }

    /** The number of slots in the window. */
    public int window() {
        return window;
    }

    private static boolean[] twins(int[] classOf) {
        boolean[] twin = new boolean[classOf.length];
        int size = Integer.highestOneBit(Math.max(4, classOf.length * 2)) * 2;
        int[] first = new int[size];
        for (int i = 0; i < classOf.length; i++) {
            int at = Classes.mix(classOf[i]) & (size - 1);
            while (first[at] != 0 && classOf[first[at] - 1] != classOf[i]) {
                at = (at + 1) & (size - 1);
            }
            if (first[at] == 0) {
                first[at] = i + 1;
            } else {
                twin[i] = true;
                twin[first[at] - 1] = true;
            }
        }
        return twin;
    }
}
