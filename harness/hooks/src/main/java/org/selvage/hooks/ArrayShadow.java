package org.selvage.hooks;

import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/**
 * Who touched the elements of an array last, and where. Pages of it are made when an element of
 * theirs is touched for the first time.
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
        if (page == null) {
            page = new Page(new long[Math.min(PAGE, length - index / PAGE * PAGE) * WIDTH]);
            pages[index / PAGE] = page;
        }
        return page.numbers;
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
