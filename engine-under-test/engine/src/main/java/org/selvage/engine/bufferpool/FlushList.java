package org.selvage.engine.bufferpool;

import org.jspecify.annotations.Nullable;

/**
 * The dirty pages, ordered by oldest modification, the newest first; guarded by the flush list
 * mutex.
 *
 * <p>A scan that lets go of the mutex leaves a hazard pointer at the block it will go on with.
 * Whoever removes that block moves the pointer on, so the scan never starts again from the end
 * (WL#7047).
 */
final class FlushList {
    private @Nullable BufferBlock first;
    private @Nullable BufferBlock last;
    private @Nullable BufferBlock hazard;
    private int length;

    int length() {
        return length;
    }

    /** The block with the oldest modification; younger ones follow through {@code flushPrev}. */
    @Nullable BufferBlock last() {
        return last;
    }

    /** Start LSN of the newest first change of a page; 0 when the list is empty. */
    long newestStart() {
        return first == null ? 0 : first.oldestModification;
    }

    @Nullable BufferBlock hazard() {
        return hazard;
    }

    void setHazard(@Nullable BufferBlock block) {
        hazard = block;
    }

    /** Puts a clean block on the list; its change is the newest of all. */
    void addFirst(BufferBlock block, long startLsn) {
        BufferBlock head = first;
        assert block.oldestModification == 0 : "already dirty: " + block;
        assert head == null || head.oldestModification <= startLsn : "out of order: " + block;
        block.oldestModification = startLsn;
        block.flushPrev = null;
        block.flushNext = head;
        if (head == null) {
            last = block;
        } else {
            head.flushPrev = block;
        }
        first = block;
        length++;
    }

    /** Makes a dirty block clean. */
    void remove(BufferBlock block) {
        assert block.oldestModification != 0 : "not dirty: " + block;
        BufferBlock prev = block.flushPrev;
        BufferBlock next = block.flushNext;
        if (hazard == block) {
            hazard = prev;
        }
        if (prev == null) {
            first = next;
        } else {
            prev.flushNext = next;
        }
        if (next == null) {
            last = prev;
        } else {
            next.flushPrev = prev;
        }
        block.flushPrev = null;
        block.flushNext = null;
        block.oldestModification = 0;
        length--;
    }
}
