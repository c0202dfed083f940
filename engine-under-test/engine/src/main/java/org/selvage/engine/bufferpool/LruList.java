package org.selvage.engine.bufferpool;

import org.jspecify.annotations.Nullable;

/** All pages of the pool, the most recently used first; guarded by the pool mutex. */
final class LruList {
    private @Nullable BufferBlock first;
    private @Nullable BufferBlock last;
    private int length;

    int length() {
        return length;
    }

    /** The least recently used block; the others follow through {@code lruPrev}. */
    @Nullable BufferBlock last() {
        return last;
    }

    void addFirst(BufferBlock block) {
        BufferBlock head = first;
        block.lruPrev = null;
        block.lruNext = head;
        if (head == null) {
            last = block;
        } else {
            head.lruPrev = block;
        }
        first = block;
        length++;
    }

    void remove(BufferBlock block) {
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
    }
}
