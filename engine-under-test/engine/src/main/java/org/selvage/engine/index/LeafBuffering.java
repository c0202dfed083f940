package org.selvage.engine.index;

import org.jspecify.annotations.Nullable;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;

/**
 * What a secondary index asks of the change buffer; the change buffer implements it, so that this
 * package does not know it.
 */
public interface LeafBuffering {
    /** A change to a secondary index leaf. */
    enum Operation {
        /** Insert the key, or clear its delete mark. */
        INSERT(0),
        /** Delete-mark the key. */
        DELETE_MARK(1),
        /** Remove the delete-marked key, as the purge does; nothing when it is gone already. */
        DELETE(2);

        private final int code;

        Operation(int code) {
            this.code = code;
        }

        /** Number that stands for the operation in change buffer records. */
        public int code() {
            return code;
        }

        /** The operation with that code, or null when there is none. */
        public static @Nullable Operation ofCode(int code) {
            if (code == INSERT.code) {
                return INSERT;
            }
            if (code == DELETE_MARK.code) {
                return DELETE_MARK;
            }
            return code == DELETE.code ? DELETE : null;
        }
    }

    /**
     * Buffers a change to a leaf that is not in the buffer pool (InnoDB's ibuf_insert). The caller
     * holds the index's tree latch, so the leaf stays the right one for the key. For {@link
     * Operation#DELETE} it has also set a watch on the leaf before it found that the record may go.
     *
     * @return false when the change was refused and the caller has to read the leaf
     */
    boolean buffer(Operation operation, PageId leaf, byte[] key);

    /**
     * Lowers or raises the leaf's FREE bits to what it has now, in the mini-transaction that
     * changed it (InnoDB's ibuf_update_free_bits_low). The caller holds the leaf's X latch.
     *
     * @param freeBefore free bytes before the change; the bitmap is only latched if the bits differ
     */
    void freeSpaceChanged(MiniTransaction mtr, BufferBlock leaf, int freeBefore);

    /**
     * Writes a leaf's bitmap bits afresh: nothing buffered, FREE as it is now (InnoDB's
     * ibuf_update_free_bits_for_two_pages_low). For both halves of a split, which may be new pages.
     */
    void resetBits(MiniTransaction mtr, BufferBlock leaf);
}
