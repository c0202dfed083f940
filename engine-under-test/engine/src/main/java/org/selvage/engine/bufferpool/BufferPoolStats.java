package org.selvage.engine.bufferpool;

/**
 * Figures of the buffer pool, under the words of SHOW ENGINE INNODB STATUS.
 *
 * @param poolPages frames in the pool
 * @param freePages frames on the free list
 * @param lruPages pages on the LRU list
 * @param oldPages those of them in the old sublist
 * @param dirtyPages pages on the flush list
 * @param pendingReads reads begun and not completed
 * @param pendingWrites writes begun and not completed
 * @param pagesRead reads completed since the pool was made
 * @param pagesCreated pages created without a read
 * @param pagesWritten writes completed
 * @param pagesEvicted pages that made room for others
 * @param readRequests pages asked for, in the pool or not
 * @param pagesReadAhead pages that read-ahead brought (Innodb_buffer_pool_read_ahead)
 * @param readAheadEvicted pages evicted that nobody had asked for
 *     (Innodb_buffer_pool_read_ahead_evicted)
 * @param requestedReads reads that a thread began since the page it asked for was not in the pool
 *     (Innodb_buffer_pool_reads)
 * @param pagesMadeYoung pages that moved from the old sublist to the head of the LRU list
 * @param pagesNotMadeYoung uses of pages in the old sublist that came too soon after the first one
 */
public record BufferPoolStats(
        int poolPages,
        int freePages,
        int lruPages,
        int oldPages,
        int dirtyPages,
        int pendingReads,
        int pendingWrites,
        long pagesRead,
        long pagesCreated,
        long pagesWritten,
        long pagesEvicted,
        long readRequests,
        long pagesReadAhead,
        long readAheadEvicted,
        long requestedReads,
        long pagesMadeYoung,
        long pagesNotMadeYoung) {

    /** These figures and those of another instance together. */
    BufferPoolStats plus(BufferPoolStats other) {
        return new BufferPoolStats(
                poolPages + other.poolPages,
                freePages + other.freePages,
                lruPages + other.lruPages,
                oldPages + other.oldPages,
                dirtyPages + other.dirtyPages,
                pendingReads + other.pendingReads,
                pendingWrites + other.pendingWrites,
                pagesRead + other.pagesRead,
                pagesCreated + other.pagesCreated,
                pagesWritten + other.pagesWritten,
                pagesEvicted + other.pagesEvicted,
                readRequests + other.readRequests,
                pagesReadAhead + other.pagesReadAhead,
                readAheadEvicted + other.readAheadEvicted,
                requestedReads + other.requestedReads,
                pagesMadeYoung + other.pagesMadeYoung,
                pagesNotMadeYoung + other.pagesNotMadeYoung);
    }
}
