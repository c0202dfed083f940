package org.selvage.engine.sync;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.page.PageId;

/**
 * Checks while the engine runs that every thread takes latches in the order of {@link LatchLevel}
 * (InnoDB's LatchDebug of sync0debug.cc). What a thread holds is known to that thread alone, so the
 * check shares nothing between threads. It sees an inversion when the latch is asked for, whether
 * or not another thread is there to close the circle.
 *
 * <p>A latch that is only tried cannot be waited for and is taken in any order. A page that an I/O
 * completion will let go belongs to no thread. A page is looked at once it is latched, since only
 * its content tells its level.
 *
 * <p>Without the check there is nothing but plain mutexes and empty methods.
 */
public final class LatchOrder {
    /** No check. */
    public static final LatchOrder OFF = new LatchOrder(null);

    private record Held(LatchLevel level, Object latch, LatchMode mode) {}

    private final @Nullable ThreadLocal<List<Held>> heldByThread;
    private final AtomicReference<@Nullable LatchOrderException> first = new AtomicReference<>();

    private LatchOrder(@Nullable ThreadLocal<List<Held>> heldByThread) {
        this.heldByThread = heldByThread;
    }

    /** A check for one engine. */
    public static LatchOrder checked() {
        return new LatchOrder(ThreadLocal.withInitial(ArrayList::new));
    }

    /** A mutex of a level that goes to who has waited longest. */
    public ReentrantLock fairMutex(LatchLevel level) {
        return heldByThread == null ? new ReentrantLock(true) : new CheckedMutex(this, level, true);
    }

    /** A mutex of a level. */
    public ReentrantLock mutex(LatchLevel level) {
        return heldByThread == null ? new ReentrantLock() : new CheckedMutex(this, level, false);
    }

    /**
     * Says that the thread is about to wait for a latch, or for something that only who holds
     * nothing from this level on may wait for.
     *
     * @throws LatchOrderException when it holds a latch that comes later, or at the same place
     */
    public void ask(LatchLevel level, Object latch) {
        if (heldByThread != null) {
            for (Held held : heldByThread.get()) {
                if (held.level.compareTo(level) >= 0) {
                    throw violation(level, latch, held);
                }
            }
        }
    }

    /** Says that the thread has a latch now. */
    public void acquired(LatchLevel level, Object latch, LatchMode mode) {
        if (heldByThread != null) {
            heldByThread.get().add(new Held(level, latch, mode));
        }
    }

    /** Says that the thread lets a latch go that {@link #acquired} told of. */
    public void released(Object latch) {
        if (heldByThread == null) {
            return;
        }
        List<Held> all = heldByThread.get();
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).latch == latch) {
                all.remove(i);
                return;
            }
        }
        throw new IllegalStateException("A latch is let go that was not taken: latch=" + latch);
    }

    /**
     * Says that the thread has waited for a page and has it latched now.
     *
     * @return what to give to {@link #releasedPage}; null when the page has no place in the order
     * @throws LatchOrderException when the thread holds a latch that comes later; the page counts
     *     as not taken
     */
    public @Nullable Object acquiredPage(PageId id, ByteBuffer frame, LatchMode mode) {
        if (heldByThread == null) {
            return null;
        }
        LatchedPage page = new LatchedPage(id, frame);
        LatchLevel level = page.level();
        if (level == null) {
            return null;
        }
        List<Held> all = heldByThread.get();
        for (Held held : all) {
            if (held.level.compareTo(level) >= 0 && !mayFollow(page, level, held, all)) {
                throw violation(level, page, held);
            }
        }
        all.add(new Held(level, page, mode));
        return page;
    }

    /** Says that a page is let go. */
    public void releasedPage(@Nullable Object page) {
        if (page != null) {
            released(page);
        }
    }

    private static boolean mayFollow(
            LatchedPage page, LatchLevel level, Held held, List<Held> all) {
        if (held.level == level
                && held.latch instanceof LatchedPage other
                && page.mayFollow(level, other)) {
            return true;
        }
        return switch (level) {
            case TREE_PAGE ->
                    (holdsExclusive(all, LatchLevel.TREE)
                                    || holdsExclusive(all, LatchLevel.METADATA))
                            && (held.level == level
                                    || held.level == LatchLevel.SPACE_HEADER
                                    || held.level == LatchLevel.SYSTEM_HEADER);
            case IBUF_TREE_PAGE, SYSTEM_HEADER ->
                    holdsExclusive(all, LatchLevel.IBUF_TREE)
                            && held.level.compareTo(LatchLevel.BITMAP) <= 0;
            default -> false;
        };
    }

    /** Who has a tree alone may take its pages, and page 0 of its space, in any order. */
    private static boolean holdsExclusive(List<Held> all, LatchLevel alone) {
        for (Held held : all) {
            if (held.level == alone && held.mode == LatchMode.X) {
                return true;
            }
        }
        return false;
    }

    private LatchOrderException violation(LatchLevel level, Object latch, Held held) {
        LatchOrderException violation =
                new LatchOrderException(level, latch, held.level, held.latch);
        first.compareAndSet(null, violation);
        return violation;
    }

    /**
     * Fails if any thread has taken latches out of order, also one whose error nobody saw.
     *
     * @throws LatchOrderException the first violation
     */
    public void requireKept() {
        LatchOrderException violation = first.get();
        if (violation != null) {
            throw violation;
        }
    }
}
