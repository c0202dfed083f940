package org.selvage.hooks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * What the JDK numbers or draws at random, the same in each execution: thread identifiers, the
 * numbers in generated names, seeds, salts.
 */
final class Repeatable {
    /** What is numbered, each from its own first number. */
    enum Series {
        THREAD_IDENTIFIER(0),
        THREAD_NAME(1),
        POOL_NAME(2),
        FORK_JOIN_POOL(3),
        TIMER(4);

        private final int slot;

        Series(int slot) {
            this.slot = slot;
        }
    }

    /** How many processors a program sees. */
    static final int PROCESSORS = 4;

    /** Salt of the unmodifiable sets and maps: an even number gives the same order as insertion. */
    static final long SALT = 0L;

    /**
     * Thread identifiers of a carrier begin above this many times its number, as the JVM takes them
     * for the owners of monitors; a program sees the rest.
     */
    private static final int IDENTIFIER_BITS = 32;

    private static final int PROBE = 0x9E3779B9;
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final VarHandle THREAD_PROBE = threadField("threadLocalRandomProbe", int.class);
    private static final VarHandle THREAD_SEED = threadField("threadLocalRandomSeed", long.class);

    private final Carrier carrier;
    private final int[] next = new int[Series.values().length];
    private long random;

    Repeatable(Carrier carrier) {
        this.carrier = carrier;
    }

    private static VarHandle threadField(String name, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                    .findVarHandle(Thread.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this JVM's threads lack a field: field="
                            + name
                            + " version="
                            + Runtime.version(),
                    e);
        }
    }

    /** Begins anew. */
    void reset() {
        Arrays.fill(next, 0);
        next[Series.POOL_NAME.slot] = 1;
        random = GOLDEN_GAMMA;
        THREAD_PROBE.set(carrier, PROBE);
    }

    /** A thread begins: its own random numbers are seeded, whoever asks for the first. */
    void seed(Thread thread) {
        THREAD_SEED.set(thread, random());
        THREAD_PROBE.set(thread, PROBE);
    }

    int number(Series series) {
        return next[series.slot]++;
    }

    long identifier() {
        long own = 1L + number(Series.THREAD_IDENTIFIER);
        return (carrier.number() << IDENTIFIER_BITS) + own;
    }

    static long visible(long identifier) {
        return identifier & ((1L << IDENTIFIER_BITS) - 1);
    }

    /** Puts into a state all that the next numbers depend on. */
    void describe(StateReader reader) {
        reader.put(random);
        for (int number : next) {
            reader.put(number);
        }
    }

    /** Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014). */
    long random() {
        random += GOLDEN_GAMMA;
        long z = random;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
