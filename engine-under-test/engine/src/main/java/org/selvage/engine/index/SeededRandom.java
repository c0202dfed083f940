package org.selvage.engine.index;

/**
 * SplitMix64 (Steele, Lea, Flood 2014), a generator without atomics, so that drawing is no
 * scheduling point. The owner guards it by a latch.
 */
public final class SeededRandom {
    private long state;

    /** A generator whose draws the seed fixes. */
    public SeededRandom(long seed) {
        state = seed;
    }

    /** A number from 0 up to but excluding {@code bound}. */
    public int below(int bound) {
        return (int) Long.remainderUnsigned(next(), bound);
    }

    /** Any long. */
    public long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
