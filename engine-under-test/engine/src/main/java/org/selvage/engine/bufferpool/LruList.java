package org.selvage.engine.bufferpool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All pages of an instance, the most recently used first (buf_pool-&gt;LRU); guarded by the pool
 * mutex.
 *
 * <p>The last part of the list, by default three eighths, is the old sublist. A page that is read
 * enters at its head, the midpoint, and comes to the head of the list only when it proves to be in
 * use, so a scan of a large table passes through the old sublist and leaves the rest alone. As in
 * InnoDB a list of fewer than {@value #OLD_MIN_LENGTH} pages has no old sublist.
 */
final class LruList {
    /** BUF_LRU_OLD_MIN_LEN. */
    static final int OLD_MIN_LENGTH = 512;

    /**
     * How far the old sublist's length may be from what it should be before the midpoint moves
     * (BUF_LRU_OLD_TOLERANCE).
     */
    static final int OLD_TOLERANCE = 20;

    private final boolean mayHaveOld;
    private final int oldPercent;
    private @Nullable BufferBlock first;
    private @Nullable BufferBlock last;
    private int length;

    /** The most recently used block of the old sublist (LRU_old); null when there is none. */
    private @Nullable BufferBlock firstOld;

    private int oldLength;

    /**
     * @param frames most blocks that the list will have
     * @param oldPercent what part of it is old (innodb_old_blocks_pct)
     */
    LruList(int frames, int oldPercent) {
        this.mayHaveOld = frames >= OLD_MIN_LENGTH;
        this.oldPercent = oldPercent;
    }

    /** Whether the list can become long enough for an old sublist. */
    boolean mayHaveOld() {
        return mayHaveOld;
    }

    int length() {
        return length;
    }

    int oldLength() {
        return oldLength;
    }

    /** The least recently used block; the others follow through {@code lruPrev}. */
    @Nullable BufferBlock last() {
        return last;
    }

    void addFirst(BufferBlock block) {
        link(null, block, first);
        lengthChanged();
    }

    /** Adds a block at the midpoint (buf_LRU_add_block with old=true). */
    void addOld(BufferBlock block) {
        BufferBlock middle = firstOld;
        if (middle == null) {
            addFirst(block);
            return;
        }
        link(middle, block, middle.lruNext);
        block.old = true;
        oldLength++;
        lengthChanged();
    }

    private void link(@Nullable BufferBlock prev, BufferBlock block, @Nullable BufferBlock next) {
        block.lruPrev = prev;
        block.lruNext = next;
        if (prev == null) {
            first = block;
        } else {
            prev.lruNext = block;
        }
        if (next == null) {
            last = block;
        } else {
            next.lruPrev = block;
        }
        length++;
    }

    void remove(BufferBlock block) {
        if (mayHaveOld && block.old) {
            if (block == firstOld) {
                moveMidpointUp();
            }
            block.old = false;
            oldLength--;
        }
        BufferBlock prev = block.lruPrev;
        BufferBlock next = block.lruNext;
        if (prev == null) {
            first = next;
        } else {
            prev.lruNext = next;
        }
        if (next == null) {
            last = prev;
        } else {
            next.lruPrev = prev;
        }
        block.lruPrev = null;
        block.lruNext = null;
        length--;
        lengthChanged();
    }

    /** Keeps the midpoint near its place (buf_LRU_old_init, buf_LRU_old_adjust_len). */
    private void lengthChanged() {
        if (!mayHaveOld) {
            return;
        }
        if (length < OLD_MIN_LENGTH) {
            while (firstOld != null) {
                moveMidpointDown();
            }
            return;
        }
        int wanted = length * oldPercent / 100;
        if (firstOld == null) {
            firstOld = Objects.requireNonNull(last);
            firstOld.old = true;
            oldLength = 1;
        }
        while (oldLength + OLD_TOLERANCE < wanted) {
            moveMidpointUp();
        }
        while (oldLength > wanted + OLD_TOLERANCE) {
            moveMidpointDown();
        }
    }

    private void moveMidpointUp() {
        // The old sublist is at most 95 percent of 512 blocks or more.
        firstOld = Objects.requireNonNull(Objects.requireNonNull(firstOld).lruPrev);
        firstOld.old = true;
        oldLength++;
    }

    private void moveMidpointDown() {
        BufferBlock youngest = Objects.requireNonNull(firstOld);
        youngest.old = false;
        oldLength--;
        firstOld = youngest.lruNext;
    }

    /** Whether the old sublist is where it says it is; for validation. */
    boolean isOldConsistent() {
        boolean below = firstOld != null;
        int old = 0;
        for (BufferBlock b = last; b != null; b = b.lruPrev) {
            if (b.old != below) {
                return false;
            }
            old += b.old ? 1 : 0;
            below &= b != firstOld;
        }
        return !below && old == oldLength && (length >= OLD_MIN_LENGTH || old == 0);
    }
}
