package org.selvage.hooks;

/** A class loader that gives its classes fresh static variables in each execution. */
public interface StaticsOwner {
    /** The JVM has come to a class whose initialiser can run again. */
    void initializing(ClassInitializer type);

    /** The program asks for the initialisation of a class by itself. */
    void initialize(Class<?> type) throws Throwable;

    /**
     * The static variables of a class cannot be made fresh.
     *
     * @param reason why, in a few words
     */
    void keeps(Class<?> type, String reason);
}
