package org.selvage.hooks;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The calls that tasks make on collections of the JDK which are not meant to be shared, such as
 * {@link java.util.ArrayList}.
 *
 * <p>Of interest are the collections that the program itself calls: the JDK's own never get in
 * here. A call is no operation, as ordinary programs make no end of them. If it races, now or in an
 * earlier execution, its accesses to the collection's fields are points; each is a draw that has a
 * number of its own: {@value #ACCESSES} times the number of the call among those since the task's
 * last operation, and the number of the access in the call. So it makes no difference to a schedule
 * which other calls race.
 *
 * <p>What a call does after it has called the program back is one step.
 */
public final class CollectionCalls {
    /** The most points in one call. */
    public static final int ACCESSES = 1_000;

    private static final int FIRST_CAPACITY = 64;

    private final Carrier carrier;

    /** Whether nothing is to be noted, because there is one task only, or no task can wait. */
    private boolean off = true;

    /** The call in the program's code that is about to be made, or 0. */
    private int site;

    private Track track = new Track();

    private @Nullable CollectionShadow[] shadows = new @Nullable CollectionShadow[FIRST_CAPACITY];
    private int count;

    /** A collection that is called, by the program or by the JDK on its behalf. */
    private static final class Frame {
        @Nullable CollectionShadow shadow;

        /** The site of the call, its number, and how many accesses it has made. */
        int from;

        int number;
        int accesses;

        /** Whether its accesses are points. */
        boolean fine;
    }

    /** The calls of one task since its last operation. */
    public static final class Track {
        private static final int DEPTH = 4;

        private Frame @Nullable [] frames;

        /** How many collections the program's call has come to, and the last of them. */
        private int depth;

        private int top;

        private int calls;

        /** How many plain accesses the carrier had passed over when the last call was made. */
        private int skipped;

        private void clear() {
            depth = 0;
            calls = 0;
            skipped = 0;
        }

        private @Nullable Frame find(Object collection) {
            Frame[] known = frames;
            for (int i = 0; known != null && i < depth; i++) {
                CollectionShadow shadow = known[i].shadow;
                if (shadow != null && shadow.collection() == collection) {
                    top = i;
                    return known[i];
                }
            }
            return null;
        }

        private @Nullable Frame top() {
            Frame[] known = frames;
            return known == null || depth == 0 ? null : known[top];
        }

        private void push(CollectionShadow shadow, int from, boolean fine) {
            Frame[] known = frames;
            if (known == null) {
                known = new Frame[] {new Frame(), new Frame(), new Frame(), new Frame()};
                frames = known;
            }
            if (depth == DEPTH) {
                return; // its accesses are none of any frame, so they are no points
            }
            top = depth++;
            Frame frame = known[top];
            frame.shadow = shadow;
            frame.from = from;
            frame.number = calls;
            frame.accesses = 0;
            frame.fine = fine;
        }
    }

    CollectionCalls(Carrier carrier) {
        this.carrier = carrier;
    }

    /** Forgets the collections that were called, as an execution begins or ends. */
    public void clear() {
        off = true;
        site = 0;
        track.frames = null;
        track.depth = 0;
        if (count > 0) {
            count = 0;
            if (shadows.length > FIRST_CAPACITY) {
                shadows = new @Nullable CollectionShadow[FIRST_CAPACITY];
            } else {
                Arrays.fill(shadows, null);
            }
        }
    }

    /**
     * Says whether calls are followed.
     *
     * @param on false as long as there is one task only, or the running task cannot be suspended
     */
    public void follow(boolean on) {
        off = !on;
    }

    boolean isOff() {
        return off;
    }

    /** From now on the task runs whose calls these are. */
    public void mount(Track next) {
        track = next;
        site = 0;
    }

    /** The running task makes an operation. */
    void operation() {
        if (count > 0) { // else no task has made a call
            track.clear();
        }
    }

    /** The program is about to call a method of what may be a collection. */
    void called(int from) {
        site = from;
        track.depth = 0;
    }

    /** The call has returned. */
    void returned() {
        site = 0;
        track.depth = 0;
    }

    /**
     * A public method of a collection begins.
     *
     * @param method its own id in {@link Sites}, which stands for the place if the JDK calls it
     * @return whether its accesses are points
     */
    boolean enter(Object collection, boolean write, int method) {
        int from = site;
        if (off) {
            site = 0;
            return false;
        }
        if (from != 0) {
            site = 0;
            return begin(collection, write, from);
        }
        Track t = track;
        Frame frame = carrier.skipped() == t.skipped ? t.find(collection) : null;
        if (frame != null) {
            return frame.fine;
        }
        return count > 0
                && shadows[indexOf(collection)] != null
                && begin(collection, write, method);
    }

    private boolean begin(Object collection, boolean write, int from) {
        Track t = track;
        if (carrier.skipped() != t.skipped) {
            t.clear();
            t.skipped = carrier.skipped();
        }
        t.calls++;
        CollectionShadow shadow = of(collection);
        boolean fine =
                !carrier.orderedCall(shadow, write, from)
                        && told(shadow, write, from, t.calls * ACCESSES);
        t.push(shadow, from, fine);
        return fine;
    }

    private boolean told(CollectionShadow shadow, boolean write, int from, int draw) {
        Carrier c = carrier;
        c.live = false;
        try {
            boolean fine = Hooks.controller(c).collectionCall(shadow, write, from, draw);
            track.skipped = c.skipped();
            return fine;
        } finally {
            c.live = true;
        }
    }

    /** Whether the accesses of a method that a call makes on its own collection are points. */
    boolean isInside(Object collection) {
        Track t = track;
        if (off || t.depth == 0 || carrier.skipped() != t.skipped) {
            return false;
        }
        Frame frame = t.find(collection);
        return frame != null && frame.fine;
    }

    /** As {@link #isInside(Object)}, of a method that does not know the collection. */
    boolean isInside() {
        Track t = track;
        Frame frame = off || carrier.skipped() != t.skipped ? null : t.top();
        return frame != null && frame.fine;
    }

    /**
     * A variable of a collection is about to be accessed.
     *
     * @param collection null if the method does not know it
     * @param owner the collection, a node or an array
     * @param variable the id of the field, or the index of the element
     * @param field the id of what the story calls it
     */
    void access(
            @Nullable Object collection,
            @Nullable Object owner,
            int variable,
            boolean write,
            int field) {
        Track t = track;
        if (owner == null || off || carrier.skipped() != t.skipped) {
            return;
        }
        Frame frame = collection == null ? t.top() : t.find(collection);
        CollectionShadow called = frame == null ? null : frame.shadow;
        if (frame == null || called == null || !frame.fine) {
            return;
        }
        int draw = -1;
        if (frame.accesses < ACCESSES) {
            draw = frame.number * ACCESSES + frame.accesses++;
        }
        Carrier c = carrier;
        c.live = false;
        try {
            Hooks.controller(c)
                    .collectionAccess(called, owner, variable, write, frame.from, field, draw);
        } finally {
            c.live = true;
        }
    }

    private CollectionShadow of(Object collection) {
        int at = indexOf(collection);
        CollectionShadow known = shadows[at];
        if (known == null) {
            known = new CollectionShadow(collection);
            shadows[at] = known;
            if (++count * 2 > shadows.length) {
                grow();
            }
        }
        return known;
    }

    private int indexOf(Object collection) {
        @Nullable CollectionShadow[] table = shadows;
        int mask = table.length - 1;
        int i = System.identityHashCode(collection) & mask;
        CollectionShadow other = table[i];
        while (other != null && other.collection() != collection) {
            i = (i + 1) & mask;
            other = table[i];
        }
        return i;
    }

    private void grow() {
        @Nullable CollectionShadow[] old = shadows;
        shadows = new @Nullable CollectionShadow[old.length * 2];
        for (CollectionShadow shadow : old) {
            if (shadow != null) {
                shadows[indexOf(shadow.collection())] = shadow;
            }
        }
    }
}
