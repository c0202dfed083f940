package org.selvage.engine.page;

import java.nio.ByteBuffer;
import org.selvage.engine.CorruptPageException;

/**
 * Checks that what a page says of its own content stays inside the page (page_simple_validate_new),
 * so that nobody who uses it later is led out of the frame. A checksum only tells that the page is
 * what was written.
 */
public final class PageContent {
    private static final int SLOT_LENGTH = 2;
    private static final int RECORD_HEADER = 5;
    private static final int KEY_LENGTH = 1;
    private static final int VALUE_LENGTH = 3;
    private static final int NODE_POINTER_LENGTH = 4;

    private final ByteBuffer frame;
    private final String file;
    private final PageId id;

    private PageContent(ByteBuffer frame, String file, PageId id) {
        this.frame = frame;
        this.file = file;
        this.id = id;
    }

    /**
     * Checks a page whose checksum is right.
     *
     * @param file name for the message
     * @throws CorruptPageException at the first field that cannot be
     */
    public static void verify(ByteBuffer frame, String file, PageId id) {
        PageContent content = new PageContent(frame, file, id);
        int type = PageHeader.typeCode(frame);
        content.require(PageType.isCode(type), "page type", PageType.INDEX.code(), type);
        if (type == PageType.INDEX.code()) {
            content.verifyIndexPage();
        } else if (type == PageType.FSP_HDR.code()) {
            content.verifySpaceHeader();
        }
    }

    private void require(boolean holds, String check, long expected, long actual) {
        if (!holds) {
            throw new CorruptPageException(
                    file, id, check, expected, actual, PageHeader.lsn(frame));
        }
    }

    private int unsignedShort(int offset) {
        return frame.getShort(offset) & 0xFFFF;
    }

    private void verifyIndexPage() {
        int count = unsignedShort(IndexHeader.RECORD_COUNT);
        int top = unsignedShort(IndexHeader.HEAP_TOP);
        int end = frame.capacity() - PageHeader.TRAILER;
        int directory = end - count * SLOT_LENGTH;
        require(top >= IndexHeader.END && top <= directory, "heap top", directory, top);
        boolean leaf = IndexHeader.level(frame) == 0;
        int used = 0;
        for (int i = 1; i <= count; i++) {
            int offset = unsignedShort(end - i * SLOT_LENGTH);
            boolean inside = offset >= IndexHeader.END && offset + RECORD_HEADER <= top;
            require(inside, "record offset", top, offset);
            int value = unsignedShort(offset + VALUE_LENGTH);
            int length = RECORD_HEADER + unsignedShort(offset + KEY_LENGTH) + value;
            require(offset + length <= top, "record length", top - offset, length);
            require(leaf || value == NODE_POINTER_LENGTH, "node pointer", 4, value);
            used += length;
        }
        int garbage = unsignedShort(IndexHeader.GARBAGE);
        int heap = top - IndexHeader.END;
        require(used + garbage == heap, "garbage", (long) heap - used, garbage);
        require(leaf || count > 0, "node pointers", 1, count);
    }

    private void verifySpaceHeader() {
        require(id.pageNo() == 0, "page type", PageType.ALLOCATED.code(), PageType.FSP_HDR.code());
        int space = frame.getInt(FspHeader.SPACE_ID);
        require(space == id.spaceId(), "tablespace id", id.spaceId(), space);
        int size = frame.getInt(FspHeader.SIZE);
        int limit = frame.getInt(FspHeader.FREE_LIMIT);
        require(limit > 0 && limit <= size, "free limit", size, limit);
        int head = frame.getInt(FspHeader.FREE_HEAD);
        int length = frame.getInt(FspHeader.FREE_LENGTH);
        require(length >= 0 && length < limit, "free list length", limit, length);
        boolean empty = head == PageHeader.NULL_PAGE;
        require(empty == (length == 0), "free list length", empty ? 0 : 1, length);
        require(empty || (head > 0 && head < limit), "free list head", limit, head);
    }
}
