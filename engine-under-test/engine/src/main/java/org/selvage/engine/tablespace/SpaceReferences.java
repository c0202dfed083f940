package org.selvage.engine.tablespace;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Everything that keeps a tablespace alive in one word (fil_space_t::n_pending of MariaDB 10.6):
 * the upper bits say what may no longer begin, the lower bits count what is under way. A reference
 * is held from the start of a request to the end of its completion, so one count replaces
 * n_pending_ops, n_pending_ios and n_pending_flushes.
 */
final class SpaceReferences {
    /** No new operation and no read begins. */
    static final int STOPPING_READS = 1 << 31;

    /** No write begins either; its page is dropped instead. */
    static final int STOPPING_WRITES = 1 << 30;

    /** The file is being closed to keep the number of open files down. */
    static final int CLOSING = 1 << 29;

    /** There were writes since the last fsync. */
    static final int NEEDS_FSYNC = 1 << 28;

    private static final int COUNT = NEEDS_FSYNC - 1;

    private final AtomicInteger word = new AtomicInteger();

    /**
     * Adds a reference unless one of the flags is set.
     *
     * @return false, with nothing counted, when one is
     */
    boolean acquire(int avoided) {
        while (true) {
            int seen = word.get();
            if ((seen & avoided) != 0) {
                return false;
            }
            if (word.compareAndSet(seen, seen + 1)) {
                return true;
            }
        }
    }

    void release() {
        int before = word.getAndDecrement();
        assert (before & COUNT) > 0 : "released more than was acquired";
    }

    /** Sets a flag; false when it was set before. */
    boolean set(int flag) {
        return (word.getAndUpdate(seen -> seen | flag) & flag) == 0;
    }

    boolean isSet(int flag) {
        return (word.get() & flag) != 0;
    }

    /** References held. */
    int count() {
        return word.get() & COUNT;
    }
}
