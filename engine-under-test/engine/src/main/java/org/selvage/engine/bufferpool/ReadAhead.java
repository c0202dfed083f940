package org.selvage.engine.bufferpool;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;

/**
 * Read-ahead. Linear (buf_read_ahead_linear): The pages of a tablespace are seen in areas of up to
 * 64. When the border page of an area is accessed for the first time, nearly all pages of the area
 * were accessed in the order of their numbers, and the page's neighbours in its tree are its
 * neighbours in the file, then the area that the scan comes to next is read asynchronously.
 *
 * <p>Random read-ahead, when it is turned on, reads a whole area of which many pages were used
 * lately, whatever the order.
 *
 * <p>The system tablespace is left out: a thread that holds latches of the change buffer must not
 * wait for a slot whose read ends with a merge.
 */
final class ReadAhead {
    /** Most pages of an area, and the range of the threshold. */
    private static final int MOST_PAGES = 64;

    private static final int AREAS_OF_POOL = 32;
    private static final int PENDING_READS_SHARE = 2;

    /** BUF_READ_AHEAD_RANDOM_THRESHOLD is so many pages and a share of the area. */
    private static final int RANDOM_LEAST = 5;

    private static final int RANDOM_SHARE = 8;
    private static final int NO_PAGE = PageHeader.NULL_PAGE;

    private final PoolInstance pool;
    private final int threshold;
    private final boolean random;
    private final int area;

    /**
     * @param config innodb_read_ahead_threshold, pages of 64 that must have been accessed in order,
     *     0 turns linear read-ahead off; and innodb_random_read_ahead
     */
    ReadAhead(PoolInstance pool, EngineConfig config, int poolPages) {
        this.pool = pool;
        this.threshold = config.readAheadThreshold();
        this.random = config.randomReadAhead();
        int share = Math.max(1, poolPages / AREAS_OF_POOL);
        int power = Integer.highestOneBit(share);
        this.area = Math.min(MOST_PAGES, power == share ? power : power * 2);
    }

    /**
     * Looks whether to read ahead, after the first access to a page that the caller has latched.
     *
     * @return pages that it began to read
     */
    int accessedFirst(BufferBlock block) {
        PageId id = block.id();
        if (threshold == 0 || area < 2 || id.spaceId() == 0 || !isBorder(id.pageNo())) {
            return 0;
        }
        int low = id.pageNo() & -area;
        boolean descending = id.pageNo() == low;
        if (low + area > pool.fil.size(id.spaceId())
                || pool.isBitmapPage(id)
                || !accessedInOrder(id.spaceId(), low, descending)) {
            return 0;
        }
        int next = nextPage(block.frame(), id.pageNo(), descending);
        if (next == NO_PAGE || !isBorder(next)) {
            return 0;
        }
        return readArea(id.spaceId(), next & -area);
    }

    /**
     * Looks whether to read the whole area of a page that is about to be read, because many of its
     * pages were used lately (buf_read_ahead_random). Off by default, as in InnoDB.
     *
     * @return pages that it began to read
     */
    int beforeRead(PageId id) {
        if (!random || area < 2 || id.spaceId() == 0 || pool.isBitmapPage(id)) {
            return 0;
        }
        int low = id.pageNo() & -area;
        int needed = RANDOM_LEAST + area / RANDOM_SHARE;
        if (low + area > pool.fil.size(id.spaceId()) || usedLately(id.spaceId(), low) < needed) {
            return 0;
        }
        return readArea(id.spaceId(), low);
    }

    /** Pages of an area that were accessed and are not old. */
    private int usedLately(int spaceId, int low) {
        int count = 0;
        pool.mutex.lock();
        try {
            if (pool.pendingReads > pool.poolPages() / PENDING_READS_SHARE) {
                return 0;
            }
            for (int pageNo = low; pageNo < low + area; pageNo++) {
                BufferBlock block = pool.pageHash.get(new PageId(spaceId, pageNo));
                if (block != null && block.accessed != 0 && pool.replacement.isYoung(block)) {
                    count++;
                }
            }
        } finally {
            pool.mutex.unlock();
        }
        return count;
    }

    private boolean isBorder(int pageNo) {
        int inArea = pageNo & (area - 1);
        return inArea == 0 || inArea == area - 1;
    }

    private boolean accessedInOrder(int spaceId, int low, boolean descending) {
        int allowed = Math.min(MOST_PAGES - threshold, area);
        int failed = 0;
        BufferBlock previous = null;
        pool.mutex.lock();
        try {
            if (pool.pendingReads > pool.poolPages() / PENDING_READS_SHARE) {
                return false;
            }
            for (int pageNo = low; pageNo < low + area && failed <= allowed; pageNo++) {
                BufferBlock block = pool.pageHash.get(new PageId(spaceId, pageNo));
                if (block == null || block.accessed == 0) {
                    failed++;
                } else {
                    failed += isInOrder(previous, block, descending) ? 0 : 1;
                    previous = block;
                }
            }
        } finally {
            pool.mutex.unlock();
        }
        return failed <= allowed;
    }

    private static boolean isInOrder(
            @Nullable BufferBlock previous, BufferBlock block, boolean descending) {
        return previous == null || previous.accessed > block.accessed == descending;
    }

    /** Where the tree goes on, if the page came to the border along neighbours in the file. */
    private static int nextPage(ByteBuffer frame, int pageNo, boolean descending) {
        int previous = PageHeader.prev(frame);
        int next = PageHeader.next(frame);
        if (descending) {
            return next == pageNo + 1 ? previous : NO_PAGE;
        }
        return previous == pageNo - 1 ? next : NO_PAGE;
    }

    private int readArea(int spaceId, int low) {
        if (low + area > pool.fil.size(spaceId)) {
            return 0;
        }
        int count = 0;
        for (int pageNo = low; pageNo < low + area; pageNo++) {
            PageId id = new PageId(spaceId, pageNo);
            if (!pool.isBitmapPage(id)
                    && pool.owner.instance(id).reading.readAhead(id) == ReadResult.READ) {
                count++;
            }
        }
        pool.countReadAhead(count);
        return count;
    }
}
