package org.selvage.engine.page;

import java.nio.ByteBuffer;

/**
 * Offsets of the fields that every page starts and ends with (FIL_PAGE_*), and typed access to
 * them. Integers are big-endian. Frames are read and written with absolute ByteBuffer methods only:
 * their position and limit are shared by all threads that have the page latched.
 */
public final class PageHeader {
    /** CRC-32C of the page, 4 bytes. */
    public static final int CHECKSUM = 0;

    /** The page's own number, 4 bytes. */
    public static final int PAGE_NO = 4;

    /** Previous page of the same index level, or {@link #NULL_PAGE}, 4 bytes. */
    public static final int PREV = 8;

    /** Next page of the same index level or of the free list, or {@link #NULL_PAGE}, 4 bytes. */
    public static final int NEXT = 12;

    /** End LSN of the newest change to the page, 8 bytes. */
    public static final int LSN = 16;

    /** Code of the {@link PageType}, 2 bytes. */
    public static final int TYPE = 24;

    /**
     * In page 0 of the system tablespace: the LSN at the last clean shutdown, 8 bytes. Zero
     * elsewhere.
     */
    public static final int FLUSH_LSN = 26;

    /** Tablespace id, 4 bytes. */
    public static final int SPACE_ID = 34;

    /** First byte that belongs to the page's own content. */
    public static final int DATA = 38;

    /** Bytes at the end of the page: the checksum again and the low half of the LSN. */
    public static final int TRAILER = 8;

    /** "No page" in a link field (FIL_NULL). */
    public static final int NULL_PAGE = 0xFFFFFFFF;

    private PageHeader() {}

    public static int pageNo(ByteBuffer frame) {
        return frame.getInt(PAGE_NO);
    }

    public static int prev(ByteBuffer frame) {
        return frame.getInt(PREV);
    }

    public static void setPrev(ByteBuffer frame, int pageNo) {
        frame.putInt(PREV, pageNo);
    }

    public static int next(ByteBuffer frame) {
        return frame.getInt(NEXT);
    }

    public static void setNext(ByteBuffer frame, int pageNo) {
        frame.putInt(NEXT, pageNo);
    }

    public static long lsn(ByteBuffer frame) {
        return frame.getLong(LSN);
    }

    public static void setLsn(ByteBuffer frame, long lsn) {
        frame.putLong(LSN, lsn);
    }

    /** The type's code as stored; see {@link PageType#ofCode}. */
    public static int typeCode(ByteBuffer frame) {
        return frame.getShort(TYPE) & 0xFFFF;
    }

    public static void setType(ByteBuffer frame, PageType type) {
        frame.putShort(TYPE, (short) type.code());
    }

    public static int spaceId(ByteBuffer frame) {
        return frame.getInt(SPACE_ID);
    }

    /** Writes the fields of a page without content: its place, its type, no neighbours, LSN 0. */
    public static void initialise(ByteBuffer frame, PageId id, PageType type) {
        frame.putInt(PAGE_NO, id.pageNo());
        frame.putInt(PREV, NULL_PAGE);
        frame.putInt(NEXT, NULL_PAGE);
        frame.putLong(LSN, 0);
        setType(frame, type);
        frame.putLong(FLUSH_LSN, 0);
        frame.putInt(SPACE_ID, id.spaceId());
    }
}
