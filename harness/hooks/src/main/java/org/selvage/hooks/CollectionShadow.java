package org.selvage.hooks;

/**
 * Who called a collection last, and where. The collection as a whole stands for its fields: two
 * calls of which one writes, and which synchronisation does not order, race.
 */
public final class CollectionShadow {
    private final Object collection;
    private long written;
    private long touched;
    private int writeSite;
    private int touchSite;
    private boolean raced;

    CollectionShadow(Object collection) {
        this.collection = collection;
    }

    /** The collection. */
    public Object collection() {
        return collection;
    }

    /** The epoch of the last writing call, or 0. */
    public long written() {
        return written;
    }

    /** The epoch of the last call, or 0. */
    public long touched() {
        return touched;
    }

    /** Where the last writing call was, or 0. */
    public int writeSite() {
        return writeSite;
    }

    /** Where the last call was, or 0. */
    public int touchSite() {
        return touchSite;
    }

    /** Whether two calls have raced in this execution. */
    public boolean hasRaced() {
        return raced;
    }

    /** Two calls have raced: what they left may be broken. */
    public void race() {
        raced = true;
    }

    /** Notes a call. */
    public void note(long now, long touchedNow, boolean write, int site) {
        if (write) {
            written = now;
            writeSite = site;
        }
        touched = touchedNow;
        touchSite = site;
    }
}
