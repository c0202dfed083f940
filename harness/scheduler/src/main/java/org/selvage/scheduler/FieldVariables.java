package org.selvage.scheduler;

import org.jspecify.annotations.Nullable;
import org.selvage.hooks.Sites;

/** What is a variable: an object as a whole, or a field of one. */
public final class FieldVariables {
    private static final int TYPES = 128;

    private static final ClassValue<Boolean> BY_FIELD =
            new ClassValue<>() {
                @Override
                protected Boolean computeValue(Class<?> type) {
                    Class<?> c = type;
                    while (c != null && c.getClassLoader() != null) {
                        c = c.getSuperclass();
                    }
                    return c == Object.class && type != Object.class;
                }
            };

    /** Answers of {@link #BY_FIELD} by the hash of the class: asking there takes longer. */
    private final @Nullable Object[] types = new @Nullable Object[TYPES];

    private final boolean[] byField = new boolean[TYPES];

    /**
     * The field that an operation reads or writes, where each field of its object is a variable;
     * otherwise null. An object of the JDK, or of a class that extends one, is one variable as a
     * whole, as its fields are out of sight.
     *
     * @param object what the operation touches
     * @param site where: an id of {@link Sites}, or 0 for a place inside the JDK
     */
    public @Nullable String field(Object object, int site) {
        return site != 0 && isByField(object.getClass()) ? Sites.get(site).target() : null;
    }

    private boolean isByField(Class<?> type) {
        int i = System.identityHashCode(type) & (TYPES - 1);
        if (types[i] != type) {
            types[i] = type;
            byField[i] = BY_FIELD.get(type);
        }
        return byField[i];
    }
}
