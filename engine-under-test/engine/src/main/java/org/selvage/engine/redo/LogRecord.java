package org.selvage.engine.redo;

import org.selvage.engine.page.PageId;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** The record of one mini-transaction as it is being put together (mtr_t::m_log). */
final class LogRecord {
    private ByteBuffer bytes = ByteBuffer.allocate(512).position(LogHeader.RECORD_HEADER);
    private int contentChecksum;

    /** Begins the operations of a page. */
    void beginPage(PageId page, boolean init) {
        reserve(9);
        bytes.put(init ? LogHeader.INIT_PAGE : LogHeader.PAGE);
        bytes.putInt(page.spaceId()).putInt(page.pageNo());
    }

    /** Bytes that the page has now. */
    void write(byte[] page, int offset, int length) {
        reserve(5 + length);
        bytes.put(LogHeader.WRITE).putShort((short) offset).putShort((short) length);
        bytes.put(page, offset, length);
    }

    /** Bytes that moved inside the page. */
    void move(int from, int to, int length) {
        reserve(7);
        bytes.put(LogHeader.MOVE).putShort((short) from).putShort((short) to);
        bytes.putShort((short) length);
    }

    /** Ends the operations of a page. */
    void endPage() {
        reserve(1);
        bytes.put(LogHeader.END);
    }

    /** A file operation: one of FILE_CREATE, FILE_RENAME, FILE_DELETE. */
    void file(byte type, int spaceId, String name) {
        byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
        reserve(7 + encoded.length);
        bytes.put(type).putInt(spaceId).putShort((short) encoded.length).put(encoded);
    }

    /** Ends the record; only its place is missing. */
    void finish() {
        bytes.flip();
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), LogHeader.RECORD_HEADER, bytes.limit() - LogHeader.RECORD_HEADER);
        contentChecksum = (int) crc.getValue();
    }

    /** Bytes of the finished record. */
    int length() {
        return bytes.limit();
    }

    /** Copies the finished record to its place. */
    void copyTo(byte[] target, int at, long lsn, long epoch) {
        int length = bytes.limit();
        bytes.putInt(LogHeader.RECORD_LENGTH, length);
        bytes.putInt(LogHeader.RECORD_CHECK, LogHeader.check(contentChecksum, lsn, length, epoch));
        bytes.putLong(LogHeader.RECORD_LSN, lsn);
        System.arraycopy(bytes.array(), 0, target, at, length);
    }

    private void reserve(int more) {
        if (bytes.remaining() < more) {
            int wanted = Math.max(bytes.capacity() * 2, bytes.position() + more);
            byte[] grown = Arrays.copyOf(bytes.array(), wanted);
            bytes = ByteBuffer.wrap(grown).position(bytes.position());
        }
    }
}
