package org.selvage.engine.page;

import java.nio.ByteBuffer;

/**
 * Offsets of the file space header, the content of page 0 of every tablespace (FSP_HEADER). The
 * first 512 bytes of a file are enough to read it, whatever the page size is.
 */
public final class FspHeader {
    /** {@link #MAGIC_VALUE}, 8 bytes. */
    public static final int MAGIC = PageHeader.DATA;

    /** {@link #FORMAT_VERSION_VALUE}, 4 bytes. */
    public static final int FORMAT_VERSION = MAGIC + 8;

    /** Page size in bytes, 4 bytes. */
    public static final int PAGE_SIZE = FORMAT_VERSION + 4;

    /** Tablespace id, 4 bytes. */
    public static final int SPACE_ID = PAGE_SIZE + 4;

    /** Size of the tablespace in pages, 4 bytes. */
    public static final int SIZE = SPACE_ID + 4;

    /** Pages from this number on have never been used, 4 bytes. */
    public static final int FREE_LIMIT = SIZE + 4;

    /** First page of the list of freed pages, or NULL_PAGE, 4 bytes. */
    public static final int FREE_HEAD = FREE_LIMIT + 4;

    /** Length of the list of freed pages, 4 bytes. */
    public static final int FREE_LENGTH = FREE_HEAD + 4;

    /** In the system tablespace: the next tablespace id to give out; 0 elsewhere. 4 bytes. */
    public static final int NEXT_SPACE_ID = FREE_LENGTH + 4;

    /** In the system tablespace: 1 when the folder has a redo log; 0 elsewhere. 4 bytes. */
    public static final int LOGGED = NEXT_SPACE_ID + 4;

    /** First byte after the header. */
    public static final int END = LOGGED + 4;

    /** "SELVAGE" and a zero byte. */
    public static final long MAGIC_VALUE = 0x53454C5641474500L;

    /** The format these classes read and write. */
    public static final int FORMAT_VERSION_VALUE = 1;

    /** First change buffer bitmap page of a tablespace (FSP_IBUF_BITMAP_OFFSET). */
    public static final int IBUF_BITMAP_PAGE_NO = 1;

    /** The change buffer's header page in the system tablespace (FSP_IBUF_HEADER_PAGE_NO). */
    public static final int IBUF_HEADER_PAGE_NO = 3;

    /**
     * The root of the change buffer's tree in the system tablespace (FSP_IBUF_TREE_ROOT_PAGE_NO).
     */
    public static final int IBUF_ROOT_PAGE_NO = 4;

    /** The transaction system page in the system tablespace (FSP_TRX_SYS_PAGE_NO). */
    public static final int TRX_SYS_PAGE_NO = 5;

    /** The root of the DDL log's tree in the system tablespace. */
    public static final int DDL_LOG_ROOT_PAGE_NO = 6;

    /** The dictionary header page in the system tablespace (FSP_DICT_HDR_PAGE_NO). */
    public static final int DICTIONARY_PAGE_NO = 7;

    /** Pages of the system tablespace with a fixed use; allocation starts after them. */
    public static final int SYSTEM_RESERVED_PAGES = 8;

    private FspHeader() {}

    /**
     * Writes page 0 of a new tablespace.
     *
     * @param frame a zeroed page
     * @param nextSpaceId first id to give out, in the system tablespace; 0 elsewhere
     */
    public static void initialise(ByteBuffer frame, int spaceId, int sizePages, int nextSpaceId) {
        PageHeader.initialise(frame, new PageId(spaceId, 0), PageType.FSP_HDR);
        frame.putLong(MAGIC, MAGIC_VALUE);
        frame.putInt(FORMAT_VERSION, FORMAT_VERSION_VALUE);
        frame.putInt(PAGE_SIZE, frame.capacity());
        frame.putInt(SPACE_ID, spaceId);
        frame.putInt(SIZE, sizePages);
        frame.putInt(FREE_LIMIT, spaceId == 0 ? SYSTEM_RESERVED_PAGES : IBUF_BITMAP_PAGE_NO + 1);
        frame.putInt(FREE_HEAD, PageHeader.NULL_PAGE);
        frame.putInt(FREE_LENGTH, 0);
        frame.putInt(NEXT_SPACE_ID, nextSpaceId);
    }

    /**
     * Whether the page is a change buffer bitmap: page 1 of each run of page-size pages
     * (ibuf_bitmap_page).
     */
    public static boolean isBitmapPage(int pageNo, int pageSize) {
        return (pageNo & (pageSize - 1)) == IBUF_BITMAP_PAGE_NO;
    }
}
