package org.selvage.hooks;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Identity hash codes that repeat: an object has the number of those that were asked for theirs
 * before it in this execution, scattered. The JVM's own, which it draws at random, only lead to the
 * entry here.
 *
 * <p>The numbers are forgotten when the next execution begins. So an object that lives on may not
 * have one while it is a key in a table that lives on, too: {@link Kind#LASTING} leaves out what
 * the JDK keeps in such tables, above all classes.
 */
final class IdentityNumbers {
    private static final int FIRST_CAPACITY = 64;

    private static final ClassValue<Kind> KINDS =
            new ClassValue<>() {
                @Override
                protected Kind computeValue(Class<?> type) {
                    if (!isOfProgram(type) && !isPlain(type)) {
                        return Kind.LASTING;
                    }
                    return inheritsHashCode(type) ? Kind.WITHOUT_HASH_CODE : Kind.WITH_HASH_CODE;
                }
            };

    /** What becomes of an object of some class in the tables of the JDK. */
    enum Kind {
        /** It may be in one that lives on. */
        LASTING,
        /** It has a number where a table compares identities. */
        WITH_HASH_CODE,
        /** It has a number in all tables. */
        WITHOUT_HASH_CODE
    }

    private @Nullable Object[] objects = new @Nullable Object[FIRST_CAPACITY];
    private int[] numbers = new int[FIRST_CAPACITY];
    private int count;

    /**
     * What objects of this class are: of the program, plain ones, arrays, threads and concurrent
     * objects get numbers.
     */
    static Kind kind(Class<?> type) {
        return KINDS.get(type);
    }

    private static boolean inheritsHashCode(Class<?> type) {
        try {
            return type.getMethod("hashCode").getDeclaringClass() == Object.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a class without hashCode: class=" + type, e);
        }
    }

    private static boolean isOfProgram(Class<?> type) {
        return type.getClassLoader() instanceof StaticsOwner;
    }

    private static boolean isPlain(Class<?> type) {
        return type == Object.class
                || type.isArray()
                || Thread.class.isAssignableFrom(type)
                || type.getName().startsWith("java.util.concurrent.");
    }

    /** How many objects have a number. */
    int count() {
        return count;
    }

    /** The number of an object, or 0 if it has none yet. */
    int find(Object object) {
        return numbers[indexOf(object)];
    }

    /** The number of an object, which gets the next one if it has none yet; never 0. */
    int of(Object object) {
        int at = indexOf(object);
        if (objects[at] != null) {
            return numbers[at];
        }
        int number = scatter(++count);
        objects[at] = object;
        numbers[at] = number;
        if (count * 2 > objects.length) {
            grow();
        }
        return number;
    }

    private int indexOf(Object object) {
        @Nullable Object[] table = objects;
        int mask = table.length - 1;
        int i = System.identityHashCode(object) & mask;
        while (table[i] != null && table[i] != object) {
            i = (i + 1) & mask;
        }
        return i;
    }

    private void grow() {
        @Nullable Object[] old = objects;
        int[] oldNumbers = numbers;
        objects = new @Nullable Object[old.length * 2];
        numbers = new int[old.length * 2];
        for (int i = 0; i < old.length; i++) {
            Object object = old[i];
            if (object != null) {
                int at = indexOf(object);
                objects[at] = object;
                numbers[at] = oldNumbers[i];
            }
        }
    }

    /** Positive as the JVM's are; the finalizer of Appleby's MurmurHash3. */
    private static int scatter(int n) {
        int h = n;
        h = (h ^ (h >>> 16)) * 0x85EBCA6B;
        h = (h ^ (h >>> 13)) * 0xC2B2AE35;
        h = (h ^ (h >>> 16)) & Integer.MAX_VALUE;
        return h == 0 ? 1 : h;
    }

    /** Forgets all numbers. */
    void clear() {
        if (count == 0) {
            return;
        }
        count = 0;
        if (objects.length > FIRST_CAPACITY) {
            objects = new @Nullable Object[FIRST_CAPACITY];
            numbers = new int[FIRST_CAPACITY];
        } else {
            Arrays.fill(objects, null);
            Arrays.fill(numbers, 0);
        }
    }
}
