package org.selvage.scheduler;

import java.util.Arrays;

/** The tasks that can run, by number. */
final class RunQueue {
    private long[] words = new long[1];
    private int count;

    void clear() {
        Arrays.fill(words, 0L);
        count = 0;
    }

    int count() {
        return count;
    }

    void add(int id) {
        int word = id >> 6;
        if (word >= words.length) {
            words = Arrays.copyOf(words, Math.max(word + 1, words.length * 2));
        }
        words[word] |= 1L << id;
        count++;
    }

    void remove(int id) {
        words[id >> 6] &= ~(1L << id);
        count--;
    }

    /**
     * The first task after this one in the cyclic order of numbers. REQUIRES: the queue is not
     * empty.
     */
    int after(int id) {
        int word = id >> 6;
        // A shift by 64 would be a shift by 0, hence the two steps.
        long rest = word < words.length ? words[word] & (-2L << (id & 63)) : 0L;
        if ((id & 63) == 63) {
            rest = 0L;
        }
        for (int i = 0; i <= words.length; i++) {
            if (rest != 0L) {
                return (word << 6) + Long.numberOfTrailingZeros(rest);
            }
            word = word + 1 < words.length ? word + 1 : 0;
            rest = words[word];
        }
        throw new IllegalStateException("empty run queue");
    }

    boolean contains(int id) {
        return id >> 6 < words.length && (words[id >> 6] & (1L << id)) != 0L;
    }

    /** How many tasks in the queue have a smaller number. */
    int rank(int id) {
        int rank = 0;
        for (int word = 0; word < id >> 6; word++) {
            rank += Long.bitCount(words[word]);
        }
        return rank + Long.bitCount(words[id >> 6] & ((1L << id) - 1));
    }

    /** The option behind which a task stands when one of them comes first; -1 if it cannot run. */
    int option(int id, int first) {
        if (!contains(id)) {
            return -1;
        }
        return id == first ? 0 : rank(id) + (id < first ? 1 : 0);
    }

    /**
     * The task with this rank among all but one.
     *
     * @param rank from 0
     * @param except a task in the queue that is left out
     */
    int select(int rank, int except) {
        int left = rank;
        for (int word = 0; word < words.length; word++) {
            long bits = words[word];
            if (except >> 6 == word) {
                bits &= ~(1L << except);
            }
            int here = Long.bitCount(bits);
            if (left < here) {
                // One instruction (PDEP): a loop's number of turns would be as random as the rank.
                return (word << 6) + Long.numberOfTrailingZeros(Long.expand(1L << left, bits));
            }
            left -= here;
        }
        throw new IllegalArgumentException("rank=" + rank + " count=" + count);
    }
}
