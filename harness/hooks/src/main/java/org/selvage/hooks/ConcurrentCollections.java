package org.selvage.hooks;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.Map;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * Which concurrent collection an object stands for: itself, or the one that it is a view, an
 * iterator, an entry or a wrapper of. What is done to any of them is done to the collection, so
 * they all are one variable.
 *
 * <p>That an object is part of a collection is told from its class: it has a final field for it.
 */
final class ConcurrentCollections {
    private static final String PACKAGE = "java.util.concurrent";
    private static final long NOWHERE = -1L;
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    /**
     * What is known of a class.
     *
     * @param isCollection whether its objects are concurrent collections
     * @param whole the offset of the field whose object theirs are part of, or {@link #NOWHERE}
     */
    private record Place(boolean isCollection, long whole) {}

    private static final ClassValue<Place> PLACES =
            new ClassValue<>() {
                @Override
                protected Place computeValue(Class<?> type) {
                    return find(type);
                }
            };

    private ConcurrentCollections() {}

    /** The concurrent collection that an object stands for, or null. */
    static @Nullable Object of(Object object) {
        Object at = object;
        Place place = PLACES.get(at.getClass());
        while (place.whole != NOWHERE) {
            at = UNSAFE.getReference(at, place.whole);
            if (at == null) {
                return null;
            }
            place = PLACES.get(at.getClass());
        }
        return place.isCollection ? at : null;
    }

    private static Place find(Class<?> type) {
        Class<?> above = type;
        while (above.getClassLoader() != null) {
            above = above.getSuperclass(); // what a program's class adds changes nothing
        }
        boolean isConcurrent = above.getPackageName().equals(PACKAGE);
        boolean isNested = above.getName().indexOf('$') >= 0;
        if ((!isConcurrent || isNested)
                && (isConcurrent || above.getPackageName().equals("java.util"))) {
            Field field = isPart(above) ? field(above) : null;
            if (field != null) {
                return new Place(false, UNSAFE.objectFieldOffset(field));
            }
        }
        return new Place(isConcurrent && isCollection(above), NOWHERE);
    }

    private static @Nullable Field field(Class<?> type) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (Modifier.isFinal(modifiers)
                        && !Modifier.isStatic(modifiers)
                        && mayHold(field.getType())) {
                    return field;
                }
            }
        }
        return null;
    }

    /** Whether a field may hold a concurrent collection, or something that is part of one. */
    private static boolean mayHold(Class<?> type) {
        return isPart(type) && (type.isInterface() || type.getPackageName().equals(PACKAGE));
    }

    private static boolean isCollection(Class<?> type) {
        return Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
    }

    private static boolean isPart(Class<?> type) {
        return isCollection(type)
                || Iterator.class.isAssignableFrom(type)
                || Enumeration.class.isAssignableFrom(type)
                || Map.Entry.class.isAssignableFrom(type);
    }
}
