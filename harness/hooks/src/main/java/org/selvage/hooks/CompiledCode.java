package org.selvage.hooks;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The code that the JIT compilers have made of a class's methods.
 *
 * <p>There is one for the whole JVM; to do without it changes nothing but speed.
 */
public final class CompiledCode {
    private static volatile @Nullable Consumer<Class<?>> discarder;

    private CompiledCode() {}

    /**
     * Says how the JVM is brought to throw compiled code away, which takes an agent.
     *
     * @param discards does it for a class, if it can
     */
    public static void discardWith(Consumer<Class<?>> discards) {
        discarder = discards;
    }

    /**
     * Throws away the code in which a class's methods are compiled or inlined, if that is possible.
     * A frame that runs such code goes on in the interpreter when control returns to it, and then
     * has all its locals.
     */
    static void discard(Class<?> type) {
        Consumer<Class<?>> known = discarder;
        if (known != null) {
            known.accept(type);
        }
    }
}
