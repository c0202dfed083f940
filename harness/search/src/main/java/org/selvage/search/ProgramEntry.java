package org.selvage.search;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A program that nobody prepared: a class with a main method, or a test method of JUnit 5. Each
 * execution asks for the loader that it shall use.
 */
public final class ProgramEntry implements Scenario.Program {
    private static final String ABORTED = "org.opentest4j.TestAbortedException";

    private final Supplier<? extends ClassLoader> loaders;
    private final Finder finder;
    private @Nullable ClassLoader last;
    private Scenario.@Nullable Program found;

    /** Whether an execution came to its end, and what ended one whose assumptions failed. */
    private boolean ended;

    private @Nullable RuntimeException aborted;

    /** Finds what to call in the classes of a loader. */
    @FunctionalInterface
    private interface Finder {
        Scenario.Program in(ClassLoader loader) throws NoSuchProgramException;
    }

    private ProgramEntry(Supplier<? extends ClassLoader> loaders, Finder finder) {
        this.loaders = loaders;
        this.finder = finder;
    }

    /** There is no such class or method, or it cannot be called. */
    public static final class NoSuchProgramException extends Exception {
        private static final long serialVersionUID = 1L;

        NoSuchProgramException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * A class with a main method, of any form that the Java launcher starts (JEP 512).
     *
     * @param loaders the loader of the next execution
     * @param arguments what main gets; copied for each execution
     */
    public static ProgramEntry main(
            Supplier<? extends ClassLoader> loaders, String className, List<String> arguments) {
        String[] given = arguments.toArray(String[]::new);
        return new ProgramEntry(loaders, loader -> findMain(load(loader, className), given));
    }

    /**
     * A test method without parameters, within what JUnit 5 calls before and after it.
     *
     * @param loaders the loader of the next execution
     */
    public static ProgramEntry test(
            Supplier<? extends ClassLoader> loaders, String className, String method) {
        return new ProgramEntry(loaders, loader -> findTest(load(loader, className), method));
    }

    /**
     * Looks the program up in the loader of the next execution.
     *
     * @throws NoSuchProgramException if it is not there
     */
    public void check() throws NoSuchProgramException {
        Scenario.Program ignored = find();
    }

    private Scenario.Program find() throws NoSuchProgramException {
        ClassLoader loader = loaders.get();
        Scenario.Program known = found;
        if (known == null || loader != last) {
            known = finder.in(loader);
            found = known;
            last = loader;
        }
        Thread.currentThread().setContextClassLoader(loader);
        return known;
    }

    @Override
    public void execute() throws Throwable {
        try {
            find().execute();
            ended = true;
        } catch (RuntimeException e) {
            if (!e.getClass().getName().equals(ABORTED)) {
                ended = true;
                throw e;
            }
            aborted = e;
        }
    }

    /**
     * Throws what a test threw when its assumptions failed, if they did so in each execution. An
     * execution in which they fail is none of the test, and passes.
     */
    public void throwIfAllAborted() {
        RuntimeException thrown = aborted;
        if (thrown != null && !ended) {
            throw thrown;
        }
    }

    private static Class<?> load(ClassLoader loader, String className)
            throws NoSuchProgramException {
        try {
            return Class.forName(className, false, loader);
        } catch (ClassNotFoundException e) {
            throw new NoSuchProgramException("there is no such class: class=" + className, e);
        } catch (UnsupportedClassVersionError e) {
            throw new NoSuchProgramException(
                    "the class needs a newer Java: class="
                            + className
                            + " jvm="
                            + Runtime.version().feature()
                            + " cause="
                            + e.getMessage(),
                    e);
        } catch (NoClassDefFoundError e) {
            throw new NoSuchProgramException(
                    "a class that the program needs is missing: class="
                            + className
                            + " missing="
                            + e.getMessage(),
                    e);
        } catch (LinkageError e) {
            throw new NoSuchProgramException(
                    "the class cannot be loaded: class=" + className + " cause=" + e, e);
        }
    }

    private static Scenario.Program findMain(Class<?> type, String[] arguments)
            throws NoSuchProgramException {
        Method main = method(type, "main", String[].class);
        boolean takes = main != null;
        if (main == null) {
            main = method(type, "main");
        }
        if (main == null || Modifier.isPrivate(main.getModifiers())) {
            throw new NoSuchProgramException(
                    "the class has no main method: class=" + type.getName(), null);
        }
        if (!takes && arguments.length > 0) {
            throw new NoSuchProgramException(
                    "the program's main takes no arguments: class="
                            + type.getName()
                            + " given="
                            + List.of(arguments),
                    null);
        }
        Method found = main;
        boolean isStatic = Modifier.isStatic(found.getModifiers());
        Constructor<?> constructor = isStatic ? null : constructor(type);
        return () ->
                call(
                        found,
                        constructor == null ? null : create(constructor),
                        takes ? new Object[] {arguments.clone()} : new Object[0]);
    }

    private static @Nullable Method method(Class<?> type, String name, Class<?>... parameters) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Method method : c.getDeclaredMethods()) {
                if (method.getName().equals(name)
                        && Arrays.equals(method.getParameterTypes(), parameters)) {
                    method.setAccessible(true);
                    return method;
                }
            }
        }
        return null;
    }

    static Constructor<?> constructor(Class<?> type, Class<?>... parameters)
            throws NoSuchProgramException {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException e) {
            throw new NoSuchProgramException(
                    "the class has no constructor without parameters: class=" + type.getName(), e);
        }
    }

    private static Scenario.Program findTest(Class<?> type, String name)
            throws NoSuchProgramException {
        Method test = method(type, name);
        if (test == null) {
            throw new NoSuchProgramException(
                    "the class has no such method without parameters: class="
                            + type.getName()
                            + " method="
                            + name,
                    null);
        }
        Fixture fixture = Fixture.of(type);
        return () -> fixture.run(instance -> call(test, instance));
    }

    static Object create(Constructor<?> constructor, Object... arguments) throws Throwable {
        try {
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    static void call(Method method, @Nullable Object instance, Object... arguments)
            throws Throwable {
        try {
            method.invoke(instance, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
