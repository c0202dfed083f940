package org.selvage.engine.changebuffer;

import java.nio.ByteBuffer;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;

/**
 * The change buffer's four bits for each page of a tablespace (InnoDB's ibuf_bitmap_page_get_bits).
 * Page 1 of each run of page-size pages holds them, two pages a byte, the even one in the low half:
 *
 * <pre>
 *   bit 0..1  FREE      room that inserts may count on: 0, 1, 2 or 4 thirty-seconds of a page
 *   bit 2     BUFFERED  the change buffer has records for the page
 *   bit 3     IBUF      the page belongs to the change buffer itself
 * </pre>
 */
public final class BitmapPage {
    /** Where the bits begin. */
    public static final int BITS = PageHeader.DATA;

    private static final int FREE_MASK = 0x3;
    private static final int BUFFERED = 0x4;
    private static final int IBUF = 0x8;
    private static final int PAGE_MASK = 0xF;
    private static final int FREE_UNITS_PER_PAGE = 32;

    private BitmapPage() {}

    /** The bitmap page that has the bits of a page. */
    public static PageId of(PageId page, int pageSize) {
        return new PageId(
                page.spaceId(), (page.pageNo() & -pageSize) + FspHeader.IBUF_BITMAP_PAGE_NO);
    }

    /** FREE bits for a page with that much room (ibuf_index_page_calc_free_bits). */
    public static int freeBits(int freeBytes, int pageSize) {
        int units = freeBytes / (pageSize / FREE_UNITS_PER_PAGE);
        if (units > 3) {
            return 3;
        }
        return units == 3 ? 2 : units;
    }

    /** Room in bytes that FREE bits promise (ibuf_index_page_calc_free_from_bits). */
    public static int freeBytes(int freeBits, int pageSize) {
        int units = freeBits == 3 ? 4 : freeBits;
        return units * (pageSize / FREE_UNITS_PER_PAGE);
    }

    /** FREE bits of a page. */
    public static int free(ByteBuffer bitmap, int pageNo) {
        return bits(bitmap, pageNo) & FREE_MASK;
    }

    /** Sets the FREE bits of a page. */
    static void setFree(ByteBuffer bitmap, int pageNo, int freeBits) {
        setBits(bitmap, pageNo, (bits(bitmap, pageNo) & ~FREE_MASK) | freeBits);
    }

    /** BUFFERED bit of a page. */
    public static boolean buffered(ByteBuffer bitmap, int pageNo) {
        return (bits(bitmap, pageNo) & BUFFERED) != 0;
    }

    /** Sets or clears the BUFFERED bit of a page. */
    public static void setBuffered(ByteBuffer bitmap, int pageNo, boolean buffered) {
        int others = bits(bitmap, pageNo) & ~BUFFERED;
        setBits(bitmap, pageNo, buffered ? others | BUFFERED : others);
    }

    /** IBUF bit of a page. */
    public static boolean changeBufferPage(ByteBuffer bitmap, int pageNo) {
        return (bits(bitmap, pageNo) & IBUF) != 0;
    }

    /** Sets or clears the IBUF bit of a page. */
    static void setChangeBufferPage(ByteBuffer bitmap, int pageNo, boolean belongs) {
        int others = bits(bitmap, pageNo) & ~IBUF;
        setBits(bitmap, pageNo, belongs ? others | IBUF : others);
    }

    private static int bits(ByteBuffer bitmap, int pageNo) {
        return (bitmap.get(offset(bitmap, pageNo)) >> shift(pageNo)) & PAGE_MASK;
    }

    private static void setBits(ByteBuffer bitmap, int pageNo, int bits) {
        int offset = offset(bitmap, pageNo);
        int shift = shift(pageNo);
        int others = bitmap.get(offset) & ~(PAGE_MASK << shift);
        bitmap.put(offset, (byte) (others | (bits << shift)));
    }

    private static int offset(ByteBuffer bitmap, int pageNo) {
        return BITS + ((pageNo & (bitmap.capacity() - 1)) >>> 1);
    }

    private static int shift(int pageNo) {
        return (pageNo & 1) << 2;
    }
}
