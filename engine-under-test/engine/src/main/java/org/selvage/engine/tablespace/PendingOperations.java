package org.selvage.engine.tablespace;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * stop_new_ops and n_pending_ops of a tablespace in one word: bit 31 says that the tablespace is
 * being deleted, the bits below count the operations in progress. Because both live in one word, an
 * acquire that succeeds is always seen by a later reader of the count, and none succeeds after
 * {@link #stop}.
 */
public final class PendingOperations {
    private static final int STOPPING = 1 << 31;
    private static final int COUNT = ~STOPPING;

    private final AtomicInteger word = new AtomicInteger();

    /**
     * Counts one more operation.
     *
     * @return false, with nothing counted, when the tablespace is being deleted
     */
    public boolean acquire() {
        while (true) {
            int seen = word.get();
            if ((seen & STOPPING) != 0) {
                return false;
            }
            if (word.compareAndSet(seen, seen + 1)) {
                return true;
            }
        }
    }

    /**
     * Ends an operation.
     *
     * @throws IllegalStateException when none is in progress
     */
    public void release() {
        int before = word.getAndDecrement();
        if ((before & COUNT) == 0) {
            throw new IllegalStateException(
                    "Released more pending operations than were acquired: word=0x"
                            + Integer.toHexString(before));
        }
    }

    /**
     * Refuses all later calls of {@link #acquire}.
     *
     * @return false when that was the case already
     */
    public boolean stop() {
        return (word.getAndUpdate(seen -> seen | STOPPING) & STOPPING) == 0;
    }

    public boolean isStopping() {
        return (word.get() & STOPPING) != 0;
    }

    /** Operations in progress. */
    public int count() {
        return word.get() & COUNT;
    }
}
