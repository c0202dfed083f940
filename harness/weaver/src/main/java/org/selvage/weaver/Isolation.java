package org.selvage.weaver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Gives each execution the program's classes as if none had been initialised.
 *
 * <p>The loader stays, and with it the compiled code, as long as all classes that were initialised
 * can run their initialisers again: woven code asks before the first use of a class, exactly where
 * the JVM would initialise it. A class of which that cannot be said, such as an enum whose
 * constants the JVM keeps, costs a new loader; class files are read and woven once.
 */
public final class Isolation {
    private final URL[] classPath;
    private final ClassLoader parent;
    private final Predicate<String> shared;
    private final Map<String, ProgramLoader.Code> code = new ConcurrentHashMap<>();
    private final Map<String, String> unwoven = new TreeMap<>();
    private @Nullable ProgramLoader current;

    /** Weaves for all loaders; it reads class files through the first one, which stays open. */
    private @Nullable ProgramLoader weaving;

    /**
     * Makes it for one program; the parameters are those of {@link ProgramLoader}. REQUIRES: used
     * by one thread at a time.
     */
    public Isolation(URL[] classPath, ClassLoader parent, Predicate<String> shared) {
        this.classPath = classPath.clone();
        this.parent = parent;
        this.shared = shared;
    }

    /** The loader of the next execution, in which every class is as if not initialised. */
    public ProgramLoader next() {
        ProgramLoader last = current;
        if (last != null) {
            if (last.reset()) {
                return last;
            }
            close(last);
        }
        return fresh();
    }

    /**
     * A class cannot run woven: from now on, in a new loader, it runs as it is.
     *
     * @return false if it did already
     */
    public boolean leaveUnwoven(String className, String reason) {
        if (unwoven.put(className, reason) != null) {
            return false;
        }
        ProgramLoader last = current;
        if (last != null) {
            close(last);
            current = null;
        }
        code.clear();
        return true;
    }

    /** Classes that run without scheduling points, with the reason. */
    public List<String> unwoven() {
        ProgramLoader last = current;
        return last == null ? List.of() : last.unwoven();
    }

    /** How static variables were made fresh, in a few words. */
    public String describe() {
        ProgramLoader last = current;
        String why = last == null ? "" : last.kept();
        if (!why.isEmpty()) {
            return "statics: a new class loader for each execution, as " + why;
        }
        return "statics: initialised again for each execution, classes="
                + (last == null ? 0 : last.initialized());
    }

    private ProgramLoader fresh() {
        ProgramLoader loader = new ProgramLoader(classPath, parent, shared, code, unwoven);
        if (weaving == null) {
            weaving = loader;
        } else {
            loader.weaveWith(weaving.weaver());
        }
        loader.setDefaultAssertionStatus(true);
        current = loader;
        return loader;
    }

    private void close(ProgramLoader loader) {
        try {
            if (loader != weaving) {
                loader.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
