package org.selvage.search;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands around a test method of JUnit 5: the methods of its class with {@code @BeforeAll},
 * {@code @BeforeEach}, {@code @AfterEach} and {@code @AfterAll}, and for a class with
 * {@code @Nested} those of its outer class around them.
 */
final class Fixture {
    private static final String JUPITER = "org.junit.jupiter.api.";

    private final @Nullable Fixture outer;
    private final Constructor<?> constructor;
    private final List<Method> beforeAll;
    private final List<Method> beforeEach;
    private final List<Method> afterEach;
    private final List<Method> afterAll;

    private Fixture(Class<?> type, @Nullable Fixture outer, Constructor<?> constructor) {
        this.outer = outer;
        this.constructor = constructor;
        beforeAll = annotated(type, JUPITER + "BeforeAll", true);
        beforeEach = annotated(type, JUPITER + "BeforeEach", true);
        afterEach = annotated(type, JUPITER + "AfterEach", false);
        afterAll = annotated(type, JUPITER + "AfterAll", false);
    }

    /** What is done with the instance of the test class. */
    @FunctionalInterface
    interface Body {
        /** Does it. */
        void run(Object instance) throws Throwable;
    }

    static Fixture of(Class<?> type) throws ProgramEntry.NoSuchProgramException {
        requireJupiter(type);
        Class<?> enclosing = type.getEnclosingClass();
        if (enclosing == null || Modifier.isStatic(type.getModifiers())) {
            return new Fixture(type, null, ProgramEntry.constructor(type));
        }
        return new Fixture(type, of(enclosing), ProgramEntry.constructor(type, enclosing));
    }

    /**
     * The JVM leaves out annotations whose classes it does not find: without JUnit on its class
     * path a right test would fail for want of its {@code @BeforeEach}.
     */
    private static void requireJupiter(Class<?> type) throws ProgramEntry.NoSuchProgramException {
        ClassLoader loader = type.getClassLoader();
        if (loader == null
                || loader.getResource(JUPITER.replace('.', '/') + "Test.class") != null) {
            return;
        }
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            if (c.getClassLoader() == loader && namesJupiter(c, loader)) {
                throw new ProgramEntry.NoSuchProgramException(
                        "JUnit 5 is missing from the class path of a test: class="
                                + c.getName()
                                + " missing="
                                + JUPITER
                                + "Test",
                        null);
            }
        }
    }

    private static boolean namesJupiter(Class<?> type, ClassLoader loader) {
        String file = type.getName().replace('.', '/') + ".class";
        try (InputStream in = loader.getResourceAsStream(file)) {
            return in != null
                    && new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)
                            .contains("L" + JUPITER.replace('.', '/'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes an instance and calls all in JUnit's order; the first exception counts. */
    void run(Body body) throws Throwable {
        if (outer == null) {
            around(null, body);
        } else {
            outer.run(instance -> around(instance, body));
        }
    }

    private void around(@Nullable Object outerInstance, Body body) throws Throwable {
        // These methods are static, unless all tests of the class share an instance.
        boolean areStatic = areStatic(beforeAll) && areStatic(afterAll);
        Object instance = areStatic ? null : create(outerInstance);
        Object all = instance;
        within(
                beforeAll,
                afterAll,
                instance,
                () -> {
                    Object each = all == null ? create(outerInstance) : all;
                    within(beforeEach, afterEach, each, () -> body.run(each));
                });
    }

    private Object create(@Nullable Object outerInstance) throws Throwable {
        return outerInstance == null
                ? ProgramEntry.create(constructor)
                : ProgramEntry.create(constructor, outerInstance);
    }

    private static boolean areStatic(List<Method> methods) {
        return methods.stream().allMatch(method -> Modifier.isStatic(method.getModifiers()));
    }

    private static void within(
            List<Method> before,
            List<Method> after,
            @Nullable Object instance,
            Scenario.Program body)
            throws Throwable {
        Throwable failure = null;
        try {
            for (Method method : before) {
                ProgramEntry.call(method, instance);
            }
            body.execute();
        } catch (Throwable e) { // the methods after it run in any case
            failure = e;
        }
        for (Method method : after) {
            try {
                ProgramEntry.call(method, instance);
            } catch (Throwable e) { // the first one counts
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The methods with an annotation of this name: a superclass's first, or last. */
    private static List<Method> annotated(Class<?> type, String annotation, boolean superFirst) {
        List<Method> methods = new ArrayList<>();
        for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            int at = superFirst ? 0 : methods.size();
            Method[] declared = c.getDeclaredMethods();
            Arrays.sort(declared, Comparator.comparing(Method::getName));
            for (Method method : declared) {
                if (isAnnotated(method, annotation)) {
                    method.setAccessible(true);
                    methods.add(at++, method);
                }
            }
        }
        return methods;
    }

    private static boolean isAnnotated(Method method, String annotation) {
        for (Annotation present : method.getAnnotations()) {
            if (present.annotationType().getName().equals(annotation)) {
                return true;
            }
        }
        return false;
    }
}
