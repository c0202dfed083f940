package org.selvage.hooks;

/** A class loader that gives its classes fresh static variables in each execution. */
public interface StaticsOwner {
    /** The initialiser of a class begins that can run again. */
    void initializing(Class<?> type);

    /**
     * The static variables of a class cannot be made fresh.
     *
     * @param reason why, in a few words
     */
    void keeps(Class<?> type, String reason);
}
