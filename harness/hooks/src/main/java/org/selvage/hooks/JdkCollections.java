package org.selvage.hooks;

import jdk.internal.vm.annotation.ReservedStackAccess;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK's unsynchronised collections call, and calls of them by the program.
 *
 * <p>Each method of such a collection has its code twice: as it was, and with a hook before each
 * access to the collection's fields, nodes and arrays. {@link #enter} says which is run; it is the
 * first thing everywhere, also on threads of the harness and the JVM, and says no after one type
 * check there.
 */
public final class JdkCollections {
    private JdkCollections() {}

    /** The program is about to call a method of what may be a collection of the JDK. */
    public static void called(int site) {
        Carrier c = Carrier.live();
        if (c != null) {
            c.calls.called(site);
        }
    }

    /** That call has returned. */
    public static void returned() {
        Carrier c = Carrier.live();
        if (c != null) {
            c.calls.returned();
            c.armedSite = 0; // a default method of a concurrent collection takes none
        }
    }

    /**
     * A method that a collection offers is entered.
     *
     * @param method the method's id in {@link Sites}
     * @return whether to run the code with hooks
     */
    @ReservedStackAccess
    public static boolean enter(Object collection, boolean write, int method) {
        Carrier c = Carrier.live();
        return c != null && c.calls.enter(collection, write, method);
    }

    /**
     * As {@link #enter}, of a method that makes an iterator, whose constructor reads the
     * collection.
     *
     * @param field the id of the field that it reads
     */
    @ReservedStackAccess
    public static void iterate(Object collection, int method, int field) {
        Carrier c = Carrier.live();
        if (c != null && c.calls.enter(collection, false, method)) {
            c.calls.access(collection, collection, field, false, field);
        }
    }

    /** A method inside a collection is entered; returns whether to run the code with hooks. */
    public static boolean inside(Object collection) {
        Carrier c = Carrier.live();
        return c != null && c.calls.isInside(collection);
    }

    /** As above, of a method that does not know the collection. */
    public static boolean inside() {
        Carrier c = Carrier.live();
        return c != null && c.calls.isInside();
    }

    /**
     * A field is about to be read.
     *
     * @param owner the collection or a node; null is left to the access itself
     * @param collection the collection whose method runs, or null
     */
    public static void read(@Nullable Object owner, @Nullable Object collection, int field) {
        access(collection, owner, field, false, field);
    }

    /** A field is about to be written. */
    public static void write(@Nullable Object owner, @Nullable Object collection, int field) {
        access(collection, owner, field, true, field);
    }

    /** An element of an array is about to be read. */
    public static void readElement(
            @Nullable Object array, int index, @Nullable Object collection, int field) {
        access(collection, array, index, false, field);
    }

    /** An element of an array is about to be written. */
    public static void writeElement(
            @Nullable Object array, int index, @Nullable Object collection, int field) {
        access(collection, array, index, true, field);
    }

    @ReservedStackAccess
    private static void access(
            @Nullable Object collection,
            @Nullable Object owner,
            int variable,
            boolean write,
            int field) {
        Carrier c = Carrier.live();
        if (c != null) {
            c.calls.access(collection, owner, variable, write, field);
        }
    }
}
