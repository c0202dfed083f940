package org.selvage.hooks;

import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/**
 * Who touched the elements of an array last, and where. Pages of it are made when an element of
 * theirs is touched by itself for the first time: methods of the JDK touch all of a page alike.
 */
public final class ArrayShadow {
    private static final int PAGE = 64;

    /** Numbers for each element: the last write, the last read or write, the sites of the two. */
    private static final int WIDTH = 3;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Page(long[] numbers) {}

    private final Object array;
    private final int length;
    private final @Nullable Page[] pages;

    /** The numbers of the pages that are null, whose elements have the same ones; null for 0. */
    private long @Nullable [] uniform;

    private @Nullable Element @Nullable [] elements;

    /**
     * An element of an array, which stands for it in an operation: equal elements are the same
     * object throughout an execution.
     *
     * @param array the array
     * @param index from 0
     */
    public record Element(Object array, int index) {
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Makes it for an array. */
    public ArrayShadow(Object array) {
        this.array = array;
        this.length = Array.getLength(array);
        this.pages = new @Nullable Page[(length + PAGE - 1) / PAGE];
    }

    /** Whether the array has such an element. */
    public boolean contains(int index) {
        return index >= 0 && index < length;
    }

    /** The numbers of an element's page. REQUIRES: the array has this element. */
    long[] page(int index) {
        Page page = pages[index / PAGE];
        return page == null ? makePage(index / PAGE) : page.numbers;
    }

    private long[] makePage(int number) {
        long[] numbers = new long[Math.min(PAGE, length - number * PAGE) * WIDTH];
        long[] same = uniform;
        if (same != null) {
            for (int at = 0; at < numbers.length; at += WIDTH) {
                System.arraycopy(same, number * WIDTH, numbers, at, WIDTH);
            }
        }
        pages[number] = new Page(numbers);
        return numbers;
    }

    /**
     * Notes an access to a range of elements, up to the first that conflicts with an earlier access
     * and is not ordered behind it: then returns false. REQUIRES: the array has these elements.
     *
     * @param to behind the last index
     */
    boolean noteOrdered(
            int from, int to, boolean write, int site, SharedReads reads, long now, int[] clock) {
        int number = from / PAGE;
        for (int begin = number * PAGE; begin < to; begin += PAGE) {
            int end = Math.min(begin + PAGE, length);
            boolean whole = from <= begin && to >= end;
            boolean ordered;
            if (whole && pages[number] == null) {
                int at = number * WIDTH;
                ordered = noteOrdered(uniform(), at, at, write, site, reads, now, clock);
            } else {
                int first = at(Math.max(from, begin));
                int last = at(Math.min(to, end) - 1);
                ordered = noteOrdered(page(begin), first, last, write, site, reads, now, clock);
                if (ordered && whole && write) {
                    System.arraycopy(page(begin), 0, uniform(), number * WIDTH, WIDTH);
                    pages[number] = null;
                }
            }
            if (!ordered) {
                return false;
            }
            number++;
        }
        return true;
    }

    private long[] uniform() {
        long[] same = uniform;
        if (same == null) {
            same = new long[pages.length * WIDTH];
            uniform = same;
        }
        return same;
    }

    private static boolean noteOrdered(
            long[] numbers,
            int first,
            int last,
            boolean write,
            int site,
            SharedReads reads,
            long now,
            int[] clock) {
        for (int at = first; at <= last; at += WIDTH) {
            long written = numbers[at];
            long touched = numbers[at + 1];
            if (touched != now || (write && written != now)) {
                if (reads.isRace(written, touched, write, now, clock)) {
                    return false;
                }
                touched = write ? now : reads.afterRead(touched, now, clock);
            }
            note(numbers, at, now, touched, write, site);
        }
        return true;
    }

    static int at(int index) {
        return index % PAGE * WIDTH;
    }

    /** The epoch of the last write, or 0. */
    public long written(int index) {
        return page(index)[at(index)];
    }

    /** The epoch of the last read or write, or 0. */
    public long touched(int index) {
        return page(index)[at(index) + 1];
    }

    /** Where the last write was, or 0. */
    public int writeSite(int index) {
        return (int) (page(index)[at(index) + 2] >>> Integer.SIZE);
    }

    /** Where the last read or write was, or 0. */
    public int touchSite(int index) {
        return (int) page(index)[at(index) + 2];
    }

    /** Notes an access. */
    public void note(int index, long now, long touchedNow, boolean write, int site) {
        note(page(index), at(index), now, touchedNow, write, site);
    }

    static void note(long[] page, int at, long now, long touchedNow, boolean write, int site) {
        if (write) {
            page[at] = now;
            page[at + 2] = (long) site << Integer.SIZE | site;
        } else {
            page[at + 2] = page[at + 2] >>> Integer.SIZE << Integer.SIZE | site;
        }
        page[at + 1] = touchedNow;
    }

    /** What stands for an element in an operation. */
    public Element element(int index) {
        @Nullable Element[] known = elements;
        if (known == null) {
            known = new @Nullable Element[length];
            elements = known;
        }
        Element element = known[index];
        if (element == null) {
            element = new Element(array, index);
            known[index] = element;
        }
        return element;
    }
}
