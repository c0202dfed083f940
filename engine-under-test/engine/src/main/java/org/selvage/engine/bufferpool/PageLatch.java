package org.selvage.engine.bufferpool;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.event.LatchWaitEvent;

/**
 * The latch of a page frame (rw_lock_t): many readers or one writer. It belongs to no thread: an
 * I/O handler releases what the thread that queued the request took.
 *
 * <p>One word holds the state: bit 31 a writer, bit 30 somebody waits, the rest the number of
 * readers. A free latch is taken and released with one compare-and-set. A thread that has to wait
 * sets the waiting bit while it holds the monitor and waits on it; who makes the latch free clears
 * the bit and notifies under the monitor, so the notification cannot fall between the two steps of
 * the waiter.
 *
 * <p>Readers pass waiting writers, so that a thread may latch a page S twice. The latch is not
 * recursive for X, and S cannot be turned into X.
 */
final class PageLatch {
    private static final int WRITER = 1 << 31;
    private static final int WAITING = 1 << 30;
    private static final int READERS = ~(WRITER | WAITING);

    private final AtomicInteger word = new AtomicInteger();

    private final @Nullable BufferBlock block;

    /**
     * A free latch.
     *
     * @param block what it latches, to be named by {@link LatchWaitEvent}
     */
    PageLatch(@Nullable BufferBlock block) {
        this.block = block;
    }

    /** Waits until there is no writer. */
    void lockS() {
        if (!tryLockS()) {
            awaitLong(false);
        }
    }

    boolean tryLockS() {
        int seen = 0;
        while ((seen & WRITER) == 0) {
            int actual = word.compareAndExchange(seen, seen + 1);
            if (actual == seen) {
                return true;
            }
            seen = actual;
        }
        return false;
    }

    /** Waits until there is neither a writer nor a reader. */
    void lockX() {
        if (!tryLockX()) {
            awaitLong(true);
        }
    }

    boolean tryLockX() {
        int seen = 0;
        while ((seen & ~WAITING) == 0) {
            int actual = word.compareAndExchange(seen, seen | WRITER);
            if (actual == seen) {
                return true;
            }
            seen = actual;
        }
        return false;
    }

    private void awaitLong(boolean exclusive) {
        LatchWaitEvent event = LatchWaitEvent.started();
        await(exclusive);
        event.ended(block == null ? BufferBlock.NO_PAGE : block.id, exclusive);
    }

    private synchronized void await(boolean exclusive) {
        boolean interrupted = false;
        while (!(exclusive ? tryLockX() : tryLockS())) {
            if (!announceWaiting(exclusive)) {
                continue;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sets the waiting bit, unless the latch could be taken by now. */
    private boolean announceWaiting(boolean exclusive) {
        int seen = word.get();
        boolean blocked = exclusive ? (seen & ~WAITING) != 0 : (seen & WRITER) != 0;
        return blocked && ((seen & WAITING) != 0 || word.compareAndSet(seen, seen | WAITING));
    }

    void unlockS() {
        int seen = 1;
        while ((seen & READERS) != 0) {
            boolean last = (seen & READERS) == 1;
            int actual = word.compareAndExchange(seen, last ? 0 : seen - 1);
            if (actual == seen) {
                wakeIf(last && (seen & WAITING) != 0);
                return;
            }
            seen = actual;
        }
        throw new IllegalStateException(
                "S-latch released but not held: word=0x" + Integer.toHexString(seen));
    }

    void unlockX() {
        int seen = WRITER;
        while ((seen & WRITER) != 0) {
            int actual = word.compareAndExchange(seen, 0);
            if (actual == seen) {
                wakeIf((seen & WAITING) != 0);
                return;
            }
            seen = actual;
        }
        throw new IllegalStateException(
                "X-latch released but not held: word=0x" + Integer.toHexString(seen));
    }

    private void wakeIf(boolean waiting) {
        if (waiting) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    boolean isLocked() {
        return (word.get() & ~WAITING) != 0;
    }
}
