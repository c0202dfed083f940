package org.selvage.hooks;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.function.Consumer;

/**
 * {@code java.util.logging}, whose loggers keep levels and handlers: each execution that logs has a
 * log manager of its own, which reads its configuration again.
 */
final class Logging {
    private static final String PACKAGE = "java.util.logging.";
    private static final String GLOBAL = "global";

    private Logging() {}

    /**
     * Makes what an execution begins with.
     *
     * @param known a class of the package
     * @param manager takes the log manager, before that is used
     * @param global takes the global logger, before that is used
     */
    static void make(Class<?> known, Consumer<Object> manager, Consumer<Object> global) {
        try {
            ClassLoader loader = known.getClassLoader();
            Class<?> managers = Class.forName(PACKAGE + "LogManager", true, loader);
            Class<?> loggers = Class.forName(PACKAGE + "Logger", true, loader);
            global.accept(constructor(loggers, String.class).newInstance(GLOBAL));
            manager.accept(constructor(managers).newInstance());
            managers.getMethod("getLogManager").invoke(null); // reads the configuration
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("the log manager fails", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this JVM's log manager cannot be made anew: version=" + Runtime.version(), e);
        }
    }

    private static Constructor<?> constructor(Class<?> type, Class<?>... parameters)
            throws NoSuchMethodException {
        Constructor<?> constructor = type.getDeclaredConstructor(parameters);
        constructor.setAccessible(true);
        return constructor;
    }
}
