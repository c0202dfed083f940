package org.selvage.search.reduction;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for the variables of an execution, in the order in which the execution comes to them.
 * Executions that begin alike number alike. Allocates nothing once it has grown.
 *
 * <p>Objects and fields have multiples of three. The others stand for tasks: whether they are
 * woken, and whether they live.
 */
final class Variables {
    private @Nullable Object[] objects = new @Nullable Object[256];
    private @Nullable String[] fields = new @Nullable String[256];
    private int[] numbers = new int[256];

    private final Ints used = new Ints(128);

    void clear() {
        for (int i = 0; i < used.size; i++) {
            objects[used.get(i)] = null;
            fields[used.get(i)] = null;
        }
        used.clear();
    }

    /** One more than the largest number of an object so far. */
    int limit() {
        return used.size * 3;
    }

    static boolean isObject(int variable) {
        return variable % 3 == 0;
    }

    static int wakeUpOf(int task) {
        return task * 3 + 1;
    }

    static int lifeOf(int task) {
        return task * 3 + 2;
    }

    /** Whether an object as a whole has a number. */
    boolean contains(Object object) {
        int mask = objects.length - 1;
        int i = ((System.identityHashCode(object) * 0x9E3779B9) >>> 7) & mask;
        while (objects[i] != null) {
            if (objects[i] == object && fields[i] == null) {
                return true;
            }
            i = (i + 1) & mask;
        }
        return false;
    }

    /** The number of an object, or of one of its fields. */
    int number(Object object, @Nullable String field) {
        int mask = objects.length - 1;
        int hash = System.identityHashCode(object);
        if (field != null) {
            hash = hash * 31 + System.identityHashCode(field);
        }
        int i = ((hash * 0x9E3779B9) >>> 7) & mask;
        while (objects[i] != null) {
            if (objects[i] == object && fields[i] == field) {
                return numbers[i];
            }
            i = (i + 1) & mask;
        }
        int number = used.size * 3;
        objects[i] = object;
        fields[i] = field;
        numbers[i] = number;
        used.add(i);
        if (used.size * 2 > objects.length) {
            grow();
        }
        return number;
    }

    private void grow() {
        @Nullable Object[] oldObjects = objects;
        @Nullable String[] oldFields = fields;
        int[] oldUsed = used.toArray();
        objects = new @Nullable Object[oldObjects.length * 2];
        fields = Arrays.copyOf(new @Nullable String[0], oldObjects.length * 2);
        numbers = new int[oldObjects.length * 2];
        used.clear();
        for (int slot : oldUsed) {
            Object object = oldObjects[slot];
            if (object != null) {
                number(object, oldFields[slot]);
            }
        }
    }
}
