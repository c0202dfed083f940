package org.selvage.hooks;

import java.lang.reflect.Array;
import jdk.internal.vm.annotation.ReservedStackAccess;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the JDK that go through a range of an array's elements, such as {@link
 * System#arraycopy}. Each is what a loop over the elements would be: other tasks may come between
 * two of them, so a copy may be torn. A range of more than {@value #MOST_OPERATIONS} elements is
 * accessed in {@value #MOST_OPERATIONS} runs of equal length, and others come between the runs
 * only.
 *
 * <p>Where no element races, nothing is done but to look at who touched them, page by page, and the
 * JDK's own method does the rest. Where one does, the hook reads into an array that the task has to
 * itself, or writes from one.
 */
public final class ArrayCalls {
    /** The most operations that an access to a range consists of. */
    private static final int MOST_OPERATIONS = 64;

    private ArrayCalls() {}

    /** Replaces {@link System#arraycopy}. */
    @SuppressWarnings("SuspiciousSystemArraycopy")
    public static void arraycopy(
            @Nullable Object from, int at, @Nullable Object to, int toAt, int length, int site) {
        Carrier c = Carrier.live();
        if (c == null
                || from == null
                || to == null
                || !isRange(from, at, length)
                || !isRange(to, toAt, length)) {
            System.arraycopy(from, at, to, toAt, length);
            return;
        }
        System.arraycopy(from, at, to, toAt, 0); // fails if the types differ
        boolean ordered = c.orderedRange(from, at, at + length, false, site);
        if (c.orderedRange(to, toAt, toAt + length, true, site) && ordered) {
            System.arraycopy(from, at, to, toAt, length);
        } else {
            Object held = Array.newInstance(from.getClass().getComponentType(), 1);
            boolean backwards = from == to && at < toAt;
            for (int i = 0; i < length; i++) {
                int offset = backwards ? length - 1 - i : i;
                access(c, from, at + offset, false, site, i, length, 2, 0);
                System.arraycopy(from, at + offset, held, 0, 1);
                access(c, to, toAt + offset, true, site, i, length, 2, 1);
                System.arraycopy(held, 0, to, toAt + offset, 1);
            }
        }
        c.skip(2 * operations(length));
    }

    /** A method of the JDK is about to read an array; returns the array that it shall read. */
    public static @Nullable Object reads(@Nullable Object array, int site) {
        return array == null ? null : reads(array, 0, Array.getLength(array), site);
    }

    /**
     * A method of the JDK is about to read a range of an array; returns the array that it shall
     * read.
     *
     * @param to behind the last index
     */
    public static @Nullable Object reads(@Nullable Object array, int from, int to, int site) {
        Carrier c = Carrier.live();
        if (c == null || array == null || to <= from || !isRange(array, from, to - from)) {
            return array;
        }
        Object read = array;
        if (!c.orderedRange(array, from, to, false, site)) {
            read = copy(array);
            for (int i = from; i < to; i++) {
                access(c, array, i, false, site, i - from, to - from, 1, 0);
                System.arraycopy(array, i, read, i, 1);
            }
        }
        c.skip(operations(to - from));
        return read;
    }

    /** As {@link #reads(Object, int, int, int)}, of a range that begins somewhere. */
    public static @Nullable Object readsPart(
            @Nullable Object array, int from, int length, int site) {
        return reads(array, from, from + length, site);
    }

    /** Replaces the method {@code clone} of an array. */
    public static Object cloned(Object array, int site) {
        Object read = reads(array, site);
        return read == null || read == array ? copy(array) : read;
    }

    /**
     * A method of the JDK is about to write an array; returns the array that it shall write, of
     * which {@link #written(Object, Object, int)} must be told.
     *
     * @param reads whether it also reads the array
     */
    public static @Nullable Object writes(@Nullable Object array, boolean reads, int site) {
        return array == null ? null : writes(array, 0, Array.getLength(array), reads, site);
    }

    /** As above, of a range of an array. */
    public static @Nullable Object writes(
            @Nullable Object array, int from, int to, boolean reads, int site) {
        Carrier c = Carrier.live();
        if (c == null || array == null || to <= from || !isRange(array, from, to - from)) {
            return array;
        }
        Object read = reads ? reads(array, from, to, site) : array;
        if (c.orderedRange(array, from, to, true, site) && read == array) {
            c.skip(operations(to - from));
            return array;
        }
        return read == array || read == null ? copy(array) : read;
    }

    /** That method has returned. */
    public static void written(@Nullable Object array, @Nullable Object written, int site) {
        if (array != null) {
            written(array, written, 0, Array.getLength(array), site);
        }
    }

    /** As above, of a range of an array. */
    public static void written(
            @Nullable Object array, @Nullable Object written, int from, int to, int site) {
        Carrier c = Carrier.live();
        if (c == null || array == null || written == null || array == written) {
            return;
        }
        for (int i = from; i < to; i++) {
            access(c, array, i, true, site, i - from, to - from, 1, 0);
            System.arraycopy(written, i, array, i, 1);
        }
        c.skip(operations(to - from));
    }

    /**
     * A method of the JDK is about to read or write an array while it calls the program, or later:
     * the access is one operation, before the call.
     */
    public static void announce(@Nullable Object array, boolean writes, int site) {
        Carrier c = Carrier.live();
        if (c == null || array == null) {
            return;
        }
        int length = Array.getLength(array);
        if (!c.orderedRange(array, 0, length, writes, site)) {
            for (int i = 0; i < length; i++) {
                told(c, array, i, writes, site, 0, i == 0);
            }
        }
        c.skip(1);
    }

    /**
     * The access to one of the elements of a range.
     *
     * @param number how many elements come before it
     * @param sides how many ranges the call goes through in step
     * @param side which of them it is
     */
    private static void access(
            Carrier c,
            Object array,
            int index,
            boolean write,
            int site,
            int number,
            int length,
            int sides,
            int side) {
        int run = runLength(length);
        told(c, array, index, write, site, number / run * sides + side, number % run == 0);
    }

    @ReservedStackAccess
    private static void told(
            Carrier c,
            Object array,
            int index,
            boolean write,
            int site,
            int operation,
            boolean first) {
        c.live = false;
        try {
            Hooks.controller(c).arrayAccess(array, index, write, site, operation, first);
        } finally {
            c.live = true;
        }
    }

    private static int runLength(int length) {
        return (length + MOST_OPERATIONS - 1) / MOST_OPERATIONS;
    }

    private static int operations(int length) {
        return length == 0 ? 0 : (length - 1) / runLength(length) + 1;
    }

    private static boolean isRange(Object array, int from, int length) {
        return array.getClass().isArray()
                && from >= 0
                && length >= 0
                && from <= Array.getLength(array) - length;
    }

    @SuppressWarnings("SuspiciousSystemArraycopy")
    private static Object copy(Object array) {
        int length = Array.getLength(array);
        Object copy = Array.newInstance(array.getClass().getComponentType(), length);
        System.arraycopy(array, 0, copy, 0, length);
        return copy;
    }
}
