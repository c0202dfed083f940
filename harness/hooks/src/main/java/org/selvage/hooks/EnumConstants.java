package org.selvage.hooks;

import jdk.internal.misc.Unsafe;

/** The constants of an enum as {@link Class} keeps them, for {@link Enum#valueOf} and others. */
final class EnumConstants {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final long CONSTANTS = UNSAFE.objectFieldOffset(Class.class, "enumConstants");
    private static final long DIRECTORY =
            UNSAFE.objectFieldOffset(Class.class, "enumConstantDirectory");

    private EnumConstants() {}

    /** The enum will have other objects for its constants. */
    static void forget(Class<?> type) {
        UNSAFE.putReferenceVolatile(type, CONSTANTS, null);
        UNSAFE.putReferenceVolatile(type, DIRECTORY, null);
    }
}
