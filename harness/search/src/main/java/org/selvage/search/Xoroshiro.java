package org.selvage.search;

/**
 * The generator xoroshiro128++ of Blackman and Vigna (2019), seeded through SplitMix64. Not shared
 * between threads; the JDK's own generators are hidden behind interfaces that cost more than a
 * draw.
 */
final class Xoroshiro {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long s0;
    private long s1;

    Xoroshiro(long seed) {
        reseed(seed);
    }

    /** Starts the sequence that belongs to this seed. */
    void reseed(long seed) {
        s0 = mix(seed + GOLDEN_GAMMA);
        s1 = mix(s0 + GOLDEN_GAMMA);
    }

    /** A number that two different pairs hardly ever share. */
    static long combine(long seed, long index) {
        return mix(mix(seed) + index * 0xD1B54A32D192ED03L);
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    long nextLong() {
        long a = s0;
        long b = s1;
        long result = Long.rotateLeft(a + b, 17) + a;
        b ^= a;
        s0 = Long.rotateLeft(a, 49) ^ b ^ (b << 21);
        s1 = Long.rotateLeft(b, 28);
        return result;
    }

    /** A number from 0 to {@code bound} - 1; the bias is below bound / 2^32. */
    int nextInt(int bound) {
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }
}
