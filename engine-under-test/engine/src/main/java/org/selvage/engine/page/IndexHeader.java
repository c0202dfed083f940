package org.selvage.engine.page;

import java.nio.ByteBuffer;

/** Offsets of the fields that an index page's own content starts with (PAGE_HEADER). */
public final class IndexHeader {
    /** Number of records, 2 bytes. */
    public static final int RECORD_COUNT = PageHeader.DATA;

    /** First byte after the records, 2 bytes. */
    public static final int HEAP_TOP = RECORD_COUNT + 2;

    /** Bytes among the records that removed ones left behind, 2 bytes. */
    public static final int GARBAGE = HEAP_TOP + 2;

    /** Distance from the leaves, which have level 0; 2 bytes. */
    public static final int LEVEL = GARBAGE + 2;

    /** Index that the page belongs to, 8 bytes. */
    public static final int INDEX_ID = LEVEL + 2;

    /** First byte after the header. */
    public static final int END = INDEX_ID + 8;

    /** Identity of the change buffer's tree (DICT_IBUF_ID_MIN). */
    public static final long IBUF_INDEX_ID = 0xFFFFFFFF00000000L;

    private IndexHeader() {}

    /** Distance from the leaves. */
    public static int level(ByteBuffer frame) {
        return frame.getShort(LEVEL) & 0xFFFF;
    }

    /** Index that the page belongs to. */
    public static long indexId(ByteBuffer frame) {
        return frame.getLong(INDEX_ID);
    }
}
