package org.selvage.search.reduction;

/** A set of longs with open addressing, for counting distinct things in a search. */
public final class LongSet {
    private static final int MAX = 1 << 26;
    private long[] table = new long[1024];
    private int size;
    private boolean hasZero;
    private final int most;

    /** Makes a set that is full at 2^26 entries. */
    public LongSet() {
        this(MAX);
    }

    /** Makes a set that is full at this many entries. */
    public LongSet(int most) {
        this.most = most;
    }

    /** Adds a value; false if it is there already or the set is full. */
    public boolean add(long value) {
        if (value == 0) {
            boolean added = !hasZero && !isFull();
            hasZero |= added;
            return added;
        }
        if (isFull() || !insert(table, value)) {
            return false;
        }
        size++;
        if (size * 2 > table.length) {
            long[] larger = new long[table.length * 2];
            for (long old : table) {
                if (old != 0) {
                    insert(larger, old);
                }
            }
            table = larger;
        }
        return true;
    }

    /** Whether a value was added. */
    public boolean contains(long value) {
        if (value == 0) {
            return hasZero;
        }
        return table[slot(table, value)] == value;
    }

    /** Where a value is, or where it would go. */
    private static int slot(long[] table, long value) {
        int mask = table.length - 1;
        int i = (int) ((value * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (table[i] != 0 && table[i] != value) {
            i = (i + 1) & mask;
        }
        return i;
    }

    private static boolean insert(long[] table, long value) {
        int i = slot(table, value);
        if (table[i] == value) {
            return false;
        }
        table[i] = value;
        return true;
    }

    public int size() {
        return size + (hasZero ? 1 : 0);
    }

    public boolean isFull() {
        return size() >= most;
    }

    /** All values, in no order. */
    public long[] toArray() {
        long[] all = new long[size()]; // a zero comes last
        int n = 0;
        for (long value : table) {
            if (value != 0) {
                all[n++] = value;
            }
        }
        return all;
    }
}
