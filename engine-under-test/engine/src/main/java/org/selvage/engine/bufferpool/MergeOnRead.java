package org.selvage.engine.bufferpool;

import org.selvage.engine.page.PageId;

/** What the change buffer does when index pages come into the pool. */
public interface MergeOnRead {
    /**
     * Applies the buffered changes of a page of type INDEX that was just read
     * (ibuf_merge_or_delete_for_page). Called by the thread that completes the read, while the
     * block is X-latched and read-fixed; the page is not visible to anybody else before this
     * returns. Changes go through a mini-transaction that {@code enlist}s the block. Non-leaf pages
     * also come here.
     */
    void merge(BufferBlock block);

    /**
     * Forgets buffered changes of a page that is about to be created anew in the pool
     * (buf_page_create): they belong to an index that is gone.
     */
    void discard(PageId id);

    /** An engine without a change buffer. */
    MergeOnRead NONE =
            new MergeOnRead() {
                @Override
                public void merge(BufferBlock block) {}

                @Override
                public void discard(PageId id) {}
            };
}
