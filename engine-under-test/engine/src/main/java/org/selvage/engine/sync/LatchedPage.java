package org.selvage.engine.sync;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.IndexHeader;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;

/**
 * A page that the calling thread has latched, and its place among the others of its level.
 *
 * @param frame its content, stable while it is latched
 */
record LatchedPage(PageId id, ByteBuffer frame) {
    private static final int SYSTEM_SPACE = 0;

    /**
     * The level that the page belongs to, or null when there is none: nobody asks for a page that
     * is on the free list or has not got its content yet.
     */
    @Nullable LatchLevel level() {
        if (id.pageNo() == 0) {
            return id.spaceId() == SYSTEM_SPACE
                    ? LatchLevel.SYSTEM_HEADER
                    : LatchLevel.SPACE_HEADER;
        }
        if (FspHeader.isBitmapPage(id.pageNo(), frame.capacity())) {
            return LatchLevel.BITMAP;
        }
        return switch (PageType.ofCode(PageHeader.typeCode(frame))) {
            case UNDO_LOG, TRX_SYS -> LatchLevel.TRX_PAGE;
            case IBUF_HEADER -> LatchLevel.IBUF_HEADER;
            case SYS -> LatchLevel.DICTIONARY_HEADER;
            case INDEX ->
                    id.spaceId() == SYSTEM_SPACE
                                    && IndexHeader.indexId(frame) == IndexHeader.IBUF_INDEX_ID
                            ? LatchLevel.IBUF_TREE_PAGE
                            : LatchLevel.TREE_PAGE;
            case ALLOCATED, IBUF_FREE_LIST, IBUF_BITMAP, FSP_HDR -> null;
        };
    }

    /** Whether this page may be waited for by a thread that has another one of the same level. */
    boolean mayFollow(LatchLevel level, LatchedPage other) {
        return switch (level) {
            case TREE_PAGE, IBUF_TREE_PAGE -> isBelowOrRightOf(other);
            case TRX_PAGE -> id.pageNo() != FspHeader.TRX_SYS_PAGE_NO;
            case BITMAP -> followsAsBitmap(other.id);
            default -> false;
        };
    }

    /** From the root down, then left to right. */
    private boolean isBelowOrRightOf(LatchedPage other) {
        if (id.spaceId() != other.id.spaceId()
                || IndexHeader.indexId(frame) != IndexHeader.indexId(other.frame)) {
            return false;
        }
        int mine = IndexHeader.level(frame);
        int others = IndexHeader.level(other.frame);
        return mine < others || (mine == others && PageHeader.next(other.frame) == id.pageNo());
    }

    /** Ascending within a tablespace, the system tablespace's last. */
    private boolean followsAsBitmap(PageId other) {
        return id.spaceId() == other.spaceId()
                ? id.pageNo() > other.pageNo()
                : id.spaceId() == SYSTEM_SPACE;
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
