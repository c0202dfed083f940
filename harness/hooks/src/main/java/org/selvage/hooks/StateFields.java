package org.selvage.hooks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.stream.LongStream;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * Where the fields of a class lie that belong to a program's state.
 *
 * @param offsets of the primitive fields of its objects, inherited ones included
 * @param sizes of these, in bytes
 * @param references offsets of the fields of its objects that refer to others
 * @param base what holds its static variables, or null if it has none
 * @param staticOffsets of its primitive static variables
 * @param staticSizes of these, in bytes
 * @param staticReferences offsets of its static variables that refer to objects
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StateFields(
        long[] offsets,
        int[] sizes,
        long[] references,
        @Nullable Object base,
        long[] staticOffsets,
        int[] staticSizes,
        long[] staticReferences) {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    /** Links that the collector makes, and when it was asked last. */
    private static final Set<String> OF_COLLECTOR = Set.of("discovered", "next", "timestamp");

    /** The method that lists all fields of a class, also those that reflection hides. */
    static MethodHandle declaredFields() {
        try {
            return MethodHandles.privateLookupIn(Class.class, MethodHandles.lookup())
                    .findVirtual(
                            Class.class,
                            "getDeclaredFields0",
                            MethodType.methodType(Field[].class, boolean.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this JVM does not list fields: version=" + Runtime.version(), e);
        }
    }

    private static Field[] fields(Class<?> type, MethodHandle declaredFields) {
        try {
            return (Field[]) declaredFields.invokeExact(type, false);
        } catch (Throwable e) {
            throw new IllegalStateException("a class whose fields cannot be listed: " + type, e);
        }
    }

    static long offset(Class<?> type, String name) {
        for (Field field : fields(type, declaredFields())) {
            if (field.getName().equals(name)) {
                return UNSAFE.objectFieldOffset(field);
            }
        }
        throw new IllegalStateException(
                "this JVM lacks a field: field=" + name + " version=" + Runtime.version());
    }

    static StateFields of(Class<?> type, MethodHandle declaredFields) {
        LongStream.Builder offsets = LongStream.builder();
        LongStream.Builder sizes = LongStream.builder();
        LongStream.Builder references = LongStream.builder();
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Field field : fields(c, declaredFields)) {
                if (Modifier.isStatic(field.getModifiers()) || isLeftOut(field)) {
                    continue;
                }
                long offset = UNSAFE.objectFieldOffset(field);
                if (field.getType().isPrimitive()) {
                    offsets.add(offset);
                    sizes.add(size(field.getType()));
                } else {
                    references.add(offset);
                }
            }
        }
        LongStream.Builder staticOffsets = LongStream.builder();
        LongStream.Builder staticSizes = LongStream.builder();
        LongStream.Builder staticReferences = LongStream.builder();
        Object base = null;
        for (Field field : fields(type, declaredFields)) {
            if (!Modifier.isStatic(field.getModifiers()) || isLeftOut(field)) {
                continue;
            }
            base = UNSAFE.staticFieldBase(field);
            long offset = UNSAFE.staticFieldOffset(field);
            if (field.getType().isPrimitive()) {
                staticOffsets.add(offset);
                staticSizes.add(size(field.getType()));
            } else {
                staticReferences.add(offset);
            }
        }
        return new StateFields(
                offsets.build().toArray(),
                sizes.build().mapToInt(size -> (int) size).toArray(),
                references.build().toArray(),
                base,
                staticOffsets.build().toArray(),
                staticSizes.build().mapToInt(size -> (int) size).toArray(),
                staticReferences.build().toArray());
    }

    /** Epochs, links of the collector, caches of method handles. */
    private static boolean isLeftOut(Field field) {
        Class<?> owner = field.getDeclaringClass();
        String name = field.getName();
        return name.startsWith("selvage$w$")
                || name.startsWith("selvage$t$")
                || owner == MethodHandle.class
                || ((owner == Reference.class || owner == SoftReference.class)
                        && OF_COLLECTOR.contains(name));
    }

    private static int size(Class<?> type) {
        if (type == long.class || type == double.class) {
            return 8;
        }
        if (type == int.class || type == float.class) {
            return 4;
        }
        return type == short.class || type == char.class ? 2 : 1;
    }
}
