package org.selvage.engine.page;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.selvage.engine.CorruptPageException;

/**
 * The checksum of a page: CRC-32C over everything between the checksum field and the trailer
 * (buf_calc_page_crc32). It is stored in the header and again in the trailer beside the low half of
 * the LSN, so that a page of which only one end was written is told apart from one whose content
 * changed.
 */
public final class PageChecksum {
    private PageChecksum() {}

    /**
     * Writes checksum and trailer; the last step before a page goes to its file
     * (buf_flush_init_for_writing).
     */
    public static void stamp(ByteBuffer frame) {
        int trailer = frame.capacity() - PageHeader.TRAILER;
        int checksum = compute(frame);
        frame.putInt(PageHeader.CHECKSUM, checksum);
        frame.putInt(trailer, checksum);
        frame.putInt(trailer + 4, (int) PageHeader.lsn(frame));
    }

    /**
     * Checks a page that was read from a file. A page of zeros passes: the file was extended and
     * the page never written.
     *
     * @param file name for the message
     * @param id the page that was asked for
     * @throws CorruptPageException when a stored value differs from the expected one
     */
    public static void verify(ByteBuffer frame, String file, PageId id) {
        int stored = frame.getInt(PageHeader.CHECKSUM);
        if (stored == 0 && isZeroes(frame)) {
            return;
        }
        int trailer = frame.capacity() - PageHeader.TRAILER;
        long lsn = PageHeader.lsn(frame);
        int computed = compute(frame);
        require(frame, file, id, "checksum", computed, stored);
        require(frame, file, id, "trailer checksum", computed, frame.getInt(trailer));
        require(frame, file, id, "trailer LSN", (int) lsn, frame.getInt(trailer + 4));
        require(frame, file, id, "space id", id.spaceId(), PageHeader.spaceId(frame));
        require(frame, file, id, "page number", id.pageNo(), PageHeader.pageNo(frame));
    }

    private static void require(
            ByteBuffer frame, String file, PageId id, String check, int expected, int actual) {
        if (expected != actual) {
            throw new CorruptPageException(
                    file,
                    id,
                    check,
                    expected & 0xFFFFFFFFL,
                    actual & 0xFFFFFFFFL,
                    PageHeader.lsn(frame));
        }
    }

    private static int compute(ByteBuffer frame) {
        CRC32C crc = new CRC32C();
        int length = frame.capacity() - PageHeader.TRAILER - PageHeader.PAGE_NO;
        crc.update(frame.slice(PageHeader.PAGE_NO, length));
        return (int) crc.getValue();
    }

    private static boolean isZeroes(ByteBuffer frame) {
        for (int offset = 0; offset < frame.capacity(); offset += 8) {
            if (frame.getLong(offset) != 0) {
                return false;
            }
        }
        return true;
    }
}
